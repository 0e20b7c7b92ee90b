import { reactor, type Reactor } from "@omni/core"

import { CartCheckedOut, Carts } from "../model.ts"
import { saveCart } from "../save.ts"
import type { Settings } from "../settings.ts"

/** Tells of the cart that what was added meanwhile goes on in, as of any that has changed: what it costs, and until when it is waited for. */
export const restOf = (settings: Settings): Reactor =>
  reactor("cart.rest", [CartCheckedOut], function* (tx, { data: { rest } }) {
    const cart = rest === undefined ? undefined : tx.get(Carts, rest)
    const channel = cart === undefined ? undefined : settings.channels.get(cart.lastChannel)
    if (cart?.status === "open" && channel !== undefined) yield* saveCart(tx, settings, channel, cart)
  })
