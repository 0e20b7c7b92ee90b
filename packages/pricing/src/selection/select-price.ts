import { InvalidContext } from "../errors.ts"
import { defaultPriceOrder, entryOf, type PriceCandidate, type PriceCriterion, type PriceFacts, type PriceRefusal } from "./candidate.ts"
import { quantityFor, refusalOf, specificity } from "./eligible.ts"
import { averageAmount } from "./tiers.ts"

/** Which price was taken, what it would be without a sale, and of every other one why it was not taken. */
export interface PriceSelection<C extends PriceCandidate = PriceCandidate> {
  readonly chosen: C | undefined
  /** What it would be without a sale when the chosen one is on a sale list: the best on no list or on an ordinary one, if there is one; else the chosen one. */
  readonly original: C | undefined
  readonly others: ReadonlyArray<PriceRefusal & { readonly price: C }>
}

/**
 * Selects a price and says why it was that one. The answer does not depend on the order of the candidates, unless two of them have the
 * same id or none and are equal by every criterion; then the earlier one is taken. Throws `InvalidContext` where no currency is told.
 */
export const selectPrice = <C extends PriceCandidate>(
  candidates: ReadonlyArray<C>,
  facts: PriceFacts,
  order: ReadonlyArray<PriceCriterion> = defaultPriceOrder
): PriceSelection<C> => {
  if (typeof facts.currency !== "string")
    throw new InvalidContext({ field: "currency", message: "In which currency? Prices of several cannot be compared." })
  const chosen = bestPrice(candidates, facts, order)
  const others = candidates.flatMap((price) => {
    if (price === chosen) return []
    const refusal = refusalOf(price, facts) ?? { code: chosen === undefined ? "tie" : decides(chosen, price, facts, order) }
    return [{ price, ...refusal }]
  })
  return { chosen, original: chosen === undefined ? undefined : originalPrice(candidates, chosen, facts, order), others }
}

/** The best of the prices that count. */
export const bestPrice = <C extends PriceCandidate>(
  candidates: ReadonlyArray<C>,
  facts: PriceFacts,
  order: ReadonlyArray<PriceCriterion>,
  wanted?: (price: C) => boolean
): C | undefined => {
  let best: C | undefined
  for (const price of candidates) {
    if (wanted !== undefined && !wanted(price)) continue
    if (refusalOf(price, facts) !== undefined) continue
    if (best === undefined || isBetter(price, best, facts, order)) best = price
  }
  return best
}

/**
 * What the price would be without a sale: the best one on no list or on an ordinary one, which has no type. One in place of another (an
 * override, a contract's) is no price that a sale is compared with. Nothing where there is none.
 */
export const originalPrice = <C extends PriceCandidate>(
  candidates: ReadonlyArray<C>,
  chosen: C,
  facts: PriceFacts,
  order: ReadonlyArray<PriceCriterion>
): C | undefined => (chosen.list?.type === "sale" ? bestPrice(candidates, facts, order, ({ list }) => list?.type === undefined) : chosen)

const isBetter = (price: PriceCandidate, best: PriceCandidate, facts: PriceFacts, order: ReadonlyArray<PriceCriterion>): boolean => {
  for (const criterion of order) {
    const difference = compared(price, best, criterion, facts)
    if (difference !== 0) return difference > 0
  }
  return price.id !== undefined && best.id !== undefined && price.id < best.id
}

const decides = (
  chosen: PriceCandidate,
  other: PriceCandidate,
  facts: PriceFacts,
  order: ReadonlyArray<PriceCriterion>
): PriceCriterion | "tie" => order.find((criterion) => compared(chosen, other, criterion, facts) !== 0) ?? "tie"

/** Above zero when the first is the better one by a criterion. */
const compared = (a: PriceCandidate, b: PriceCandidate, criterion: PriceCriterion, facts: PriceFacts): number => {
  switch (criterion) {
    case "list":
      return (a.list === undefined ? 0 : 1) - (b.list === undefined ? 0 : 1)
    case "priority":
      return (a.list?.priority ?? 0) - (b.list?.priority ?? 0)
    case "specific":
      return specificity(a) - specificity(b)
    case "lowest":
      return comparable(b, facts) - comparable(a, facts)
  }
}

/** What one unit costs in minor units, on the side that is asked for. */
const comparable = (price: PriceCandidate, facts: PriceFacts): number => {
  const { tax } = facts
  const amount = averageAmount(price, quantityFor(price, facts) ?? 1) / 10 ** (price.decimals ?? 0)
  const entry = entryOf(price)
  if (tax === undefined || entry === undefined || entry === tax.entry) return amount
  return tax.entry === "gross" ? amount * (1 + tax.fraction) : amount / (1 + tax.fraction)
}
