import { days, fail, Id, operation, query } from "@omni/core"
import * as z from "zod"

import { availableOf, withAtLeast } from "../articles.ts"
import { linkCode } from "../code/link.ts"
import { CodeInUse } from "../errors.ts"
import { cartFor, cartRef, notFound, openCart, refOf } from "../find.ts"
import { Carts } from "../model.ts"
import { type CartWithPrices, pricedCart } from "../priced-cart.ts"
import { saveContents } from "../save.ts"
import { channelOf, knownChannel, type Settings } from "../settings.ts"
import { LinkNotFound, LinkReadOnly } from "./errors.ts"
import { Links, ShoppingLists } from "./model.ts"
import { put } from "./wish-lists.ts"

/** What somebody else may see of a cart: neither whose it is, nor its coupons, nor what only the shop keeps with its lines. */
export interface SharedCart {
  readonly lines: ReadonlyArray<{
    readonly variant: string
    readonly sku: string
    readonly quantity: number
    readonly options: Readonly<Record<string, string>>
  }>
  readonly total: CartWithPrices["priced"]["totals"]["gross"]
  readonly copy: boolean
}

/** What lets others look at a cart, or take it over into their own. */
export const shareOperations = (settings: Settings) => ({
  /**
   * Gives out a code by which others may look at a cart (`copy: false`), or also put what is in it into theirs: as it is when they do, and where it went into another
   * by then, as it was. Unlike that of `handOver` it lets nobody change the cart. Errors: `CartNotFound`, `CartClosed`, `CodeInUse`.
   */
  shareCart: operation(
    "cart.shareCart",
    z.object({
      ...cartRef,
      copy: z.boolean().default(false),
      code: Id.min(8).exactOptional(),
      ttl: z.int().positive().max(days(366)).default(days(30))
    }),
    function* (tx, { cart: id, customer, copy, code: own, ttl }) {
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      const code = own ?? linkCode(settings, tx.newId("link"))
      const known = tx.get(Links, code)
      if (known !== undefined && known.cart !== cart.id && !isOver(known, tx.now))
        return yield* fail(new CodeInUse({ code, message: `The code "${code}" shows something else already. Choose another.` }))
      const { expiresAt = tx.now + ttl } = tx.put(Links, code, { cart: cart.id, copy, expiresAt: tx.now + ttl })
      return { code, cart: cart.id, expiresAt }
    }
  ),

  /** Takes a code back: the link shows nothing any more. Nothing happens when there is no such link to a cart. */
  unshareCart: operation("cart.unshareCart", z.object({ code: Id }), function* (tx, { code }) {
    if (tx.get(Links, code)?.cart !== undefined) tx.remove(Links, code)
  }),

  /**
   * Puts what is in a shared cart into one's own, at today's prices, unless as many are there already. Answers the cart, and what is not
   * sold now. Errors: `LinkNotFound`, `LinkReadOnly`, `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  copyCart: operation(
    "cart.copyCart",
    z.object({ ...cartRef, channel: Id.exactOptional(), code: Id }),
    function* (tx, { cart: id, customer, channel: named, code }) {
      const channel = yield* channelOf(tx, settings, named)
      const link = tx.get(Links, code)
      const shared = link?.cart === undefined || isOver(link, tx.now) ? undefined : tx.get(Carts, link.cart)
      if (shared === undefined) return yield* fail(LinkNotFound.of(code))
      if (link?.copy !== true) return yield* fail(LinkReadOnly.of(code))
      const own = yield* cartFor(tx, settings, refOf(id, customer), channel)
      const wanted = shared.lines.map(({ variant, quantity, options }) => ({ variant, quantity, options }))
      const { contents, missing } = put(availableOf(tx, settings, channel, own, wanted), wanted, (all) => withAtLeast(tx, own, all))
      const seen = yield* saveContents(tx, settings, channel, own, contents)
      return { ...seen, missing }
    }
  )
})

/** What lists and links show. */
export const shareQueries = (settings: Settings) => ({
  /** What a link lets others see of a cart, as it is now, or was when it went into another. Errors: `LinkNotFound`, `CartNotFound`, `ChannelNotFound`, `PricingError`. */
  sharedCart: query("cart.sharedCart", z.object({ code: Id, channel: Id.exactOptional() }), function* (view, { code, channel: named }) {
    const link = view.get(Links, code)
    if (link?.cart === undefined || isOver(link, view.now)) return yield* fail(LinkNotFound.of(code))
    // Merges are not followed: what else is in the cart that it went into was shared by nobody.
    const cart = view.get(Carts, link.cart) ?? (yield* fail(notFound({ cart: link.cart })))
    const channel = yield* knownChannel(settings, named ?? cart.lastChannel)
    const { priced } = yield* pricedCart(view, { ...cart, coupons: [] }, { settings, channel })
    const lines = cart.lines.map(({ variant, sku, quantity, options }) => ({ variant, sku, quantity, options }))
    return { lines, total: priced.totals.gross, copy: link.copy === true } satisfies SharedCart
  }),

  /** What a link lets others see of a list: its name and what is on it. Errors: `LinkNotFound`. */
  sharedList: query("cart.sharedList", z.object({ code: Id }), function* (view, { code }) {
    const link = view.get(Links, code)
    const list = link?.list === undefined ? undefined : view.get(ShoppingLists, link.list)
    if (list === undefined) return yield* fail(LinkNotFound.of(code))
    return { name: list.name, items: list.items.map(({ variant, quantity, options }) => ({ variant, quantity, options })) }
  })
})

const isOver = ({ expiresAt }: { readonly expiresAt?: number }, now: number): boolean => expiresAt !== undefined && expiresAt <= now
