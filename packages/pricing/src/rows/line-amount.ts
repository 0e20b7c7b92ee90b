import type { LineToPrice, RoundingPolicy, TaxPolicy } from "../model.ts"
import { dividedBig } from "../money/divide.ts"
import { entryOf, type PriceCandidate } from "../selection/candidate.ts"
import { bandsOf, volumeAmount } from "../selection/tiers.ts"
import type { Rest } from "../sheet.ts"
import type { Rates } from "../tax/rates.ts"

/** What a line costs at its price, on the side of the tax policy. */
export interface LineAmount {
  readonly unitPrice: number
  readonly listed: number
  /** What it was on the side of its price list, or before tax was taken out of it; nothing where that is the same. */
  readonly entered: number | undefined
  readonly rest: Rest | undefined
}

interface Ratio {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** Whether one multiplication says what a line costs: a price of whole minor units for whole pieces, on the side of the policy. */
export const isPlain = (price: PriceCandidate, { unit }: LineToPrice, { relief }: Rates, entry: TaxPolicy["entry"]): boolean =>
  (price.decimals ?? 0) === 0 &&
  price.tiers === undefined &&
  (entryOf(price) ?? entry) === entry &&
  (unit === undefined || unit.precision === 0) &&
  relief === undefined

/** What a line costs, from exact figures that are rounded once. `reached` is the quantity that tiers go by. */
export const lineAmount = (
  line: LineToPrice,
  price: PriceCandidate,
  reached: number,
  rates: Rates,
  { entry }: TaxPolicy,
  { level, mode }: RoundingPolicy
): LineAmount => {
  const { quantity, unit } = line
  const finer = 10n ** BigInt(price.decimals ?? 0)
  const parts = 10n ** BigInt(unit?.precision ?? 0)
  const { numerator, denominator } = conversion(entryOf(price) ?? entry, entry, rates)
  const cost = costOf(price, quantity, reached)
  const under = cost.denominator * finer * parts
  const one = dividedBig(cost.numerator * parts * numerator, BigInt(quantity) * under * denominator, mode)
  const listed =
    level === "unit" && parts === 1n ? one * BigInt(quantity) : dividedBig(cost.numerator * numerator, under * denominator, mode)
  const rest = cost.numerator * numerator - listed * under * denominator
  return {
    unitPrice: Number(one),
    listed: Number(listed),
    entered: numerator === denominator ? undefined : Number(dividedBig(cost.numerator, under, mode)),
    rest: rest === 0n || level === "unit" || level === "line" ? undefined : { numerator: rest, denominator: under * denominator }
  }
}

/** What so many cost before decimals and units are taken into account. Where tiers count a product's lines together, their average. */
const costOf = (price: PriceCandidate, quantity: number, reached: number): Ratio => {
  if (price.tiering !== "graduated") return { numerator: BigInt(volumeAmount(price, reached)) * BigInt(quantity), denominator: 1n }
  const whole = bandsOf(price, reached).reduce((sum, band) => sum + BigInt(band.quantity) * BigInt(band.amount), 0n)
  return reached === quantity
    ? { numerator: whole, denominator: 1n }
    : { numerator: whole * BigInt(quantity), denominator: BigInt(reached) }
}

/** By how much an amount of one side becomes one of the other. Relief takes the tax out of what is entered with it, unless prices are kept. */
export const conversion = (from: TaxPolicy["entry"], to: TaxPolicy["entry"], { relief, forgone, numerator, denominator }: Rates): Ratio => {
  const net = BigInt(denominator)
  if (relief !== undefined)
    return from === "gross" && relief.prices !== "keep"
      ? { numerator: net, denominator: net + BigInt(forgone) }
      : { numerator: 1n, denominator: 1n }
  if (from === to) return { numerator: 1n, denominator: 1n }
  const gross = net + BigInt(numerator)
  return from === "gross" ? { numerator: net, denominator: gross } : { numerator: gross, denominator: net }
}
