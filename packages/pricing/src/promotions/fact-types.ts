import type { FactType } from "@omni/rules"

type Fields = Readonly<Record<string, FactType>>

const common: Fields = { id: "text", currency: "text", amount: "money", listed: "money", discounted: "boolean", taxCategory: "text" }

/** What `LineFacts` are, with those of the shop. */
export const lineFactTypes = (line: Fields = {}): FactType => ({
  record: {
    ...line,
    ...common,
    product: { maybe: "text" },
    sku: { maybe: "text" },
    categories: { list: "text" },
    quantity: "number",
    unitPrice: "money"
  }
})

/** What `ChargeFacts` are. */
export const chargeFactTypes: FactType = { record: { ...common, name: { maybe: "text" } } }

/** What `OrderFacts` are, with what the shop knows of customers and lines. */
export const orderFactTypes = (customer?: Fields, line?: Fields): FactType => ({
  record: {
    now: "instant",
    currency: "text",
    channel: { maybe: "text" },
    subtotal: "money",
    listed: "money",
    quantity: "number",
    coupons: { list: "text" },
    lines: { list: lineFactTypes(line) },
    customer: { maybe: customer === undefined ? "any" : { record: customer } }
  }
})
