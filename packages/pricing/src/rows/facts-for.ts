import type { CartToPrice, LineToPrice, PricingContext } from "../model.ts"
import { entryOf, type PriceCandidate, type PriceFacts } from "../selection/candidate.ts"
import type { Rates } from "../tax/rates.ts"
import { checkLine } from "./check.ts"

/** What price selection knows of a line: the context, its quantity, and that of its product where a price asks for it. */
export const factsFor = (
  cart: CartToPrice,
  { now, currency, channel, audience, tax }: PricingContext
): ((line: LineToPrice, rates: Rates) => PriceFacts) => {
  const common = () => ({ now, currency, ...(channel === undefined ? {} : { channel }), ...(audience === undefined ? {} : { audience }) })
  let shared: ReturnType<typeof common> | undefined
  let pieces: ReadonlyMap<string, number> | undefined
  return ({ quantity, product, prices }, rates) => {
    shared ??= common()
    const facts = { ...shared, quantity }
    if (!prices.some(isInvolved)) return facts
    if (product !== undefined) pieces ??= piecesOf(cart)
    return {
      ...facts,
      tax: comparison(rates, tax.entry),
      productQuantity: (product === undefined ? undefined : pieces?.get(product)) ?? quantity
    }
  }
}

const isInvolved = (price: PriceCandidate): boolean => price.counts === "product" || entryOf(price) !== undefined

/** Prices compare on the side of the cart; where no tax is due, by what they come to without it. */
const comparison = ({ relief, forgone, numerator, denominator }: Rates, entry: "net" | "gross"): PriceFacts["tax"] & object => {
  if (relief === undefined) return { entry, fraction: Number(numerator) / Number(denominator) }
  return { entry: "net", fraction: relief.prices === "keep" ? 0 : Number(forgone) / Number(denominator) }
}

/** How many there are of each product. All lines are checked first, for all of them count. */
const piecesOf = ({ lines }: CartToPrice): ReadonlyMap<string, number> => {
  lines.forEach(checkLine)
  const pieces = new Map<string, number>()
  for (const { product, quantity } of lines) if (product !== undefined) pieces.set(product, (pieces.get(product) ?? 0) + quantity)
  return pieces
}
