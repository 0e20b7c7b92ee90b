import { contend } from "./contend.ts"
import { addScore } from "./objective.ts"
import type { Problem } from "./problem.ts"
import { type Assignment, takeBest, type Taker } from "./take.ts"

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
