import { assignAlone, type Assignment, emptyAssignment } from "./assign.ts"
import { gainOf, lackingOf } from "./cover.ts"
import type { Dual } from "./dual.ts"
import { addScore } from "./objective.ts"
import type { Search } from "./search.ts"

/** What a branch and bound looks for. */
export interface Goal {
  /** Locations that are open from the beginning. */
  readonly from: Uint8Array
  /** Choices up to this price, beyond that of forced locations; it may fall while better ones are found. */
  readonly limit: () => number
  /** Only those that are better by the rules after the first that counts parcels. */
  readonly better: boolean
  /** So much work at most. */
  readonly work: number
}

/**
 * Branch and bound over the rows of the cover: the row with fewest places to come from is covered by each of them in turn, the earlier
 * ones then excluded; what cannot be within the limit by the dual prices is left out. Offers what it finds, and answers whether it came
 * to an end, so that nothing is left.
 */
export const branch = (run: Search, dual: Dual, goal: Goal): boolean => new Branching(run, dual, goal).run()

class Branching {
  private readonly search: Search
  private readonly dual: Dual
  private readonly goal: Goal
  private readonly open: Uint8Array
  private readonly allowed: Uint8Array
  private readonly left: Float64Array
  /** How many allowed locations give of each row, and how much. */
  private readonly places: Float64Array
  private readonly supply: Float64Array
  private readonly found: Assignment
  /** What was lacking before each opening, to go back to. */
  private readonly trail: Array<number> = []
  private work: number
  /** The dual prices of what is lacking, and what locations are worth below zero. */
  private due = 0
  private worth = 0
  private readonly weights: Float64Array
  private readonly worths: Float64Array

  constructor(search: Search, dual: Dual, goal: Goal) {
    const { cover } = search
    this.search = search
    this.dual = dual
    this.goal = goal
    this.work = goal.work
    this.open = goal.from.slice()
    this.allowed = this.open.map((one) => 1 - one)
    this.left = lackingOf(cover, this.open).map((left) => Math.max(0, left))
    this.places = new Float64Array(this.left.length)
    this.supply = new Float64Array(this.left.length)
    this.weights = cover.needs.map((need) => 1 / need)
    this.worths = new Float64Array(this.open.length)
    this.found = emptyAssignment(search.problem)
    this.left.forEach((left, i) => (this.due += left * dual.row[i]!))
    this.allowed.forEach((is, l) => (is === 1 ? this.allow(l, 1) : 0))
  }

  run(): boolean {
    const { price, forced } = this.search.cover
    let spent = 0
    for (let l = 0; l < this.open.length; l++) if (this.open[l] === 1 && forced[l] === 0) spent += price[l]!
    const done = this.visit(spent)
    this.search.spend(this.goal.work - this.work)
    return done
  }

  private visit(price: number): boolean {
    this.work -= this.left.length
    if (this.work <= 0) return false
    const row = this.scarcest()
    if (row === NONE) {
      this.work -= this.search.cost
      this.search.offer(this.open, true)
      return true
    }
    if (this.supply[row]! < this.left[row]!) return true
    if (this.goal.better && !this.couldBeBetter()) return true
    let done = true
    const tried: Array<number> = []
    for (const l of this.byGain(row)) {
      if (!done || this.supply[row]! < this.left[row]!) break
      this.allow(l, -1)
      tried.push(l)
      const mark = this.trail.length
      this.take(l)
      const next = price + this.search.cover.price[l]!
      if (next + Math.max(0, Math.ceil(this.due + this.worth - 1e-6)) <= this.goal.limit()) done = this.visit(next)
      this.goBack(l, mark)
    }
    for (const l of tried) this.allow(l, 1)
    return done
  }

  private take(l: number): void {
    const { rows, gives } = this.search.cover.columns[l]!
    this.open[l] = 1
    for (let j = 0; j < rows.length; j++) {
      const i = rows[j]!
      const left = this.left[i]!
      if (left === 0) continue
      const next = left > gives[j]! ? left - gives[j]! : 0
      this.trail.push(i, left)
      this.left[i] = next
      this.due -= (left - next) * this.dual.row[i]!
    }
    this.work -= 2 * rows.length
  }

  private goBack(l: number, mark: number): void {
    this.open[l] = 0
    while (this.trail.length > mark) {
      const left = this.trail.pop()!
      const i = this.trail.pop()!
      this.due += (left - this.left[i]!) * this.dual.row[i]!
      this.left[i] = left
    }
  }

  /** Lets a location be opened, or not. */
  private allow(l: number, sign: 1 | -1): void {
    const { rows, gives } = this.search.cover.columns[l]!
    this.allowed[l] = sign === 1 ? 1 : 0
    for (let j = 0; j < rows.length; j++) {
      this.places[rows[j]!] = this.places[rows[j]!]! + sign
      this.supply[rows[j]!] = this.supply[rows[j]!]! + sign * gives[j]!
    }
    if (this.dual.reduced[l]! < 0) this.worth += sign * this.dual.reduced[l]!
  }

  /** The row that lacks something and has fewest places to come from. */
  private scarcest(): number {
    let best = NONE
    let fewest = Number.POSITIVE_INFINITY
    for (let i = 0; i < this.left.length; i++) {
      if (this.left[i] === 0) continue
      const places = this.supply[i]! < this.left[i]! ? 0 : this.places[i]!
      if (places < fewest) [best, fewest] = [i, places]
    }
    return best
  }

  /** The places to cover a row from, first what covers most for its price. */
  private byGain(row: number): ReadonlyArray<number> {
    const { columns, price, givers } = this.search.cover
    const { worths, left, weights } = this
    const some: Array<number> = []
    for (const l of givers[row]!) {
      if (this.allowed[l] === 0) continue
      worths[l] = gainOf(columns[l]!, left, weights) / (price[l]! + 1e-9)
      this.work -= columns[l]!.rows.length
      let at = some.length
      while (at > 0 && worths[some[at - 1]!]! < worths[l]!) at--
      some.splice(at, 0, l)
    }
    return some
  }

  /** Whether the pieces, from what is open or may still be opened, can be served better than in the best choice. */
  private couldBeBetter(): boolean {
    const { problem, best, cover } = this.search
    const open = this.open.map((one, l) => (one === 1 || this.allowed[l] === 1 ? 1 : 0))
    assignAlone(problem, open, this.found)
    this.work -= this.search.cost
    const least = this.found.score
    for (let l = 0; l < open.length; l++) if (this.open[l] === 1) addScore(least, problem.parcel[l]!, 1)
    for (let k = 0; k < least.length; k++) {
      if (k === cover.level || least[k] === best.score[k]) continue
      return least[k]! < best.score[k]!
    }
    return false
  }
}

const NONE = -1
