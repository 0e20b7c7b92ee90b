import type { PriceCandidate } from "./candidate.ts"

/** Units that cost the same: so many of them, at so much each. */
export interface Band {
  readonly quantity: number
  readonly amount: number
}

/** What one unit costs at a quantity by volume: that of the tier which is reached. */
export const volumeAmount = ({ amount, tiers }: PriceCandidate, quantity: number): number => {
  let reached = amount
  if (tiers !== undefined) for (const tier of tiers) if (quantity >= tier.from) reached = tier.amount
  return reached
}

/** The units of a quantity, each at the price of its own tier: those below the first tier, those from it on, and so forth. */
export const bandsOf = ({ amount, tiers = [] }: PriceCandidate, quantity: number): ReadonlyArray<Band> => {
  const steps = [{ from: 0, amount }, ...tiers.map((tier) => ({ from: Math.max(0, tier.from - 1), amount: tier.amount }))]
  return steps.flatMap((step, at) => {
    const end = Math.min(quantity, steps[at + 1]?.from ?? quantity)
    return end > step.from ? [{ quantity: end - step.from, amount: step.amount }] : []
  })
}

/** What one unit costs on average at a quantity, for comparison alone. */
export const averageAmount = (price: PriceCandidate, quantity: number): number => {
  if (price.tiers === undefined || price.tiers.length === 0) return price.amount
  if (price.tiering !== "graduated") return volumeAmount(price, quantity)
  return bandsOf(price, quantity).reduce((sum, band) => sum + band.quantity * band.amount, 0) / quantity
}
