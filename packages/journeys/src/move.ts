import type { Tx } from "@omni/core"

import { finishAll, liveEntries, type Living, MOST_LIVING, schedule } from "./entry.ts"
import { Entries, Slots, slotId, Travellers } from "./model.ts"
import type { WithdrawPort } from "./port.ts"
import { type TakeBack, takeBackBy } from "./take-back.ts"

/**
 * One customer went into another: the living entries go along, each with its step and its time. Where both have one for the same journey
 * and key, that of `into` lives on and the other ends as "merged", so that nobody is told twice; so does what would be more than a customer
 * may have. Repeating it changes nothing.
 */
export const moveEntries = (tx: Tx, from: string, into: string, withdraw?: WithdrawPort): void => move(tx, from, into, takeBackBy(withdraw))

/** `moveEntries`, by another way to take back what waits. */
export const move = (tx: Tx, from: string, into: string, takeBack: TakeBack): void => {
  if (from === into) return
  const moving = liveEntries(tx, [from])
  if (moving.length === 0) return
  tx.prefetch(Travellers, [into])
  tx.prefetch(
    Slots,
    moving.map(({ entry }) => slotId(entry.journey, from, entry.key))
  )
  const slots = tx.getMany(
    Slots,
    moving.map(({ entry }) => slotId(entry.journey, into, entry.key))
  )
  const { live } = tx.get(Travellers, into) ?? { live: [] }
  const doubled: Array<Living> = []
  const moved: Array<string> = []
  moving.forEach(({ entry, id }, i) => {
    if (slots[i]?.live === true || live.length + moved.length >= MOST_LIVING) return void doubled.push({ entry, id })
    const ours = tx.put(Entries, id, { ...entry, customer: into })
    tx.put(Slots, slotId(entry.journey, into, entry.key), { entry: id, live: true, enteredAt: entry.enteredAt })
    tx.put(Slots, slotId(entry.journey, from, entry.key), { entry: id, live: false, enteredAt: entry.enteredAt })
    schedule(tx, id, ours, entry.due ?? tx.now)
    moved.push(id)
  })
  finishAll(
    tx,
    doubled.map((living) => ({ ...living, ending: { reason: "merged" } })),
    takeBack
  )
  tx.put(Travellers, into, { live: [...live, ...moved] })
  tx.put(Travellers, from, { live: [] })
}
