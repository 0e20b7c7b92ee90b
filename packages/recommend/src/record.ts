import { Id, Instant, operation, PositiveCount, type Tx } from "@omni/core"
import * as z from "zod"

import type { Basket } from "./learn/basket.ts"
import { remember } from "./learn/history.ts"
import { Histories, historyId, InterestRecorded, orderId } from "./model.ts"
import type { InterestShown } from "./observation.ts"
import { attribute } from "./outcomes.ts"
import { join } from "./people.ts"
import { agreedIds, historyOf, idsOf, putHistory, rememberedBy, type RememberedBasket } from "./person.ts"
import type { WatchSupplies } from "./replenishment.ts"
import { drop, isCancelled, lessBack, takeOut } from "./returned.ts"
import type { Settings } from "./settings.ts"

/** An order or cart may have so many lines; of these the first are remembered. */
const MOST_LINES = 10_000
const REMEMBERED_LINES = 1_000

const whose = { customer: Id.exactOptional(), session: Id.exactOptional(), at: Instant.exactOptional() }
const Lines = z.array(Id).max(MOST_LINES)

/** Somebody looked at an item. `view` names the view: the same one is counted once. */
export const RecordView = z.object({ item: Id, view: Id.exactOptional(), ...whose }).readonly()

/** What is in a cart now; it takes the place of what was in it before. */
export const RecordCart = z.object({ cart: Id, items: Lines.readonly(), ...whose }).readonly()

const Bought = z.union([Id, z.object({ item: Id, quantity: PositiveCount }).readonly()])

/** What was bought with an order, how many of it if that is known, and the cart that it was. */
export const RecordPurchase = z
  .object({ order: Id, items: z.array(Bought).min(1).max(MOST_LINES).readonly(), cart: Id.exactOptional(), ...whose })
  .readonly()

/** An order that was cancelled or came back; `items` when it was some of them. */
export const ForgetPurchase = z
  .object({ order: Id, items: Lines.readonly().exactOptional(), customer: Id.exactOptional(), session: Id.exactOptional() })
  .readonly()

/** What recording goes by: the options, and who looks at a customer's supplies after a purchase. */
export interface Recording {
  readonly settings: Settings
  readonly watch: WatchSupplies
}

/** Whether something was written into somebody's history, or counted without anybody's name, or not at all. */
export type Recorded = "personal" | "anonymous" | "nothing"

/**
 * Puts an interest into the history of its person, in this commit, and tells which recommendations led to it. Without consent a sale is kept by
 * itself, for what goes together; what was carted or looked at is not kept at all.
 */
export const take = (tx: Tx, recording: Recording, interest: InterestShown, told?: number): Recorded => {
  const { settings, watch } = recording
  const { cart, customer, id, kind, session } = interest
  const lines = linesOf(interest)
  if (lines.items.length === 0 && kind !== "cart") return "nothing"
  // A device whose clock is ahead tells of the future: nothing is later than now, or what is true of others would seem long ago.
  const at = Math.min(told ?? tx.now, tx.now)
  const [person] = agreedIds(tx, settings, { customer, session })
  if (person === undefined) return kind === "order" ? takeAlone(tx, settings, interest, lines.items, told) : "nothing"
  tx.prefetch(Histories, [historyId(kind, person), historyId("cart", person), ...(kind === "order" ? [orderId(id)] : [])])
  if (session !== undefined && customer !== undefined) join(tx, recording, session, person)
  const known = historyOf(tx.get(Histories, historyId(kind, person)))
  const segment = customer === undefined ? undefined : settings.segment(tx, customer)
  // News of a cart may come late; what is known of it since stands. What is told again is no news, nor was it bought later for that.
  const same = known.find((one) => one.id === id)
  const [alone] = kind === "order" ? historyOf(tx.get(Histories, orderId(id))) : []
  const latest: RememberedBasket = same !== undefined && same.at > at ? same : { id, kind, at, ...lines, person }
  const basket = lessBack(isCancelled(alone) ? { ...latest, items: [], quantities: undefined } : latest, same?.back, alone?.back)
  const { items } = basket
  // It was told without its customer, too: it is one sale.
  if (alone !== undefined && !isCancelled(alone)) tx.remove(Histories, orderId(id))
  if (same !== undefined && (told === undefined || same.at >= at) && isSameBasket(same, basket)) return "personal"
  const limits = rememberedBy(settings)
  const rest = known.filter((one) => one.id !== id)
  const isLeft = items.length > 0 || basket.back !== undefined || kind === "cart"
  putHistory(tx, kind, person, isLeft ? remember(rest, basket, limits) : rest, segment)
  if (cart !== undefined) {
    const carts = historyOf(tx.get(Histories, historyId("cart", person))).filter((one) => one.id !== cart)
    putHistory(tx, "cart", person, remember(carts, { id: cart, kind: "cart", at, items: [], person }, limits))
  }
  if (kind === "order" && items.length === 0) return "nothing"
  attribute(tx, settings, person, { kind, items, at })
  if (kind === "order" && customer !== undefined) watch(tx, customer)
  tx.emit(InterestRecorded, id, { kind, basket: id, person, items: [...items] })
  return "personal"
}

/**
 * Keeps a sale by itself: that of nobody known, or of who does not agree. What is in their history from when they did is the same sale, and is theirs no more.
 */
const takeAlone = (tx: Tx, settings: Settings, who: InterestShown, lines: ReadonlyArray<string>, told: number | undefined): Recorded => {
  const { id, kind } = who
  const ids = idsOf(tx, settings, who)
  tx.prefetch(Histories, [...ids.map((person) => historyId(kind, person)), orderId(id)])
  const [alone] = historyOf(tx.get(Histories, orderId(id)))
  const own = ids.flatMap((person) => takeOut(tx, person, { order: id }) ?? [])
  if (isCancelled(alone)) return "nothing"
  const at = Math.min(told ?? own[0]?.at ?? tx.now, tx.now)
  const sale = lessBack<RememberedBasket>({ id, kind, at, items: lines }, alone?.back, ...own.map(({ back }) => back))
  if (own.length === 0 && alone !== undefined && isSame(alone.items, sale.items)) return "anonymous"
  const { back, items } = sale
  tx.put(Histories, orderId(id), { kind, at, baskets: [{ id, at, items, ...(back === undefined ? {} : { back }) }] })
  // Whose the order is may be said later, and is never forgotten by the log: what was bought is not told there.
  if (own.length === 0) tx.emit(InterestRecorded, id, { kind, basket: id })
  return "anonymous"
}

/** The lines of an order, cart or view, each item once; of an order with how many there are of it, unless it is one of each. */
const linesOf = ({ items: told, kind }: InterestShown): Pick<Basket, "items" | "quantities"> => {
  const sums = new Map<string, number>()
  for (const line of told) {
    const { item, quantity } = typeof line === "string" ? { item: line, quantity: 1 } : line
    // What an event says was checked by nobody, and a row that names what is no id would keep a model from being written.
    if (!Id.safeParse(item).success) continue
    sums.set(item, (sums.get(item) ?? 0) + (Number.isFinite(quantity) && quantity > 0 ? quantity : 1))
  }
  const items = [...sums.keys()].slice(0, REMEMBERED_LINES)
  const quantities = items.map((item) => sums.get(item) ?? 1)
  return kind !== "order" || quantities.every((quantity) => quantity === 1) ? { items } : { items, quantities }
}

const isSame = <T>(left: ReadonlyArray<T>, right: ReadonlyArray<T>): boolean =>
  left.length === right.length && left.every((one, at) => one === right[at])

const isSameBasket = (left: RememberedBasket, right: RememberedBasket): boolean =>
  isSame(left.items, right.items) && isSame(left.quantities ?? [], right.quantities ?? []) && isSame(left.back ?? [], right.back ?? [])

/** What is recorded from inside an app's own operations, in their commit: counts change with the order, the cart or the view. */
export const recording = (into: Recording) => ({
  recordView: operation("recommend.recordView", RecordView, function* (tx, { at, item, view, ...who }) {
    return take(tx, into, { kind: "view", id: view ?? tx.newId("viw"), items: [item], ...who }, at)
  }),
  recordCart: operation("recommend.recordCart", RecordCart, function* (tx, { at, cart, items, ...who }) {
    return take(tx, into, { kind: "cart", id: cart, items, ...who }, at)
  }),
  recordPurchase: operation("recommend.recordPurchase", RecordPurchase, function* (tx, { at, items, order, ...who }) {
    return take(tx, into, { kind: "order", id: order, items, ...who }, at)
  }),
  forgetPurchase: operation("recommend.forgetPurchase", ForgetPurchase, function* (tx, input) {
    drop(tx, into, input)
  })
})
