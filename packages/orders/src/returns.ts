import { fail, Id, operation, type Tx } from "@omni/core"
import { LocationId } from "@omni/inventory"
import * as z from "zod"

import { IllegalReturnChange, type LineNotFound, NotReturnable, type OrderNotFound, type ReturnProblem, ReturnNotFound } from "./errors.ts"
import { ReturnApproved, ReturnEnded, ReturnRequested } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import { allowedFrom, machine } from "./machine.ts"
import { LineQuantity, type Order, type OrderLine, type Part } from "./model.ts"
import { countOf, type Move, takeUnits, unitsWhere } from "./parts.ts"
import { RETURN_WINDOW, type ReturnPolicy } from "./policy.ts"
import { type Return, type ReturnChange, returnMachine, Returns } from "./refund-model.ts"
import { moved, save } from "./save.ts"
import type { Settings } from "./settings.ts"
import { lineOf, type OpenOrder, openOrder, whereIs } from "./transition.ts"

/** What a return is asked for with. */
export const ReturnRequest = z.object({
  order: Id,
  lines: z.array(LineQuantity).min(1).max(1000),
  /** In a word: "too-small", "defective". */
  reason: Id,
  resolution: z.enum(["refund", "exchange"]).exactOptional(),
  /** Where it is expected. */
  location: LocationId.exactOptional(),
  /** Takes it back against the policy; who may do so is the app's to decide. */
  goodwill: z.boolean().exactOptional()
})
export type ReturnRequest = z.infer<typeof ReturnRequest>

type Refused = OrderNotFound | LineNotFound | NotReturnable

/** What opens and ends returns. */
export const returnOperations = (settings: Settings) => ({
  /**
   * A customer wants to give units back: those that they have, and that are in no other return. The policy of the order says whether
   * they may; with `approval: "auto"` it is approved at once.
   *
   * Errors: `OrderNotFound`, `LineNotFound`, `NotReturnable`, which names all that stands against it.
   */
  requestReturn: operation("orders.requestReturn", ReturnRequest, function* (tx, input): Generator<Refused, Return, unknown> {
    const found = yield* openOrder(tx, input.order)
    return (yield* openReturn(tx, settings, found, input)).row
  })
})

/** Opens a return of an order. */
export function* openReturn(
  tx: Tx,
  settings: Settings,
  found: OpenOrder,
  {
    lines,
    reason,
    resolution = "refund",
    location,
    goodwill = false,
    approved = false
  }: Omit<ReturnRequest, "order"> & { readonly approved?: boolean }
): Generator<LineNotFound | NotReturnable, { readonly row: Return; readonly found: OpenOrder }, unknown> {
  const { order } = found
  const policy = order.terms ?? settings.returns
  const moves = yield* returnable(tx, found, lines, policy, reason, goodwill)
  const id = tx.newId("ret")
  const automatic = approved || policy.approval === "auto"
  const row: Return = {
    id,
    order: order.id,
    ...(order.customer === undefined ? {} : { customer: order.customer }),
    status: automatic ? "approved" : "requested",
    resolution,
    reason,
    lines: [...Map.groupBy(moves, ({ line }) => line)].map(([line, units]) => ({
      line: line.id,
      sku: line.sku,
      quantity: countOf(units),
      received: {}
    })),
    ...(location === undefined ? {} : { location }),
    ...(goodwill ? { goodwill } : {}),
    requestedAt: tx.now,
    ...(automatic ? { approvedAt: tx.now } : {}),
    replacements: []
  }
  tx.put(Returns, id, row)
  const marked = moved(order, moves, (part) => ({ ...part, return: id }))
  const saved = save(tx, found, marked, { change: "return-requested", moves, reason })
  const facts = { ...factsOfUnits(saved.order, moves), return: id, reason }
  tx.emit(ReturnRequested, order.id, { ...facts, resolution })
  if (automatic) tx.emit(ReturnApproved, order.id, facts)
  return { row, found: saved }
}

/** The units that may come back, so many of each line; all that stands against it is named. */
function* returnable(
  tx: Tx,
  { order, fulfilments }: OpenOrder,
  asked: ReadonlyArray<LineQuantity>,
  { window = RETURN_WINDOW, reasons, excluded = [] }: ReturnPolicy,
  reason: string,
  goodwill: boolean
): Generator<LineNotFound | NotReturnable, ReadonlyArray<Move>, unknown> {
  const problems: Array<ReturnProblem> = []
  if (reasons !== undefined && !goodwill && reasons[reason] === undefined) problems.push({ code: "unknown-reason", at: reason })
  const since = ({ fulfilment, status }: Part): number | undefined =>
    fulfilment === undefined ? order.placedAt : status === "shipped" ? undefined : fulfilments.get(fulfilment)?.handedOverAt
  const inTime = (part: Part): boolean => {
    const from = since(part)
    return goodwill || window === "none" || from === undefined || tx.now <= from + window
  }
  const totals = new Map<string, number>()
  for (const { line, quantity } of asked) totals.set(line, (totals.get(line) ?? 0) + quantity)
  const moves: Array<Move> = []
  for (const [id, quantity] of totals) {
    const line = yield* lineOf(order, id)
    const place = ({ status, return: other }: Part) => (other === undefined ? at(machine.return.from.indexOf(status)) : undefined)
    const had = countOf(takeUnits(line, place, Infinity))
    const taken = takeUnits(line, (part) => (inTime(part) ? place(part) : undefined), quantity)
    if (excluded.includes(line.sku) && !goodwill) problems.push({ code: "excluded", at: id })
    else if (had < quantity) problems.push({ code: "not-had", at: id, possible: had, ...stateOf(line, fulfilments) })
    else if (countOf(taken) < quantity) problems.push({ code: "window-over", at: id, possible: countOf(taken) })
    moves.push(...taken)
  }
  return problems.length === 0 ? moves : yield* fail(NotReturnable.of(order.id, problems))
}

const stateOf = ({ parts, status }: OrderLine, fulfilments: OpenOrder["fulfilments"]): Pick<ReturnProblem, "state" | "allowed"> => {
  const part = parts.find((one) => one.status === status)
  const where = part === undefined ? undefined : whereIs(part, fulfilments)
  return { state: status, allowed: allowedFrom(status, where) }
}

const at = (index: number): number | undefined => (index < 0 ? undefined : index)

/** The return, or the refusal. */
export function* returnById(tx: Tx, id: string): Generator<ReturnNotFound, Return, unknown> {
  return tx.get(Returns, id) ?? (yield* fail(ReturnNotFound.of(id)))
}

/** Refuses a change that the return's status does not allow. */
export function* mayChangeReturn({ id, status }: Return, attempted: ReturnChange): Generator<IllegalReturnChange, void, unknown> {
  if (returnMachine[attempted].includes(status)) return
  const allowed = (Object.keys(returnMachine) as Array<ReturnChange>).filter((change) => returnMachine[change].includes(status))
  yield* fail(
    new IllegalReturnChange({
      return: id,
      status,
      attempted,
      allowed,
      message: `The return "${id}" is ${status}, so "${attempted}" cannot be done; ${allowed.length === 0 ? "nothing more can" : `what can is: ${allowed.join(", ")}`}.`
    })
  )
}

/** The units of an order that are in a return and have not come. */
export const unitsComing = ({ lines }: Pick<Order, "lines">, id: string, only?: string): ReadonlyArray<Move> =>
  unitsWhere(
    only === undefined ? lines : lines.filter((line: OrderLine) => line.id === only),
    (part) => part.return === id && machine.return.from.includes(part.status)
  )

/** They may come back. Errors: `ReturnNotFound`, `IllegalReturnChange`, `OrderNotFound`. */
export const approveReturn = operation(
  "orders.approveReturn",
  z.object({ return: Id, location: LocationId.exactOptional() }),
  function* (tx, { return: id, location }) {
    const row = yield* returnById(tx, id)
    yield* mayChangeReturn(row, "approve")
    const found = yield* openOrder(tx, row.order)
    const moves = unitsComing(found.order, id)
    const { order } = save(tx, found, found.order, { change: "return-approved", moves })
    tx.emit(ReturnApproved, order.id, { ...factsOfUnits(order, moves), return: id, reason: row.reason })
    return tx.put(Returns, id, { ...row, status: "approved", approvedAt: tx.now, ...(location === undefined ? {} : { location }) })
  }
)

/** Units that are in no return any more. */
const unmarked = (part: Part): Part => {
  const { return: _, ...rest } = part
  return rest
}

const Ending = z.object({ return: Id, note: z.string().max(500).exactOptional() })

function* end(
  tx: Tx,
  id: string,
  as: "rejected" | "cancelled",
  note: string | undefined
): Generator<ReturnNotFound | IllegalReturnChange | OrderNotFound, Return, unknown> {
  const row = yield* returnById(tx, id)
  yield* mayChangeReturn(row, as === "rejected" ? "reject" : "cancel")
  const found = yield* openOrder(tx, row.order)
  const moves = unitsComing(found.order, id)
  const freed = moved(found.order, moves, unmarked)
  const { order } = save(tx, found, freed, { change: `return-${as}`, moves, ...(note === undefined ? {} : { reason: note }) })
  const facts = { ...factsOfUnits(order, moves), return: id, reason: row.reason }
  tx.emit(ReturnEnded, order.id, { ...facts, as, ...(note === undefined ? {} : { note }) })
  return tx.put(Returns, id, { ...row, status: as, endedAt: tx.now })
}

/** They may not: what has not come stays with the customer. Errors: those of `approveReturn`. */
export const rejectReturn = operation("orders.rejectReturn", Ending, function* (tx, input) {
  return yield* end(tx, input.return, "rejected", input.note)
})

/** The customer keeps what has not come. Errors: those of `approveReturn`. */
export const cancelReturn = operation("orders.cancelReturn", Ending, function* (tx, input) {
  return yield* end(tx, input.return, "cancelled", input.note)
})
