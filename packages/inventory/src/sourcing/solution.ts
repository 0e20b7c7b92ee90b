import { assign } from "./assign.ts"
import { choose } from "./choose.ts"
import type { SourcingLine } from "./model.ts"
import { addScore, noScore, type Score } from "./objective.ts"
import type { Demand, Part, Problem } from "./problem.ts"
import { emptyAssignment } from "./take.ts"

/** So many pieces of a line from a location. */
export interface Take {
  readonly line: SourcingLine
  readonly demand: Demand
  readonly location: number
  readonly quantity: number
}

/** A solved order: who gives what, and what a change to it would come to. */
export class Solution {
  readonly problem: Problem
  readonly optimal: boolean
  readonly takes: ReadonlyArray<Take>
  readonly score: Score
  /** Pieces taken at a location, of an article there, and of all. */
  private readonly taken: ReadonlyArray<Float64Array>
  private readonly pieces: Float64Array
  /** How many locations serve. */
  readonly parcels: number

  constructor(problem: Problem) {
    this.problem = problem
    const { open, optimal } = choose(problem)
    const made = emptyAssignment(problem)
    const given = new Map<Demand, Array<readonly [number, number]>>()
    assign(problem, open, made, LAST_STEPS, (demand, location, quantity) => {
      given.set(demand, [...(given.get(demand) ?? []), [location, quantity]])
    })
    this.optimal = optimal
    this.score = made.score
    this.takes = [...given].flatMap(([demand, from]) => (demand.chunk ? together(demand, from[0]![0]) : inTurn(demand, from)))
    this.taken = problem.skus.map(() => new Float64Array(problem.locations.length))
    this.pieces = new Float64Array(problem.locations.length)
    for (const { line, location, quantity } of this.takes) {
      const own = this.taken[problem.skus.indexOf(line.sku)]!
      own[location] = own[location]! + quantity
      this.pieces[location] = this.pieces[location]! + quantity
    }
    this.parcels = this.used.length
  }

  isUsed(location: number): boolean {
    return this.pieces[location]! > 0
  }

  /** The ids of the locations that serve. */
  get used(): ReadonlyArray<string> {
    return this.problem.locations.flatMap(({ id }, l) => (this.isUsed(l) ? [id] : []))
  }

  /** How many more of an article a location could give. */
  spare(sku: number, location: number): number {
    const { over, under } = this.problem.shelves[sku]![location]!
    return over + under - this.taken[sku]![location]!
  }

  /** What it would change to have parts from another location instead, and whether that were one parcel more. */
  moved(
    moves: ReadonlyArray<{ readonly part: Part; readonly from: number }>,
    to: number
  ): { readonly change: Score; readonly more: boolean } {
    const change = noScore(this.problem.width)
    const leaving = new Map<number, number>()
    for (const { part, from } of moves) {
      this.addCost(change, part, to, 1)
      this.addCost(change, part, from, -1)
      leaving.set(from, (leaving.get(from) ?? 0) + part.quantity)
    }
    let parcels = 0
    const open = (location: number, by: 1 | -1) => {
      addScore(change, this.problem.parcel[location]!, by)
      parcels += by
    }
    if (!this.isUsed(to)) open(to, 1)
    for (const [from, quantity] of leaving) if (quantity >= this.pieces[from]!) open(from, -1)
    return { change, more: parcels > 0 }
  }

  /** The cost of so many more of an article at a location, or of so many less: first what it freely gives. */
  private addCost(change: Score, { sku, quantity }: Part, location: number, sign: 1 | -1): void {
    const { over, overCost, underCost } = this.problem.shelves[sku]![location]!
    const now = this.taken[sku]![location]!
    const most = sign === 1 ? now + quantity : now
    const under = Math.max(0, most - over) - Math.max(0, most - quantity - over)
    addScore(change, overCost, sign * (quantity - under))
    if (under > 0) addScore(change, underCost, sign * under)
  }
}

const LAST_STEPS = 50_000

const together = (demand: Demand, location: number): ReadonlyArray<Take> =>
  demand.lines.map((line) => ({ line, demand, location, quantity: line.quantity }))

/** Shares what an article's lines get out among them, line by line. */
const inTurn = (demand: Demand, from: ReadonlyArray<readonly [number, number]>): ReadonlyArray<Take> => {
  const takes = new Map<string, Take>()
  const left = from.map(([location, quantity]) => ({ location, quantity }))
  for (const line of demand.lines) {
    let need = line.quantity
    while (need > 0 && left[0] !== undefined) {
      const quantity = Math.min(need, left[0].quantity)
      const key = `${left[0].location} ${line.id}`
      takes.set(key, { line, demand, location: left[0].location, quantity: quantity + (takes.get(key)?.quantity ?? 0) })
      need -= quantity
      left[0].quantity -= quantity
      if (left[0].quantity === 0) left.shift()
    }
  }
  return [...takes.values()]
}
