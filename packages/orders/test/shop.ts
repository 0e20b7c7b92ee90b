import { createOmni, type Money, money, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type LineRequest, type Order, orders, type OrderRequest, type OrdersOptions } from "@omni/orders"

export const eur = (amount: number): Money => money(amount, "EUR")

export const NOON = 1_800_000_000_000

/** A clock that tests move: short pauses are over at once, and time limits are never reached. */
export const clockAt = (start = NOON) => {
  let now = start
  const sleep = (millis: number, signal?: AbortSignal): Promise<void> =>
    millis < 10_000 ? Promise.resolve() : new Promise((resolve) => signal?.addEventListener("abort", () => resolve()))
  return { now: () => now, sleep, advance: (by: number) => void (now += by) }
}

/** An app with inventory and orders. */
export const appOver = (store: StoreDriver, clock = clockAt(), options: OrdersOptions = {}) =>
  createOmni({ store, clock, modules: { inventory: inventory(), orders: orders(options) } })

/** A shop in Lyon with ten shavers and ten cases. */
export const shop = async (options: OrdersOptions = {}) => {
  const clock = clockAt()
  const omni = appOver(memory(), clock, options)
  await omni.inventory.receive({ lines: ["shaver", "case"].map((sku) => ({ sku, location: "lyon", quantity: 10 })) })
  /** Of an article at a location, Lyon unless told: on hand, and kept for somebody. */
  const stock = async (sku: string, location = "lyon") => {
    const { items } = await omni.inventory.levels({ location })
    const level = items.find(({ row }) => row.sku === sku)?.row
    return [level?.onHand ?? 0, level === undefined ? 0 : level.reserved + level.allocated]
  }
  return { omni, stock, clock }
}

export const line = (sku: string, quantity = 1, unitPrice = 1000): LineRequest => ({ sku, quantity, unitPrice: eur(unitPrice) })

/** A pickup order in Lyon of one shaver and two cases. */
export const request = (more: Partial<OrderRequest> = {}): OrderRequest => ({
  customer: "ann",
  currency: "EUR",
  taxIncluded: true,
  lines: [line("shaver", 1, 9900), line("case", 2, 1500)],
  ...(more.fulfilments === undefined ? { fulfilment: { kind: "pickup", location: "lyon" } as const } : {}),
  ...more
})

/** How many units of each line are in which state: `["shaver", { allocated: 2 }]`. */
export const states = (order: Order): ReadonlyArray<readonly [sku: string, { readonly [state: string]: number }]> =>
  order.lines.map(({ sku, parts }) => {
    const sums: { [state: string]: number } = {}
    for (const { status, count } of parts) sums[status] = (sums[status] ?? 0) + count
    return [sku, sums] as const
  })
