import type { Called } from "../sheet.ts"
import type { Basket } from "./basket.ts"
import { type Candidate, candidateOf, measured, type Reason, startOf, targetsOf } from "./candidate.ts"
import type { Prepared } from "./prepare.ts"
import type { Promotion } from "./promotion.ts"
import { orderFactsOf, Scene, type State, untouchedState } from "./scene.ts"
import { bestCombination, type Choice, defaultSearchSteps, rankedCombination } from "./search.ts"
import { type Shortfall, shortfall, shortfallsOf } from "./shortfalls.ts"
import { settle, take } from "./take.ts"
import type { RemainingByPromotion } from "./usage.ts"

/** How promotions are chosen. */
export interface ChoosingOptions {
  /** The combination that takes most off, which is what is meant unless told, or each in its turn if those before allow it. */
  readonly combination?: "best" | "ranked" | undefined
  /** The work that the search for the best may cost; see `defaultSearchSteps`. */
  readonly searchSteps?: number | undefined
  readonly remaining?: RemainingByPromotion | undefined
}

/** A promotion that is given: what it takes off, row by row, or nothing where it adds a gift. */
export interface Given {
  readonly promotion: Promotion
  readonly called: Called
  readonly amount: number
  readonly rows: Int32Array
  /** Off each of the rows, in minor units above zero, or nothing. */
  readonly offs: Array<number>
  /** For sets: how many units of each row they took. */
  readonly units: Array<number>
}

/** A promotion that gave nothing, and why. */
export interface Missed {
  readonly promotion: Promotion
  readonly code: Reason
  /** What it is short of, when that is all that is in its way. */
  readonly short?: ReadonlyArray<Shortfall>
  /** The promotion that stands in its place. */
  readonly by?: string
}

/** What promotions do to a basket, in the order in which they are given; and whether a better combination can be ruled out. */
export interface Chosen {
  readonly given: ReadonlyArray<Given>
  readonly missed: ReadonlyArray<Missed>
  readonly search: { readonly exact: boolean; readonly steps: number }
}

/**
 * Gives promotions in the order in which they were prepared. In which order they, or the lines, are listed makes no difference. Nothing ever
 * costs less than zero.
 */
export const choosePromotions = (promotions: ReadonlyArray<Prepared>, basket: Basket, options: ChoosingOptions = {}): Chosen => {
  const scene = new Scene(basket)
  const missed: Array<Missed> = []
  const candidates: Array<Candidate> = []
  for (const prepared of promotions) {
    const candidate = candidateOf(prepared, scene, leftOf(options.remaining, prepared))
    if (typeof candidate === "string") missed.push(missedEarly(prepared, candidate, scene))
    else candidates.push(candidate)
  }
  const choice =
    options.combination === "ranked"
      ? rankedCombination(candidates, scene)
      : bestCombination(candidates, scene, options.searchSteps ?? defaultSearchSteps)
  const { exact, steps } = choice
  return { given: replay(candidates, choice, scene, missed), missed, search: { exact, steps } }
}

const leftOf = (remaining: RemainingByPromotion | undefined, { promotion: { id } }: Prepared) =>
  remaining !== undefined && Object.hasOwn(remaining, id) ? remaining[id] : undefined

/** Gives what was chosen once more, if anything was tried meanwhile, and writes it down, with what was missed. */
const replay = (candidates: ReadonlyArray<Candidate>, choice: Choice, scene: Scene, missed: Array<Missed>): ReadonlyArray<Given> => {
  if (choice.settled && choice.given.length === candidates.length) {
    return candidates.map((candidate) => record(candidate, candidate.total))
  }
  const state = untouchedState(scene)
  const given: Array<Given> = []
  const places = new Set(choice.given)
  const chosen = candidates.filter((_, at) => places.has(at))
  for (const [at, candidate] of candidates.entries()) {
    if (places.has(at)) {
      const amount = take(candidate, scene, state)
      given.push(record(candidate, amount))
      if (amount > 0) settle(candidate, scene, state)
    } else missed.push(missedLate(candidate, chosen, scene, state))
  }
  return given
}

const record = ({ promotion, prepared, items, offs, used }: Candidate, amount: number): Given => ({
  promotion,
  called: prepared.called,
  amount,
  rows: items,
  offs,
  units: used
})

const missedEarly = (prepared: Prepared, code: Reason, scene: Scene): Missed => {
  const { promotion } = prepared
  const short =
    code === "condition" || code === "customer"
      ? conditionShort(promotion, scene, untouchedState(scene))
      : code === "tier-not-reached"
        ? tierShort(prepared, scene)
        : []
  return { promotion, code, ...(short.length === 0 ? {} : { short }) }
}

const missedLate = (candidate: Candidate, chosen: ReadonlyArray<Candidate>, scene: Scene, state: State): Missed => {
  const { promotion } = candidate
  const rival = chosen.find((other) => isAlone(other) || isAlone(candidate))
  const mate = chosen.find((other) => promotion.group !== undefined && other.promotion.group === promotion.group)
  take(candidate, scene, state)
  if (candidate.gives) {
    if (rival !== undefined) return { promotion, code: "exclusive", by: rival.promotion.id }
    if (mate !== undefined) return { promotion, code: "group", by: mate.promotion.id }
    return { promotion, code: "combination" }
  }
  const short =
    candidate.why === "condition"
      ? conditionShort(promotion, scene, state)
      : candidate.why === "units-missing"
        ? unitsShort(candidate, state)
        : []
  return { promotion, code: candidate.why, ...(short.length === 0 ? {} : { short }) }
}

const isAlone = ({ promotion }: Candidate): boolean => promotion.stacking === "exclusive"

const conditionShort = ({ condition }: Promotion, scene: Scene, state: State): ReadonlyArray<Shortfall> =>
  (condition === undefined ? undefined : shortfallsOf(condition, orderFactsOf(scene, state))) ?? []

const tierShort = (prepared: Prepared, scene: Scene): ReadonlyArray<Shortfall> => {
  const { value } = prepared.promotion
  if (value.type !== "tiers") return []
  const actual = measured(value, scene, targetsOf(prepared, scene))
  const needed = Math.min(...value.steps.map(({ from }) => startOf(from, scene.currency)))
  return Number.isFinite(needed) ? [shortfall(value.by === "spend" ? "listed" : "quantity", needed, actual, value.by === "spend")] : []
}

/** How many units a whole set is short of, when some of it is there. */
const unitsShort = ({ giving }: Candidate, { free }: State): ReadonlyArray<Shortfall> => {
  if (giving.type !== "sets") return []
  const { draws, places } = giving.draws
  const needed = draws.reduce((sum, { quantity }) => sum + quantity, 0)
  const actual = places.reduce((sum, at) => sum + free[at]!, 0)
  return actual > 0 && actual < needed ? [shortfall("units", needed, actual, false)] : []
}
