import { type Channel, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { Reservations } from "./checkout/model.ts"
import { cartRef, findCart, letGo } from "./find.ts"
import { recovered, unwatchIdle } from "./idle.ts"
import { moveSaved, savedOwner } from "./lists/items.ts"
import { mergeContents, MergePolicy } from "./merge-lines.ts"
import { type Cart, CartMerged, Carts } from "./model.ts"
import { pricedCart } from "./priced-cart.ts"
import { saveCart } from "./save.ts"
import { knownChannel, type Settings } from "./settings.ts"

const Ref = z.object(cartRef)

/** What makes one cart of two. */
export const mergeOperations = (settings: Settings) => ({
  /**
   * Brings one cart into another: that of a visitor into the customer's, those of two profiles that are one person. A customer who has
   * none open takes over the cart that comes in, as it is, and an empty cart gives way to one that is not. The cart that is no more stands
   * for the other from then on; merging it again changes nothing. Answers the cart with its prices, or `undefined` when there is none to be merged and none to be merged into.
   * Errors: `CartFull`, `ChannelNotFound`, `PricingError`.
   */
  merge: operation(
    "cart.merge",
    z.object({ from: Ref, into: Ref, policy: MergePolicy.exactOptional(), channel: Id.exactOptional() }),
    function* (tx, input) {
      const from = opened(findCart(tx, settings, input.from))
      const into = opened(findCart(tx, settings, input.into))
      const last = latest(from, into)
      if (last === undefined) return undefined
      const channel = yield* knownChannel(settings, input.channel ?? tx.actor.channel ?? last.lastChannel)
      if (from === undefined || from.id === into?.id) return yield* pricedCart(tx, into ?? last, { settings, channel })
      if (into === undefined) return yield* takenOver(tx, settings, channel, from, input.into.customer)
      const policy = input.policy ?? settings.merge
      const isEmpty = into.lines.length === 0 && from.lines.length > 0
      return yield* isEmpty
        ? merged(tx, settings, channel, into, { ...from, ...ownerOf(into, from) }, "use-existing")
        : merged(tx, settings, channel, from, into, from.lines.length === 0 ? "use-existing" : policy)
    }
  )
})

function* merged(tx: Tx, settings: Settings, channel: Channel, from: Cart, into: Cart, policy: MergePolicy) {
  for (const cart of [from, into]) letGo(tx, cart)
  unwatchIdle(tx, settings, from)
  tx.put(Carts, from.id, { ...recovered(tx, from, channel.id), status: "merged", mergedInto: into.id, updatedAt: tx.now })
  const owner = ownerOf(into, from)
  moveSaved(tx, savedOwner(from), savedOwner({ ...into, ...owner }))
  tx.emit(CartMerged, from.id, { from: from.id, into: into.id, ...owner })
  return yield* saveCart(tx, settings, channel, {
    ...into,
    ...owner,
    ...joinedBy(tx, from, into),
    ...mergeContents(from, into, policy),
    coupons: [...new Set([...into.coupons, ...from.coupons])].slice(0, 20)
  })
}

function* takenOver(tx: Tx, settings: Settings, channel: Channel, from: Cart, customer: string | undefined) {
  const owner = customer === undefined ? undefined : settings.identities(tx, customer)[0]
  if (owner === undefined || owner === from.customer) return yield* pricedCart(tx, from, { settings, channel })
  letGo(tx, from)
  moveSaved(tx, savedOwner(from), owner)
  return yield* saveCart(tx, settings, channel, { ...from, customer: owner })
}

/** The carts whose lines are here and may yet be paid for by a checkout of their own. */
const joinedBy = (tx: Tx, from: Cart, into: Cart) => {
  const own = tx.get(Reservations, from.id) === undefined ? [] : [from.id]
  const joined = [...(into.joined ?? []), ...(from.joined ?? []), ...own]
  return joined.length === 0 ? {} : { joined }
}

/** Whose a cart is after another came into it. */
const ownerOf = (into: Cart, from: Cart) => {
  const customer = into.customer ?? from.customer
  return customer === undefined ? {} : { customer }
}

const opened = (cart: Cart | undefined): Cart | undefined => (cart?.status === "open" ? cart : undefined)

const latest = (from: Cart | undefined, into: Cart | undefined): Cart | undefined =>
  from === undefined || into === undefined ? (into ?? from) : from.updatedAt > into.updatedAt ? from : into
