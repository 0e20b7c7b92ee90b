import type { CartLine } from "./model.ts"
import { type CartWithPrices, plain } from "./priced-cart.ts"

/** What events tell of a cart. */
export const factsOf = ({ cart, priced }: CartWithPrices) => ({
  cart: cart.id,
  ...(cart.customer === undefined ? {} : { customer: cart.customer }),
  value: plain(priced.totals.gross),
  lines: cart.lines.map(lineFacts),
  lastChannel: cart.lastChannel,
  coupons: cart.coupons
})

/** What events tell of a line. */
export const lineFacts = ({ id, variant, product, sku, quantity }: CartLine) => ({ line: id, variant, product, sku, quantity })
