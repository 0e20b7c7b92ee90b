import { gainOf, lackingOf } from "./cover.ts"
import type { Dual } from "./dual.ts"
import type { Search } from "./run.ts"

/** What a branch and bound looks for. */
export interface Goal {
  /** Locations that are open from the beginning. */
  readonly from: Uint8Array
  /** Choices up to this price, beyond that of forced locations; it may fall while better ones are found. */
  readonly limit: () => number
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
  /** What was lacking before each opening, to go back to. */
  private readonly trail: Array<number> = []
  private work: number
  /** The dual prices of what is lacking, and what locations are worth below zero. */
  private due = 0
  private worth = 0
  /** What a location costs beyond what it would give now. */
  private readonly reducedNow: Float64Array

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
    this.reducedNow = new Float64Array(this.open.length)
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
    let done = true
    const tried: Array<number> = []
    for (const l of this.promising(row, price)) {
      if (!done || this.supply[row]! < this.left[row]!) break
      this.allow(l, -1)
      tried.push(l)
      if (price + this.least(this.reducedNow[l]!) > this.goal.limit()) continue
      const mark = this.trail.length
      this.take(l)
      done = this.visit(price + this.search.cover.price[l]!)
      this.goBack(l, mark)
    }
    for (const l of tried) this.allow(l, 1)
    return done
  }

  /** At least so much more a choice costs, by the dual prices, when a location is opened that costs so much beyond what it gives. */
  private least(reduced: number): number {
    return Math.ceil(this.due + this.worth + reduced - 1e-6)
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

  /** The places to cover a row from that could be within the limit, first those that cost least beyond what they give. */
  private promising(row: number, price: number): ReadonlyArray<number> {
    const { columns, price: prices, givers } = this.search.cover
    const { left, reducedNow, dual } = this
    const some: Array<number> = []
    const room = this.goal.limit() - price
    for (const l of givers[row]!) {
      if (this.allowed[l] === 0) continue
      // Once it is open, what it was worth at the root is no longer counted; and now it gives no more than it did there.
      const worth = Math.min(0, dual.reduced[l]!)
      if (this.least(dual.reduced[l]! - worth) > room) continue
      const reduced = prices[l]! - gainOf(columns[l]!, left, dual.row)
      this.work -= columns[l]!.rows.length
      if (this.least(reduced - worth) > room) continue
      let at = some.length
      while (at > 0 && reducedNow[some[at - 1]!]! > reduced) at--
      reducedNow[l] = reduced
      some.splice(at, 0, l)
    }
    return some
  }
}

const NONE = -1
