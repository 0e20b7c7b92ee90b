import { assign, assignAlone } from "./assign.ts"
import { addScore, compareScores, type Score } from "./objective.ts"
import type { Problem } from "./problem.ts"
import type { Choice } from "./run.ts"
import { search } from "./search.ts"
import { type Assignment, emptyAssignment } from "./take.ts"

/** So many locations are tried in every combination. */
const ALL_COMBINATIONS = 10

/** Steps of the search among demands for the same stock, for each combination: far more than 8 lines need. */
const STEPS = 50_000

/** Chooses the locations that serve an order, at most `maxParcels` of them. */
export const choose = (problem: Problem): Choice => {
  const all = new Uint8Array(problem.locations.length).fill(1)
  if (isDecidedByPieces(problem)) return { open: all, optimal: true }
  return problem.locations.length <= ALL_COMBINATIONS ? chooseOfAll(problem) : search(problem)
}

/** Whether opening a location costs nothing by any rule, and all may be open: then every piece takes its best. */
const isDecidedByPieces = ({ parcel, contended, maxParcels, locations }: Problem): boolean =>
  contended.length === 0 && maxParcels >= locations.length && parcel.every((score) => score.every((value) => value === 0))

/** Tries every combination, the most promising first, until none that is left could be better. */
const chooseOfAll = (problem: Problem): Choice => {
  const found = emptyAssignment(problem)
  let best: { readonly score: Score; readonly open: Uint8Array } | undefined
  let optimal = true
  for (const { open, least } of combinations(problem, found)) {
    if (best !== undefined && compareScores(least, best.score) >= 0) break
    optimal = assign(problem, open, found, STEPS) && optimal
    if (best === undefined || compareScores(found.score, best.score) < 0) best = { score: found.score.slice(), open: found.used.slice() }
  }
  return { open: best!.open, optimal }
}

/** All combinations of locations with what each could at best come to if all of it were used, best first. */
const combinations = (problem: Problem, into: Assignment): ReadonlyArray<{ readonly open: Uint8Array; readonly least: Score }> => {
  const { locations, parcel, maxParcels } = problem
  const made: Array<{ readonly open: Uint8Array; readonly least: Score }> = []
  for (let mask = 0; mask < 1 << locations.length; mask++) {
    const open = Uint8Array.from(locations, (_, l) => (mask >> l) & 1)
    if (open.reduce((sum, one) => sum + one, 0) > maxParcels) continue
    assignAlone(problem, open, into)
    const least = into.score.slice()
    open.forEach((one, l) => addScore(least, parcel[l]!, one))
    made.push({ open, least })
  }
  return made.sort((a, b) => compareScores(a.least, b.least))
}
