import type { Sheet } from "../sheet.ts"
import type { Taxed } from "../tax/taxes.ts"

/** A priced sheet, closed: what every amount and every trace is read from. */
export interface Book {
  readonly sheet: Sheet
  readonly taxed: Taxed
  /** The takes of the ledger, by the rows that they touched; made when the first trace is read. */
  readonly ledger: () => Ledger
}

/** For each row its first take, and for each take the next one of the same row; -1 where there is none. */
export interface Ledger {
  readonly first: ReadonlyArray<number>
  readonly next: ReadonlyArray<number>
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

/** The book of a sheet and its taxes. */
export const bookOf = (sheet: Sheet, taxed: Taxed): Book => {
  let ledger: Ledger | undefined
  return { sheet, taxed, ledger: () => (ledger ??= ledgerOf(sheet)) }
}

const ledgerOf = ({ takes, rows }: Sheet): Ledger => {
  const first = new Array<number>(rows).fill(-1)
  const next = new Array<number>(takes.row.length).fill(-1)
  for (let take = takes.row.length - 1; take >= 0; take--) {
    next[take] = first[takes.row[take]!]!
    first[takes.row[take]!] = take
  }
  return { first, next }
}
