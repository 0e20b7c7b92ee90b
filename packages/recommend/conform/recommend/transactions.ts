import type { Basket } from "@omni/recommend"

/** The transactions of a file, with what was left out of it, by reason. */
export interface Transactions {
  /** Orders, with how many of each item. */
  readonly baskets: ReadonlyArray<Basket>
  readonly rows: number
  readonly left: Readonly<Record<string, number>>
}

/** One row of a file as a sale, or why it is none. */
type Sale = { readonly basket: string; readonly person: string; readonly item: string; readonly at: number; readonly quantity: number }

interface Form {
  readonly columns: ReadonlyArray<string>
  readonly read: (value: (column: string) => string) => Sale | string
}

/** Of a date and time with no zone, the instant as if it were UTC. */
const instantOf = (text: string): number => {
  const civil = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d)?$/.test(text) ? `${text.replace(" ", "T")}Z` : text
  return Date.parse(civil)
}

/** UCI Online Retail: a cancelled invoice begins with C, a corrected debt with A; what is sold has a code of five digits and letters. */
const onlineRetail: Form = {
  columns: ["InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "CustomerID"],
  read: (value) => {
    if (/^[CA]/i.test(value("InvoiceNo"))) return "cancelled"
    const person = value("CustomerID").replace(/\.0$/, "")
    if (person === "") return "nobody known"
    if (!(Number(value("Quantity")) > 0)) return "no quantity"
    const item = value("StockCode").trim().toUpperCase()
    if (!/^\d{5}[A-Z]*$/.test(item)) return "no goods"
    return { basket: value("InvoiceNo"), person, item, at: instantOf(value("InvoiceDate")), quantity: Number(value("Quantity")) }
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
    if (person === "" || basket === "" || item === "") return "incomplete"
    const quantity = Number(value("quantity"))
    return { person, basket, item, at: instantOf(value("transaction_timestamp")), quantity: quantity > 0 ? quantity : 1 }
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

/** Reads transactions in any order; rows that are no sale are left out and counted. */
export const transactionsOf = (text: string): Transactions => {
  const records = recordsOf(text.replace(/^\uFEFF/, ""))
  const header: ReadonlyArray<string> = records.next().value ?? []
  const form = formOf(header)
  const places = new Map(header.map((column, place) => [column, place]))
  const left: Record<string, number> = {}
  const baskets = new Map<string, { id: string; kind: "order"; person: string; at: number; items: Map<string, number> }>()
  let rows = 0
  for (const record of records) {
    rows++
    const sale = record.length < header.length ? "broken" : form.read((column) => record[places.get(column) ?? -1] ?? "")
    if (typeof sale === "string" || Number.isNaN(sale.at)) {
      const reason = typeof sale === "string" ? sale : "no date"
      left[reason] = (left[reason] ?? 0) + 1
      continue
    }
    const key = `${sale.person} ${sale.basket}`
    const basket = baskets.get(key)
    const { at, item, person, quantity } = sale
    if (basket === undefined) baskets.set(key, { id: key, kind: "order", person, at, items: new Map([[item, quantity]]) })
    else {
      basket.items.set(item, (basket.items.get(item) ?? 0) + quantity)
      basket.at = Math.min(basket.at, sale.at)
    }
  }
  const all = Array.from(baskets.values(), ({ items, ...basket }) => ({
    ...basket,
    items: [...items.keys()],
    quantities: [...items.values()]
  }))
  return { rows, left, baskets: all }
}

/** Whether a text begins with the columns of one of the forms. */
export const isTransactions = (text: string): boolean => {
  const header: ReadonlyArray<string> = recordsOf(text.slice(0, 10_000).replace(/^\uFEFF/, "")).next().value ?? []
  return FORMS.some(({ columns }) => columns.every((column) => header.includes(column)))
}
