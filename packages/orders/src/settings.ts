import { checkOptions, type KnownOptions } from "@omni/core"

import type { MarketplaceDriver } from "./marketplace-driver.ts"
import { ReturnPolicy } from "./policy.ts"
import { type PutAway, shelve } from "./stock.ts"

/** The options of the module. */
export interface OrdersOptions {
  /** On what terms goods may come back; an order that was placed with terms of its own keeps those. */
  readonly returns?: ReturnPolicy
  /** Where goods that came back go. */
  readonly putAway?: PutAway
  /** Who hears of the orders of a marketplace, by the source of their external ids. */
  readonly marketplaces?: { readonly [source: string]: MarketplaceDriver }
}

/** The options as operations use them. */
export interface Settings {
  readonly returns: ReturnPolicy
  readonly putAway: PutAway
  readonly marketplaces: { readonly [source: string]: MarketplaceDriver }
}

const known: KnownOptions<OrdersOptions> = { returns: ReturnPolicy, putAway: true, marketplaces: true }

/** Checks the options. Throws `InvalidOptions`. */
export const settingsOf = (options: OrdersOptions): Settings => {
  checkOptions("orders()", options, known)
  const { returns = {}, putAway = shelve, marketplaces = {} } = options
  return { returns: ReturnPolicy.parse(returns), putAway, marketplaces }
}
