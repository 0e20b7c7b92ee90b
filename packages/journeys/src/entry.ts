import { type Instant, type Json, operation, type Recorded, type Tx } from "@omni/core"
import { Id } from "@omni/core"
import * as z from "zod"

import { type EndReason, Entries, type Entry, JourneyEnded, JourneyEntered, Slots, slotId, StepDue, Travellers } from "./model.ts"
import type { WithdrawPort } from "./port.ts"

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

/** Ends a living entry: no step of it comes due any more, and what it sent but still waits is taken back. */
export const finish = (tx: Tx, id: string, entry: Entry, { by, error, reason }: Ending, withdraw: WithdrawPort | undefined): void => {
  const { due: _, ...kept } = entry
  tx.put(Entries, id, { ...kept, status: "ended", endedAt: tx.now, reason, ...(error === undefined ? {} : { error }) })
  const slot = slotId(entry.journey, entry.customer, entry.key)
  const held = tx.get(Slots, slot)
  if (held?.entry === id) tx.put(Slots, slot, { ...held, live: false })
  const traveller = tx.get(Travellers, entry.customer)
  if (traveller !== undefined) tx.put(Travellers, entry.customer, { live: traveller.live.filter((other) => other !== id) })
  tx.cancel(timerOf(id))
  tx.emit(JourneyEnded, entry.customer, { ...factsOf(id, entry), step: entry.step, reason, ...(by === undefined ? {} : { by }) })
  if (withdraw === undefined || reason === "completed") return
  for (const { message, status } of entry.sent) if (status === "deferred") tx.attempt(withdraw(tx, { message }))
}

/** The living entries of a customer, under whichever of the customer's ids they still are. */
export const liveEntries = (tx: Tx, ids: ReadonlyArray<string>): ReadonlyArray<{ readonly id: string; readonly entry: Entry }> => {
  const live = tx.getMany(Travellers, ids).flatMap((traveller) => traveller?.live ?? [])
  const rows = tx.getMany(Entries, live)
  return live.flatMap((id, i) => {
    const entry = rows[i]
    return entry?.status === "live" ? [{ id, entry }] : []
  })
}
