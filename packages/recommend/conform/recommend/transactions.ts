import type { Basket } from "@omni/recommend"

import { firstOf, instantOf } from "./dates.ts"

/** The transactions of a file, with what was left out of it, by reason. */
export interface Transactions {
  /** Orders, with how many of each item. */
  readonly baskets: ReadonlyArray<Basket>
  readonly rows: number
  readonly left: Readonly<Record<string, number>>
}

/** One row of a file as a sale, its date as it is written, or why it is none. */
type Sale = { readonly basket: string; readonly person: string; readonly item: string; readonly date: string; readonly quantity: number }

interface Form {
  readonly columns: ReadonlyArray<string>
  readonly read: (value: (column: string) => string) => Sale | string
}

/** What programs write where there is nobody. */
const NOBODY = new Set(["", "na", "nan", "null", "none"])

/** UCI Online Retail: a cancelled invoice begins with C, a corrected debt with A; what is sold has a code of five digits and letters. */
const onlineRetail: Form = {
  columns: ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "CustomerID"],
  read: (value) => {
    if (/^[CA]/i.test(value("InvoiceNo"))) return "cancelled"
    const person = value("CustomerID").replace(/\.0$/, "")
    if (NOBODY.has(person.toLowerCase())) return "nobody known"
    if (!(Number(value("Quantity")) > 0)) return "no quantity"
    const item = value("StockCode").toUpperCase()
    if (!/^\d{5}[A-Z]*$/.test(item)) return "no goods"
    return { basket: value("InvoiceNo"), person, item, date: value("InvoiceDate"), quantity: Number(value("Quantity")) }
  }
}

/** The second edition of the same, which names its columns otherwise. */
const onlineRetailII: Form = {
  columns: ["Invoice", "StockCode", "Quantity", "InvoiceDate", "Customer ID"],
  read: (value) =>
    onlineRetail.read((column) => value(column === "InvoiceNo" ? "Invoice" : column === "CustomerID" ? "Customer ID" : column))
}

const completeJourney: Form = {
  columns: ["household_id", "basket_id", "product_id", "transaction_timestamp"],
  read: (value) => {
    const [person, basket, item] = [value("household_id"), value("basket_id"), value("product_id")]
    if (basket === "" || item === "") return "incomplete"
    if (NOBODY.has(person.toLowerCase())) return "nobody known"
    // Without the column, or with nothing in it, it counts as sold; there are sales of nothing but a coupon too.
    const quantity = Number(value("quantity"))
    return quantity < 0 ? "returned" : { person, basket, item, date: value("transaction_timestamp"), quantity: quantity > 0 ? quantity : 1 }
  }
}

const FORMS = [onlineRetail, onlineRetailII, completeJourney]

/**
 * The records of a CSV text (RFC 4180), one a line: a quote that its line does not close is taken as it stands, so that
 * one bad row never takes others with it.
 */
function* recordsOf(text: string): Generator<ReadonlyArray<string>> {
  for (let from = 0; from < text.length;) {
    const found = text.indexOf("\n", from)
    const end = found === -1 ? text.length : found
    const line = text.slice(from, text[end - 1] === "\r" ? end - 1 : end)
    if (line !== "") yield fieldsOf(line)
    from = end + 1
  }
}

const fieldsOf = (line: string): ReadonlyArray<string> =>
  line.includes('"')
    ? Array.from(
        `,${line}`.matchAll(/,(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g),
        ([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? ""
      )
    : line.split(",")

const formOf = (header: ReadonlyArray<string>): Form => {
  const form = FORMS.find(({ columns }) => columns.every((column) => header.includes(column)))
  if (form !== undefined) return form
  const forms = FORMS.map(({ columns }) => columns.join(", ")).join("; or ")
  throw new Error(`the columns are ${header.slice(0, 20).join(", ") || "none"}, but expected are ${forms}`)
}

const headerOf = (records: Generator<ReadonlyArray<string>>): ReadonlyArray<string> =>
  (records.next().value ?? []).map((column: string) => column.trim())

/** The rows that are sales, and how many are not, by reason. */
const salesOf = (text: string) => {
  const records = recordsOf(text.replace(/^\uFEFF/, ""))
  const header = headerOf(records)
  const form = formOf(header)
  const places = new Map(header.map((column, place) => [column, place]))
  const left: Record<string, number> = {}
  const sales: Array<Sale> = []
  let rows = 0
  for (const record of records) {
    rows++
    const value = (column: string): string => (record[places.get(column) ?? -1] ?? "").trim()
    const sale = record.length < header.length ? "broken" : form.read(value)
    if (typeof sale === "string") left[sale] = (left[sale] ?? 0) + 1
    else sales.push(sale)
  }
  return { rows, left, sales }
}

/** Reads transactions in any order; rows that are no sale are left out and counted. Throws when none is. */
export const transactionsOf = (text: string): Transactions => {
  const { left, rows, sales } = salesOf(text)
  const first = firstOf(sales.map(({ date }) => date))
  const baskets = new Map<string, { id: string; kind: "order"; person: string; at: number; items: Map<string, number> }>()
  for (const { basket, date, item, person, quantity } of sales) {
    const at = instantOf(date, first)
    const key = `${person} ${basket}`
    const known = baskets.get(key)
    if (Number.isNaN(at)) left["no date"] = (left["no date"] ?? 0) + 1
    else if (known === undefined) baskets.set(key, { id: key, kind: "order", person, at, items: new Map([[item, quantity]]) })
    else {
      known.items.set(item, (known.items.get(item) ?? 0) + quantity)
      known.at = Math.min(known.at, at)
    }
  }
  if (baskets.size === 0) throw new Error(`the file has no sale that can be used: of ${rows} rows ${JSON.stringify(left)} were left out`)
  const all = Array.from(baskets.values(), ({ items, ...basket }) => ({
    ...basket,
    items: [...items.keys()],
    quantities: [...items.values()]
  }))
  return { rows, left, baskets: all }
}

/** Whether a text begins with the columns of one of the forms. */
export const isTransactions = (text: string): boolean => {
  const header = headerOf(recordsOf(text.slice(0, 10_000).replace(/^\uFEFF/, "")))
  return FORMS.some(({ columns }) => columns.every((column) => header.includes(column)))
}
