import { type CartOptions, type LoyaltyOptions, pointsTender, seriesCodes, type Shown, storeCreditTender } from "@omni/cart"
import { memory } from "@omni/core/memory"
import type { Promotion } from "@omni/pricing"
import * as fc from "fast-check"

import { euros, payingShopOver, tokenOf } from "./paying-shop.ts"
import { clockAt, stockUp } from "./shop.ts"

const secret = "a secret of the whole shop, 2026-11-28"
const minute = 60_000
export const day = 1_440 * minute

export const customers = ["p1", "p2", "vip"] as const
export const variants = ["shaver-1", "case-1", "book-1"] as const
export const skus = ["SHAVER", "CASE", "BOOK"] as const

/** Every kind of promotion, with limits and without, some of which exclude one another. */
export const promotions: ReadonlyArray<Promotion> = [
  { id: "tenth", name: "Tenth", target: "order", value: { type: "percentage", percent: 10 }, limits: { uses: 3, perCustomer: 2 } },
  {
    id: "budget",
    name: "Budget",
    target: "order",
    value: { type: "fixed", amount: 333, currency: "EUR" },
    limits: { budget: { EUR: 800 }, short: "part" }
  },
  {
    id: "tight",
    name: "Tight",
    target: "line",
    value: { type: "percentage", percent: "7.5" },
    products: ["case"],
    limits: { budget: { EUR: 500 } }
  },
  {
    id: "three",
    name: "Three for two",
    target: "line",
    products: ["case", "book"],
    value: { type: "buy-get", buy: { quantity: 2 }, get: { quantity: 1 } },
    group: "books"
  },
  {
    id: "cheap",
    name: "Books at 9.99",
    target: "line",
    products: ["book"],
    value: { type: "price", amount: 999, currency: "EUR" },
    group: "books"
  },
  {
    id: "tiers",
    name: "Tiers",
    target: "order",
    value: {
      type: "tiers",
      by: "spend",
      steps: [
        { from: { EUR: 5_000 }, value: { type: "fixed", amount: 500, currency: "EUR" } },
        { from: { EUR: 20_000 }, value: { type: "percentage", percent: 15 } }
      ]
    },
    stacking: "exclusive"
  },
  {
    id: "set",
    name: "Set",
    target: "line",
    value: {
      type: "bundle",
      parts: [
        { products: ["shaver"], quantity: 1 },
        { products: ["case"], quantity: 1 }
      ],
      price: { EUR: 10_500 }
    }
  },
  {
    id: "gift",
    name: "A book",
    target: "order",
    condition: { ">=": [{ var: "subtotal" }, 3_000] },
    value: { type: "gift", product: "book", quantity: 1, taxCategory: "reduced" },
    limits: { uses: 2 }
  },
  {
    id: "post",
    name: "Free post",
    target: "shipping",
    condition: { ">=": [{ var: "subtotal" }, 4_000] },
    value: { type: "percentage", percent: 100 },
    limits: { uses: 4, budget: { EUR: 1_000 } }
  },
  {
    id: "spring",
    name: "Spring",
    coupon: "SPRING",
    target: "order",
    value: { type: "percentage", percent: 5 },
    limits: { perCoupon: 3, perCustomer: 1 }
  }
]

/** How a shop is set up. */
export const setups = fc.record({
  promotions: fc.subarray([...promotions]),
  entry: fc.constantFrom("net", "gross"),
  level: fc.constantFrom("unit", "line", "rate", "document"),
  shipping: fc.constantFrom(0, 495),
  listTax: fc.constantFrom("net", "gross"),
  stock: fc.constantFrom(2, 6, 40)
})
export type Setup = typeof setups extends fc.Arbitrary<infer T> ? T : never

export const points: LoyaltyOptions = {
  earn: ({ total }) => total.amount / 100,
  everybody: true,
  expireAfter: 20 * day,
  rewards: [{ id: "five", points: 50, coupon: { name: "Five", value: { type: "fixed", amount: 500, currency: "EUR" } } }]
}

/** The codes that customers try. */
export const codes = ["ONCE", "EACH", "MANY", "BOOK", "POST", "SPRING", ...seriesCodes(secret, { series: "SER", count: 2 })]

/** What coupons may be given: uses in all, a budget. Those that are not here are limited by their `use` alone. */
export const couponLimits = { MANY: { uses: 2 }, POST: { budget: { EUR: 700 } }, SER: { uses: 2, perCustomer: 1 } } as const

/** Gift cards and store credit of the shop: what was issued. */
export const issued = { card1: 3_000, card2: 700, credit: 1_500, points: 900 }
export const giftCards = [tokenOf("1"), tokenOf("2")] as const

/** Two processes of one shop on one store, with stock, prices, coupons, credit and points. */
export const openWhole = async (setup: Setup) => {
  const store = memory()
  const time = clockAt(1_000_000)
  const options: Partial<CartOptions> = {
    promotions: setup.promotions,
    secret,
    tax: { entry: setup.entry, rates: { standard: "19", reduced: "8.875" } },
    rounding: { level: setup.level, mode: "half-up" },
    audience: (_, customer) => (customer === "vip" ? { groups: ["vip"] } : {})
  }
  const beside = { tenders: { "store-credit": storeCreditTender, points: pointsTender(points, euros(1)) }, points }
  const first = payingShopOver(store, options, time, undefined, beside)
  const second = payingShopOver(store.shared(), options, time, first.card, beside)
  const { shop } = first
  await stockUp(shop, setup.stock)
  await shop.catalog.putPriceList({ id: "vip", name: "VIP", currency: "EUR", groups: ["vip"], tax: setup.listTax, priority: 1 })
  await shop.catalog.setPrices({ list: "vip", prices: [{ variant: "case-1", amount: 1_777, tiers: [{ from: 3, amount: 1_555 }] }] })
  await shop.cart.issueCoupon({ code: "ONCE", name: "Once", value: { type: "percentage", percent: 20 } })
  await shop.cart.issueCoupon({
    code: "EACH",
    name: "Each",
    use: "once-per-customer",
    value: { type: "fixed", amount: 250, currency: "EUR" }
  })
  await shop.cart.issueCoupon({
    code: "MANY",
    name: "Many",
    use: "unlimited",
    limits: couponLimits.MANY,
    target: "line",
    value: { type: "percentage", percent: "3.3" }
  })
  await shop.cart.issueCoupon({ code: "BOOK", name: "Book", value: { type: "gift", product: "book", quantity: 1, taxCategory: "reduced" } })
  await shop.cart.issueCoupon({
    code: "POST",
    name: "Post",
    use: "unlimited",
    limits: couponLimits.POST,
    target: "shipping",
    value: { type: "percentage", percent: 50 }
  })
  await shop.cart.issueSeries({
    series: "SER",
    count: 2,
    name: "Series",
    limits: couponLimits.SER,
    value: { type: "percentage", percent: 12 }
  })
  await shop.credit.issueGiftCard({ number: "1", amount: euros(issued.card1) })
  await shop.credit.issueGiftCard({ number: "2", amount: euros(issued.card2), expiresAt: 1_000_000 + 3 * day })
  for (const customer of customers) {
    await shop.credit.issueStoreCredit({ customer, amount: euros(500), reference: `a ${customer}` })
    await shop.credit.issueStoreCredit({ customer, amount: euros(1_000), reference: `b ${customer}`, expiresAt: 1_000_000 + 2 * day })
    await shop.loyalty.enrol({ customer })
    await shop.loyalty.adjustPoints({ customer, points: issued.points })
  }
  await shop.drain()
  return { shops: [first, second] as const, shop, time, card: first.card, setup }
}
export type Whole = Awaited<ReturnType<typeof openWhole>>

/** What a cart was sold as: what its customer was shown, and what promotions it uses up. */
export interface Sold {
  readonly shown: Shown
  readonly usage: ReadonlyArray<{ readonly promotion: string; readonly coupon?: string; readonly amount: number }>
  readonly entry: "net" | "gross"
}

/** What is known of a history beside the rows. */
export interface Told {
  /** By checkout. */
  readonly started: Map<string, Sold>
  /** By order. */
  readonly till: Map<string, Sold>
  /** Webhooks, to be told again. */
  readonly webhooks: Array<ReadonlyArray<never>>
  /** What a step has shown a customer, perhaps long ago. */
  readonly seen: Map<string, Shown>
  /** Goods that came and went beside orders, by sku. */
  readonly moved: Map<string, number>
}
