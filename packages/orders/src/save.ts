import type { Tx } from "@omni/core"

import { type Fulfilment, type FulfilmentLine, Fulfilments } from "./fulfilment.ts"
import { hasLeft, isKept, isOpen, statusOf } from "./machine.ts"
import { type HistoryEntry, type Order, type OrderLine, Orders, type Part } from "./model.ts"
import { byLine, changeParts, countOf, type Move, takeUnits } from "./parts.ts"
import { withoutIdlePlace } from "./shipping/places.ts"
import type { FulfilmentStatus, LineStatus } from "./states.ts"
import type { OpenOrder } from "./transition.ts"
import { worthOf } from "./worth.ts"

/** An order after some of its units changed; it is not written yet. */
export const moved = (order: Order, moves: ReadonlyArray<Move>, to: (part: Part) => Part): Order => {
  const changes = new Map(byLine(moves).map(({ line, units }) => [line.id, units]))
  const lines = order.lines.map((line): OrderLine => {
    const units = changes.get(line.id)
    if (units === undefined) return line
    const parts = changeParts(
      line.parts,
      units.map(({ from, count, part }) => ({ from, count, to: trimmed(to(part)) }))
    )
    return { ...line, parts: [...parts], status: statusOf(parts) }
  })
  return { ...order, lines, status: statusOf(lines) }
}

/** Only what is kept has a hold, and only what is on its way is in a parcel. */
const trimmed = (part: Part): Part => {
  const [isHeld, isSent] = [isKept(part.status), part.status === "shipped"]
  if ((part.hold === undefined || isHeld) && (part.parcel === undefined || isSent)) return part
  const { hold, parcel, ...rest } = part
  return { ...rest, ...(isHeld && hold !== undefined ? { hold } : {}), ...(isSent && parcel !== undefined ? { parcel } : {}) }
}

/** What the history tells of a change. */
export interface Told {
  readonly change: HistoryEntry["change"]
  readonly moves?: ReadonlyArray<Move>
  readonly fulfilment?: string
  readonly reason?: string
}

/**
 * Writes an order, and each fulfilment that changed or whose units did, with what follows from its units; answers both as they are now. A
 * fulfilment of which nothing comes any more, or from elsewhere, leaves its slot.
 * `changed` are fulfilments whose own fields changed.
 */
export const save = (
  tx: Tx,
  before: OpenOrder,
  order: Order,
  told: Told | ReadonlyArray<Told>,
  changed: ReadonlyArray<Fulfilment> = []
): OpenOrder => {
  const all = "change" in told ? [told] : told
  const after = tx.put(Orders, order.id, { ...order, history: [...order.history, ...all.map((one) => entryOf(tx, one))] })
  const moves = all.flatMap((one) => one.moves ?? [])
  const fulfilments = new Map([...before.fulfilments, ...changed.map((row) => [row.id, row] as const)])
  const touched = new Set(changed.map(({ id }) => id))
  const lines = new Map(after.lines.map((line) => [line.id, line]))
  for (const { line, part } of moves) {
    if (part.fulfilment !== undefined) touched.add(part.fulfilment)
    for (const one of lines.get(line.id)!.parts) if (one.fulfilment !== undefined) touched.add(one.fulfilment)
  }
  for (const id of touched) {
    const row = fulfilments.get(id)
    if (row !== undefined) fulfilments.set(id, tx.put(Fulfilments, id, withoutIdlePlace(tx, seenFrom(tx.now, after, row))))
  }
  return { order: after, fulfilments }
}

const entryOf = (tx: Tx, { change, moves = [], fulfilment, reason }: Told): HistoryEntry => ({
  at: tx.now,
  change,
  lines: byLine(moves).map(({ line, units }) => ({ line: line.id, quantity: countOf(units) })),
  by: tx.actor,
  ...(fulfilment === undefined ? {} : { fulfilment }),
  ...(reason === undefined ? {} : { reason })
})

/** A fulfilment as it follows from the order's units. */
export const seenFrom = (now: number, order: Order, row: Fulfilment): Fulfilment => {
  const { workAt: _, ...rest } = row
  const units = order.lines.map((line) => ({
    line,
    units: takeUnits(line, ({ fulfilment }) => (fulfilment === row.id ? 0 : undefined), Infinity)
  }))
  const lines = units.filter((one) => one.units.length > 0).map(({ line, units: moves }) => fulfilmentLine(line, moves))
  const live = units.map(({ line, units: moves }) => ({ line, units: moves.filter(({ part }) => part.status !== "cancelled") }))
  const status = fulfilmentStatus(now, row, statesOf(lines))
  const atWork = status !== "closed" && status !== "cancelled" && status !== "incomplete" && row.location !== undefined
  return {
    ...rest,
    ...(atWork ? { workAt: row.location } : {}),
    status,
    lines,
    worth: worthOf(order, live).totals
  }
}

const fulfilmentLine = ({ id, sku, name }: OrderLine, moves: ReadonlyArray<Move>): FulfilmentLine => {
  const states: { [S in LineStatus]?: number } = {}
  for (const { count, part } of moves) states[part.status] = (states[part.status] ?? 0) + count
  return { line: id, sku, ...(name === undefined ? {} : { name }), states }
}

const statesOf = (lines: ReadonlyArray<FulfilmentLine>): ReadonlyArray<LineStatus> =>
  lines.flatMap(({ states }) => Object.keys(states) as Array<LineStatus>)

/** The status of a fulfilment: by its units, its holds and its date. */
const fulfilmentStatus = (now: number, row: Fulfilment, states: ReadonlyArray<LineStatus>): FulfilmentStatus => {
  if (!states.some(isOpen)) return row.givenUp === true ? "incomplete" : states.some(hasLeft) ? "closed" : "cancelled"
  if (row.holds.length > 0) return "on-hold"
  if (row.opensAt !== undefined && row.opensAt > now) return "scheduled"
  const begun = states.some((state) => hasLeft(state) || state === "picked" || state === "packed" || state === "ready")
  return begun ? "in-progress" : "open"
}
