import { reactor, type Reactor } from "@omni/core"

import { findCart } from "../find.ts"
import type { mergeOperations } from "../merge.ts"
import { CartCheckedOut, Carts } from "../model.ts"
import { saveCart } from "../save.ts"
import type { Settings } from "../settings.ts"

/**
 * Tells of the cart that what was added meanwhile goes on in, as of any that has changed: what it costs, and until when it is waited for. A customer who has begun
 * another by then goes on with that one.
 */
export const restOf = (settings: Settings, { merge }: Pick<ReturnType<typeof mergeOperations>, "merge">): Reactor =>
  reactor("cart.rest", [CartCheckedOut], function* (tx, { data: { rest } }) {
    const cart = rest === undefined ? undefined : tx.get(Carts, rest)
    const channel = cart === undefined ? undefined : settings.channels.get(cart.lastChannel)
    if (cart?.status !== "open" || channel === undefined) return
    const live = cart.customer === undefined ? undefined : findCart(tx, settings, { customer: cart.customer })
    if (cart.customer === undefined || live?.status !== "open" || live.id === cart.id) yield* saveCart(tx, settings, channel, cart)
    else yield* merge(tx, { from: { cart: cart.id }, into: { customer: cart.customer } })
  })
