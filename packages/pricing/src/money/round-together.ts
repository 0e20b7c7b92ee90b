import type { Rounding } from "@omni/core/values"

import { divided, dividedBig } from "./divide.ts"

/**
 * Rounds the sum of exact amounts once, and the amounts so that they add up to it: each is its exact value rounded down, and the units
 * left over go to the largest remainders, to the smaller id of equal ones. Exact amounts are numerators over one denominator,
 * of either sign. Numbers are taken where all of them and their sum are safe integers.
 */
export const roundTogether = (
  numerators: ReadonlyArray<number> | ReadonlyArray<bigint>,
  denominator: number | bigint,
  ids: ReadonlyArray<string>,
  mode: Rounding
): Array<number> => {
  const shares = new Array<number>(numerators.length).fill(0)
  const rests = new Float64Array(numerators.length)
  const left =
    typeof denominator === "number" && areNumbers(numerators)
      ? inNumbers(numerators, denominator, mode, shares, rests)
      : inBigInts(numerators, BigInt(denominator), mode, shares, rests)
  if (left > 0) for (const at of largest(rests, left, ids)) shares[at]!++
  return shares
}

const areNumbers = (list: ReadonlyArray<number> | ReadonlyArray<bigint>): list is ReadonlyArray<number> => {
  let sum = 0
  for (const one of list) if (typeof one !== "number" || !Number.isSafeInteger((sum += Math.abs(one)))) return false
  return true
}

const inNumbers = (
  numerators: ReadonlyArray<number>,
  denominator: number,
  mode: Rounding,
  shares: Array<number>,
  rests: Float64Array
): number => {
  let sum = 0
  let given = 0
  for (let at = 0; at < shares.length; at++) {
    const share = Math.floor(numerators[at]! / denominator) + 0
    shares[at] = share
    rests[at] = numerators[at]! - share * denominator
    sum += numerators[at]!
    given += share
  }
  return divided(sum, denominator, mode) - given
}

/** The same where numbers would not be exact. Remainders are given as their ranks, for they are only compared. */
const inBigInts = (
  numerators: ReadonlyArray<number> | ReadonlyArray<bigint>,
  denominator: bigint,
  mode: Rounding,
  shares: Array<number>,
  rests: Float64Array
): number => {
  const exact = Array.from<number | bigint, bigint>(numerators, BigInt)
  const over = exact.map((one) => ((one % denominator) + denominator) % denominator)
  const ranks = new Map([...new Set(over)].sort((a, b) => (a < b ? -1 : 1)).map((rest, rank) => [rest, rank]))
  let given = 0n
  for (const [at, one] of exact.entries()) {
    const share = (one - over[at]!) / denominator
    shares[at] = Number(share)
    rests[at] = ranks.get(over[at]!)!
    given += share
  }
  const sum = exact.reduce((sofar, one) => sofar + one, 0n)
  return Number(dividedBig(sum, denominator, mode) - given)
}

/** Where the `count` largest remainders are; of equal ones, those with the smaller ids. */
const largest = (rests: Float64Array, count: number, ids: ReadonlyArray<string>): ReadonlyArray<number> => {
  const bar = rests.toSorted()[rests.length - count]!
  const above: Array<number> = []
  const level: Array<number> = []
  for (let at = 0; at < rests.length; at++) if (rests[at]! >= bar) (rests[at]! > bar ? above : level).push(at)
  if (above.length + level.length > count) level.sort((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
  for (let next = 0; above.length < count; next++) above.push(level[next]!)
  return above
}
