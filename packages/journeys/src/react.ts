import type { Json, Recorded, Tx } from "@omni/core"
import { type Condition, RuleError } from "@omni/rules"

import { factsFor, type Journeying } from "./advance.ts"
import { type Again, customerOf, type Defined, type Exit, type ExitFacts } from "./definition.ts"
import { begin, type Ending, finish, liveEntries } from "./entry.ts"
import { Entries, Slots, slotId } from "./model.ts"

/**
 * Ends the customer's living entries that an event ends: those that began before it in the log. What is imported counts by its own time: a
 * sale that an offline till reports late ends the journey that began before it, and the import of last year's orders ends none.
 */
export const exitBy = (tx: Tx, { identities, journeys, withdraw }: Journeying, recorded: Recorded<unknown>): void => {
  const exits = [...journeys.values()].flatMap(({ exits: all, journey }) =>
    all.filter(({ exit }) => exit.on.name === recorded.type).map((exit) => ({ ...exit, journey: journey.id }))
  )
  const named = new Set(exits.map(({ exit }) => whose(exit, recorded)))
  for (const customer of named) {
    if (customer === undefined) continue
    for (const { entry, id } of liveEntries(tx, identities(tx, customer))) {
      // Clocks of several machines differ, so between live events only the log tells which was first.
      if (recorded.imported && recorded.time < entry.trigger.time) continue
      const facts = { ...factsFor(tx, id, entry), exit: eventFacts(recorded) }
      const own = exits.filter(({ exit, journey }) => journey === entry.journey && whose(exit, recorded) === customer)
      const ending = endingBy(own, facts, recorded.type)
      if (ending !== undefined) finish(tx, id, entry, ending, withdraw)
    }
  }
}

/** Whether a rule holds, or why it cannot be worked out for these facts. No rule holds up what other journeys have to do. */
const workedOut = (when: Condition | undefined, facts: unknown): boolean | RuleError => {
  try {
    return when?.test(facts) ?? true
  } catch (error) {
    if (error instanceof RuleError) return error
    throw error
  }
}

/** How an entry ends by these exits, if it does. Where a rule cannot be worked out it ends too: rather nothing is said than too much. */
const endingBy = (exits: ReadonlyArray<{ readonly when: Condition | undefined }>, facts: ExitFacts, by: string): Ending | undefined => {
  const told = exits.map(({ when }) => workedOut(when, facts))
  if (told.includes(true)) return { reason: "exited", by }
  const error = told.find((held) => held instanceof RuleError)
  return error === undefined ? undefined : { reason: "failed", by, error: String(error) }
}

/** Enters the journeys that an event starts. Imported events start none, nor does one for which a rule cannot be worked out. */
export const enterBy = (tx: Tx, journeying: Journeying, recorded: Recorded<unknown>): void => {
  if (recorded.imported) return
  for (const defined of journeying.journeys.values())
    if (defined.journey.on.name === recorded.type && workedOut(defined.when, { event: eventFacts(recorded) }) === true)
      enter(tx, journeying, defined, recorded)
}

const enter = (tx: Tx, { identities, withdraw }: Journeying, { journey }: Defined, recorded: Recorded<unknown>): void => {
  const event = recorded as Recorded<never>
  const named = journey.customer === undefined ? customerOf(recorded) : journey.customer(event)
  if (named === undefined) return
  const ids = identities(tx, named)
  const [customer] = ids
  const key = journey.key?.(event) ?? ""
  const slots = tx
    .getMany(
      Slots,
      ids.map((id) => slotId(journey.id, id, key))
    )
    .filter((slot) => slot !== undefined)
  if (!slots.every((slot) => mayEnter(journey.again ?? "after-end", slot, tx.now))) return
  for (const { entry: id } of slots.filter(({ live }) => live)) {
    const living = tx.get(Entries, id)
    if (living?.status === "live") finish(tx, id, living, { reason: "restarted", by: recorded.type }, withdraw)
  }
  begin(tx, { journey: journey.id, customer, key, recorded, data: (recorded.data ?? null) as Json })
}

const mayEnter = (again: Again, slot: { readonly live: boolean; readonly enteredAt: number }, now: number): boolean => {
  if (again === "restart") return true
  if (again === "never" || slot.live) return false
  return again === "after-end" || now >= slot.enteredAt + again.after
}

const whose = (exit: Exit, recorded: Recorded<unknown>): string | undefined =>
  exit.customer === undefined ? customerOf(recorded) : exit.customer(recorded as Recorded<never>)

const eventFacts = ({ data, subject, time, type }: Recorded<unknown>) => ({ type, subject, time, data })
