import type { Called, Sheet } from "../sheet.ts"
import type { Taxed } from "../tax/taxes.ts"

/** A priced sheet, closed: what every amount and every trace is read from. */
export interface Book {
  readonly sheet: Sheet
  readonly taxed: Taxed
  /** The takes of the ledger, by the rows that they touched; made when the first trace is read. */
  readonly ledger: () => Ledger
}

/** What was taken, in columns: for each row its first take, and for each take whose it is, how much, and the next of its row; -1 for none. */
export interface Ledger {
  readonly first: ReadonlyArray<number>
  readonly next: ReadonlyArray<number>
  readonly by: ReadonlyArray<Called>
  readonly amount: ReadonlyArray<number>
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

const ledgerOf = ({ given, rows }: Sheet): Ledger => {
  const first = new Array<number>(rows).fill(-1)
  const [next, by, amount]: [Array<number>, Array<Called>, Array<number>] = [[], [], []]
  for (let last = given.length - 1; last >= 0; last--) {
    const promotion = given[last]!
    for (let at = 0; at < promotion.rows.length; at++) {
      if (!(promotion.offs[at]! > 0)) continue
      const row = promotion.rows[at]!
      next.push(first[row]!)
      first[row] = by.push(promotion.called) - 1
      amount.push(promotion.offs[at]!)
    }
  }
  return { first, next, by, amount }
}
