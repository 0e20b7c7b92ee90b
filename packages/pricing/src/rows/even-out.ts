import { roundTogether } from "../money/round-together.ts"
import { lcm } from "../money/whole.ts"
import type { Rest, Sheet } from "../sheet.ts"

/**
 * Where prices are rounded together (by rate, or for the whole document): makes the rounded amounts of the rows add up to the exact sum,
 * rounded once, by largest remainder.
 */
export const evenOut = (sheet: Sheet, rests: Map<number, Rest>): void => {
  const { rates, rounding } = sheet
  const groups = Map.groupBy(rests.keys(), (row) => (rounding.level === "rate" ? rates[row]!.key : ""))
  for (const group of groups.values()) evenOutGroup(sheet, rests, group)
}

const evenOutGroup = ({ listed, amount, ids, rounding }: Sheet, rests: Map<number, Rest>, rows: ReadonlyArray<number>): void => {
  const denominator = lcm(rows.map((row) => rests.get(row)!.denominator))
  const exact = rows.map((row) => {
    const rest = rests.get(row)!
    return BigInt(listed[row]!) * denominator + rest.numerator * (denominator / rest.denominator)
  })
  const rounded = roundTogether(
    exact,
    denominator,
    rows.map((row) => ids[row]!),
    rounding.mode
  )
  for (const [at, row] of rows.entries()) {
    listed[row] = amount[row] = rounded[at]!
    rests.set(row, { numerator: exact[at]! - BigInt(rounded[at]!) * denominator, denominator })
  }
}
