/**
 * Splits `total` in proportion to weights, by the largest remainder; of equal remainders the smaller id comes first, so that the order
 * of the rows does not matter. The shares add up to the total exactly; weights are safe integers of zero or more, and when all
 * are zero the split is even. A negative total splits as the mirror image of the positive one.
 */
export const shareOut = (total: number, weights: ArrayLike<number>, ids: ReadonlyArray<string>): Array<number> => {
  const shares = new Array<number>(weights.length).fill(0)
  if (total === 0 || weights.length === 0) return shares
  let sum = 0
  for (let at = 0; at < weights.length; at++) sum += weights[at]!
  if (sum === 0) return shareOut(total, new Array<number>(weights.length).fill(1), ids)
  const amount = Math.abs(total)
  const rests = new Float64Array(weights.length)
  const left =
    amount * sum <= Number.MAX_SAFE_INTEGER ? inNumbers(amount, sum, weights, shares, rests) : inBigInts(amount, weights, shares, rests)
  if (left > 0) for (const at of largest(rests, left, ids)) shares[at]!++
  if (total < 0) for (let at = 0; at < shares.length; at++) shares[at] = 0 - shares[at]!
  return shares
}

/** The shares rounded down and what is left over of each; gives how many units are left in all. */
const inNumbers = (amount: number, sum: number, weights: ArrayLike<number>, shares: Array<number>, rests: Float64Array): number => {
  let left = amount
  for (let at = 0; at < shares.length; at++) {
    const product = amount * weights[at]!
    const share = Math.floor(product / sum)
    shares[at] = share
    rests[at] = product - share * sum
    left -= share
  }
  return left
}

/** The same where the products are too large for numbers. What is left over is given as its rank, for it is only compared. */
const inBigInts = (amount: number, weights: ArrayLike<number>, shares: Array<number>, rests: Float64Array): number => {
  const exact = Array.from(weights, BigInt)
  const sum = exact.reduce((sofar, weight) => sofar + weight, 0n)
  const over = exact.map((weight) => (BigInt(amount) * weight) % sum)
  const ranks = new Map([...new Set(over)].sort((a, b) => (a < b ? -1 : 1)).map((rest, rank) => [rest, rank]))
  let left = amount
  for (const [at, weight] of exact.entries()) {
    shares[at] = Number((BigInt(amount) * weight) / sum)
    rests[at] = ranks.get(over[at]!) ?? 0
    left -= shares[at]!
  }
  return left
}

/** Where the `count` largest remainders are; of equal ones, those with the smaller ids. */
export const largest = (rests: Float64Array, count: number, ids: ReadonlyArray<string>): ReadonlyArray<number> => {
  const bar = rests.toSorted()[rests.length - count]!
  const above: Array<number> = []
  const level: Array<number> = []
  for (let at = 0; at < rests.length; at++) if (rests[at]! >= bar) (rests[at]! > bar ? above : level).push(at)
  if (above.length + level.length > count) level.sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
  for (let next = 0; above.length < count; next++) above.push(level[next]!)
  return above
}

/**
 * As `shareOut`, and no share is more than its cap: what does not fit goes to those who have room, in proportion to it. The total is no
 * more than the caps together; neither is below zero.
 */
export const shareWithin = (
  total: number,
  weights: ArrayLike<number>,
  caps: ArrayLike<number>,
  ids: ReadonlyArray<string>
): Array<number> => {
  const shares = shareOut(total, weights, ids)
  let excess = 0
  for (let at = 0; at < shares.length; at++) excess += Math.max(0, shares[at]! - caps[at]!)
  if (excess === 0) return shares
  const room = shares.map((share, at) => Math.max(0, caps[at]! - share))
  const more = shareOut(excess, room, ids)
  return shares.map((share, at) => Math.min(share, caps[at]!) + more[at]!)
}
