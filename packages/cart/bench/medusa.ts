import { peer } from "./peers.ts"
import { type Item, taxes } from "./shop.ts"

interface Medusa {
  decorateCartTotals(cart: object): { readonly total: { valueOf(): number } }
}

const { decorateCartTotals } = peer<Medusa>("@medusajs/utils")

/** The total with tax, in dollars. The function writes into the cart, so each gets its own. */
export const medusa = (items: ReadonlyArray<Item>): number =>
  Number(
    decorateCartTotals({
      items: items.map(({ id, quantity, price, category }) => ({
        id,
        quantity,
        unit_price: price / 100,
        adjustments: [{ amount: Math.round((price * quantity) / 10) / 100 }],
        tax_lines: taxes[category].map((rate) => ({ rate: rate / 100 }))
      }))
    }).total
  )
