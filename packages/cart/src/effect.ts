import { moduleLayer, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"

import { cart } from "./cart.ts"
import type { CartOptions } from "./settings.ts"

/** The cart as an Effect service. */
export class Cart extends Context.Service<Cart, Service<ReturnType<typeof cart>>>()("@omni/cart/Cart") {
  /** The layer over an `OmniEngine`. */
  static readonly layer = (options: CartOptions) => moduleLayer(Cart, cart(options))
}
