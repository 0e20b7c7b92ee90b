import { type Reactor, reactor } from "@omni/core"

import { forgetAll, join } from "./people.ts"
import { type Recording, take } from "./record.ts"
import { drop } from "./returned.ts"

/** Follows the app's own events: one reactor for all of them, so that what belongs to one subject keeps its order. */
export const following = (into: Recording): ReadonlyArray<Reactor> => {
  const { settings } = into
  const sources = settings.observe
  if (sources.length === 0) return []
  return [
    reactor(
      "recommend.follow",
      [...new Map(sources.map(({ event }) => [event.name, event])).values()],
      function* (tx, recorded) {
        for (const { event, said } of sources) {
          const fact = event.name === recorded.type ? said(recorded, tx) : undefined
          if (fact === undefined) continue
          if (fact.kind === "joined") join(tx, into, fact.from, fact.into)
          else if (fact.kind === "forget") forgetAll(tx, settings, fact.person)
          else if (fact.kind === "returned") drop(tx, into, fact)
          else take(tx, into, fact, recorded.time)
        }
      },
      { from: "start", imports: "run" }
    )
  ]
}
