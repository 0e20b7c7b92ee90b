import { shareOut } from "../money/share-out.ts"
import { kindOf, type Rest, type Sheet } from "../sheet.ts"
import { likeTheGoods, type Rates } from "./rates.ts"

/** What is taxed, in columns: a row of the sheet, or the part of a shipping charge that has the rates of some of the goods. */
export interface TaxItems {
  readonly ids: ReadonlyArray<string>
  readonly amount: ArrayLike<number>
  readonly quantity: ArrayLike<number>
  readonly rates: ReadonlyArray<Rates>
  /** The row of each item; nothing where items are rows. */
  readonly rows: ReadonlyArray<number> | undefined
  /** The first item of each row, and the end of the last one. */
  readonly starts: ReadonlyArray<number> | undefined
  /** By item, what its amount was rounded by. */
  readonly rests: ReadonlyMap<number, Rest> | undefined
}

/** The items of a sheet: its rows, unless shipping is taxed like the goods. */
export const itemsOf = (sheet: Sheet): TaxItems => {
  const { ids, amount, quantity, rates, rests } = sheet
  const whole: TaxItems = { ids, amount, quantity, rates, rests, rows: undefined, starts: undefined }
  if (sheet.context.tax.shipping !== "share" || !rates.includes(likeTheGoods)) return whole
  const goods = goodsByRate(sheet)
  return sharedItems(sheet, [...goods.values()].sort(byKey))
}

/** The order of the lines makes no difference, nor the order in which their rates appear. */
const byKey = (a: Goods, b: Goods): number => (a.rates.key < b.rates.key ? -1 : 1)

interface Goods {
  readonly rates: Rates
  amount: number
}

/** What the goods of each rate cost. */
const goodsByRate = ({ lines, rates, amount }: Sheet): ReadonlyMap<string, Goods> => {
  const goods = new Map<string, Goods>()
  for (let row = 0; row < lines; row++) {
    const known = goods.get(rates[row]!.key)
    if (known === undefined) goods.set(rates[row]!.key, { rates: rates[row]!, amount: amount[row]! })
    else known.amount += amount[row]!
  }
  return goods
}

const sharedItems = (sheet: Sheet, goods: ReadonlyArray<Goods>): TaxItems => {
  const ids: Array<string> = []
  const amount: Array<number> = []
  const quantity: Array<number> = []
  const rates: Array<Rates> = []
  const rows: Array<number> = []
  const starts: Array<number> = []
  const add = (row: number, cost: number, pieces: number, own: Rates) => {
    ids.push(sheet.ids[row]!)
    amount.push(cost)
    quantity.push(pieces)
    rates.push(own)
    rows.push(row)
  }
  for (let row = 0; row < sheet.rows; row++) {
    starts.push(rows.length)
    if (kindOf(sheet, row) !== "shipping") add(row, sheet.amount[row]!, sheet.quantity[row]!, sheet.rates[row]!)
    else
      shareOut(
        sheet.amount[row]!,
        goods.map((one) => one.amount),
        goods.map((one) => one.rates.key)
      ).forEach((cost, at) => add(row, cost, 1, goods[at]!.rates))
  }
  starts.push(rows.length)
  return { ids, amount, quantity, rates, rows, starts, rests: sheet.rests }
}
