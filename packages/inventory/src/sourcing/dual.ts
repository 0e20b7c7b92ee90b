import type { Cover } from "./cover.ts"

/** Prices of rows under which no choice of locations is cheaper than `bound`. */
export interface Dual {
  readonly row: Float64Array
  /** What a location costs beyond what it gives at these prices; below zero it is worth opening. */
  readonly reduced: Float64Array
  readonly bound: number
}

const ROUNDS = 150

/**
 * Prices for the rows of a cover by Lagrangian relaxation and subgradient steps (M. L. Fisher, "The Lagrangian Relaxation Method for
 * Solving Integer Programming Problems", 1981). `known` is the cost of the best known choice: steps are in proportion to the gap.
 * `suggest` is told at each round which locations are worth opening.
 */
export const dualOf = (cover: Cover, known: () => number, suggest: (dual: Dual, round: number) => void = () => {}): Dual => {
  const { needs } = cover
  let row = startOf(cover)
  let best: Dual = { row, reduced: cover.price.slice(), bound: Number.NEGATIVE_INFINITY }
  let step = 1
  let stale = 0
  for (let round = 0; round < ROUNDS && Math.ceil(best.bound - 1e-6) < known(); round++) {
    const dual = relaxed(cover, row)
    if (dual.bound > best.bound + 1e-9) {
      best = dual
      stale = 0
    } else if (++stale === 8) {
      step /= 2
      stale = 0
      row = best.row
    }
    suggest(dual, round)
    const slope = slopeOf(cover, dual)
    const norm = slope.reduce((sum, one) => sum + one * one, 0)
    if (norm === 0) break
    const by = (step * Math.max(1e-3 * known(), known() * 1.02 - dual.bound)) / norm
    row = row.map((own, i) => Math.max(0, own + by * slope[i]!))
  }
  return needs.length === 0 ? { ...best, bound: 0 } : best
}

/** Each row as dear as its cheapest place would have it, if that were all it is opened for. */
const startOf = ({ needs, columns, price }: Cover): Float64Array => {
  const row = new Float64Array(needs.length).fill(Number.POSITIVE_INFINITY)
  columns.forEach(({ rows, gives }, l) => {
    const covers = gives.reduce((sum, given, j) => sum + given / needs[rows[j]!]!, 0)
    rows.forEach((i) => (row[i] = Math.min(row[i]!, price[l]! / covers / needs[i]!)))
  })
  return row.map((one) => (Number.isFinite(one) ? one : 0))
}

const relaxed = ({ needs, columns, price, forced }: Cover, row: Float64Array): Dual => {
  const reduced = price.slice()
  let bound = 0
  for (let i = 0; i < needs.length; i++) bound += row[i]! * needs[i]!
  for (let l = 0; l < columns.length; l++) {
    if (forced[l] === 1) continue
    const { rows, gives } = columns[l]!
    let own = price[l]!
    for (let j = 0; j < rows.length; j++) own -= row[rows[j]!]! * gives[j]!
    reduced[l] = own
    if (own < 0) bound += own
  }
  return { row, reduced, bound }
}

/** What the locations that are worth opening leave lacking of each row, or give too much. */
const slopeOf = ({ needs, columns, forced }: Cover, { reduced }: Dual): Float64Array => {
  const slope = needs.slice()
  for (let l = 0; l < columns.length; l++) {
    if (forced[l] === 1 || reduced[l]! >= 0) continue
    const { rows, gives } = columns[l]!
    for (let j = 0; j < rows.length; j++) slope[rows[j]!] = slope[rows[j]!]! - gives[j]!
  }
  return slope
}
