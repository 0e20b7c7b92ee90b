import type { Rounding } from "@omni/core/values"

import { scaled } from "../money/divide.ts"
import { zeros } from "./column.ts"
import { compareIds } from "./order.ts"

/** A part of one: 20 % is 20 of 100. Whole numbers, the second above zero. */
export interface Fraction {
  readonly numerator: number
  readonly denominator: number
}

/**
 * What a part of an amount takes off it, rounded once, as an amount below zero is: so `half-up` rounds in the customer's favour.
 * Exact for any amounts that are safe integers.
 */
export const portion = (amount: number, { numerator, denominator }: Fraction, mode: Rounding): number =>
  0 - scaled(0 - amount, numerator, denominator, mode)

/** Which row each share is of, the ids that equal remainders go by, and room for remainders, one for each row at least. */
export interface Names {
  readonly rows: Int32Array
  readonly ids: ReadonlyArray<string>
  readonly desk: Desk
}

/** Room to work in, for as long as it takes to share one amount out. */
export interface Desk {
  readonly weights: Array<number>
  readonly rests: Float64Array
  readonly ranked: Float64Array
}

/** Room for so many rows. */
export const deskOf = (rows: number): Desk => ({
  weights: zeros(rows),
  rests: new Float64Array(rows),
  ranked: new Float64Array(rows)
})

/**
 * Shares an amount out by as many weights as there are shares, by largest remainder, of equal ones to the smaller id first, into `shares`. All are whole
 * numbers, zero or more; the shares add up to the amount exactly, and none is above its weight when the amount is not above their sum.
 * When all weights are zero nothing is shared out.
 */
export const allocate = (amount: number, weights: Array<number>, shares: Array<number>, names: Names): void => {
  let sum = 0
  for (let at = 0; at < shares.length; at++) sum += weights[at]!
  shares.fill(0)
  if (sum === 0 || amount === 0) return
  const { rests } = names.desk
  let given = 0
  for (let at = 0; at < shares.length; at++) {
    const weight = weights[at]!
    const product = weight * amount
    if (product <= Number.MAX_SAFE_INTEGER) {
      const share = Math.floor(product / sum)
      rests[at] = product - share * sum
      shares[at] = share
    } else {
      const exact = BigInt(weight) * BigInt(amount)
      rests[at] = Number(exact % BigInt(sum))
      shares[at] = Number(exact / BigInt(sum))
    }
    given += shares[at]!
  }
  topUp(amount - given, shares, names)
}

/** One more for each of the largest remainders, of equal ones for the smaller id. */
const topUp = (left: number, shares: Array<number>, { rows, ids, desk: { rests, ranked } }: Names): void => {
  if (left <= 0) return
  const count = shares.length
  for (let at = 0; at < count; at++) ranked[at] = rests[at]!
  const least = nthLargest(ranked, count, left)
  let equal = left
  const level: Array<number> = []
  for (let at = 0; at < count; at++) {
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

/** The n-th largest of the first numbers, which are put into another order meanwhile (Hoare's selection). */
const nthLargest = (numbers: Float64Array, count: number, n: number): number => {
  let [from, until] = [0, count - 1]
  const wanted = count - n
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
export const allocateWithin = (
  amount: number,
  weights: Array<number>,
  most: Array<number>,
  shares: Array<number>,
  names: Names
): number => {
  let room = 0
  for (const one of most) room += one
  let left = Math.min(amount, room)
  const total = left
  const open = weights.slice()
  const round = zeros(weights.length)
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
