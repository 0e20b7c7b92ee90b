import { type Instant, type Json, operation, type Recorded, type Tx } from "@omni/core"
import { Id } from "@omni/core"
import * as z from "zod"

import { type EndReason, Entries, type Entry, JourneyEnded, JourneyEntered, Slots, slotId, StepDue, Travellers } from "./model.ts"
import type { TakeBack } from "./take-back.ts"

/** What every event about an entry says of it. */
export const factsOf = (id: string, { customer, journey, key }: Entry) => ({ entry: id, journey, customer, key })

/** Says that a step is due. What is done about it is decided where everything that happened before is known. */
export const due = operation("journeys.due", z.object({ entry: Id, step: z.int().min(0), customer: Id }), function* (tx, input) {
  tx.emit(StepDue, input.customer, input)
})

const timerOf = (entry: string): string => `journeys.entry ${entry}`

/** Lets an entry's step come due, in place of what was due before. */
export const schedule = (tx: Tx, id: string, { customer, step }: Entry, at: Instant): void => {
  tx.schedule(at, due, { entry: id, step, customer }, { key: timerOf(id), subject: customer })
}

/** Begins an entry: it is the living one of its slot, and its first step is due at once. */
export const begin = (
  tx: Tx,
  {
    customer,
    data,
    journey,
    key,
    recorded
  }: {
    readonly journey: string
    readonly customer: string
    readonly key: string
    readonly recorded: Recorded<unknown>
    readonly data: Json
  }
): void => {
  const id = tx.newId("jny")
  const { subject, time, type } = recorded
  const entry: Entry = {
    customer,
    journey,
    key,
    status: "live",
    step: 0,
    enteredAt: tx.now,
    due: tx.now,
    sent: [],
    trigger: { type, subject, time },
    data
  }
  tx.put(Entries, id, entry)
  tx.put(Slots, slotId(journey, customer, key), { entry: id, live: true, enteredAt: tx.now })
  const { live } = tx.get(Travellers, customer) ?? { live: [] }
  tx.put(Travellers, customer, { live: [...live, id] })
  schedule(tx, id, entry, tx.now)
  tx.emit(JourneyEntered, customer, factsOf(id, entry))
}

/** How an entry ends. */
export interface Ending {
  readonly reason: EndReason
  readonly by?: string
  readonly error?: string
}

/** A living entry. */
export interface Living {
  readonly id: string
  readonly entry: Entry
}

/** Ends a living entry: no step of it comes due any more, and what it sent but still waits is taken back. */
export const finish = (tx: Tx, id: string, entry: Entry, ending: Ending, takeBack: TakeBack): void =>
  finishAll(tx, [{ id, entry, ending }], takeBack)

/** Ends living entries, in as many loads as one, and with one write of what each customer has. */
export const finishAll = (tx: Tx, ended: ReadonlyArray<Living & { readonly ending: Ending }>, takeBack: TakeBack): void => {
  const customers = [...new Set(ended.map(({ entry }) => entry.customer))]
  tx.prefetch(Travellers, customers)
  const slots = ended.map(({ entry }) => slotId(entry.journey, entry.customer, entry.key))
  const held = tx.getMany(Slots, slots)
  ended.forEach(({ ending: { by, error, reason }, entry, id }, i) => {
    const { due: _, ...kept } = entry
    tx.put(Entries, id, { ...kept, status: "ended", endedAt: tx.now, reason, ...(error === undefined ? {} : { error }) })
    const slot = held[i]
    if (slot?.entry === id) tx.put(Slots, slots[i] ?? "", { ...slot, live: false })
    tx.cancel(timerOf(id))
    tx.emit(JourneyEnded, entry.customer, { ...factsOf(id, entry), step: entry.step, reason, ...(by === undefined ? {} : { by }) })
  })
  const ids = new Set(ended.map(({ id }) => id))
  tx.getMany(Travellers, customers).forEach((traveller, i) => {
    if (traveller !== undefined) tx.put(Travellers, customers[i] ?? "", { live: traveller.live.filter((id) => !ids.has(id)) })
  })
  takeBack(
    tx,
    ended.flatMap(({ ending, entry }) =>
      ending.reason === "completed" ? [] : entry.sent.flatMap(({ message, status }) => (status === "deferred" ? [message] : []))
    ),
    Math.min(...ended.map(({ entry }) => entry.enteredAt))
  )
}

/**
 * The most living entries of a customer. They are in one row, and one event may end all of them in one commit: without a limit, somebody
 * whom a whole shop's orders are booked on would come to what no store takes, and nobody's journey would go on behind that.
 */
export const MOST_LIVING = 1_000

/** How many living entries a customer has, under whichever id. */
export const countLiving = (tx: Tx, ids: ReadonlyArray<string>): number =>
  tx.getMany(Travellers, ids).reduce((sum, traveller) => sum + (traveller?.live.length ?? 0), 0)

/** The living entries of a customer, under whichever of the customer's ids they still are. */
export const liveEntries = (tx: Tx, ids: ReadonlyArray<string>): ReadonlyArray<Living> => {
  const live = tx.getMany(Travellers, ids).flatMap((traveller) => traveller?.live ?? [])
  const rows = tx.getMany(Entries, live)
  return live.flatMap((id, i) => {
    const entry = rows[i]
    return entry?.status === "live" ? [{ id, entry }] : []
  })
}
