import { again, type Importing, rowsIn, type Told } from "./importing.ts"
import type { Reject } from "./rejects.ts"
import { type Spill, spillTo } from "./spill.ts"
import { type ReceiptRow, rowSchemas } from "./tables.ts"

/** A basket with its rows: one household, one store, one time. */
export interface Sale {
  readonly basket: string
  readonly household: string
  readonly store: string
  readonly at: number
  readonly rows: ReadonlyArray<Told<ReceiptRow>>
}

/** The receipts of a file by day, on disk: the rows of a basket need not stand together, and days can be read in their order. */
export interface Receipts extends AsyncDisposable {
  readonly days: ReadonlyArray<string>
  /** The sales of a day in order of time; `reject` is told of the rows that belong to none. */
  sales(day: string, reject: Reject): Promise<ReadonlyArray<Sale>>
}

/** Reads the file once and sorts its rows by day. */
export const sortReceipts = async (importing: Importing, file: string): Promise<Receipts> => {
  const spill = await spillTo()
  let head: ReadonlyArray<string> = []
  try {
    for await (const part of rowsIn(importing, file, rowSchemas.transactions)) {
      head = part.head
      for (const told of part.told) await spill.add(dayOf(told.row.transaction_timestamp), told)
    }
  } catch (error) {
    await spill[Symbol.asyncDispose]()
    throw error
  }
  return receiptsIn(spill, head)
}

const receiptsIn = (spill: Spill, head: ReadonlyArray<string>): Receipts => ({
  days: spill.names(),
  sales: async (day, reject) => {
    const told = again(await spill.read(day), head, rowSchemas.transactions)
    const baskets = Map.groupBy(told, ({ row }) => row.basket_id)
    return [...baskets.values()].map((rows) => saleOf(rows, reject)).sort((a, b) => a.at - b.at || (a.basket < b.basket ? -1 : 1))
  },
  [Symbol.asyncDispose]: () => spill[Symbol.asyncDispose]()
})

/** The first row of a basket says whose it is, where and when. */
const saleOf = (rows: ReadonlyArray<Told<ReceiptRow>>, reject: Reject): Sale => {
  const { basket_id, household_id, store_id, transaction_timestamp } = rows[0]!.row
  const seen = new Set<string>()
  const own = rows.filter((told) => {
    const { row } = told
    const fits = row.household_id === household_id && row.store_id === store_id && row.transaction_timestamp === transaction_timestamp
    const text = JSON.stringify(row)
    const repeated = seen.has(text)
    seen.add(text)
    if (!fits) reject(told, "belongs to a basket of another household, store or time")
    else if (repeated) reject(told, "tells again what a line before it has told")
    return fits && !repeated
  })
  return { basket: basket_id, household: household_id, store: store_id, at: transaction_timestamp, rows: own }
}

const dayOf = (instant: number): string => new Date(instant).toISOString().slice(0, 10)
