import { contend } from "./contend.ts"
import { addScore, noScore, type Score } from "./objective.ts"
import type { Demand, Problem } from "./problem.ts"

/** Is told what each location gives of a demand. */
export type Taker = (demand: Demand, location: number, quantity: number) => void

/** What serving from some locations comes to. `used` are those that give something. */
export interface Assignment {
  readonly score: Score
  readonly used: Uint8Array
}

/** An assignment to write to. */
export const emptyAssignment = ({ width, locations }: Problem): Assignment => ({
  score: noScore(width),
  used: new Uint8Array(locations.length)
})

/**
 * The best way to serve an order from the open locations alone, written to `into`. Demands that share no stock take their best options
 * in turn, which is best for a sum that is compared lexicographically; those that do are searched. Answers whether that was exhaustive.
 */
export const assign = (problem: Problem, open: Uint8Array, into: Assignment, steps: number, take?: Taker): boolean => {
  const { score, used } = into
  score.fill(0)
  used.fill(0)
  for (const demand of problem.free) takeBest(demand, open, into, take)
  let exact = true
  for (const demands of problem.contended) exact = contend(problem, demands, open, into, steps, take) && exact
  for (let l = 0; l < used.length; l++) if (used[l] === 1) addScore(score, problem.parcel[l]!, 1)
  return exact
}

/** What an assignment from the open locations can at best come to, but for the parcels: as if nobody wanted the same stock. */
export const assignAlone = (problem: Problem, open: Uint8Array, into: Assignment): void => {
  into.score.fill(0)
  into.used.fill(0)
  for (const demand of problem.free) takeBest(demand, open, into)
  for (const demands of problem.contended) for (const demand of demands) takeBest(demand, open, into)
}

/** Takes the best open options of a demand; what is left is short. */
export const takeBest = (demand: Demand, open: Uint8Array, { score, used }: Assignment, take?: Taker): void => {
  const { places, options } = demand
  let left = demand.need
  for (let i = 0; i < places.length && left > 0; i++) {
    const location = places[i]!
    if (open[location] === 0) continue
    const { capacity, cost } = options[i]!
    const quantity = capacity < left ? capacity : left
    left -= quantity
    used[location] = 1
    addScore(score, cost, quantity)
    take?.(demand, location, quantity)
  }
  score[0] = score[0]! + left * demand.size
}
