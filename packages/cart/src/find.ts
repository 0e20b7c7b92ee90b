import { type Channel, fail, Id, type Tx, type View } from "@omni/core"

import { CartClosed, CartNotFound } from "./errors.ts"
import { type Cart, Carts, LiveCarts } from "./model.ts"
import type { Settings } from "./settings.ts"

/** What operations and queries both read with. */
export type Reader = Pick<Tx & View, "get" | "getMany" | "now"> & Partial<Pick<Tx, "prefetch">>

/** How a cart is named: by its id, or as the open one of a customer. */
export interface CartRef {
  readonly cart?: string
  readonly customer?: string
}

/** See the type `CartRef`. */
export const cartRef = { cart: Id.exactOptional(), customer: Id.exactOptional() }

/** A reference out of fields that may be absent. */
export const refOf = (cart: string | undefined, customer: string | undefined) => ({
  ...(cart === undefined ? {} : { cart }),
  ...(customer === undefined ? {} : { customer })
})

/** Merges are followed this far: a cart that stands for it stands for it too. */
const HOPS = 8

/** The cart that is meant, whatever its status; where it was merged, the one it went into. */
export const findCart = (reader: Reader, settings: Settings, { cart, customer }: CartRef): Cart | undefined => {
  const id = cart ?? (customer === undefined ? undefined : liveCart(reader, settings, customer))
  let found = id === undefined ? undefined : reader.get(Carts, id)
  for (let hop = 0; hop < HOPS && found?.mergedInto !== undefined; hop++) found = reader.get(Carts, found.mergedInto)
  return found
}

/** The open cart under this very id, else under that which the customer has now. */
const liveCart = (reader: Reader, settings: Settings, customer: string): string | undefined => {
  const own = reader.get(LiveCarts, customer)
  const now = own?.cart === undefined ? settings.identities(reader, customer)[0] : customer
  return now === customer ? own?.cart : reader.get(LiveCarts, now)?.cart
}

/** The open cart that is meant. Errors: `CartNotFound`, `CartClosed`. */
export function* openCart(tx: Tx, settings: Settings, ref: CartRef): Generator<CartNotFound | CartClosed, Cart, unknown> {
  const found = findCart(tx, settings, ref)
  if (found === undefined) return yield* fail(notFound(ref))
  return found.status === "open" ? found : yield* fail(closed(found))
}

/** The open cart that is meant, or a new one when none is named or the customer has none. Errors: `CartNotFound`, `CartClosed`. */
export function* cartFor(tx: Tx, settings: Settings, ref: CartRef, channel: Channel): Generator<CartNotFound | CartClosed, Cart, unknown> {
  if (ref.cart !== undefined) return yield* openCart(tx, settings, ref)
  return (
    findCart(tx, settings, ref) ?? newCart(tx, ref.customer === undefined ? undefined : settings.identities(tx, ref.customer)[0], channel)
  )
}

/** The cart that a customer bought last, unless another id stands for the customer. */
export const boughtBefore = (reader: Reader, { customer }: CartRef): Cart | undefined => {
  const before = customer === undefined ? undefined : reader.get(LiveCarts, customer)?.before
  return before === undefined ? undefined : reader.get(Carts, before)
}

/** The cart is its customer's open one no more. `bought`: it became an order, and its lines do not come back by a retry. */
export const letGo = (tx: Tx, { id, customer }: Cart, bought = false): void => {
  const live = customer === undefined ? undefined : tx.get(LiveCarts, customer)
  if (customer === undefined || live?.cart !== id) return
  const before = bought ? id : live.before
  if (before === undefined) tx.remove(LiveCarts, customer)
  else tx.put(LiveCarts, customer, { before })
}

/** An empty cart, not yet put. */
export const newCart = (tx: Tx, customer: string | undefined, channel: Channel, id = tx.newId("cart")): Cart => ({
  id,
  ...(customer === undefined ? {} : { customer }),
  status: "open",
  lines: [],
  coupons: [],
  lastChannel: channel.id,
  createdAt: tx.now,
  updatedAt: tx.now
})

/** The refusal when no cart is found. */
export const notFound = (ref: CartRef): CartNotFound =>
  new CartNotFound({
    ...ref,
    message:
      ref.cart !== undefined
        ? `There is no cart "${ref.cart}".`
        : ref.customer !== undefined
          ? `The customer "${ref.customer}" has no open cart.`
          : "Which cart? Name it by its id or by its customer."
  })

/** The refusal when the cart has become an order, or expired. */
export const closed = ({ id, order, rest }: Cart): CartClosed =>
  new CartClosed({
    cart: id,
    order,
    ...(rest === undefined ? {} : { rest }),
    message: `The cart "${id}" ${order === undefined ? "has expired" : `has become the order "${order}"`} and cannot be changed. ${rest === undefined ? "Open a new one" : `What was added since is in "${rest}"`}.`
  })
