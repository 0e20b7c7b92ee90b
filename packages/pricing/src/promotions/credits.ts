import type { Candidate } from "./candidate.ts"
import type { Scene, State } from "./scene.ts"
import type { Draws } from "./units.ts"

/**
 * What sets can take off at most although they compete for units: every unit is in one set at most, so what a set takes is charged to its
 * units, and no unit is charged more than the dearest of those that it could be in would.
 */
export interface SetCredits {
  /** By place and row, the most that sets from there on charge a unit. */
  readonly unit: ReadonlyArray<Float64Array>
  /** By place and row, how many of them could take units of it: each may round once. */
  readonly takers: ReadonlyArray<Float64Array>
}

/** The credits of candidates that are in their order. */
export const creditsOf = (candidates: ReadonlyArray<Candidate>, scene: Scene): SetCredits => {
  const [unit, takers]: [Array<Float64Array>, Array<Float64Array>] = [[], []]
  const size = scene.hasSets ? scene.rows : 0
  let [most, count] = [new Float64Array(size), new Float64Array(size)]
  for (let at = candidates.length - 1; at >= 0; at--) {
    const { giving } = candidates[at]!
    if (giving.type === "sets") {
      most = most.slice()
      count = count.slice()
      for (const row of giving.draws.places) count[row]!++
      chargeAll(giving.draws, scene, (row, charge) => (most[row] = Math.max(most[row]!, charge)))
    }
    unit[at] = most
    takers[at] = count
  }
  return { unit, takers }
}

/** What all from a place on take at most as things stand: never more than there is left to pay for the units. */
export const creditOf = ({ unit, takers }: SetCredits, at: number, { free, open }: State): number => {
  const [charges, counts] = [unit[at]!, takers[at]!]
  let sum = 0
  for (let row = 0; row < charges.length; row++) {
    const units = free[row]!
    if (units > 0) sum += Math.min(open[row]!, units * charges[row]! + 2 * Math.min(units, counts[row]!))
  }
  return sum
}

const chargeAll = (draws: Draws, scene: Scene, charge: (row: number, amount: number) => void): void => {
  const worth = (row: number): number => scene.listed[row]! / scene.quantities[row]!
  if ("price" in draws.given) return chargeBundle(draws, draws.given.price, worth, charge)
  const { numerator, denominator } = draws.given.part
  const part = Math.min(1, numerator / denominator)
  const [buy, get] = draws.draws
  const isSpread = buy !== undefined && get !== undefined && isBoughtDearer(draws, worth)
  const share = isSpread ? get.quantity / (buy.quantity + get.quantity) : 1
  for (const index of draws.dearest[1]!) charge(draws.places[index]!, worth(draws.places[index]!) * part * share)
}

/** Whether what is bought for a set is never worth less than what is given in it: the same lines, the dearest first. */
const isBoughtDearer = ({ dearest, draws, places }: Draws, worth: (row: number) => number): boolean => {
  const [bought, got] = dearest
  const [buy] = draws
  if (bought === undefined || got === undefined || buy === undefined || bought.length !== got.length) return false
  return buy.order.every((index, next) => {
    const before = buy.order[next - 1]
    return bought[next] === got[next] && (before === undefined || worth(places[before]!) >= worth(places[index]!))
  })
}

/** The price of a bundle is shared out to its parts by their dearest units: a unit is charged what it is worth beyond its share. */
const chargeBundle = (
  { draws, dearest, places }: Draws,
  price: number,
  worth: (row: number) => number,
  charge: (row: number, amount: number) => void
): void => {
  const tops = dearest.map(([first]) => (first === undefined ? 0 : worth(places[first]!)))
  const whole = draws.reduce((sum, { quantity }, at) => sum + quantity * tops[at]!, 0)
  for (const [at, { order }] of draws.entries()) {
    const share = whole === 0 ? 0 : (price * tops[at]!) / whole
    for (const index of order) charge(places[index]!, Math.max(0, worth(places[index]!) - share))
  }
}
