import { moduleLayer, type Service } from "@omni/core/effect"
import * as Context from "effect/Context"

import { cart } from "./cart.ts"
import { credit, type CreditOptions } from "./credit/credit.ts"
import { loyalty } from "./loyalty/loyalty.ts"
import type { LoyaltyOptions } from "./loyalty/settings.ts"
import type { CartOptions } from "./settings.ts"

/** The cart as an Effect service. */
export class Cart extends Context.Service<Cart, Service<ReturnType<typeof cart>>>()("@omni/cart/Cart") {
  /** The layer over an `OmniEngine`. */
  static readonly layer = (options: CartOptions) => moduleLayer(Cart, cart(options))
}

/** Gift cards and store credit as an Effect service. */
export class Credit extends Context.Service<Credit, Service<ReturnType<typeof credit>>>()("@omni/cart/Credit") {
  /** The layer over an `OmniEngine`. */
  static readonly layer = (options: CreditOptions) => moduleLayer(Credit, credit(options))
}

/** The loyalty programme as an Effect service. */
export class Loyalty extends Context.Service<Loyalty, Service<ReturnType<typeof loyalty>>>()("@omni/cart/Loyalty") {
  /** The layer over an `OmniEngine`. */
  static readonly layer = (options: LoyaltyOptions) => moduleLayer(Loyalty, loyalty(options))
}
