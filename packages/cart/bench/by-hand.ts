import { type Item, taxes } from "./shop.ts"

/**
 * What somebody would write for this one shop: integers, the same fields for each line, the same totals; no checks, no choice of prices, no
 * policies, no trace. It is the limit.
 */
export const byHand = (items: ReadonlyArray<Item>) => {
  const totals = { items: 0, discounts: 0, net: 0, tax: 0, gross: 0 }
  const lines = items.map(({ id, quantity, price, category }) => {
    const listed = price * quantity
    const discount = Math.round(listed / 10)
    const net = listed - discount
    const [state, city] = taxes[category]
    const tax = Math.round((net * (state + city)) / 10_000)
    const gross = net + tax
    totals.items += listed
    totals.discounts += discount
    totals.net += net
    totals.tax += tax
    totals.gross += gross
    const currency = "USD"
    return {
      id,
      product: id,
      sku: id,
      quantity,
      unitPrice: { amount: price, currency },
      taxCategory: category,
      net: { amount: net, currency },
      tax: { amount: tax, currency },
      gross: { amount: gross, currency }
    }
  })
  return { currency: "USD", lines, totals }
}
