import { cart, type CartOptions } from "@omni/cart"
import { catalog } from "@omni/catalog"
import { type Channel, createOmni, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders } from "@omni/orders"

const channel = (id: string, kind: Channel["kind"]): Channel => ({
  id,
  name: id,
  kind,
  currency: "EUR",
  locale: "de",
  stockPool: "all",
  timeZone: "Europe/Berlin"
})

/** The channels of the shop under test. */
export const channels: ReadonlyArray<Channel> = [
  channel("web", "web"),
  channel("app", "app"),
  channel("store", "store"),
  { ...channel("us", "web"), currency: "USD" }
]

/** A clock that tests move. */
export const clockAt = (start: number) => {
  let now = start
  return {
    clock: { now: () => now, sleep: async () => {} },
    pass: (by: number) => {
      now += by
    }
  }
}

/** The modules of the shop under test. */
export const modules = (options: Partial<CartOptions> = {}) => ({
  catalog: catalog(),
  inventory: inventory(),
  orders: orders(),
  cart: cart({ channels, tax: { entry: "gross", rates: { standard: "19", reduced: "7" } }, ...options })
})

/** An app over a store, for whoever calls on the web. */
export const appOver = (
  store: StoreDriver,
  options: Partial<CartOptions> = {},
  more: { readonly verify?: boolean; readonly clock?: ReturnType<typeof clockAt>["clock"] } = {}
) => createOmni({ store, modules: modules(options), ...more }).as({ kind: "customer", channel: "web" })

/** What tests of the cart call. */
export type Shop = ReturnType<typeof appOver>

/** Puts what is sold, and stock of it at the shop "mitte". */
export const stockUp = async (shop: Shop, onHand = 10): Promise<void> => {
  await shop.catalog.putProduct({ id: "shaver", name: { en: "Shaver" }, categories: ["bath"] })
  await shop.catalog.putProduct({ id: "case", name: { en: "Case" } })
  await shop.catalog.putProduct({ id: "book", name: { en: "Book" }, taxCategory: "reduced" })
  for (const [product, amount] of [
    ["shaver", 9900],
    ["case", 1990],
    ["book", 1250]
  ] as const)
    await shop.catalog.putVariant({ id: `${product}-1`, product, sku: product.toUpperCase(), prices: [{ amount, currency: "EUR" }] })
  for (const sku of ["SHAVER", "CASE", "BOOK"]) await shop.inventory.receive({ lines: [{ sku, location: "mitte", quantity: onHand }] })
}

/** A shop of its own, with stock. */
export const openShop = async (options: Partial<CartOptions> = {}, onHand = 10): Promise<Shop> => {
  const shop = appOver(memory(), options)
  await stockUp(shop, onHand)
  return shop
}

/** Goods carried out of the shop "mitte". */
export const carryOut = { kind: "carry-out", location: "mitte" } as const
