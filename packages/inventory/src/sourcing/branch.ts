import { bitsOf, gainOf, lackingOf } from "./cover.ts"
import type { Dual } from "./dual.ts"
import type { Search } from "./run.ts"
import type { Second } from "./second.ts"

/** What a branch and bound looks for. */
export interface Goal {
  /** Locations that are open from the beginning. */
  readonly from: Uint8Array
  /** Choices up to this price, beyond that of forced locations; it may fall while better ones are found. */
  readonly limit: () => number
  /** So much work at most. */
  readonly work: number
  /** What choices within the limit come to at least by the next rule, where only better ones than the best so far are looked for. */
  readonly second?: Second
}

/** A location to go on with, and what it costs there beyond what it would give. */
interface Place {
  readonly location: number
  readonly reduced: number
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
  /** By row, in bits: what is lacking. */
  private readonly lacking: Int32Array
  /** The least that a location costs. */
  private readonly cheapest: number
  /** What was lacking before each opening, to go back to. */
  private readonly trail: Array<number> = []
  private work: number
  /** The dual prices of what is lacking, and what locations are worth below zero. */
  private due = 0
  private worth = 0
  /** What choices come to at least by the next rule, and what locations add to it. */
  private floor: number
  private readonly reducedNext: Float64Array
  private readonly nextLevel: number

  constructor(search: Search, dual: Dual, goal: Goal) {
    const { cover } = search
    this.search = search
    this.dual = dual
    this.goal = goal
    this.work = goal.work
    this.open = goal.from.slice()
    // Where nothing is known of the next rule, nothing is worse by it.
    const { bound, level, reduced } = goal.second ?? {
      bound: Number.NEGATIVE_INFINITY,
      level: 0,
      reduced: new Float64Array(this.open.length)
    }
    this.nextLevel = level
    this.reducedNext = reduced
    this.floor = reduced.reduce((sum, one, l) => sum - Math.min(0, one) + this.open[l]! * one, bound)
    this.allowed = this.open.map((one) => 1 - one)
    this.left = lackingOf(cover, this.open).map((left) => Math.max(0, left))
    this.lacking = bitsOf(
      this.left.length,
      [...this.left.keys()].filter((i) => this.left[i]! > 0)
    )
    this.cheapest = cover.price.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY)
    this.places = new Float64Array(this.left.length)
    this.supply = new Float64Array(this.left.length)
    this.left.forEach((left, i) => (this.due += left * dual.row[i]!))
    const closed = [...this.open.keys()].filter((l) => this.open[l] === 0)
    for (const l of closed) this.allow(l, 1)
    for (const l of closed)
      if (this.isWorse(l, Math.min(0, reduced[l]!))) this.allow(l, -1)
      else this.count(l, 1)
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
    this.work -= 4
    if (this.work <= 0) return false
    const row = this.scarcest()
    if (row === NONE) {
      this.work -= this.search.cost
      this.search.offer(this.open, true)
      return true
    }
    if (this.supply[row]! < this.left[row]!) return true
    let room = this.goal.limit() - price
    const isForTwo = room < 3 * this.cheapest && room >= 2 * this.cheapest
    const some = this.promising(row, room)
    let done = true
    let tried = 0
    for (; tried < some.length && done; tried++) {
      const { location: l, reduced } = some[tried]!
      if (this.supply[row]! < this.left[row]!) break
      this.allow(l, -1)
      if (!isForTwo) this.count(l, -1)
      else if (!this.hasPartner(l)) continue
      if (this.least(reduced) > room || this.isWorse(l, 0)) continue
      const mark = this.trail.length
      this.take(l)
      done = this.visit(price + this.search.cover.price[l]!)
      this.goBack(l, mark)
      room = this.goal.limit() - price
    }
    while (tried > 0) {
      const { location } = some[--tried]!
      this.allow(location, 1)
      if (!isForTwo) this.count(location, 1)
    }
    return done
  }

  /** At least so much more a choice costs, by the dual prices, when a location is opened that costs so much beyond what it gives. */
  private least(reduced: number): number {
    return Math.ceil(this.due + this.worth + reduced - 1e-6)
  }

  /** Whether any choice with a location open is worse by the next rule than the best so far; `worth` is what it was counted as. */
  private isWorse(l: number, worth: number): boolean {
    return this.floor + this.reducedNext[l]! - worth - 1e-3 > this.search.best.score[this.nextLevel]!
  }

  /** Whether a location gives all that is lacking. */
  private completes(l: number): boolean {
    const { rows, gives, bits: touched } = this.search.cover.columns[l]!
    const { lacking, left } = this
    this.work -= lacking.length
    for (let w = 0; w < lacking.length; w++) if ((lacking[w]! & ~touched[w]!) !== 0) return false
    this.work -= rows.length
    for (let j = 0; j < rows.length; j++) if (gives[j]! < left[rows[j]!]!) return false
    return true
  }

  private take(l: number): void {
    const { rows, gives } = this.search.cover.columns[l]!
    this.open[l] = 1
    this.floor += this.reducedNext[l]!
    for (let j = 0; j < rows.length; j++) {
      const i = rows[j]!
      const left = this.left[i]!
      if (left === 0) continue
      const next = left > gives[j]! ? left - gives[j]! : 0
      this.trail.push(i, left)
      this.left[i] = next
      if (next === 0) this.lacking[i >> 5]! &= ~(1 << (i & 31))
      this.due -= (left - next) * this.dual.row[i]!
    }
    this.work -= 2 * rows.length
  }

  private goBack(l: number, mark: number): void {
    this.open[l] = 0
    this.floor -= this.reducedNext[l]!
    while (this.trail.length > mark) {
      const left = this.trail.pop()!
      const i = this.trail.pop()!
      this.due += (left - this.left[i]!) * this.dual.row[i]!
      this.left[i] = left
      this.lacking[i >> 5]! |= 1 << (i & 31)
    }
  }

  /** Lets a location be opened, or not. */
  private allow(l: number, sign: 1 | -1): void {
    this.allowed[l] = sign === 1 ? 1 : 0
    if (this.dual.reduced[l]! < 0) this.worth += sign * this.dual.reduced[l]!
    if (this.reducedNext[l]! < 0) this.floor += sign * this.reducedNext[l]!
  }

  /** Counts a location among the places of its rows, or no more. With room for two it is not worth while. */
  private count(l: number, sign: 1 | -1): void {
    const { rows, gives } = this.search.cover.columns[l]!
    this.work -= rows.length
    for (let j = 0; j < rows.length; j++) {
      this.places[rows[j]!] = this.places[rows[j]!]! + sign
      this.supply[rows[j]!] = this.supply[rows[j]!]! + sign * gives[j]!
    }
  }

  /** The row that lacks something and has fewest places to come from. */
  private scarcest(): number {
    const { lacking, left, places, supply } = this
    let best = NONE
    let fewest = Number.POSITIVE_INFINITY
    for (let w = 0; w < lacking.length; w++)
      for (let bits = lacking[w]!; bits !== 0; bits &= bits - 1) {
        const i = w * 32 + lowest(bits)
        const own = supply[i]! < left[i]! ? 0 : places[i]!
        this.work--
        if (own < fewest) [best, fewest] = [i, own]
      }
    return best
  }

  /** Whether another location gives some of every row that this one gives nothing of: with room for two, both have to give all. */
  private hasPartner(l: number): boolean {
    const { lacking, allowed } = this
    const { columns, givers } = this.search.cover
    const own = columns[l]!.bits
    const at = lacking.findIndex((bits, w) => (bits & ~own[w]!) !== 0)
    if (at === -1) return true
    const row = at * 32 + lowest(lacking[at]! & ~own[at]!)
    for (const other of givers[row]!) {
      this.work--
      if (allowed[other] === 0) continue
      const touched = columns[other]!.bits
      let w = at
      while (w < lacking.length && (lacking[w]! & ~own[w]! & ~touched[w]!) === 0) w++
      if (w === lacking.length) return true
    }
    return false
  }

  /** The places to cover a row from that could be within the limit, first those that cost least beyond what they give. */
  private promising(row: number, room: number): ReadonlyArray<Place> {
    const { columns, price: prices, givers } = this.search.cover
    const { left, reducedNext, dual, allowed } = this
    const some: Array<Place> = []
    // With room for one more location, it has to give all that is lacking.
    const isLast = room < 2 * this.cheapest
    const places = givers[row]!
    for (let g = 0; g < places.length; g++) {
      const l = places[g]!
      if (allowed[l] === 0 || (isLast && !this.completes(l))) continue
      if (this.isWorse(l, Math.min(0, reducedNext[l]!))) continue
      // Once it is open, what it was worth at the root is no longer counted; and now it gives no more than it did there.
      const worth = Math.min(0, dual.reduced[l]!)
      if (this.least(dual.reduced[l]! - worth) > room) continue
      const reduced = prices[l]! - gainOf(columns[l]!, left, dual.row)
      this.work -= columns[l]!.rows.length
      if (this.least(reduced - worth) > room) continue
      let at = some.length++
      for (; at > 0 && some[at - 1]!.reduced > reduced; at--) some[at] = some[at - 1]!
      some[at] = { location: l, reduced }
    }
    return some
  }
}

/** The place of the lowest bit. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits)

const NONE = -1
