import type { Sheet } from "../sheet.ts"
import type { Taxed } from "../tax/taxes.ts"

/** A priced sheet, closed: what every amount and every trace is read from. */
export interface Book {
  readonly sheet: Sheet
  readonly taxed: Taxed
  /** The takes of the ledger that touched a row, in their order. */
  readonly takesOf: (row: number) => ReadonlyArray<number>
}

/** The sides of an amount. */
export type Side = "net" | "tax" | "gross"

/** What a row costs on a side. */
export const amountOf = ({ sheet, taxed }: Book, row: number, side: Side): number => {
  const tax = taxed.byRow[row]!
  if (side === "tax") return tax
  const entered = sheet.amount[row]!
  const { entry } = sheet.context.tax
  return side === entry ? entered : side === "gross" ? entered + tax : entered - tax
}

/** The book of a sheet and its taxes. The ledger is sorted by rows when the first trace is read. */
export const bookOf = (sheet: Sheet, taxed: Taxed): Book => {
  let byRow: ReadonlyMap<number, ReadonlyArray<number>> | undefined
  return { sheet, taxed, takesOf: (row) => (byRow ??= Map.groupBy(sheet.takes.row.keys(), (at) => sheet.takes.row[at]!)).get(row) ?? [] }
}
