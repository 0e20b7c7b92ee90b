import type { Fact, Part } from "../priced.ts"
import { factsFor } from "../rows/facts-for.ts"
import { defaultPriceOrder, type PriceCandidate } from "../selection/candidate.ts"
import { quantityFor } from "../selection/eligible.ts"
import { originalPrice } from "../selection/select-price.ts"
import { kindOf, lineOf, type Sheet } from "../sheet.ts"
import { amountOf, type Book, type Side } from "./book.ts"
import { taxFacts } from "./tax-facts.ts"

/** The parts of a row's amount on a side. */
export const rowTrace = (book: Book, row: number, side: Side): ReadonlyArray<Part> => {
  const { entry } = book.sheet.context.tax
  const tax = amountOf(book, row, "tax")
  if (side === "tax") return taxFacts(book, row)
  if (side === entry) return entryTrace(book, row)
  return [
    { code: entry, amount: amountOf(book, row, entry) },
    { code: "tax", amount: side === "gross" ? tax : 0 - tax }
  ]
}

/** Price, what became of it on the way to this side, and promotions. */
const entryTrace = ({ sheet, ledger }: Book, row: number): ReadonlyArray<Part> => {
  const listed = sheet.listed[row]!
  const entered = sheet.entered?.get(row)
  const parts = [row < sheet.lines ? pricePart(sheet, row, entered ?? listed) : chargePart(sheet, row, entered ?? listed)]
  if (entered !== undefined) parts.push(conversionPart(sheet, row, listed - entered))
  if (sheet.given.length === 0) return parts
  const { first, next, by, amount } = ledger()
  for (let take = first[row]!; take >= 0; take = next[take]!) {
    const { id, facts } = by[take]!
    parts.push({ code: "promotion", amount: 0 - amount[take]!, ref: id, facts })
  }
  return parts
}

const conversionPart = (sheet: Sheet, row: number, amount: number): Part => {
  const { relief, text } = sheet.rates[row]!
  if (relief !== undefined) return { code: "relief", amount, facts: reliefFacts(relief) }
  return { code: "conversion", amount, facts: { to: sheet.context.tax.entry, percent: text } }
}

const reliefFacts = ({ kind, reason }: NonNullable<Sheet["rates"][number]["relief"]>): Readonly<Record<string, Fact>> => ({
  kind,
  ...(reason === undefined ? {} : { reason })
})

const pricePart = (sheet: Sheet, row: number, amount: number): Part => {
  const line = lineOf(sheet, row)!
  const price = sheet.prices[row]!
  const { list } = price
  const facts: Record<string, Fact> = { unit: sheet.unitPrice[row]!, quantity: line.quantity }
  if (line.unit !== undefined) Object.assign(facts, { measure: line.unit.code, precision: line.unit.precision })
  if (price.channel !== undefined) facts["channel"] = price.channel
  if ((price.decimals ?? 0) > 0) Object.assign(facts, { exact: price.amount, decimals: price.decimals })
  if (price.tiers !== undefined) facts["tiers"] = price.tiering ?? "volume"
  else if (line.prices.some(isBounded)) facts["tiers"] = "bounds"
  if (list !== undefined) Object.assign(facts, { list: list.name ?? list.id, ...(list.type === undefined ? {} : { type: list.type }) })
  const was = wasOf(sheet, row)
  if (was !== undefined) facts["was"] = was
  if (price.lowest30 !== undefined) facts["lowest30"] = price.lowest30
  const ref = list?.id ?? price.id
  return { code: "price", amount, ...(ref === undefined ? {} : { ref }), facts }
}

/** Whether the quantity has a say in which price is taken. */
const isBounded = ({ minQuantity, maxQuantity }: PriceCandidate): boolean => minQuantity !== undefined || maxQuantity !== undefined

/** What one unit would cost without the sale, where that is more. */
export const wasOf = (sheet: Sheet, row: number): number | undefined => {
  const chosen = sheet.prices[row]!
  if (chosen.list?.type !== "sale") return undefined
  const line = lineOf(sheet, row)!
  const facts = factsFor(sheet.cart, sheet.context)(line, sheet.rates[row]!)
  const original = originalPrice<PriceCandidate>(line.prices, chosen, facts, sheet.context.priceOrder ?? defaultPriceOrder)
  if (original === undefined || original.decimals !== chosen.decimals || quantityFor(original, facts) === undefined) return undefined
  return original.amount > chosen.amount ? original.amount : undefined
}

const chargePart = (sheet: Sheet, row: number, amount: number): Part => {
  const { id, name } = sheet.charges[row - sheet.lines]!
  const kind = kindOf(sheet, row)
  const pieces = sheet.quantity[row]!
  const facts = {
    ...(name === undefined ? {} : { name }),
    ...(pieces === 1 ? {} : { unit: sheet.unitPrice[row]!, quantity: pieces })
  }
  return { code: kind === "line" ? "price" : kind, amount, ref: id, ...(Object.keys(facts).length === 0 ? {} : { facts }) }
}
