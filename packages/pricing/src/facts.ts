import type { Draft } from "./draft.ts"
import type { CartToPrice, LineFacts, OrderFacts, PricingContext } from "./model.ts"

/** What a condition reads of a line. */
export const lineFacts = (draft: Draft): LineFacts => ({
  ...draft.line?.facts,
  id: draft.id,
  product: draft.line?.product ?? null,
  sku: draft.line?.sku ?? null,
  quantity: draft.quantity,
  unitPrice: draft.unitPrice,
  amount: draft.amount,
  discounted: draft.parts.length > 1,
  taxCategory: draft.taxCategory
})

/** What a condition reads of the order, given its lines. */
export const orderFacts = (lines: ReadonlyArray<Draft>, cart: CartToPrice, context: PricingContext): OrderFacts => ({
  now: context.now,
  currency: context.currency,
  channel: context.channel ?? null,
  subtotal: lines.reduce((sum, { amount }) => sum + amount, 0),
  quantity: lines.reduce((sum, { quantity }) => sum + quantity, 0),
  coupons: cart.coupons ?? [],
  lines: lines.map(lineFacts),
  customer: context.customer ?? null
})
