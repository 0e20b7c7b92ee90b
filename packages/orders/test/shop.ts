import { createOmni, type Money, money } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type LineRequest, orders, type OrderRequest } from "@omni/orders"

export const eur = (amount: number): Money => money(amount, "EUR")

/** A shop in Lyon with ten shavers and ten cases. */
export const shop = async () => {
  const omni = createOmni({ store: memory(), modules: { inventory: inventory(), orders: orders() } })
  await omni.inventory.receive({ lines: ["shaver", "case"].map((sku) => ({ sku, location: "lyon", quantity: 10 })) })
  /** Of an article in Lyon: on hand, reserved. */
  const stock = async (sku: string) => {
    const { items } = await omni.inventory.levels({ location: "lyon" })
    const level = items.find(({ row }) => row.sku === sku)!.row
    return [level.onHand, level.reserved]
  }
  return { omni, stock }
}

export const line = (sku: string, quantity = 1, unitPrice = 1000): LineRequest => ({ sku, quantity, unitPrice: eur(unitPrice) })

/** A pickup order in Lyon of one shaver and two cases. */
export const request = (more: Partial<OrderRequest> = {}): OrderRequest => ({
  customer: "ann",
  currency: "EUR",
  taxIncluded: true,
  lines: [line("shaver", 1, 9900), line("case", 2, 1500)],
  fulfilment: { kind: "pickup", location: "lyon" },
  ...more
})
