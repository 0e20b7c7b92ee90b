import { allOf, days, Id, operation, paged, query, type Tx } from "@omni/core"
import * as z from "zod"

import type { History } from "../learn/history.ts"
import { Histories, Showings, Supplies } from "../model.ts"
import { forget, keysOf } from "../people.ts"
import { basketsOf } from "../person.ts"
import type { Settings } from "../settings.ts"
import { CHUNK } from "./store.ts"
import { whoseTurn } from "./turn.ts"

/** What is remembered of one person, of one kind, with the segment and the season of each basket. */
export interface LearntFrom {
  readonly id: string
  readonly at: number
  readonly segment: string | undefined
  readonly history: History
  readonly seasons: ReadonlyArray<string>
}

/** What may be learnt from somebody who does not agree any more: what would have been kept had they never. */
const unnamed = (history: History): History =>
  history.flatMap(({ at, id, items, kind }) => (kind === "order" ? [{ id, kind, at, items }] : []))

/** How long (ms) something that was shown counts as shown lately. */
const LATELY = days(30)

/** Whether nothing else is known of a person, and nothing was shown to them lately. */
const isGone = (tx: Tx, person: string): boolean =>
  tx.getMany(Histories, keysOf(person)).every((row) => row === undefined) &&
  (tx.get(Showings, person)?.shown?.[0]?.at ?? 0) <= tx.now - LATELY

/** Removes histories that are too old to learn from, and with the last of somebody's all that is remembered of them. */
const removal = operation(
  "recommend.removeHistories",
  z.object({ builder: Id, histories: z.array(Id).max(CHUNK).readonly() }),
  function* (tx, { builder, histories: ids }) {
    yield* whoseTurn(tx, builder)
    const rows = tx.getMany(Histories, ids)
    const people = [...new Set(rows.flatMap((row) => row?.person ?? []))]
    tx.prefetch(Showings, people)
    tx.prefetch(Supplies, people)
    tx.getMany(Histories, keysOf(...people))
    for (const [at, id] of ids.entries()) if (rows[at] !== undefined) tx.remove(Histories, id)
    for (const person of people) if (isGone(tx, person)) forget(tx, person)
  }
)

/**
 * What models are learnt from, the latest first, in pages. What was a person's who was erased is empty; of those who do not agree any more there are the sales,
 * without the person.
 */
const histories = ({ consent, season }: Settings) =>
  query("recommend.histories", z.object({ ...paged }).readonly(), function* (view, page) {
    const { cursor, items } = view.find(Histories, "at", { ...page, order: "desc" })
    const agreed = allOf<ReadonlyArray<boolean>>(
      ...items.map(
        ({ row: { person } }) =>
          () =>
            person === undefined || consent(view, person)
      )
    )
    const found = items.map(({ id, row }, place): LearntFrom => {
      const history = agreed[place] === true ? basketsOf(row) : unnamed(basketsOf(row))
      return {
        id,
        at: row.at,
        segment: agreed[place] === true ? row.segment : undefined,
        history,
        seasons: history.map(({ at }) => season(at))
      }
    })
    return { items: found, ...(cursor === undefined ? {} : { cursor }) }
  })

/** What is remembered of all people. */
export const remembering = (settings: Settings) => ({
  operations: { removeHistories: removal },
  queries: { histories: histories(settings) }
})
