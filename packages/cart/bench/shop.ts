import type { CartToPrice, PricingContext } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

/** Lines with one adjustment, ten per cent off, and two taxes, of a state and of a city: what everybody in this comparison works out. */
export interface Item {
  readonly id: string
  readonly quantity: number
  readonly price: number
  readonly category: "standard" | "reduced"
}

/** Their ids rise with time, as those that a cart gives. */
export const itemsOf = (count: number): ReadonlyArray<Item> =>
  Array.from({ length: count }, (_, at) => ({
    id: `line_${String(at).padStart(6, "0")}`,
    quantity: 1 + (at % 5),
    price: 199 + ((at * 37) % 20_000),
    category: at % 2 === 0 ? "standard" : "reduced"
  }))

/** Taxes in hundredths of a per cent. */
export const taxes = { standard: [625, 200], reduced: [100, 200] } as const

export const cartOf = (items: ReadonlyArray<Item>): CartToPrice => ({
  lines: items.map(({ id, quantity, price, category }) => ({
    id,
    product: id,
    sku: id,
    quantity,
    taxCategory: category,
    prices: [{ amount: price, currency: "USD" }]
  }))
})

const rates = ([state, city]: readonly [number, number]) => [
  { code: "state", percent: (state / 100).toFixed(2) },
  { code: "city", percent: (city / 100).toFixed(2) }
]

export const context: PricingContext = {
  now: 0,
  currency: "USD",
  tax: { entry: "net", rates: { standard: rates(taxes.standard), reduced: rates(taxes.reduced) } },
  promotions: definePromotions([{ id: "ten", name: "Ten off", target: "line", value: { type: "percentage", percent: 10 } }])
}
