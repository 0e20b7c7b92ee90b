import { fail, Id, type InvalidInput, type Money, Money as MoneySchema, operation, type Tx, zeroMoney } from "@omni/core"
import { type GoodsLine, LocationId } from "@omni/inventory"
import * as z from "zod"

import { foreseeOrder, moveCommitment } from "./account/commitments.ts"
import { foreseeOwed } from "./account/owed.ts"
import {
  type IllegalReturnChange,
  type InvalidOrder,
  type LineNotFound,
  NotReturnable,
  type OrderNotFound,
  type ReturnNotFound
} from "./errors.ts"
import { ReturnReceived } from "./events.ts"
import { factsOfUnits } from "./facts.ts"
import { FulfilmentRequest } from "./fulfilment.ts"
import { LineGoods, namedIn, noteBack, SomeGoods } from "./goods.ts"
import type { Order } from "./model.ts"
import { byLine, countOf, type Move } from "./parts.ts"
import { begin, plansOf, takeGoods } from "./place.ts"
import { type Refund, type Return, type ReturnLine, Returns } from "./refund-model.ts"
import { feesOf, settle } from "./refund.ts"
import { ChargeRequest, LineRequest, priced } from "./request.ts"
import { mayChangeReturn, openReturn, returnById, ReturnRequest, unitsComing } from "./returns.ts"
import { moved, save } from "./save.ts"
import type { Settings } from "./settings.ts"
import type { NoGoods } from "./stock.ts"
import { type OpenOrder, openOrder } from "./transition.ts"

/** What is given for goods that come back: a linked order, in the currency and on the terms of theirs. */
export const Replacement = z.object({
  lines: z.array(LineRequest).min(1).max(1000),
  charges: z.array(ChargeRequest).max(100).exactOptional(),
  fulfilment: FulfilmentRequest.exactOptional(),
  fulfilments: z.array(FulfilmentRequest).min(1).max(200).exactOptional(),
  /** Which lots or pieces are handed over at once. */
  goods: SomeGoods.exactOptional()
})
export type Replacement = z.infer<typeof Replacement>

/** What has come: which units, in which condition, and of which lots or with which serial numbers, where they have such. */
export const ReceivedLine = LineGoods.extend({
  quantity: z.int().positive(),
  /** `lost`: it will not come, and nothing is put anywhere; what is to be given back for it is due all the same. */
  condition: z.enum(["sellable", "damaged", "quality-control", "lost"])
})
export type ReceivedLine = z.infer<typeof ReceivedLine>

const received = {
  lines: z.array(ReceivedLine).min(1).max(1000),
  /** Where it came: the return's location unless told. */
  location: LocationId.exactOptional(),
  /** What is taken off for what the customer has done to it. */
  deduction: MoneySchema.exactOptional(),
  /** What they get instead: the units are exchanged. */
  replacement: Replacement.exactOptional()
}
type Received = z.infer<z.ZodObject<typeof received>>

/** What became of goods that came back. */
export interface TakenBack {
  readonly return: Return
  readonly order: Order
  readonly refund?: Refund
  /** The order that is given for them. */
  readonly replacement?: Order
}

type Refused = OrderNotFound | LineNotFound | NotReturnable | ReturnNotFound | IllegalReturnChange | InvalidOrder | NoGoods

/** What takes goods back. */
export const receivingOperations = (settings: Settings) => ({
  /**
   * Goods of an approved return have come: they go where their condition belongs, under the lots and serial numbers that are named, and what is to be given back for them is due, by the
   * split that was fixed when they were ordered. What has not come may still come. With a `replacement` they are exchanged: the linked
   * order is placed in the same commit, and paid for with them as far as they reach.
   *
   * Errors: `ReturnNotFound`, `IllegalReturnChange`; `NotReturnable` for more than is expected, and for a piece or lot that has not left with this
   * order; `InvalidInput` for one that is in stock; and those of `place` for the replacement.
   */
  receiveReturn: operation(
    "orders.receiveReturn",
    z.object({ return: Id, ...received }),
    function* (tx, { return: id, ...input }): Generator<Refused, TakenBack, unknown> {
      const row = yield* returnById(tx, id)
      yield* mayChangeReturn(row, "receive")
      return yield* receive(tx, settings, yield* openOrder(tx, row.order), row, input)
    }
  ),
  /**
   * The customer is here with the goods: request, approval and receipt of a return in one commit. Errors: those of `requestReturn` and
   * `receiveReturn`.
   */
  takeBack: operation(
    "orders.takeBack",
    ReturnRequest.omit({ lines: true, resolution: true }).extend({ ...received, location: LocationId }),
    function* (tx, { order: id, reason, goodwill, ...input }): Generator<Refused, TakenBack, unknown> {
      if (input.replacement !== undefined) foreseeOrder(tx, id)
      const opened = yield* openReturn(tx, settings, yield* openOrder(tx, id), {
        lines: input.lines.map(({ line, quantity }) => ({ line, quantity })),
        reason,
        resolution: input.replacement === undefined ? "refund" : "exchange",
        location: input.location,
        ...(goodwill === undefined ? {} : { goodwill }),
        approved: true
      })
      return yield* receive(tx, settings, opened.found, opened.row, input)
    }
  )
})

/** Takes what has come of an approved return. */
function* receive(
  tx: Tx,
  settings: Settings,
  found: OpenOrder,
  row: Return,
  { lines, location = row.location, deduction, replacement }: Received
): Generator<Refused, TakenBack, unknown> {
  const { account, currency } = found.order
  if (replacement !== undefined && account !== undefined) {
    foreseeOrder(tx, row.order)
    foreseeOwed(tx, account, currency)
  }
  const moves = yield* comeOf(found.order, row, lines)
  const goods = yield* noteBack(tx, found.order, lines)
  if (location !== undefined) yield* putAwayAll(tx, settings, row.id, found.order, goods, location)
  const as = replacement === undefined ? "returned" : "exchanged"
  const after = moved(found.order, moves, (part) => ({ ...part, status: as }))
  const policy = after.terms ?? settings.returns
  const priceOf =
    replacement === undefined ? undefined : yield* priced({ currency: after.currency, taxIncluded: after.taxIncluded, ...replacement })
  const fees = feesOf(policy, row.reason, row.shippingTaken === true, deduction?.amount ?? 0)
  const settled = settle(tx, after, moves, {
    reason: replacement === undefined ? "return" : "exchange",
    policy,
    return: row.id,
    fees,
    ...(priceOf === undefined ? {} : { credit: priceOf.totals.total })
  })
  const { order } = save(tx, found, settled.order, { change: as, moves, reason: row.reason })
  const credit = settled.refund?.credited ?? zeroMoney(order.currency)
  const other = replacement === undefined ? undefined : yield* placeFor(tx, order, row.id, credit, replacement)
  const complete = unitsComing(order, row.id).length === 0
  const kept = tx.put(Returns, row.id, {
    ...row,
    lines: row.lines.map((line) => withReceived(line, lines)),
    ...(location === undefined ? {} : { location }),
    ...(settled.refund?.fees.some(({ code }) => code === "return-shipping") === true ? { shippingTaken: true as const } : {}),
    ...(complete ? { status: "received" as const, endedAt: tx.now } : {}),
    replacements: other === undefined ? row.replacements : [...row.replacements, other.id]
  })
  tx.emit(ReturnReceived, order.id, {
    ...factsOfUnits(order, moves, location === undefined ? undefined : { location }),
    return: row.id,
    reason: row.reason,
    as,
    ...(other === undefined ? {} : { replacement: other.id }),
    complete
  })
  return {
    return: kept,
    order,
    ...(settled.refund === undefined ? {} : { refund: settled.refund }),
    ...(other === undefined ? {} : { replacement: other })
  }
}

/** The units of a return that have come. Errors: `NotReturnable` for more than is expected. */
function* comeOf(order: Order, row: Return, lines: Received["lines"]): Generator<NotReturnable, ReadonlyArray<Move>, unknown> {
  const coming = new Map(byLine(unitsComing(order, row.id)).map(({ line, units }) => [line.id, [...units]]))
  const came: Array<Move> = []
  for (const { line, quantity } of lines) {
    const units = coming.get(line) ?? []
    const possible = countOf(units)
    if (possible < quantity) return yield* fail(NotReturnable.of(order.id, [{ code: "not-expected", at: line, possible }]))
    let left = quantity
    while (left > 0) {
      const first = units.shift()!
      const count = Math.min(left, first.count)
      came.push({ ...first, count })
      if (count < first.count) units.unshift({ ...first, from: first.from + count, count: first.count - count })
      left -= count
    }
  }
  return came.sort((a, b) => a.from - b.from)
}

function* putAwayAll(
  tx: Tx,
  { putAway }: Settings,
  reference: string,
  order: Order,
  came: ReadonlyArray<ReceivedLine>,
  location: string
): Generator<InvalidInput, void, unknown> {
  for (const [condition, some] of Map.groupBy(came, (one) => one.condition)) {
    if (condition === "lost") continue
    const lines = some.flatMap((one): Array<GoodsLine> => {
      const { sku, stocked } = order.lines.find(({ id }) => id === one.line)!
      return stocked ? [{ sku, location, quantity: one.quantity, ...namedIn(one) }] : []
    })
    if (lines.length > 0) yield* putAway(tx, { lines, condition, reference })
  }
}

const withReceived = (line: ReturnLine, lines: Received["lines"]): ReturnLine => {
  const sums = { ...line.received }
  for (const one of lines) if (one.line === line.line) sums[one.condition] = (sums[one.condition] ?? 0) + one.quantity
  return { ...line, received: sums }
}

/** Places the order that is given for goods that came back. */
function* placeFor(
  tx: Tx,
  order: Order,
  id: string,
  credit: Money,
  replacement: Replacement
): Generator<InvalidOrder | NoGoods, Order, unknown> {
  const { customer, account, buyer, purchaseOrder, channel, terms, currency, taxIncluded } = order
  const request = {
    ...replacement,
    ...(customer === undefined ? {} : { customer }),
    ...(account === undefined ? {} : { account }),
    ...(buyer === undefined ? {} : { buyer }),
    ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
    ...(channel === undefined ? {} : { channel }),
    ...(terms === undefined ? {} : { terms }),
    currency,
    taxIncluded
  }
  const { exchange } = order
  const before = exchange === undefined ? {} : { before: [exchange.order, ...(exchange.before ?? [])].slice(0, 50) }
  const cost = yield* priced(request)
  const plans = yield* plansOf(tx, request, cost)
  const other = tx.newId("ord")
  const got = yield* takeGoods(tx, other, plans, cost.lines, replacement)
  const placed = begin(tx, other, request, cost, plans, got, { exchange: { order: order.id, return: id, credit, ...before } })
  moveCommitment(tx, order.id, other)
  return placed
}
