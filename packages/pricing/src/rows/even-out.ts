import { divideRounded, type Rounding } from "@omni/core/values"

import type { Sheet } from "../sheet.ts"

/**
 * Where prices are rounded together (by rate, or for the whole document): makes the rounded amounts of the rows add up to the exact sum,
 * rounded once, by one minor unit more or less on those rows that are furthest from their exact amounts.
 */
export const evenOut = (sheet: Sheet): void => {
  const { rests, rates, rounding } = sheet
  const rows = [...rests.keys()]
  const groups = Map.groupBy(rows, (row) => (rounding.level === "rate" ? rates[row]!.key : ""))
  for (const group of groups.values()) evenOutGroup(sheet, group, rounding.mode)
}

const evenOutGroup = ({ rests, listed, amount, ids }: Sheet, rows: ReadonlyArray<number>, mode: Rounding): void => {
  const denominator = rows.reduce((product, row) => lcm(product, rests.get(row)!.denominator), 1n)
  const restOf = (row: number): bigint => (rests.get(row)!.numerator * denominator) / rests.get(row)!.denominator
  const whole = rows.reduce((sum, row) => sum + BigInt(listed[row]!) * denominator + restOf(row), 0n)
  const left = Number(divideRounded(whole, denominator, mode)) - rows.reduce((sum, row) => sum + listed[row]!, 0)
  const step = Math.sign(left)
  const furthest = rows
    .filter((row) => step > 0 || listed[row]! > 0)
    .sort((a, b) => Number(restOf(b) - restOf(a)) * step || (ids[a]! < ids[b]! ? -1 : 1))
  for (const row of furthest.slice(0, Math.abs(left))) {
    listed[row]! += step
    amount[row]! += step
    const rest = rests.get(row)!
    rests.set(row, { numerator: rest.numerator - BigInt(step) * rest.denominator, denominator: rest.denominator })
  }
}

const lcm = (a: bigint, b: bigint): bigint => (a / gcd(a, b)) * b

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))
