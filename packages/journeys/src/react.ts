import type { Json, Recorded, Tx } from "@omni/core"
import { type Condition, RuleError } from "@omni/rules"

import { factsFor, type Journeying } from "./advance.ts"
import { type Again, customerOf, type Defined, type Exit, type ExitFacts } from "./definition.ts"
import { begin, countLiving, type Ending, finish, finishAll, liveEntries, MOST_LIVING } from "./entry.ts"
import { Entries, Slots, slotId, Travellers } from "./model.ts"

/** An exit of a journey, with its rule. */
interface ExitOf {
  readonly journey: string
  readonly exit: Exit
  readonly when: Condition | undefined
}

/** What journeys have to do with an event, by its type: those that it starts, and the exits that it may be. */
export interface Reactions {
  readonly starts: ReadonlyMap<string, ReadonlyArray<Defined>>
  readonly exits: ReadonlyMap<string, ReadonlyArray<ExitOf>>
}

/** Sorts journeys by the events that they have to do with, so that an event meets no others. */
export const reactionsOf = (journeys: Iterable<Defined>): Reactions => {
  const all = [...journeys]
  const exits = all.flatMap(({ exits: own, journey }) => own.map(({ exit, when }) => ({ journey: journey.id, exit, when })))
  return { starts: Map.groupBy(all, ({ journey }) => journey.on.name), exits: Map.groupBy(exits, ({ exit }) => exit.on.name) }
}

/**
 * Ends the customer's living entries that an event ends: those that began before it in the log. What is imported counts by its own time: a
 * sale that an offline till reports late ends the journey that began before it, and the import of last year's orders ends none.
 */
export const exitBy = (tx: Tx, { exits }: Reactions, { identities, takeBack }: Journeying, recorded: Recorded<unknown>): void => {
  for (const [customer, named] of Map.groupBy(exits.get(recorded.type) ?? [], ({ exit }) => whose(exit, recorded))) {
    if (customer === undefined) continue
    const own = Map.groupBy(named, ({ journey }) => journey)
    const ended = liveEntries(tx, identities(tx, customer)).flatMap(({ entry, id }) => {
      // Clocks of several machines differ, so between live events only the log tells which was first.
      if (recorded.imported && recorded.time < entry.trigger.time) return []
      const facts = { ...factsFor(tx, id, entry), exit: eventFacts(recorded) }
      const ending = endingBy(own.get(entry.journey) ?? [], facts, recorded.type)
      return ending === undefined ? [] : [{ id, entry, ending }]
    })
    if (ended.length > 0) finishAll(tx, ended, takeBack)
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
export const enterBy = (tx: Tx, { starts }: Reactions, journeying: Journeying, recorded: Recorded<unknown>): void => {
  if (recorded.imported) return
  for (const defined of starts.get(recorded.type) ?? [])
    if (workedOut(defined.when, { event: eventFacts(recorded) }) === true) enter(tx, journeying, defined, recorded)
}

const enter = (tx: Tx, { identities, takeBack }: Journeying, { journey }: Defined, recorded: Recorded<unknown>): void => {
  const event = recorded as Recorded<never>
  const named = journey.customer === undefined ? customerOf(recorded) : journey.customer(event)
  if (named === undefined) return
  const ids = identities(tx, named)
  const [customer] = ids
  const key = journey.key?.(event) ?? ""
  tx.prefetch(Travellers, ids)
  const slots = tx
    .getMany(
      Slots,
      ids.map((id) => slotId(journey.id, id, key))
    )
    .filter((slot) => slot !== undefined)
  if (!slots.every((slot) => mayEnter(journey.again ?? "after-end", slot, tx.now))) return
  const held = slots.filter(({ live }) => live)
  if (countLiving(tx, ids) - held.length >= MOST_LIVING) return
  for (const { entry: id } of held) {
    const living = tx.get(Entries, id)
    if (living?.status === "live") finish(tx, id, living, { reason: "restarted", by: recorded.type }, takeBack)
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
