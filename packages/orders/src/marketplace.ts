import { ExternalId, fail, Id, operation, type Tx } from "@omni/core"
import { totalPerStock } from "@omni/inventory"
import * as z from "zod"

import { allocateWhatIsFree } from "./allocate.ts"
import { serveEarlier } from "./backorder.ts"
import { cancelUnits } from "./cancel.ts"
import { withLines } from "./edit.ts"
import { type InvalidOrder, OrderNotFound, TotalMismatch } from "./errors.ts"
import { fulfilmentMachine, machine } from "./machine.ts"
import { noticeArrived } from "./marketplace-outbox.ts"
import type { Order, OrderLine } from "./model.ts"
import { countOf, type Move, takeUnits, unitsWhere } from "./parts.ts"
import { begin, type Got, orderOf, plansOf, sameSale } from "./place.ts"
import { goodsOf } from "./plan.ts"
import { LineRequest, OrderRequest, priced } from "./request.ts"
import { save } from "./save.ts"
import type { Settings } from "./settings.ts"
import { type KeptLost, keepFree, type NoGoods, sellNow } from "./stock.ts"
import { openTask } from "./tasks.ts"
import { type OpenOrder, openOrder } from "./transition.ts"

/** An order that has been sold elsewhere, with the id that it has there. */
export const ExternalOrder = OrderRequest.omit({ hold: true, backorder: true }).extend({ external: ExternalId })
export type ExternalOrder = z.infer<typeof ExternalOrder>

const Update = z.object({
  external: ExternalId,
  /** Grows with every change there: one that is not newer than what is known is passed over. */
  revision: z.int().exactOptional(),
  /** All of its lines as they are now, and how many units of each; what is not named is cancelled. */
  lines: z.array(z.object({ line: Id, quantity: z.int().nonnegative() })).max(1000),
  /** Lines that came to it, by ids of their own. */
  add: z
    .array(LineRequest.extend({ id: Id }))
    .max(1000)
    .exactOptional(),
  reason: z.string().max(500).exactOptional()
})
type Update = z.infer<typeof Update>

/** What records the orders of marketplaces. */
export const marketplaceOperations = (settings: Settings) => ({
  /**
   * Records an order that a marketplace has sold. It is never refused for what the shop has or thinks: what is not in stock is
   * backordered, and that, like another total, opens a task for somebody to settle. The marketplace hears that it has arrived, if a
   * driver is there for the source of its id. Once for each external id, however often it comes; with other lines, that is a task too.
   *
   * Errors: `InvalidOrder`, for an order that contradicts itself.
   */
  placeExternal: operation("orders.placeExternal", { input: ExternalOrder, fact: true }, function* (tx, request): Generator<
    InvalidOrder,
    Order,
    unknown
  > {
    const cost = yield* priced(request)
    const { external, total } = request
    const known = orderOf(tx, external)
    if (known !== undefined) {
      if (!sameSale(known, cost))
        openTask(tx, known, "conflict", `"${external.id}" of ${external.source} came again, with other lines or another total.`, {
          key: `${known.id} conflict`
        })
      return known
    }
    const plans = yield* plansOf(tx, request, cost)
    const id = tx.newId("ord")
    const { taken, kept } = goodsOf(plans, cost.lines, request.goods)
    yield* serveEarlier(tx, { id, placedAt: tx.now }, [...taken, ...kept])
    const sold = taken.length === 0 ? undefined : tx.attempt(sellNow(tx, id, taken))
    const { unknown, ...got }: Got & { readonly unknown?: string } = kept.length === 0 ? {} : yield* keepFree(tx, id, kept)
    const origin = external.source in settings.marketplaces ? { marketplace: external.source } : {}
    const order = begin(tx, id, request, cost, plans, got, origin)
    if (sold?.ok === false) tellShort(tx, order, sold.error)
    const missing = missingOf(order, new Map(plans.flatMap((plan) => (plan.id === undefined ? [] : [[plan.id, plan.request]]))))
    if (unknown !== undefined) openTask(tx, order, "unknown-goods", unknown)
    else if (missing.length > 0)
      openTask(tx, order, "short", `"${external.id}" of ${external.source} was sold, and is not in stock.`, { stock: [...missing] })
    if (total !== undefined && (total.amount !== cost.totals.total.amount || total.currency !== cost.totals.total.currency))
      openTask(tx, order, "total-mismatch", TotalMismatch.of(total, cost.totals.total).message)
    noticeArrived(tx, order)
    return order
  }),
  /**
   * The marketplace's order is another now: told as it is, so that hearing of it twice, or late, changes nothing more. Units that are
   * gone there are cancelled here; when they have left already, or there are more of a line, that is a task.
   *
   * Errors: `OrderNotFound`, `InvalidOrder`, and those of `releaseHold`.
   */
  updateExternal: operation("orders.updateExternal", { input: Update, fact: true }, function* (tx, input): Generator<
    OrderNotFound | InvalidOrder | KeptLost,
    Order,
    unknown
  > {
    return yield* update(tx, settings, input)
  }),
  /** The marketplace has cancelled its order: what has not left is cancelled, the rest is a task. Errors: those of `updateExternal`. */
  cancelExternal: operation(
    "orders.cancelExternal",
    { input: Update.pick({ external: true, revision: true, reason: true }), fact: true },
    function* (tx, input): Generator<OrderNotFound | InvalidOrder | KeptLost, Order, unknown> {
      return yield* update(tx, settings, { ...input, lines: [] })
    }
  )
})

const tellShort = (tx: Tx, order: Order, error: NoGoods): void => {
  if (error._tag === "InvalidInput") return void openTask(tx, order, "unknown-goods", error.message)
  const stock = error.shortages.map(({ sku, location, requested, available }) => ({ sku, location, quantity: requested - available }))
  openTask(tx, order, "short", `The order was handed over, and its goods are not in stock: count them.`, { stock })
}

/** What an order waits for, by stock. */
const missingOf = (order: Pick<Order, "lines">, places: ReadonlyMap<string, { readonly location?: string }>) =>
  totalPerStock(
    unitsWhere(order.lines, ({ status }) => status === "backordered").flatMap(({ line, count, part }) => {
      const location = places.get(part.fulfilment ?? "")?.location
      return location === undefined ? [] : [{ sku: line.sku, location, quantity: count }]
    })
  )

function* update(
  tx: Tx,
  settings: Settings,
  { external, revision, lines, add = [], reason }: Update
): Generator<OrderNotFound | InvalidOrder | KeptLost, Order, unknown> {
  const known = orderOf(tx, external)
  if (known === undefined) return yield* fail(OrderNotFound.of(`${external.source} ${external.id}`))
  if (revision !== undefined && known.revision !== undefined && revision <= known.revision) return known
  let found = yield* openOrder(tx, known.id)
  const targets = new Map<string, number>()
  for (const { line, quantity } of lines) targets.set(line, quantity)
  for (const { id, quantity } of add) targets.set(id, quantity)
  const cut: Array<Move> = []
  for (const line of known.lines) {
    const live = countOf(takeUnits(line, ({ status }) => (status === "cancelled" ? undefined : 0), Infinity))
    const surplus = live - (targets.get(line.id) ?? 0)
    if (surplus < 0) conflict(tx, known, line, live, live - surplus)
    if (surplus <= 0) continue
    const taken = takeUnits(line, ({ status }) => rank(machine.cancel.from.indexOf(status)), surplus)
    cut.push(...taken)
    if (countOf(taken) < surplus) leftAlready(tx, known, line, surplus - countOf(taken))
  }
  if (cut.length > 0) {
    const why = { refund: "marketplace" as const, silent: true, ...(reason === undefined ? {} : { reason }) }
    found = yield* cancelUnits(tx, settings, found, cut, why)
  }
  const fresh = add.filter(({ id }) => !known.lines.some((line) => line.id === id))
  if (fresh.length > 0) found = yield* append(tx, found, fresh)
  if (revision === undefined) return found.order
  return save(tx, found, { ...found.order, revision }, []).order
}

const rank = (index: number): number | undefined => (index < 0 ? undefined : index)

/** Lines that came to it go to the first fulfilment that is still open, as far as they are in stock. */
function* append(tx: Tx, found: OpenOrder, add: ReadonlyArray<LineRequest>): Generator<InvalidOrder, OpenOrder, unknown> {
  const { order, added } = yield* withLines(found.order, add)
  const moves = unitsWhere(added, () => true)
  const saved = save(tx, found, order, { change: "edited", moves })
  const to = [...saved.fulfilments.values()].find(({ status }) => fulfilmentMachine.split.includes(status))
  if (to === undefined) return saved
  const after = yield* allocateWhatIsFree(tx, saved, moves, to)
  const ids = new Set(added.map(({ id }) => id))
  const missing = missingOf({ lines: after.order.lines.filter(({ id }) => ids.has(id)) }, after.fulfilments)
  if (missing.length > 0) openTask(tx, after.order, "short", "Lines came to the order, and are not in stock.", { stock: [...missing] })
  return after
}

const conflict = (tx: Tx, order: Order, { id, sku }: OrderLine, have: number, want: number): void =>
  openTask(tx, order, "conflict", `The marketplace has ${want} units of line "${id}" (${sku}), here are ${have}.`, {
    key: `${order.id} more ${id} ${want}`
  })

const leftAlready = (tx: Tx, order: Order, { id, sku }: OrderLine, count: number): void =>
  openTask(tx, order, "left-already", `${count} units of line "${id}" (${sku}) were cancelled by the marketplace, and have left already.`, {
    key: `${order.id} left ${id} ${count}`
  })
