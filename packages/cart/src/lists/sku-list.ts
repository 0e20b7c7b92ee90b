/** A row of an order by SKU: how many of what. `row` counts from 1, as in a spreadsheet. */
export interface SkuRow {
  readonly row: number
  readonly sku: string
  readonly quantity: number
}

/** A row that says nothing that can be ordered, and why. */
export interface RejectedRow {
  readonly row: number
  /** What it says, cut off after 200 characters. */
  readonly text: string
  readonly reason:
    | "no-sku"
    | "sku-too-long"
    | "no-quantity"
    | "too-many-rows"
    | "unclosed-quote"
    | "unknown-sku"
    | "not-offered"
    | "no-price"
}

/** What a text orders. */
export interface SkuList {
  readonly rows: ReadonlyArray<SkuRow>
  readonly rejected: ReadonlyArray<RejectedRow>
}

/** The most rows of one order; rows beyond are counted in one reject. */
const MOST_ROWS = 1_000
const MOST_PIECES = 1_000_000
const separators = [";", "\t", ",", "|"] as const

/**
 * Reads what buyers paste or upload: one SKU a row, with or without a quantity; CSV (RFC 4180) with commas, semicolons, tabs or bars, quoted
 * or not, with or without a row of headings. A row without a quantity is one piece. It never throws: what cannot be read is rejected
 * by its row. Linear in the text, and bounded by `MOST_ROWS` however long it is.
 */
export const parseSkuList = (text: string): SkuList => {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text
  const separator = separatorOf(source)
  const rows: Array<SkuRow> = []
  const rejected: Array<RejectedRow> = []
  let columns: Columns | undefined
  for (const { row, fields, isOpen } of records(source, separator)) {
    const cells = fields.map((field) => field.trim())
    if (cells.every((cell) => cell === "")) continue
    if (columns === undefined) {
      columns = headings(cells)
      if (columns.isHeading) continue
    }
    if (rows.length + rejected.length >= MOST_ROWS) {
      rejected.push({ row, text: `Rows from here on: at most ${MOST_ROWS} at once.`, reason: "too-many-rows" })
      break
    }
    const read = isOpen ? "unclosed-quote" : rowOf(cells, columns)
    if (typeof read === "string") rejected.push({ row, text: fields.join(separator).slice(0, 200), reason: read })
    else rows.push({ row, ...read })
  }
  return { rows, rejected }
}

interface Columns {
  readonly sku: number
  readonly quantity: number
  readonly isHeading: boolean
}

const named = {
  sku: /^(sku|article|artikel|artikelnummer|item|item number|part number|art\.?-?nr\.?|referencia|ref\.?)$/i,
  quantity: /^(quantity|qty\.?|menge|anzahl|amount|count|pieces|pcs\.?|stück|stk\.?|cantidad|unidades)$/i
}

const headings = (cells: ReadonlyArray<string>): Columns => {
  const sku = cells.findIndex((cell) => named.sku.test(cell))
  const quantity = cells.findIndex((cell) => named.quantity.test(cell))
  if (sku >= 0) return { sku, quantity, isHeading: true }
  // Whatever the articles are called, they are not where the quantities are.
  return quantity < 0 ? { sku: 0, quantity: 1, isHeading: false } : { sku: quantity === 0 ? 1 : 0, quantity, isHeading: true }
}

const rowOf = (cells: ReadonlyArray<string>, { sku: at, quantity: by }: Columns): RejectedRow["reason"] | Omit<SkuRow, "row"> => {
  const sku = cells[at] ?? ""
  if (sku === "") return "no-sku"
  if (sku.length > 200 || /[\p{Cc}\p{Cs}]/u.test(sku)) return "sku-too-long"
  const written = cells[by] ?? ""
  // Three zeros behind a point or comma would be a thousand for some, and one for others.
  const quantity = written === "" ? 1 : /^\d{1,7}(?:[.,]0{1,2})?$/.test(written) ? Number.parseInt(written, 10) : 0
  return quantity < 1 || quantity > MOST_PIECES ? "no-quantity" : { sku, quantity }
}

/** The separator that the first row with one has, outside of quotes; a comma when there is none. */
const separatorOf = (text: string): string => {
  const sample = text.slice(0, 10_000).replaceAll(/"(?:[^"]|"")*"/g, "")
  for (const line of sample.split(/\r\n|\r|\n/)) {
    const found = separators.find((separator) => line.includes(separator))
    if (found !== undefined) return found
  }
  return ","
}

interface Record {
  readonly row: number
  readonly fields: ReadonlyArray<string>
  /** A quote was opened and not closed. */
  readonly isOpen: boolean
}

/** The records of a CSV text, one at a time. A quote that is never closed ends with its line, so that it costs one row and not the rest. */
function* records(text: string, separator: string): Iterable<Record> {
  let [at, row] = [0, 1]
  while (at < text.length) {
    const fields: Array<string> = []
    let isOpen = false
    for (;;) {
      const field = fieldAt(text, at, separator)
      fields.push(field.value)
      isOpen ||= field.isOpen
      at = field.end
      if (text[at] !== separator) break
      at++
    }
    yield { row, fields, isOpen }
    if (text[at] === "\r" && text[at + 1] === "\n") at++
    at++
    row++
  }
}

/** The longest quoted field; it keeps a quote that is never closed from being looked for through the whole text, row after row. */
const LONGEST = 5_000

const fieldAt = (
  text: string,
  start: number,
  separator: string
): { readonly value: string; readonly end: number; readonly isOpen: boolean } => {
  let from = start
  while (text[from] === " ") from++
  if (text[from] === '"') {
    let value = ""
    for (let at = from + 1; at < text.length && at - from < LONGEST; at++) {
      if (text[at] !== '"') value += text[at]
      else if (text[at + 1] === '"') value += text[at++]
      else return { value, end: endOf(text, at + 1, separator), isOpen: false }
    }
    return { value: text.slice(from, endOf(text, from, "\n")), end: endOf(text, from, "\n"), isOpen: true }
  }
  const end = endOf(text, start, separator)
  return { value: text.slice(start, end), end, isOpen: false }
}

const endOf = (text: string, from: number, separator: string): number => {
  let at = from
  while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++
  return at
}
