import { allocateMoney, type Money } from "@omni/core"

import type { Charge, OrderLine, UnitRun } from "./model.ts"

/** What a line is split by: its quantity, and the amounts that its units share. */
export type Splittable = Pick<OrderLine, "quantity" | "adjustments" | "taxes" | "shares">

/** Units of a line that follow one another: `count` of them from number `from` on. */
export interface Units {
  readonly from: number
  readonly count: number
}

/** Of each charge its amount, then its taxes: the order in which lines keep their shares. */
const amountsOf = ({ amount, taxes }: Pick<Charge, "amount" | "taxes">): ReadonlyArray<Money> => [amount, ...taxes.map((tax) => tax.amount)]

/**
 * The part of each line in the charges, in proportion to what the lines cost, by the largest remainder: over all lines each amount adds
 * up. Lines without any get `undefined`.
 */
export const sharesOf = (
  totals: ReadonlyArray<number>,
  charges: ReadonlyArray<Pick<Charge, "amount" | "taxes">>
): ReadonlyArray<ReadonlyArray<number>> => {
  const split = charges.flatMap(amountsOf).map((amount) => allocateMoney(amount, totals).map((share) => share.amount))
  return totals.map((_, line) => split.map((shares) => shares[line]!))
}

/** The amounts of a line that its units share: adjustments, taxes, shares in charges. */
const lineAmounts = ({ adjustments, taxes, shares = [] }: Splittable): ReadonlyArray<number> => [
  ...adjustments.map(({ amount }) => amount.amount),
  ...taxes.map(({ amount }) => amount.amount),
  ...shares
]

/**
 * Splits what a line costs over its units, by the largest remainder, as runs of equal units; `undefined` when all are equal. For each
 * amount the units add up to the line's. The minor units that are left over are handed out in turn, those that add and those that take
 * away each beginning at the first unit, so that also the sum of what a unit costs is within one minor unit of every other: no unit
 * costs less than nothing unless the line does.
 */
export const splitUnits = (
  line: Splittable,
  charges: ReadonlyArray<Pick<Charge, "amount" | "taxes">>,
  taxIncluded: boolean
): ReadonlyArray<UnitRun> | undefined => {
  const { quantity } = line
  if (quantity === 1) return undefined
  const amounts = lineAmounts(line)
  const left = amounts.map((amount) => amount % quantity)
  if (left.every((rest) => rest === 0)) return undefined
  const starts = new Array<number>(amounts.length).fill(0)
  for (const turn of turns(line, charges, taxIncluded)) {
    let [up, down] = [0, 0]
    for (const at of turn) {
      const rest = left[at]!
      starts[at] = rest > 0 ? up : down
      if (rest > 0) up = (up + rest) % quantity
      else down = (down - rest) % quantity
    }
  }
  const bounds = new Set([0])
  left.forEach((rest, at) => bounds.add(starts[at]!).add((starts[at]! + Math.abs(rest)) % quantity))
  const from = [...bounds].sort((a, b) => a - b)
  const runs = from.map((first, i) => ({
    count: (from[i + 1] ?? quantity) - first,
    amounts: amounts.map((amount, at) => {
      const rest = left[at]!
      const extra = (first - starts[at]! + quantity) % quantity < Math.abs(rest) ? Math.sign(rest) : 0
      return (amount - rest) / quantity + extra
    })
  }))
  return joined(runs)
}

/**
 * In which order the amounts hand out what is left over, by their places. What is paid comes first: adjustments, taxes on top, charges
 * that take away, then those that add, so that the sum is even after each; taxes within the price are a turn of their own.
 */
const turns = (
  { adjustments, taxes, shares = [] }: Splittable,
  charges: ReadonlyArray<Pick<Charge, "amount" | "taxes">>,
  taxIncluded: boolean
): ReadonlyArray<ReadonlyArray<number>> => {
  const paid = adjustments.map((_, at) => at)
  const within: Array<number> = []
  const own = taxes.map((_, i) => adjustments.length + i)
  ;(taxIncluded ? within : paid).push(...own)
  const [less, more]: [Array<number>, Array<number>] = [[], []]
  let at = adjustments.length + taxes.length
  for (const charge of shares.length === 0 ? [] : charges) {
    const to = charge.amount.amount < 0 ? less : more
    to.push(at++)
    for (const _ of charge.taxes) (taxIncluded ? within : to).push(at++)
  }
  return [[...paid, ...less, ...more], within]
}

const joined = (runs: ReadonlyArray<UnitRun>): ReadonlyArray<UnitRun> => {
  const out: Array<UnitRun> = []
  for (const run of runs) {
    const last = out.at(-1)
    if (last !== undefined && last.amounts.every((amount, i) => amount === run.amounts[i]))
      out[out.length - 1] = { ...last, count: last.count + run.count }
    else out.push(run)
  }
  return out
}

/** What some units have of each amount of their line, in the order of `UnitRun`. */
export const unitAmounts = (line: Splittable & Pick<OrderLine, "units">, some: ReadonlyArray<Units>): ReadonlyArray<number> => {
  const whole = lineAmounts(line)
  const { quantity, units } = line
  if (units === undefined) {
    const count = some.reduce((sum, range) => sum + range.count, 0)
    return whole.map((amount) => (amount / quantity) * count)
  }
  const sums = whole.map(() => 0)
  for (const { from, count } of some) {
    let first = 0
    for (const run of units) {
      const both = Math.min(from + count, first + run.count) - Math.max(from, first)
      if (both > 0) run.amounts.forEach((amount, at) => (sums[at] = sums[at]! + amount * both))
      first += run.count
    }
  }
  return sums
}
