import { roundTogether } from "./round-together.ts"

/**
 * Splits `total` in proportion to weights, by the largest remainder; of equal remainders the smaller id comes first, so that the order
 * of the rows does not matter. The shares add up to the total exactly; weights are safe integers of zero or more, and when all
 * are zero the split is even. A negative total splits as the mirror image of the positive one.
 */
export const shareOut = (total: number, weights: ReadonlyArray<number>, ids: ReadonlyArray<string>): Array<number> => {
  if (total === 0 || weights.length === 0) return weights.map(() => 0)
  if (total < 0) return shareOut(-total, weights, ids).map((share) => 0 - share)
  let sum = 0
  for (const weight of weights) sum += weight
  if (sum === 0)
    return shareOut(
      total,
      weights.map(() => 1),
      ids
    )
  if (sum * total <= Number.MAX_SAFE_INTEGER)
    return roundTogether(
      weights.map((weight) => weight * total),
      sum,
      ids,
      "down"
    )
  const exact = weights.map((weight) => BigInt(weight) * BigInt(total))
  return roundTogether(
    exact,
    weights.reduce((sofar, weight) => sofar + BigInt(weight), 0n),
    ids,
    "down"
  )
}
