import { variantsByCode } from "@omni/catalog"
import { fail, Id, type Money, operation } from "@omni/core"
import { OrderNotFound, Orders } from "@omni/orders"
import * as z from "zod"

import { type Available, availableOf, fits, withAtLeast, withMore } from "../articles.ts"
import { cartFor, cartRef, refOf } from "../find.ts"
import { MOST_PIECES } from "../model.ts"
import { type CartWithPrices, plain } from "../priced-cart.ts"
import { cartFull, saveContents } from "../save.ts"
import { channelOf, type Settings } from "../settings.ts"
import { parseSkuList, type RejectedRow } from "./sku-list.ts"

/** The longest list that is taken, in UTF-16 code units. */
const LONGEST = 1_000_000

const on = { ...cartRef, channel: Id.exactOptional() }

/** A cart after an order by SKU, and the rows that it could not take. */
export interface QuickOrdered extends CartWithPrices {
  readonly rejected: ReadonlyArray<RejectedRow>
}

/** What has become of a line of an order that is ordered again. */
export interface Reordered {
  readonly line: string
  readonly sku: string
  readonly quantity: number
  /** `added`, at the same price; `price-changed`; or not, for it is gone, not offered, or has no price here. */
  readonly status: "added" | "price-changed" | "gone" | "not-offered" | "no-price"
  readonly was: Money
  readonly now?: Money
}

/** Carts that are filled from lists. */
export const quickOrderOperations = (settings: Settings) => ({
  /**
   * Puts what a list of SKUs orders into a cart: see `parseSkuList`. Rows that cannot be taken are answered with their numbers and why; the
   * others are in. A retry wants a key, since an order of the same list again is twice as much.
   * Errors: `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  quickOrder: operation(
    "cart.quickOrder",
    z.object({ ...on, list: z.string().max(LONGEST) }),
    function* (tx, { cart: id, customer, channel: named, list }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* cartFor(tx, settings, refOf(id, customer), channel)
      const { rows, rejected } = parseSkuList(list)
      const variants = variantsByCode(
        tx,
        rows.map(({ sku }) => sku)
      )
      const known = rows.flatMap((row, at) => (variants[at] === undefined ? [] : [{ ...row, variant: variants[at] }]))
      const found = availableOf(tx, settings, channel, cart, known)
      const unknown = rows.flatMap((row, at) => (variants[at] === undefined ? [reject(row, "unknown-sku")] : []))
      const unsold = known.flatMap((row, at) => (typeof found[at] === "string" ? [reject(row, found[at])] : []))
      const wanted = together(found.flatMap((one) => (typeof one === "string" || one === undefined ? [] : [one])))
      if (wanted.some((one) => !fits(cart, one))) return yield* fail(cartFull(cart.id))
      const contents = withMore(tx, cart, wanted)
      const seen = yield* saveContents(tx, settings, channel, cart, contents)
      const ordered: QuickOrdered = { ...seen, rejected: [...rejected, ...unknown, ...unsold].sort((a, b) => a.row - b.row) }
      return ordered
    }
  ),

  /**
   * Puts what an order was into a cart again, unless as many are there already, and says of each line what has changed: its price, or that it
   * is not to be had any more. Errors: `OrderNotFound`, `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  reorder: operation("cart.reorder", z.object({ ...on, order: Id }), function* (tx, { cart: id, customer, channel: named, order: from }) {
    const channel = yield* channelOf(tx, settings, named)
    const order = tx.get(Orders, from) ?? (yield* fail(OrderNotFound.of(from)))
    // What was given with it is given again, or not.
    const bought = order.lines.filter(({ gift }) => gift === undefined)
    const cart = yield* cartFor(tx, settings, refOf(id, customer), channel)
    const variants = variantsByCode(
      tx,
      bought.map(({ sku }) => sku)
    )
    const known = bought.flatMap((line, at) =>
      variants[at] === undefined ? [] : [{ line: line.id, variant: variants[at], quantity: line.quantity }]
    )
    const found = new Map(availableOf(tx, settings, channel, cart, known).map((one, at) => [known[at]!.line, one]))
    const wanted = together([...found.values()].flatMap((one) => (typeof one === "string" ? [] : [one])))
    if (wanted.some(({ quantity }) => quantity > MOST_PIECES)) return yield* fail(cartFull(cart.id))
    const seen = yield* saveContents(tx, settings, channel, cart, withAtLeast(tx, cart, wanted))
    const prices = new Map(seen.priced.lines.map(({ sku, unitPrice }) => [sku, unitPrice]))
    const lines = bought.map(({ id: line, sku, quantity, unitPrice: was }): Reordered => {
      const about = { line, sku, quantity, was }
      const one = found.get(line)
      if (one === undefined) return { ...about, status: "gone" }
      if (typeof one === "string") return { ...about, status: one }
      const now = plain(prices.get(one.article.sku) ?? was)
      const isSame = now.amount === was.amount && now.currency === was.currency
      return { ...about, status: isSame ? "added" : "price-changed", now }
    })
    return { ...seen, reordered: lines }
  })
})

const reject = (
  { row, sku, quantity }: { readonly row: number; readonly sku: string; readonly quantity: number },
  reason: RejectedRow["reason"]
): RejectedRow => ({
  row,
  text: `${sku} × ${quantity}`.slice(0, 200),
  reason
})

/** The same article named twice is as many as both. */
const together = (all: ReadonlyArray<Available>): ReadonlyArray<Available> => {
  const byVariant = Map.groupBy(all, ({ article }) => article.variant)
  return [...byVariant.values()].map((same) => ({
    article: same[0]!.article,
    quantity: same.reduce((sum, { quantity }) => sum + quantity, 0)
  }))
}
