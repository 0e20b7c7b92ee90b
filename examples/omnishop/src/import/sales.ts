import { type HouseholdOf, SOURCE } from "./households.ts"
import { count, type Importing, make } from "./importing.ts"
import type { SaleLine } from "./operations.ts"
import type { Receipts, Sale } from "./receipts.ts"
import type { Reject } from "./rejects.ts"

/** Where the history sold: in shops. */
const CHANNEL = "store"

/** How many lines of opening stock one delivery has, and the most pieces of a line. */
const DELIVERY = 200
const PIECES = 1_000_000_000

/** What sales are imported with: which articles there are, and which profiles households are. */
export interface SalesOptions {
  readonly file: string
  readonly receipts: Receipts
  readonly articles: ReadonlySet<string>
  readonly householdOf: HouseholdOf
  readonly opening: number
}

/** Pieces by store and article. */
type Pieces = Map<string, Map<string, number>>

/**
 * The stock that must have been there for the sales to have happened. Nobody has counted it: it is derived from what was sold, and says
 * so in the ledger. Rows that belong to no sale are rejected here.
 */
export const importOpeningStock = async (importing: Importing, options: SalesOptions): Promise<void> => {
  const { file, opening, receipts } = options
  const reject = importing.rejects.of(file)
  const sold: Pieces = new Map()
  for (const [at, day] of receipts.days.entries()) {
    importing.progress.at("opening stock", at / receipts.days.length, day)
    for (const { rows, store } of await salesOf(options, day, reject))
      for (const { row } of rows) {
        const articles = sold.get(store) ?? new Map<string, number>()
        sold.set(store, articles.set(row.product_id, (articles.get(row.product_id) ?? 0) + row.quantity))
      }
  }
  for (const [store, articles] of sold) await openStore(importing, store, articles, opening)
  await importing.flight.landed()
}

/** The sales as orders, each as of its own time, in the order of their days. */
export const importSales = async (importing: Importing, options: SalesOptions): Promise<void> => {
  const { file, householdOf, receipts } = options
  const reject = importing.rejects.of(file)
  const { importSale } = importing.omni.as({ kind: "system", id: SOURCE, channel: CHANNEL }).history.safe
  for (const [at, day] of receipts.days.entries()) {
    importing.progress.at("orders", at / receipts.days.length, day)
    for (const sale of await salesOf(options, day, () => {}))
      await make(importing, "orders", { reject, rows: sale.rows }, async () => {
        const met = await householdOf(sale.household)
        if (!met.ok) return met
        const input = { basket: sale.basket, customer: met.value.profile, location: storeId(sale.store), channel: CHANNEL }
        return importSale({ ...input, lines: linesOf(sale) }, { asOf: { time: sale.at } })
      })
  }
  await importing.flight.landed()
}

/** A day's sales, without what is not in the catalog. */
const salesOf = async ({ articles, receipts }: SalesOptions, day: string, reject: Reject): Promise<ReadonlyArray<Sale>> => {
  const sales = await receipts.sales(day, reject)
  return sales
    .map((sale) => {
      const rows = sale.rows.filter((told) => {
        const known = articles.has(told.row.product_id)
        if (!known) reject(told, "names a product that is not in the catalog")
        return known
      })
      return { ...sale, rows }
    })
    .filter(({ rows }) => rows.length > 0)
}

const openStore = async (importing: Importing, store: string, articles: ReadonlyMap<string, number>, opening: number): Promise<void> => {
  const { flight, omni } = importing
  const location = storeId(store)
  const asOf = { time: opening }
  await flight.start(() => omni.inventory.defineLocation({ location, name: `Store ${store}`, pools: [SOURCE] }, { key: location, asOf }))
  const lines = [...articles].map(([sku, quantity]) => ({ sku, location, quantity: Math.min(quantity, PIECES) }))
  for (let from = 0; from < lines.length; from += DELIVERY)
    await flight.start(() =>
      omni.inventory.receive(
        { lines: lines.slice(from, from + DELIVERY), reason: "opening stock, derived from what was sold", reference: SOURCE },
        { key: `opening/${store}/${from}`, asOf }
      )
    )
  count(importing, "stores with opening stock")
}

const storeId = (store: string): string => `store-${store}`

const linesOf = ({ rows }: Sale): Array<SaleLine> =>
  rows.map(({ row }) => ({
    sku: row.product_id,
    quantity: row.quantity,
    sales: row.sales_value,
    loyalty: row.retail_disc,
    match: row.coupon_match_disc,
    coupon: row.coupon_disc
  }))
