import { days, Id, operation, query, type View } from "@omni/core"
import * as z from "zod"

import { Models, Serving, Tallies, tallyId } from "../model.ts"
import type { Settings } from "../settings.ts"
import { HOLDOUT } from "../slot.ts"
import { whoseTurn } from "./turn.ts"

/**
 * How long (ms) what the options name no longer is kept after it was last built or counted: processes that still run with older ones have it until then.
 */
export const LEFT = days(30)

/** Rows that are listed or removed at once; the next build goes on. */
const MOST = 1_000

const modelsLeft = (view: View, named: ReadonlySet<string>): ReadonlyArray<string> => {
  const builtAt = new Map<string, number>()
  for (const { row } of view.find(Models, "name", { limit: MOST }).items)
    builtAt.set(row.name, Math.max(row.builtAt, builtAt.get(row.name) ?? 0))
  return [...builtAt].flatMap(([name, at]) => (named.has(name) || at > view.now - LEFT ? [] : [name]))
}

const talliesLeft = (view: View, named: ReadonlySet<string>): ReadonlyArray<string> =>
  view.find(Tallies, "id", { limit: MOST }).items.flatMap(({ id, row }) => (named.has(id) || (row.at ?? 0) > view.now - LEFT ? [] : [id]))

const removal = operation(
  "recommend.removeLeftOver",
  z.object({ builder: Id, models: z.array(z.string()).max(MOST).readonly(), tallies: z.array(z.string()).max(MOST).readonly() }),
  function* (tx, { builder, models, tallies }) {
    yield* whoseTurn(tx, builder)
    // The rows of its versions go as those of any version do that serves no more.
    for (const name of models) {
      const serving = tx.get(Serving, name)
      const builtAt = serving === undefined ? 0 : (tx.get(Models, serving.version)?.builtAt ?? 0)
      if (serving !== undefined && builtAt <= tx.now - LEFT) tx.remove(Serving, name)
    }
    for (const id of tallies) {
      const row = tx.get(Tallies, id)
      if (row === undefined || (row.at ?? 0) > tx.now - LEFT) continue
      // One that was written before this was noted is given its time.
      if (row.at === undefined) tx.put(Tallies, id, { ...row, at: tx.now })
      else tx.remove(Tallies, id)
    }
  }
)

/** What was left behind by options that changed. */
export const leaving = ({ models, slots }: Settings) => {
  const named = new Set(models.keys())
  const counted = new Set(
    [...slots.values()].flatMap(({ experiment }) =>
      experiment === undefined ? [] : [HOLDOUT, ...Object.keys(experiment.variants)].map((variant) => tallyId(experiment.id, variant))
    )
  )
  return {
    operations: { removeLeftOver: removal },
    queries: {
      /** Models and tallies of experiments that the options do not name, and that nobody has built or counted for long. */
      leftOver: query("recommend.leftOver", z.object({}), function* (view) {
        return { models: modelsLeft(view, named), tallies: talliesLeft(view, counted) }
      })
    }
  }
}
