import { price, type PricingContext, type Promotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"

import { compare, millisOf } from "../../../scripts/bench/harness.ts"
import { medusaPromotions } from "./medusa-promotions.ts"
import { cartOf, itemsOf } from "./shop.ts"

/**
 * Fifty promotions on a thousand lines, each for the products of one of five kinds: the whole of what a cart costs against nothing but the
 * list of discounts. Both give them one after the other on what is left.
 */

const count = 1_000
const kinds = 5
const percents = Array.from({ length: 50 }, (_, at) => 1 + (at % 3))
const items = itemsOf(count)
const kindOf = (at: number): string => `kind-${at % kinds}`

const cart = {
  lines: cartOf(items).lines.map((line, at) => ({ ...line, taxCategory: "none", facts: { kind: kindOf(at) } }))
}

const ours: ReadonlyArray<Promotion> = percents.map((percent, at) => ({
  id: `P${String(at).padStart(2, "0")}`,
  name: `Offer ${at}`,
  target: "line",
  value: { type: "percentage", percent },
  condition: { "===": [{ var: "customer.group" }, "gold"] },
  lines: { "===": [{ var: "kind" }, kindOf(at)] }
}))

const theirs = percents.map((value, at) => ({
  code: `P${String(at).padStart(2, "0")}`,
  type: "standard",
  status: "active",
  rules: [{ attribute: "customer.customer_group.id", operator: "in", values: ["gold"] }],
  application_method: {
    type: "percentage",
    target_type: "items",
    allocation: "across",
    value,
    currency_code: "usd",
    target_rules: [{ attribute: "kind", operator: "eq", values: [kindOf(at)] }]
  }
}))

const context: PricingContext = {
  now: 0,
  currency: "USD",
  tax: { entry: "net", rates: { none: [] } },
  customer: { group: "gold" },
  promotions: definePromotions(ours)
}

const order = {
  currency_code: "usd",
  customer: { customer_group: { id: "gold" } },
  items: items.map(({ id, quantity, price: amount }, at) => ({
    id,
    quantity,
    subtotal: (amount * quantity) / 100,
    original_total: (amount * quantity) / 100,
    kind: kindOf(at)
  }))
}

const peer = await medusaPromotions(theirs)
const codes = theirs.map(({ code }) => code)

const answer = await peer.actions(codes, order)
const off = answer.reduce((sum, { action, amount = 0 }) => sum + (action === "addItemAdjustment" ? Number(amount) : 0), 0)
const wanted = price(cart, context).totals.discounts.amount / -100
if (Math.abs(off - wanted) > count * percents.length * 0.005) throw new Error(`a peer takes off ${off}, ours ${wanted}`)

await compare({
  bench: "cart",
  case: "50 promotions on 1000 lines",
  unit: "ms",
  better: "lower",
  ours: () => millisOf(() => price(cart, context).totals.gross.amount),
  peers: { "@medusajs/promotion computeActions": () => millisOf(() => peer.actions(codes, order)) },
  rounds: 5
})

await peer.close()

/*
 * The best combination of twenty promotions on fifty lines, found and proven: groups of which one may be given, sets that want the same
 * units, thresholds that other discounts may take away. No peer looks for it.
 */
const few = {
  lines: cartOf(itemsOf(50)).lines.map((line, at) => ({ ...line, product: kindOf(at), taxCategory: "none" })),
  shipping: [{ id: "post", amount: 490, currency: "USD" as const, taxCategory: "none" }]
}

const twenty = (kind: (at: number) => Omit<Promotion, "id" | "name">): PricingContext => ({
  ...context,
  promotions: definePromotions(
    Array.from({ length: 20 }, (_, at) => ({ id: `P${String(at).padStart(2, "0")}`, name: "Offer", ...kind(at) }))
  )
})

const families: Readonly<Record<string, PricingContext>> = {
  "in ten groups": twenty((at) => ({
    target: "order",
    group: `g${at % 10}`,
    value: { type: "percentage", percent: 5 + at },
    products: [kindOf(at % 3)]
  })),
  "of all kinds": twenty((at) =>
    at % 4 === 0
      ? { target: "line", products: [kindOf(at)], value: { type: "buy-get", buy: { quantity: 2 }, get: { quantity: 1 }, percent: 50 + at } }
      : at % 4 === 1
        ? {
            target: "order",
            condition: { ">=": [{ var: "subtotal" }, { money: { USD: 100_000 * at } }] },
            value: { type: "percentage", percent: at }
          }
        : {
            target: at % 4 === 2 ? "line" : "order",
            ...(at % 8 < 4 ? { group: "best" } : {}),
            value: { type: "percentage", percent: 1 + at }
          }
  )
}

for (const [name, how] of Object.entries(families)) {
  if (!price(few, how).combination.exact) throw new Error(`no proof for 20 promotions ${name}`)
  await compare({
    bench: "cart",
    case: `the best of 20 promotions ${name} on 50 lines`,
    unit: "ms",
    better: "lower",
    ours: () => millisOf(() => price(few, how).totals.gross.amount),
    peers: {}
  })
}
