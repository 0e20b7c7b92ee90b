import { NoPrice } from "../errors.ts"
import type { CartToPrice, PricingContext, RoundingPolicy } from "../model.ts"
import { scaled } from "../money/divide.ts"
import { type PriceCandidate, defaultPriceOrder } from "../selection/candidate.ts"
import { isForAll, quantityFor } from "../selection/eligible.ts"
import { bestPrice } from "../selection/select-price.ts"
import type { ChargeOfRow, RowKind, Sheet } from "../sheet.ts"
import { likeTheGoods, type Rates, ratesIn } from "../tax/rates.ts"
import { type Charge, chargesOf } from "./charges.ts"
import { checkCharge, checkLists, checkIds, checkLine, checkPrice, checkPrices, checkTotal } from "./check.ts"
import { evenOut } from "./even-out.ts"
import { factsFor } from "./facts-for.ts"
import { conversion, isPlain, lineAmount } from "./line-amount.ts"

/** The sheet of a cart, each row at the price that was selected for it. Throws `PricingError`. */
export const sheetOf = (cart: CartToPrice, context: PricingContext, rounding: RoundingPolicy): Sheet => {
  checkLists(cart)
  const charges = chargesOf(cart)
  const rates = ratesIn(context)
  const sheet = emptySheet(cart, context, rounding, charges)
  fillLines(sheet, rates)
  fillCharges(sheet, charges, rates)
  checkIds(sheet)
  if (sheet.rests !== undefined) evenOut(sheet, sheet.rests)
  checkTotal(sheet, sheet.listed)
  return sheet
}

/** What is filled in row by row. */
interface Filling extends Sheet {
  readonly ids: Array<string>
  readonly quantity: Array<number>
  readonly unitPrice: Array<number>
  readonly prices: Array<PriceCandidate>
  readonly rates: Array<Rates>
}

const emptySheet = (cart: CartToPrice, context: PricingContext, rounding: RoundingPolicy, charges: ReadonlyArray<Charge>): Filling => {
  const lines = cart.lines.length
  const rows = lines + charges.length
  return {
    cart,
    context,
    rounding,
    rows,
    lines,
    ids: new Array<string>(rows),
    quantity: new Array<number>(rows),
    unitPrice: new Array<number>(rows),
    listed: new Array<number>(rows),
    amount: new Array<number>(rows),
    kinds: charges.map(({ kind }): RowKind => kind),
    charges: charges.map(({ charge }): ChargeOfRow => charge),
    prices: new Array<PriceCandidate>(lines),
    rates: new Array<Rates>(rows),
    entered: undefined,
    rests: undefined,
    given: []
  }
}

const fillLines = (sheet: Filling, ratesFor: (id: string, category: string) => Rates): void => {
  const { cart, context, rounding, ids, quantity, unitPrice, listed, amount, prices, rates } = sheet
  const { entry } = context.tax
  const order = context.priceOrder ?? defaultPriceOrder
  const facts = factsFor(cart, context)
  for (let row = 0; row < sheet.lines; row++) {
    const line = cart.lines[row]!
    checkLine(line, row)
    const rate = ratesFor(line.id, line.taxCategory)
    checkPrices(line.prices, row)
    const only = line.prices.length === 1 && isForAll(line.prices[0]!, context.currency) ? line.prices[0]! : undefined
    const price = only ?? bestPrice(line.prices, facts(line, rate), order)
    if (price === undefined) throw noPrice(line.id, context)
    checkPrice(price, line.id, row)
    ids[row] = line.id
    prices[row] = price
    rates[row] = rate
    quantity[row] = line.quantity
    if (isPlain(price, line, rate, entry)) {
      unitPrice[row] = price.amount
      listed[row] = amount[row] = price.amount * line.quantity
      continue
    }
    const cost = lineAmount(line, price, quantityFor(price, facts(line, rate)) ?? line.quantity, rate, context.tax, rounding)
    unitPrice[row] = cost.unitPrice
    listed[row] = amount[row] = cost.listed
    if (cost.entered !== undefined) (sheet.entered ??= new Map()).set(row, cost.entered)
    if (cost.rest !== undefined) (sheet.rests ??= new Map()).set(row, cost.rest)
  }
}

const fillCharges = (sheet: Filling, charges: ReadonlyArray<Charge>, ratesFor: (id: string, category: string) => Rates): void => {
  const { context, rounding, lines } = sheet
  const { entry, relief, shipping } = context.tax
  const isShared = shipping === "share" && relief === undefined && lines > 0
  for (const [at, { charge, kind, each, pieces, field, currency }] of charges.entries()) {
    const row = lines + at
    checkCharge(charge.id, each, currency, context.currency, kind, field)
    const rate = isShared && kind === "shipping" ? likeTheGoods : ratesFor(charge.id, charge.taxCategory)
    const { numerator, denominator } = conversion(entry, entry, rate)
    const full = each * pieces
    sheet.ids[row] = charge.id
    sheet.rates[row] = rate
    sheet.quantity[row] = pieces
    sheet.unitPrice[row] = each
    sheet.listed[row] = sheet.amount[row] = numerator === denominator ? full : scaled(full, numerator, denominator, rounding.mode)
    if (numerator !== denominator) (sheet.entered ??= new Map()).set(row, full)
  }
}

const noPrice = (line: string, { currency, channel }: PricingContext) =>
  new NoPrice({
    line,
    currency,
    channel,
    message: `"${line}" has no price in ${currency}${channel === undefined ? "" : ` on ${channel} or in general`} that counts now for this customer and quantity. Give its variant one, or ask \`selectPrice\` why none of those it has was taken.`
  })
