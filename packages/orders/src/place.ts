import { type ExternalId, fail, operation, refuse, type Tx } from "@omni/core"
import type { HoldClosed, HoldNotFound } from "@omni/inventory"

import { serveEarlier, wait } from "./backorder.ts"
import { type HoldMismatch, InvalidOrder, OrderExists, TotalMismatch } from "./errors.ts"
import { OrderCollected, OrderPlaced } from "./events.ts"
import { factsOf, factsOfUnits, tellLines } from "./facts.ts"
import { Fulfilments } from "./fulfilment.ts"
import { missingIn, withGifts } from "./gifts.ts"
import { noteSent } from "./goods.ts"
import { statusOf } from "./machine.ts"
import { CartOrders, ExternalOrders, type HistoryEntry, type MissingGift, type Order, type OrderLine, Orders } from "./model.ts"
import { scheduleOpening } from "./open.ts"
import { unitsWhere } from "./parts.ts"
import { fulfilmentRow, goodsOf, type Kept, kindOf, type Plan, plansFor, shareOut } from "./plan.ts"
import { OrderRequest, type Priced, priced } from "./request.ts"
import { seenFrom } from "./save.ts"
import { keep, keepFree, type NoGoods, sellNow, takeOver } from "./stock.ts"

type PlaceRefused = InvalidOrder | TotalMismatch | OrderExists | HoldMismatch | HoldNotFound | HoldClosed | NoGoods

/**
 * Places an order: prices fixed, totals added up and split over every unit, stock taken or its hold taken over, all in one commit. An
 * order of an external id that is there already, with the same lines and total, is answered as it stands and changes nothing. A gift that is
 * not in stock is left out (`giftsMissing`); with `backorder` it waits like the other lines.
 *
 * It is a fact: on replay or import (as of its own time) a shortage, a lapsed hold or a wrong total is recorded as a discrepancy.
 *
 * Errors: `InvalidOrder`, `TotalMismatch`, `OrderExists`, `InsufficientStock`, `HoldNotFound`, `HoldClosed`, `HoldMismatch`.
 */
export const place = operation("orders.place", { input: OrderRequest, fact: true }, function* (tx, request): Generator<
  PlaceRefused,
  Order,
  unknown
> {
  return yield* placeWithout(tx, request, [])
})

/** See `place`; `missing` are gifts that it is known to go without. */
export function* placeWithout(tx: Tx, request: OrderRequest, missing: ReadonlyArray<MissingGift>): Generator<PlaceRefused, Order, unknown> {
  const cost = yield* priced(request)
  const known = request.external === undefined ? undefined : orderOf(tx, request.external)
  if (known !== undefined) {
    if (sameSale(known, cost)) return known
    yield* refuse(tx, known.id, exists(request.external!, known.id))
    return known
  }
  const id = tx.newId("ord")
  const { total } = request
  if (total !== undefined && (total.amount !== cost.totals.total.amount || total.currency !== cost.totals.total.currency))
    yield* refuse(tx, id, TotalMismatch.of(total, cost.totals.total))
  return yield* withGifts(tx, request, missing, (left, without) => placeAs(tx, id, left, left === request ? cost : undefined, without))
}

/** Takes the goods of a request, and writes its order. */
function* placeAs(
  tx: Tx,
  id: string,
  request: OrderRequest,
  known: Priced | undefined,
  missing: ReadonlyArray<MissingGift>
): Generator<PlaceRefused, Order, unknown> {
  const cost = known ?? (yield* priced(request))
  const plans = yield* plansOf(tx, request, cost)
  const kept = request.hold === undefined ? undefined : yield* takeHold(tx, id, request.hold, plans, cost.lines, request.goods)
  return begin(tx, id, request, cost, plans, kept ?? (yield* takeGoods(tx, id, plans, cost.lines, request)), missingIn(missing))
}

/** Who sold an order that was not placed here, what it is paid with, and what it goes without. */
export type Origin = Pick<Order, "marketplace" | "exchange" | "revision" | "giftsMissing">

/** What was kept of the goods of an order, and by which hold. */
export interface Got {
  readonly hold?: string
  readonly kept?: Kept
}

/** The fulfilments that a request asks for. Errors: `InvalidOrder`. */
export function* plansOf(
  tx: Tx,
  { fulfilment, fulfilments, goods = [] }: Pick<OrderRequest, "fulfilment" | "fulfilments" | "goods">,
  { lines }: Pick<Priced, "lines">
): Generator<InvalidOrder, ReadonlyArray<Plan>, unknown> {
  if (fulfilment !== undefined && fulfilments !== undefined) return yield* fail(InvalidOrder.of([{ code: "two-plans", at: "order" }]))
  const plans = yield* plansFor(tx, fulfilments ?? (fulfilment === undefined ? [] : [fulfilment]), lines)
  // What is not handed over now has no lots yet: they are named when it leaves.
  const wrong = goods.filter(
    ({ line }) => !plans.some(({ request, shares }) => request.kind === "carry-out" && shares.some((one) => one.line === line))
  )
  return wrong.length === 0 ? plans : yield* fail(InvalidOrder.of(wrong.map(({ line: at }) => ({ code: "not-handed-over", at }))))
}

/** Takes over the hold of a new order; `undefined` when it does not serve. */
function* takeHold(
  tx: Tx,
  id: string,
  hold: string,
  plans: ReadonlyArray<Plan>,
  lines: Priced["lines"],
  goods: OrderRequest["goods"]
): Generator<HoldClosed | HoldMismatch | HoldNotFound | NoGoods, Got | undefined, unknown> {
  const { taken, kept } = goodsOf(plans, lines, goods)
  if (taken.length + kept.length === 0) return {}
  if (!(yield* takeOver(tx, id, hold, kept, taken))) return undefined
  return kept.length === 0 ? {} : { hold }
}

/** Takes the goods of a new order: what leaves now, and what is to be kept; with `backorder` as far as it is free. */
export function* takeGoods(
  tx: Tx,
  id: string,
  plans: ReadonlyArray<Plan>,
  lines: Priced["lines"],
  { goods, backorder = false }: Pick<OrderRequest, "goods" | "backorder"> = {}
): Generator<NoGoods, Got, unknown> {
  const { taken, kept } = goodsOf(plans, lines, goods)
  yield* serveEarlier(tx, { id, placedAt: tx.now }, [...taken, ...kept])
  if (taken.length > 0) yield* sellNow(tx, id, taken)
  if (kept.length === 0) return {}
  return backorder ? yield* keepFree(tx, id, kept) : { hold: yield* keep(tx, id, kept) }
}

/** Writes a new order whose goods have been seen to, with its fulfilments, and tells of it. */
export const begin = (
  tx: Tx,
  id: string,
  request: OrderRequest,
  { lines: drafts, charges, totals }: Priced,
  plans: ReadonlyArray<Plan>,
  { hold, kept }: Got,
  origin: Origin = {}
): Order => {
  const {
    lines: _lines,
    charges: _charges,
    hold: _hold,
    total: _total,
    fulfilment: _one,
    fulfilments: _all,
    backorder: _,
    goods,
    ...about
  } = request
  const lines = [...shareOut(drafts, plans, kept)]
  const status = lines.length === 1 ? lines[0]!.status : statusOf(lines)
  const rows = plans.flatMap((plan) => (plan.id === undefined ? [] : [plan]))
  const order: Order = {
    ...(tx.actor.channel === undefined ? {} : { channel: tx.actor.channel }),
    ...about,
    ...origin,
    id,
    ...placeOf(plans, lines),
    fulfilments: rows.map((plan) => plan.id!),
    ...(hold === undefined ? {} : { hold }),
    status,
    lines,
    charges,
    totals,
    placedAt: tx.now,
    history: historyOf(tx, lines)
  }
  tx.put(Orders, id, order)
  if (goods !== undefined) noteSent(tx, order, goods)
  if (about.external !== undefined) tx.put(ExternalOrders, externalKey(about.external), { order: id })
  if (about.cart !== undefined) tx.put(CartOrders, about.cart, { order: id })
  for (const plan of rows) {
    const row = tx.put(Fulfilments, plan.id!, seenFrom(tx.now, order, fulfilmentRow(tx, order, plan)))
    scheduleOpening(tx, row)
  }
  tell(tx, order, plans)
  return order
}

/** The key of an external id: `source:id`, read back at the first `:`. */
export const externalKey = ({ source, id }: ExternalId): string =>
  `${source.replaceAll(/[%:]/g, (char) => (char === ":" ? "%3A" : "%25"))}:${id}`

/** The order that has an external id. */
export const orderOf = (tx: Pick<Tx, "get">, external: ExternalId): Order | undefined => {
  const known = tx.get(ExternalOrders, externalKey(external))
  return known === undefined ? undefined : tx.get(Orders, known.order)
}

/** The location of an order, if all of it is to come from one. */
const placeOf = (plans: ReadonlyArray<Plan>, lines: ReadonlyArray<OrderLine>) => {
  const first = plans[0]?.request.location
  const isOne = first !== undefined && plans.every(({ request }) => request.location === first)
  return isOne && !lines.some(({ parts }) => parts.some((part) => part.fulfilment === undefined && part.status === "placed"))
    ? { location: first }
    : {}
}

const historyOf = (tx: Tx, lines: ReadonlyArray<OrderLine>): Array<HistoryEntry> => {
  const by = { at: tx.now, by: tx.actor }
  const entries: Array<HistoryEntry> = [{ ...by, change: "placed" }]
  for (const change of ["collected", "backordered"] as const) {
    const parts = lines.flatMap((line) => line.parts.map((part) => ({ line: line.id, quantity: part.count, is: part.status === change })))
    const some = parts.filter(({ is }) => is).map(({ line, quantity }) => ({ line, quantity }))
    if (some.length > 0) entries.push({ ...by, change, ...(some.length === parts.length ? {} : { lines: some }) })
  }
  return entries
}

const tell = (tx: Tx, order: Order, plans: ReadonlyArray<Plan>): void => {
  const { external, marketplace, cart, account, purchaseOrder, exchange, fulfilments, giftsMissing } = order
  tx.emit(OrderPlaced, order.id, {
    ...factsOf(order, order.lines),
    ...(external === undefined ? {} : { external }),
    ...(marketplace === undefined ? {} : { marketplace }),
    ...(cart === undefined ? {} : { cart }),
    ...(account === undefined ? {} : { account }),
    ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
    ...(exchange === undefined ? {} : { credit: exchange.credit }),
    ...(giftsMissing === undefined ? {} : { giftsMissing }),
    fulfilment: kindOf(plans, order.lines),
    fulfilments
  })
  if (order.status === "collected") tx.emit(OrderCollected, order.id, { ...factsOf(order, order.lines), complete: true })
  else if (plans.some(({ request }) => request.kind === "carry-out"))
    tx.emit(OrderCollected, order.id, {
      ...factsOfUnits(
        order,
        unitsWhere(order.lines, ({ status }) => status === "collected")
      ),
      complete: false
    })
  const late = order.lines.some(({ parts }) => parts.some(({ status }) => status === "backordered"))
  if (late) tellBackordered(tx, order, plans)
}

/** What is not there waits for its stock. */
const tellBackordered = (tx: Tx, order: Order, plans: ReadonlyArray<Plan>): void => {
  const places = new Map(plans.flatMap(({ id, request }) => (id === undefined ? [] : [[id, request.location!] as const])))
  const moves = unitsWhere(order.lines, ({ status }) => status === "backordered")
  wait(
    tx,
    order,
    moves.map(({ line, part }) => ({ sku: line.sku, location: places.get(part.fulfilment!)! }))
  )
  tellLines(tx, order, moves, "backordered")
}

/** Whether two records tell of the same sale: article by article, and in what was paid. What was given with it may have been missing. */
export const sameSale = (a: SaleLike, b: SaleLike): boolean => {
  const text = ({ lines, totals }: SaleLike) =>
    JSON.stringify([
      totals.total.amount,
      totals.total.currency,
      lines.flatMap(({ sku, quantity, gift }) => (gift === undefined ? [[sku, quantity]] : []))
    ])
  return text(a) === text(b)
}

interface SaleLike {
  readonly lines: ReadonlyArray<{ readonly sku: string; readonly quantity: number; readonly gift?: string }>
  readonly totals: { readonly total: { readonly amount: number; readonly currency: string } }
}

const exists = ({ source, id }: ExternalId, order: string): OrderExists =>
  new OrderExists({
    source,
    id,
    order,
    message: `"${id}" of ${source} is the order "${order}" already, with other lines or another total. Change that order, or give this one its own id.`
  })
