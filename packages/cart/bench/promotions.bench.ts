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
