import { assign } from "./assign.ts"
import { type Cover, coverOf } from "./cover.ts"
import { compareScores, type Score } from "./objective.ts"
import type { Problem } from "./problem.ts"
import { type Assignment, emptyAssignment } from "./take.ts"

/** Locations from which to serve, and whether it is proven that none are better. */
export interface Choice {
  readonly open: Uint8Array
  readonly optimal: boolean
}

/** About how many figures a search looks at: it is counted, not timed, so that the same order always gets the same plan. */
const WORK = 4_000_000

/** Steps among demands for the same stock, for each choice of locations. */
const STEPS = 200

/** The best choice of locations found so far, and how much more may be tried. */
export class Search {
  readonly problem: Problem
  cover: Cover
  readonly best: { score: Score; readonly open: Uint8Array }
  /** What the locations that are open by choice cost by the first rule that counts parcels. */
  price = Number.POSITIVE_INFINITY
  /** The work of trying a choice. */
  readonly cost: number
  work: number
  /** Whether the best way to serve from each choice was found for certain. */
  isExact = true
  private readonly found: Assignment

  constructor(problem: Problem) {
    this.problem = problem
    this.cover = coverOf(problem)
    this.work = WORK * problem.effort
    this.found = emptyAssignment(problem)
    const demands = [...problem.free, ...problem.contended.flat()]
    this.cost = 100 + demands.reduce((sum, { options }) => sum + options.length, 0) + problem.contended.flat().length * STEPS
    this.best = { score: new Array<number>(problem.width).fill(Number.POSITIVE_INFINITY), open: new Uint8Array(problem.locations.length) }
  }

  /** Tries a choice; keeps what is used of it when that is better than the best so far, and says so. */
  offer(open: Uint8Array, isPaid = false): boolean {
    if (!isPaid) this.spend(this.cost)
    this.isExact = assign(this.problem, open, this.found, STEPS) && this.isExact
    const parcels = this.found.used.reduce((sum, one) => sum + one, 0)
    if (parcels > this.problem.maxParcels || compareScores(this.found.score, this.best.score) >= 0) return false
    this.best.score = [...this.found.score]
    this.best.open.set(this.found.used)
    this.price = priceOf(this.cover, this.best.open)
    return true
  }

  spend(work: number): void {
    this.work -= work
  }
}

/** What a choice costs beyond the forced locations by the first rule that counts parcels. */
export const priceOf = ({ price, forced }: Cover, open: Uint8Array): number => {
  let sum = 0
  for (let l = 0; l < open.length; l++) if (open[l] === 1 && forced[l] === 0) sum += price[l]!
  return sum
}
