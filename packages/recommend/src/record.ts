import { Id, Instant, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { remember } from "./learn/history.ts"
import { Histories, historyId, type InterestKind, InterestRecorded } from "./model.ts"
import type { InterestShown } from "./observation.ts"
import { attribute } from "./outcomes.ts"
import { join } from "./people.ts"
import { agreedIds, historyOf, putHistory, rememberedBy, type Who } from "./person.ts"
import type { WatchSupplies } from "./replenishment.ts"
import type { Settings } from "./slot.ts"

/** An order or cart may have so many lines; of these the first are remembered. */
const MOST_LINES = 10_000
const REMEMBERED_LINES = 1_000

const whose = { customer: Id.exactOptional(), session: Id.exactOptional(), at: Instant.exactOptional() }
const Lines = z.array(Id).max(MOST_LINES)

/** Somebody looked at an item. `view` names the view: the same one is counted once. */
export const RecordView = z.object({ item: Id, view: Id.exactOptional(), ...whose }).readonly()

/** What is in a cart now; it takes the place of what was in it before. */
export const RecordCart = z.object({ cart: Id, items: Lines.readonly(), ...whose }).readonly()

/** What was bought with an order, and the cart that it was. */
export const RecordPurchase = z.object({ order: Id, items: Lines.min(1).readonly(), cart: Id.exactOptional(), ...whose }).readonly()

/** An order that was cancelled or came back. */
export const ForgetPurchase = z.object({ order: Id, customer: Id.exactOptional(), session: Id.exactOptional() }).readonly()

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
export const take = (tx: Tx, { settings, watch }: Recording, interest: InterestShown, at = tx.now): Recorded => {
  const { cart, customer, id, kind, session } = interest
  const items = [...new Set(interest.items)].slice(0, REMEMBERED_LINES)
  const limits = rememberedBy(settings)
  const [person, ...others] = agreedIds(tx, settings, { customer, session })
  if (person === undefined) {
    if (kind !== "order") return "nothing"
    const basket = { id, at, items }
    tx.put(Histories, historyId(kind, `basket ${id}`), { kind, at, baskets: [basket] })
    tx.emit(InterestRecorded, id, { kind, basket: id, items })
    return "anonymous"
  }
  tx.prefetch(Histories, [historyId(kind, person), historyId("cart", person)])
  if (session !== undefined && others.includes(session)) join(tx, settings, session, person)
  const known = historyOf(tx.get(Histories, historyId(kind, person)))
  const segment = customer === undefined ? undefined : settings.segment(tx, customer)
  // News of a cart may come late; what is known of it since stands.
  if (known.some((basket) => basket.id === id && basket.at > at)) return "personal"
  // A cart that was emptied is no basket, but the row of its items must go.
  const rest = known.filter((basket) => basket.id !== id)
  putHistory(tx, kind, person, items.length === 0 ? rest : remember(rest, { id, kind, at, items, person }, limits), segment)
  if (cart !== undefined) dropBasket(tx, "cart", person, cart)
  attribute(tx, settings, person, { kind, items, at })
  if (kind === "order" && customer !== undefined) watch(tx, customer)
  tx.emit(InterestRecorded, id, { kind, basket: id, person, items })
  return "personal"
}

const dropBasket = (tx: Tx, kind: InterestKind, person: string, basket: string): void => {
  const known = historyOf(tx.get(Histories, historyId(kind, person)))
  const left = known.filter(({ id }) => id !== basket)
  if (left.length < known.length) putHistory(tx, kind, person, left)
}

/** Takes an order out again: that of a person, and the one that was kept without a name. */
export const drop = (tx: Tx, settings: Settings, { order, ...who }: Who & { readonly order: string }): void => {
  const ids = agreedIds(tx, settings, who)
  tx.prefetch(
    Histories,
    ids.map((id) => historyId("order", id))
  )
  for (const id of ids) dropBasket(tx, "order", id, order)
  const alone = historyId("order", `basket ${order}`)
  if (tx.get(Histories, alone) !== undefined) tx.remove(Histories, alone)
}

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
    drop(tx, into.settings, input)
  })
})
