import { type Channel, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { cartRef, findCart } from "./find.ts"
import { mergeLines, MergePolicy } from "./merge-lines.ts"
import { type Cart, CartMerged, Carts, LiveCarts } from "./model.ts"
import { pricedCart } from "./priced-cart.ts"
import { saveCart } from "./save.ts"
import { knownChannel, type Settings } from "./settings.ts"

const Ref = z.object(cartRef)

/** What makes one cart of two. */
export const mergeOperations = (settings: Settings) => ({
  /**
   * Brings one cart into another: that of a visitor into the customer's, those of two profiles that are one person. A customer who has
   * none open takes over the cart that comes in, as it is. The cart that came in stands for the other from then on; merging it again
   * changes nothing. Answers the cart with its prices, or `undefined` when there is none to be merged and none to be merged into.
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
      return yield* merged(tx, settings, channel, from, into, input.policy ?? settings.merge)
    }
  )
})

function* merged(tx: Tx, settings: Settings, channel: Channel, from: Cart, into: Cart, policy: MergePolicy) {
  release(tx, from)
  tx.put(Carts, from.id, { ...from, status: "merged", mergedInto: into.id, updatedAt: tx.now })
  const customer = into.customer ?? from.customer
  const owner = customer === undefined ? {} : { customer }
  tx.emit(CartMerged, from.id, { from: from.id, into: into.id, ...owner })
  return yield* saveCart(tx, settings, channel, {
    ...into,
    ...owner,
    lines: mergeLines(from.lines, into.lines, policy),
    coupons: [...new Set([...into.coupons, ...from.coupons])].slice(0, 20)
  })
}

function* takenOver(tx: Tx, settings: Settings, channel: Channel, from: Cart, customer: string | undefined) {
  const owner = customer === undefined ? undefined : settings.identities(tx, customer)[0]
  if (owner === undefined || owner === from.customer) return yield* pricedCart(tx, from, { settings, channel })
  release(tx, from)
  return yield* saveCart(tx, settings, channel, { ...from, customer: owner })
}

/** The cart is its customer's no more. */
const release = (tx: Tx, { id, customer }: Cart): void => {
  if (customer !== undefined && tx.get(LiveCarts, customer)?.cart === id) tx.remove(LiveCarts, customer)
}

const opened = (cart: Cart | undefined): Cart | undefined => (cart?.status === "open" ? cart : undefined)

const latest = (from: Cart | undefined, into: Cart | undefined): Cart | undefined =>
  from === undefined || into === undefined ? (into ?? from) : from.updatedAt > into.updatedAt ? from : into
