import type { CartToPrice, LineToPrice, PricingContext } from "../model.ts"
import { entryOf, type PriceCandidate, type PriceFacts } from "../selection/candidate.ts"
import type { Rates } from "../tax/rates.ts"

/** What price selection knows of a line: the context, its quantity, and that of its product where a price asks for it. */
export const factsFor = (
  cart: CartToPrice,
  { now, currency, channel, audience, tax }: PricingContext
): ((line: LineToPrice, rates: Rates) => PriceFacts) => {
  const common = { now, currency, ...(channel === undefined ? {} : { channel }), ...(audience === undefined ? {} : { audience }) }
  let pieces: ReadonlyMap<string, number> | undefined
  return ({ quantity, product, prices }, { numerator, denominator }) => {
    const facts = { ...common, quantity }
    if (!prices.some(isInvolved)) return facts
    if (product !== undefined) pieces ??= piecesOf(cart)
    return {
      ...facts,
      tax: { entry: tax.entry, fraction: Number(numerator) / Number(denominator) },
      productQuantity: (product === undefined ? undefined : pieces?.get(product)) ?? quantity
    }
  }
}

const isInvolved = (price: PriceCandidate): boolean => price.counts === "product" || entryOf(price) !== undefined

const piecesOf = ({ lines }: CartToPrice): ReadonlyMap<string, number> => {
  const pieces = new Map<string, number>()
  for (const { product, quantity } of lines) if (product !== undefined) pieces.set(product, (pieces.get(product) ?? 0) + quantity)
  return pieces
}
