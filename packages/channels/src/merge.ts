import { type EventType, Id, operation, type Reactor, reactor } from "@omni/core"
import * as z from "zod"

import { type Contact, Contacts } from "./model.ts"

const none: Contact = { contacted: [], open: [], merged: [] }

/**
 * Two customers turned out to be one: what counts against caps is counted together, and the message log of `into` shows both. Repeating
 * it changes nothing. What is still open stays with the customer that it was decided for.
 */
export const merge = operation("channels.merge", z.object({ from: Id, into: Id }), function* (tx, { from, into }) {
  if (from === into) return
  const [left = none, right = none] = tx.getMany(Contacts, [from, into])
  tx.put(Contacts, into, {
    contacted: [...left.contacted, ...right.contacted].sort((a, b) => a.at - b.at),
    open: right.open,
    merged: [...new Set([...right.merged, from, ...left.merged])].filter((id) => id !== into)
  })
  tx.put(Contacts, from, { contacted: [], open: left.open, merged: [] })
})

/** Follows an event that says that `from` went into `into`, such as `ProfilesMerged` of `@omni/profile`. */
export const followingMerges = (merged: EventType<{ readonly from: string; readonly into: string }>): Reactor =>
  reactor("channels.merges", [merged], function* (tx, { data }) {
    yield* merge(tx, { from: data.from, into: data.into })
  })
