import { offersOf } from "@omni/catalog"
import { fail, Id, operation } from "@omni/core"
import * as z from "zod"

import { availableOf, withAtLeast } from "../articles.ts"
import { linkCode } from "../code/link.ts"
import { changed, isNamed, isRemoved, lineKey } from "../contents.ts"
import { CodeInUse, VariantUnavailable } from "../errors.ts"
import { cartFor, cartRef, openCart, refOf } from "../find.ts"
import { chosen, lineNotFound } from "../lines.ts"
import type { Missing } from "../offers.ts"
import { type CartWithPrices, pricedCart } from "../priced-cart.ts"
import { saveCart, saveContents } from "../save.ts"
import { channelOf, type Settings } from "../settings.ts"
import { emptyList, listOf, savedOwner, withItem, withoutItems } from "./items.ts"
import { Links, savedId, ShoppingLists } from "./model.ts"

const Name = z.string().min(1).max(200)
const on = { ...cartRef, channel: Id.exactOptional() }

/** A cart after something came into it, and what could not. */
export interface Filled extends CartWithPrices {
  readonly missing: ReadonlyArray<{ readonly variant: string; readonly reason: Missing }>
}

/** Wish lists, and what was saved for later. Errors of all: `ListNotFound`. */
export const listOperations = (settings: Settings) => ({
  /** Makes a wish list. One of this id that is there already is answered as it is. Errors: `CodeInUse` when it is somebody else's. */
  createList: operation(
    "cart.createList",
    z.object({ customer: Id, name: Name, list: Id.exactOptional() }),
    function* (tx, { customer, name, list: own }) {
      const known = own === undefined ? undefined : tx.get(ShoppingLists, own)
      if (known !== undefined && known.owner !== customer)
        return yield* fail(new CodeInUse({ code: known.id, message: `The list "${known.id}" is another customer's. Choose another id.` }))
      const id = own ?? tx.newId("list")
      return known ?? tx.put(ShoppingLists, id, emptyList(tx, id, "wish", customer, name))
    }
  ),

  /** Gives a list another name. */
  renameList: operation("cart.renameList", z.object({ list: Id, name: Name }), function* (tx, { list: id, name }) {
    const list = yield* listOf(tx, id)
    return tx.put(ShoppingLists, id, { ...list, name, updatedAt: tx.now })
  }),

  /** Removes a list, and the link to it. Nothing happens when it is not there. */
  deleteList: operation("cart.deleteList", z.object({ list: Id }), function* (tx, { list: id }) {
    const list = tx.get(ShoppingLists, id)
    if (list?.code !== undefined) tx.remove(Links, list.code)
    if (list !== undefined) tx.remove(ShoppingLists, id)
  }),

  /**
   * Puts something on a list: whatever the catalog has, also what is not offered now. Of what is on it already it keeps the greater
   * number, so a retry changes nothing. Errors: `ListFull`, `VariantUnavailable`, `CodeInUse` for the id of another item.
   */
  putOnList: operation(
    "cart.putOnList",
    z.object({ list: Id, ...chosen, note: z.string().max(500).exactOptional(), item: Id.exactOptional() }),
    function* (tx, { list: id, item, ...what }) {
      const list = yield* listOf(tx, id)
      if (offersOf(tx, [what.variant])[0] === undefined)
        return yield* fail(
          new VariantUnavailable({ variant: what.variant, reason: "not-offered", message: `There is no variant "${what.variant}".` })
        )
      const other = list.items.find(({ id: taken }) => taken === item)
      if (other !== undefined && lineKey(other) !== lineKey(what))
        return yield* fail(
          new CodeInUse({
            code: other.id,
            message: `The item "${other.id}" of the list "${id}" is something else already. Choose another id.`
          })
        )
      return yield* withItem(tx, list, { id: item ?? tx.newId("item"), ...what, addedAt: tx.now })
    }
  ),

  /** Takes something off a list; nothing happens when it is not on it. */
  takeOffList: operation("cart.takeOffList", z.object({ list: Id, item: Id }), function* (tx, { list: id, item }) {
    const list = yield* listOf(tx, id)
    return withoutItems(
      tx,
      list,
      list.items.filter((one) => one.id === item)
    )
  }),

  /** Gives a list a code by which whoever has it may look at it; one that has it keeps it. Errors: `CodeInUse`. */
  shareList: operation("cart.shareList", z.object({ list: Id, code: Id.min(8).exactOptional() }), function* (tx, { list: id, code: own }) {
    const list = yield* listOf(tx, id)
    if (list.code !== undefined && (own === undefined || own === list.code)) return { list: id, code: list.code }
    const code = own ?? linkCode(settings, tx.newId("link"))
    if (tx.get(Links, code) !== undefined)
      return yield* fail(new CodeInUse({ code, message: `The code "${code}" shows something else already. Choose another.` }))
    if (list.code !== undefined) tx.remove(Links, list.code)
    tx.put(Links, code, { list: id })
    tx.put(ShoppingLists, id, { ...list, code })
    return { list: id, code }
  }),

  /** Takes the code of a list away: the link shows nothing any more. */
  unshareList: operation("cart.unshareList", z.object({ list: Id }), function* (tx, { list: id }) {
    const { code, ...list } = yield* listOf(tx, id)
    if (code === undefined) return
    tx.remove(Links, code)
    tx.put(ShoppingLists, id, list)
  }),

  /**
   * Takes a line out of a cart and keeps it for later: on the customer's list, or with the visitor's cart until it has a customer.
   * Answers the cart. Errors: `CartNotFound`, `CartClosed`, `LineNotFound`, `ListFull`, `ChannelNotFound`, `PricingError`.
   */
  saveForLater: operation("cart.saveForLater", z.object({ ...on, line: Id }), function* (tx, { cart: id, customer, channel: named, line }) {
    const channel = yield* channelOf(tx, settings, named)
    const cart = yield* openCart(tx, settings, refOf(id, customer))
    const owner = savedOwner(cart)
    const saved = tx.get(ShoppingLists, savedId(owner)) ?? emptyList(tx, savedId(owner), "saved", owner, "Saved for later")
    const known = cart.lines.find((one) => isNamed(one, line))
    if (known === undefined) {
      // By a call whose answer was lost, or removed by somebody else.
      if (isRemoved(cart, line, undefined)) return yield* pricedCart(tx, cart, { settings, channel })
      return yield* fail(lineNotFound(cart, line))
    }
    const { variant, quantity, options, custom, agreed } = known
    const price = agreed === undefined ? {} : { agreed }
    yield* withItem(tx, saved, { id: line, variant, quantity, options, custom, ...price, addedAt: tx.now })
    return yield* saveCart(tx, settings, channel, { ...cart, ...changed(cart, { kind: "remove", line: known.id }) })
  }),

  /**
   * Puts all of a list, or one item, into a cart, unless as many are there already; what was saved for later leaves its list. Answers the
   * cart, and what is not sold now. Errors: `CartNotFound`, `CartClosed`, `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  addFromList: operation(
    "cart.addFromList",
    z.object({ ...on, list: Id, item: Id.exactOptional() }),
    function* (tx, { cart: id, customer, channel: named, list: from, item }) {
      const channel = yield* channelOf(tx, settings, named)
      const list = yield* listOf(tx, from)
      const cart = yield* cartFor(tx, settings, refOf(id, customer), channel)
      const items = list.items.filter((one) => item === undefined || one.id === item)
      const { contents, missing, taken } = put(availableOf(tx, settings, channel, cart, items), items, (all) => withAtLeast(tx, cart, all))
      if (list.kind === "saved") withoutItems(tx, list, taken, cart.id)
      const seen = yield* saveContents(tx, settings, channel, cart, contents)
      return { ...seen, missing }
    }
  )
})

/** Sorts what is to come into a cart by whether it can. */
export const put = <I extends { readonly variant: string }, C>(
  found: ReturnType<typeof availableOf>,
  items: ReadonlyArray<I>,
  fill: (all: ReadonlyArray<Exclude<ReturnType<typeof availableOf>[number], Missing>>) => C
): { readonly contents: C; readonly missing: Filled["missing"]; readonly taken: ReadonlyArray<I> } => ({
  contents: fill(found.flatMap((one) => (typeof one === "string" ? [] : [one]))),
  missing: found.flatMap((one, at) => (typeof one === "string" ? [{ variant: items[at]!.variant, reason: one }] : [])),
  taken: items.filter((_, at) => typeof found[at] !== "string")
})
