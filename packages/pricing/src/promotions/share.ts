import { divideRounded, type Rounding } from "@omni/core/values"

import { compareIds } from "./scene.ts"

/** A part of one: 20 % is 20 of 100. Whole numbers, the second above zero. */
export interface Fraction {
  readonly numerator: number
  readonly denominator: number
}

const awayAtHalf: ReadonlySet<Rounding> = new Set(["half-up", "half-floor"])

/**
 * What a part of an amount takes off it, rounded once, as an amount below zero is: so `half-up` rounds in the customer's favour.
 * Exact for any amounts that are safe integers.
 */
export const portion = (amount: number, { numerator, denominator }: Fraction, mode: Rounding): number => {
  const product = amount * numerator
  if (product > Number.MAX_SAFE_INTEGER) {
    return -Number(divideRounded(BigInt(-amount) * BigInt(numerator), BigInt(denominator), mode))
  }
  const rest = product % denominator
  const whole = (product - rest) / denominator
  if (rest === 0) return whole
  const twice = 2 * rest
  const away =
    mode === "up" || mode === "floor"
      ? true
      : mode === "down" || mode === "ceiling"
        ? false
        : twice === denominator
          ? awayAtHalf.has(mode) || (mode === "half-even" && whole % 2 === 1)
          : twice > denominator
  return away ? whole + 1 : whole
}

/** Which row each share is of, and the ids that equal remainders go by. */
export interface Names {
  readonly rows: Int32Array
  readonly ids: ReadonlyArray<string>
}

/**
 * Shares an amount out by weights, by largest remainder, of equal ones to the smaller id first, into `shares`. All are whole
 * numbers, zero or more; the shares add up to the amount exactly, and none is above its weight when the amount is not above their sum.
 * When all weights are zero nothing is shared out.
 */
export const allocate = (amount: number, weights: Float64Array, shares: Float64Array, names: Names): void => {
  let sum = 0
  for (const weight of weights) sum += weight
  shares.fill(0)
  if (sum === 0 || amount === 0) return
  const rests = new Float64Array(weights.length)
  let given = 0
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at]!
    const product = weight * amount
    if (product <= Number.MAX_SAFE_INTEGER) {
      const rest = product % sum
      rests[at] = rest
      shares[at] = (product - rest) / sum
    } else {
      const exact = BigInt(weight) * BigInt(amount)
      rests[at] = Number(exact % BigInt(sum))
      shares[at] = Number(exact / BigInt(sum))
    }
    given += shares[at]!
  }
  topUp(amount - given, rests, shares, names)
}

/** One more for each of the largest remainders, of equal ones for the smaller id. */
const topUp = (left: number, rests: Float64Array, shares: Float64Array, { rows, ids }: Names): void => {
  if (left <= 0) return
  const least = nthLargest(rests.slice(), left)
  let equal = left
  const level: Array<number> = []
  for (let at = 0; at < rests.length; at++) {
    if (rests[at]! < least) continue
    if (rests[at] === least) level.push(at)
    else {
      shares[at]!++
      equal--
    }
  }
  if (level.length > equal) level.sort((a, b) => compareIds(ids[rows[a]!]!, ids[rows[b]!]!))
  for (let next = 0; next < equal; next++) shares[level[next]!]!++
}

/** The n-th largest of some numbers, which are put into another order meanwhile (Hoare's selection). */
const nthLargest = (numbers: Float64Array, n: number): number => {
  let [from, until] = [0, numbers.length - 1]
  const wanted = numbers.length - n
  while (from < until) {
    const pivot = numbers[(from + until) >> 1]!
    let [low, high] = [from, until]
    while (low <= high) {
      while (numbers[low]! < pivot) low++
      while (numbers[high]! > pivot) high--
      if (low > high) break
      const held = numbers[low]!
      numbers[low++] = numbers[high]!
      numbers[high--] = held
    }
    if (wanted <= high) until = high
    else if (wanted >= low) from = low
    else break
  }
  return numbers[wanted]!
}

/** As `allocate`, with at most so much for each; what does not fit goes to the others. Gives what was shared out. */
export const allocateWithin = (amount: number, weights: Float64Array, most: Float64Array, shares: Float64Array, names: Names): number => {
  let room = 0
  for (const one of most) room += one
  let left = Math.min(amount, room)
  const total = left
  const open = weights.slice()
  const round = new Float64Array(weights.length)
  shares.fill(0)
  while (left > 0) {
    allocate(left, open, round, names)
    let taken = 0
    for (let at = 0; at < shares.length; at++) {
      const share = Math.min(round[at]!, most[at]! - shares[at]!)
      shares[at] = shares[at]! + share
      taken += share
      if (shares[at]! >= most[at]!) open[at] = 0
    }
    left -= taken
    if (taken === 0) break
  }
  return total - left
}
