import { addScore, compareScores, noScore, type Score } from "./objective.ts"
import type { Demand, Option, Part, Problem, Shelf } from "./problem.ts"
import { type Assignment, takeBest, type Taker } from "./take.ts"

/** Where each chunk goes: a location, or -1. */
type Placing = Int32Array

/**
 * The best way to serve demands that want the same stock: every placing of the chunks that could still be the best is tried, and pieces
 * take what is left. Adds it to `into`; answers false when `steps` were not enough, and the best of those tried was taken.
 *
 * Opening a location is not counted here: the choice of locations does that, by trying with and without.
 */
export const contend = (
  problem: Problem,
  demands: ReadonlyArray<Demand>,
  open: Uint8Array,
  into: Assignment,
  steps: number,
  take?: Taker
): boolean => {
  const chunks = demands.filter(({ chunk }) => chunk)
  const rest = demands.filter(({ chunk }) => !chunk)
  const { width, shelves } = problem
  const shelf = new Remaining(shelves, demands, open)
  const bounds = boundsOf(chunks, rest, open, into)
  const placing: Placing = new Int32Array(chunks.length).fill(-1)
  let best: { readonly score: Score; readonly placing: Placing } | undefined
  let left = steps
  const trial = noScore(width)
  const finish = (score: Score): void => {
    for (let k = 0; k < width; k++) trial[k] = score[k]!
    for (const demand of rest) shelf.takePieces(demand, trial)
    if (best === undefined || compareScores(trial, best.score) < 0) best = { score: trial.slice(), placing: placing.slice() }
  }
  const place = (at: number, score: Score): void => {
    if (best !== undefined && left-- <= 0) return
    if (best !== undefined && !couldBeat(score, bounds[at]!, best.score)) return
    const chunk = chunks[at]
    if (chunk === undefined) return finish(score)
    // Chunks that are alike are placed in order, so that no two placings differ by their names alone.
    const from = at > 0 && alike(chunk, chunks[at - 1]!) ? placing[at - 1]! : -1
    const skipped = from === -1 && at > 0 && alike(chunk, chunks[at - 1]!)
    if (!skipped) {
      for (const { location } of optionsFrom(chunk, from)) {
        if (open[location] === 0 || !shelf.has(chunk.parts, location)) continue
        const next = score.slice()
        shelf.take(chunk.parts, location, next)
        placing[at] = location
        place(at + 1, next)
        shelf.giveBack(chunk.parts, location)
      }
    }
    placing[at] = -1
    const next = score.slice()
    next[0] = next[0]! + chunk.size
    place(at + 1, next)
  }
  place(0, noScore(width))
  if (best === undefined) return true
  addScore(into.score, best.score, 1)
  best.placing.forEach((location, at) => {
    if (location === -1) return
    into.used[location] = 1
    shelf.take(chunks[at]!.parts, location, trial)
    take?.(chunks[at]!, location, 1)
  })
  for (const demand of rest) shelf.takePieces(demand, trial, into.used, take)
  return left > 0
}

const alike = (a: Demand, b: Demand): boolean =>
  a.parts.length === b.parts.length && a.parts.every(({ sku, quantity }, i) => b.parts[i]!.sku === sku && b.parts[i]!.quantity === quantity)

const optionsFrom = (chunk: Demand, location: number): ReadonlyArray<Option> =>
  location === -1 ? chunk.options : chunk.options.slice(chunk.places.indexOf(location))

/** What the chunks from each on, and all pieces, come to at best: as if nobody wanted the same stock. */
const boundsOf = (
  chunks: ReadonlyArray<Demand>,
  rest: ReadonlyArray<Demand>,
  open: Uint8Array,
  { score, used }: Assignment
): ReadonlyArray<Score> => {
  const sum: Assignment = { score: noScore(score.length), used: new Uint8Array(used.length) }
  for (const demand of rest) takeBest(demand, open, sum)
  const bounds = [sum.score.slice()]
  for (const chunk of [...chunks].reverse()) {
    takeBest(chunk, open, sum)
    bounds.unshift(sum.score.slice())
  }
  return bounds
}

const couldBeat = (score: Score, bound: Score, best: Score): boolean => {
  for (let k = 0; k < best.length; k++) {
    const least = score[k]! + bound[k]!
    if (least !== best[k]) return least < best[k]!
  }
  return false
}

/** What is left on the shelves while chunks are placed. */
class Remaining {
  private readonly left = new Map<number, Float64Array>()
  private readonly shelves: ReadonlyArray<ReadonlyArray<Shelf>>
  private readonly open: Uint8Array

  constructor(shelves: ReadonlyArray<ReadonlyArray<Shelf>>, demands: ReadonlyArray<Demand>, open: Uint8Array) {
    this.shelves = shelves
    this.open = open
    for (const { parts } of demands)
      for (const { sku } of parts)
        this.left.set(
          sku,
          Float64Array.from(shelves[sku]!, ({ over, under }) => over + under)
        )
  }

  has(parts: ReadonlyArray<Part>, location: number): boolean {
    return parts.every(({ sku, quantity }) => this.left.get(sku)![location]! >= quantity)
  }

  /** Takes parts from a location and adds their cost: first what is freely given. */
  take(parts: ReadonlyArray<Part>, location: number, score: Score): void {
    for (const { sku, quantity } of parts) {
      const left = this.left.get(sku)!
      const { under, overCost, underCost } = this.shelves[sku]![location]!
      const over = Math.min(quantity, Math.max(0, left[location]! - under))
      addScore(score, overCost, over)
      addScore(score, underCost, quantity - over)
      left[location] = left[location]! - quantity
    }
  }

  giveBack(parts: ReadonlyArray<Part>, location: number): void {
    for (const { sku, quantity } of parts) {
      const left = this.left.get(sku)!
      left[location] = left[location]! + quantity
    }
  }

  /** Serves pieces from what is left, without taking it away: no two demands of pieces are of one article. */
  takePieces(demand: Demand, score: Score, used?: Uint8Array, take?: Taker): void {
    const { sku } = demand.parts[0]!
    const left = this.left.get(sku)!
    let need = demand.need
    for (const { location, cost } of demand.options) {
      if (need === 0) break
      if (this.open[location] === 0) continue
      const { under, overCost } = this.shelves[sku]![location]!
      const there = cost === overCost ? left[location]! - under : Math.min(left[location]!, under)
      const quantity = Math.min(need, Math.max(0, there))
      if (quantity === 0) continue
      need -= quantity
      addScore(score, cost, quantity)
      if (used !== undefined) used[location] = 1
      take?.(demand, location, quantity)
    }
    score[0] = score[0]! + need
  }
}
