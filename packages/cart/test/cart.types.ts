import { cart } from "@omni/cart"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"

import { channels } from "./shop.ts"

/** Claims about types: the compiler runs this file. */

const omni = createOmni({ store: memory(), modules: { cart: cart({ channels, tax: { entry: "gross", rates: {} } }) } })

/** The errors of a checkout over four packages are one union, told apart by tag. */
export const why = async (): Promise<number> => {
  const result = await omni.cart.safe.checkout({ customer: "p1", fulfilment: { kind: "carry-out", location: "mitte" } })
  if (result.ok) return result.value.order.totals.total.amount
  switch (result.error._tag) {
    case "CheckoutChanged":
      return result.error.changes.reduce((sum, change) => sum + (change.kind === "stock" ? change.requested - change.available : 1), 0)
    // @ts-expect-error what is short is told with what else has changed
    case "InsufficientStock":
      return 1
    case "CouponSpent":
      return result.error.order.length
    case "NoTaxRate":
      return result.error.taxCategory.length
    // @ts-expect-error an error that no part of a checkout has
    case "LineNotFound":
      return 1
    default:
      return 0
  }
}

// @ts-expect-error totals are in a currency of ISO 4217
const euro: Parameters<typeof omni.cart.checkout>[0]["expected"] = { amount: 1, currency: "EURO" }

export const wrong = euro
