import { type EventType, Id, operation, type Reactor, reactor } from "@omni/core"
import * as z from "zod"

import { NO_CONTACT, rootOf } from "./contact.ts"
import { Contacts } from "./model.ts"

/**
 * Two customers turned out to be one: what counts against caps is counted together, and the message log shows both, by either id. In
 * whatever order merges arrive, all who belong together end together; repeating one changes nothing. What is still open stays with the
 * customer that it was decided for.
 */
export const merge = operation("channels.merge", z.object({ from: Id, into: Id }), function* (tx, input) {
  const from = rootOf(tx, input.from)
  const into = rootOf(tx, input.into)
  if (from.id === into.id) return
  const left = from.contact ?? NO_CONTACT
  const right = into.contact ?? NO_CONTACT
  const gone = [from.id, ...left.merged]
  tx.put(Contacts, into.id, {
    ...right,
    contacted: [...left.contacted, ...right.contacted].sort((a, b) => a.at - b.at),
    merged: [...right.merged, ...gone]
  })
  tx.getMany(Contacts, gone).forEach((contact, i) => {
    const { open = [], more } = contact ?? {}
    tx.put(Contacts, gone[i]!, { open, contacted: [], merged: [], into: into.id, ...(more === undefined ? {} : { more }) })
  })
})

/** Follows an event that says that `from` went into `into`, such as `ProfilesMerged` of `@omni/profile`. */
export const followingMerges = (merged: EventType<{ readonly from: string; readonly into: string }>): Reactor =>
  reactor("channels.merges", [merged], function* (tx, { data }) {
    yield* merge(tx, { from: data.from, into: data.into })
  })
