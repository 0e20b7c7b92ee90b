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
