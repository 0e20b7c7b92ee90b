import { fail, Id, PositiveCount, type Tx } from "@omni/core"
import * as z from "zod"

import { FulfilmentNotFound, IllegalFulfilmentChange, IllegalTransition, LineNotFound, OrderNotFound } from "./errors.ts"
import { type Fulfilment, Fulfilments } from "./fulfilment.ts"
import {
  allowedFrom,
  changesFrom,
  type FulfilmentChange,
  isAllowed,
  machine,
  statusOf,
  type Transition,
  type Whereabouts
} from "./machine.ts"
import { type Order, type OrderLine, Orders, type Part } from "./model.ts"
import { type Move, takeUnits } from "./parts.ts"
import { unwritten } from "./upcast.ts"

/** Lines of an order: by id all that can be, or so many. */
export const SomeLines = z
  .array(z.union([Id, z.object({ line: Id, quantity: PositiveCount.exactOptional() })]))
  .min(1)
  .max(1000)
export type SomeLines = z.infer<typeof SomeLines>

/** Which units of an order are meant: all that can be, unless a fulfilment or lines are named. */
export const selection = { order: Id, fulfilment: Id.exactOptional(), lines: SomeLines.exactOptional() }

interface Selection {
  readonly fulfilment?: string
  readonly lines?: SomeLines
}

/** An order with its fulfilments, as they stand. */
export interface OpenOrder {
  readonly order: Order
  readonly fulfilments: ReadonlyMap<string, Fulfilment>
}

/** The order with its fulfilments, or the refusal. */
export function* openOrder(tx: Tx, id: string): Generator<OrderNotFound, OpenOrder, unknown> {
  const order = tx.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
  return { order, fulfilments: fulfilmentsOf(tx, order) }
}

/** The fulfilments of an order. */
export const fulfilmentsOf = (tx: Pick<Tx, "getMany">, order: Order): ReadonlyMap<string, Fulfilment> => {
  const rows = tx.getMany(Fulfilments, order.fulfilments)
  return new Map(
    order.fulfilments.flatMap((id, i) => {
      const row = rows[i] ?? unwritten(order, id)
      return row === undefined ? [] : [[id, row] as const]
    })
  )
}

/** The fulfilment of the order, or the refusal. */
export function* fulfilmentIn({ fulfilments }: OpenOrder, id: string): Generator<FulfilmentNotFound, Fulfilment, unknown> {
  return fulfilments.get(id) ?? (yield* fail(FulfilmentNotFound.of(id)))
}

/** Refuses a change that the fulfilment's status does not allow, nor its units, as far as the caller has looked (`isFit`). */
export function* mayChange(
  { id, status, kind }: Pick<Fulfilment, "id" | "status" | "kind">,
  attempted: FulfilmentChange,
  isFit = true
): Generator<IllegalFulfilmentChange, void, unknown> {
  const allowed = changesFrom(status, kind).filter((change) => isFit || change !== attempted)
  if (allowed.includes(attempted)) return
  yield* fail(
    new IllegalFulfilmentChange({
      fulfilment: id,
      status,
      attempted,
      allowed,
      message: `The fulfilment "${id}" is ${status}, so "${attempted}" cannot be done; ${allowed.length === 0 ? "nothing more can" : `what can is: ${allowed.join(", ")}`}.`
    })
  )
}

/** Why units may not be chosen. */
export type SelectRefused = IllegalTransition | LineNotFound | FulfilmentNotFound | IllegalFulfilmentChange

/**
 * The units that a transition is to be made with: of the lines that are named so many as were asked for, or all to which it is open, of
 * which there must be one; when none are named, all of the order or the fulfilment, of which there must be one.
 */
export function* select(
  open: OpenOrder,
  attempted: Transition,
  { fulfilment: only, lines: named }: Selection,
  also: (part: Part) => boolean = () => true
): Generator<SelectRefused, ReadonlyArray<Move>, unknown> {
  const { order, fulfilments } = open
  const rule = machine[attempted]
  if (only !== undefined) {
    const one = yield* fulfilmentIn(open, only)
    if (rule.work === true) yield* mayChange(one, "work")
  }
  const rank = (part: Part): number | undefined =>
    (only === undefined || part.fulfilment === only) && isAllowed(attempted, part.status, whereIs(part, fulfilments)) && also(part)
      ? rule.from.indexOf(part.status)
      : undefined
  if (named === undefined) {
    const all = order.lines.flatMap((line) => takeUnits(line, rank, Infinity))
    return all.length > 0 ? all : yield* fail(illegal(open, attempted, only))
  }
  const moves: Array<Move> = []
  for (const [id, quantity] of wanted(named)) {
    const line = yield* lineOf(order, id)
    const taken = takeUnits(line, rank, quantity ?? Infinity)
    const possible = taken.reduce((sum, { count }) => sum + count, 0)
    if (possible < (quantity ?? 1)) return yield* fail(illegal(open, attempted, only, { line, possible, requested: quantity }))
    moves.push(...taken)
  }
  return moves
}

/** The line of an order, or the refusal. */
export function* lineOf(order: Order, id: string): Generator<LineNotFound, OrderLine, unknown> {
  return order.lines.find((line) => line.id === id) ?? (yield* fail(LineNotFound.of(order.id, id)))
}

/** What is named twice counts together; a line that is named once without a quantity is meant as a whole. */
const wanted = (named: SomeLines): ReadonlyMap<string, number | undefined> => {
  const sums = new Map<string, number | undefined>()
  for (const one of named) {
    const { line, quantity }: { line: string; quantity?: number } = typeof one === "string" ? { line: one } : one
    const before = sums.has(line) ? sums.get(line) : 0
    sums.set(line, before === undefined || quantity === undefined ? undefined : before + quantity)
  }
  return sums
}

/** Where a unit is: in a fulfilment, or in none. */
export const whereIs = ({ fulfilment }: Part, fulfilments: ReadonlyMap<string, Fulfilment>): Whereabouts =>
  fulfilment === undefined ? null : (fulfilments.get(fulfilment) ?? null)

const illegal = (
  { order, fulfilments }: OpenOrder,
  attempted: Transition,
  only: string | undefined,
  about?: { readonly line: OrderLine; readonly possible: number; readonly requested: number | undefined }
): IllegalTransition => {
  const parts = (about === undefined ? order.lines : [about.line])
    .flatMap((line) => line.parts)
    .filter(({ fulfilment }) => only === undefined || fulfilment === only)
  const state = statusOf(parts)
  const first = parts.find(({ status }) => status === state)
  const at = first === undefined ? undefined : whereIs(first, fulfilments)
  const allowed = allowedFrom(state, at)
  const what = about === undefined ? `The order "${order.id}"` : `The line "${about.line.id}" of the order "${order.id}"`
  const able = allowed.length === 0 ? "nothing more can be done to it" : `what can be done is: ${allowed.join(", ")}`
  const few = about?.requested === undefined ? "" : ` with ${about.requested} units, only with ${about.possible}`
  const waits = at?.status === "on-hold" || at?.status === "scheduled" ? ` Its fulfilment "${first!.fulfilment}" is ${at.status}.` : ""
  return new IllegalTransition({
    order: order.id,
    ...(about === undefined ? {} : { line: about.line.id, possible: about.possible }),
    ...(about?.requested === undefined ? {} : { requested: about.requested }),
    state,
    attempted,
    allowed,
    message: `${what} is ${state}, so "${attempted}" cannot be done${few}; ${able}.${waits}`
  })
}
