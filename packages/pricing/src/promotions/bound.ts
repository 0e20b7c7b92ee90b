import { type Candidate, reasonOf, targetsOf } from "./candidate.ts"
import { orderFactsOf, type Scene, type State, untouchedState } from "./scene.ts"
import type { Fraction } from "./share.ts"
import { settle, take } from "./take.ts"
import type { Draws } from "./units.ts"

/** What the search knows of the candidates before it begins, each at its place in their order. */
export interface Prospects {
  /** No combination gives more by it than this. */
  readonly most: Float64Array
  /** What all from a place on give at most, of each group the best alone. */
  readonly rest: Float64Array
  /** Whether something may be gained by leaving it out, although it could be given beside all others. */
  readonly droppable: ReadonlyArray<boolean>
  /** How far what later ones take may be off because of how it is shared out. */
  readonly slack: Float64Array
  /** How many gifts there are from a place on. */
  readonly gifts: Float64Array
  /** Whether it gives more or as much the more there is left to pay, whatever else is given: not so for sets and live rules. */
  readonly steady: ReadonlyArray<boolean>
}

/** The candidates that may stand together, at which places they are among all, and what is known of them. */
export interface Stage {
  readonly candidates: ReadonlyArray<Candidate>
  readonly places: ReadonlyArray<number>
  readonly prospects: Prospects
}

/** Works out the prospects of candidates that are in their order. */
export const prospectsOf = (candidates: ReadonlyArray<Candidate>, scene: Scene): Prospects => {
  const start = untouchedState(scene)
  const most = Float64Array.from(candidates, (candidate) =>
    isSteady(candidate) ? take(candidate, scene, start) : atMost(candidate, scene, start)
  )
  settleConditions(candidates, most, scene, start)
  const steady = candidates.map(isSteady)
  const places = candidates.map(({ wide }) => new Set(wide))
  const shares = candidates.map((candidate) => isShared(candidate))
  const droppable: Array<boolean> = []
  const slack = new Float64Array(candidates.length)
  for (const [at, candidate] of candidates.entries()) {
    let drops = false
    let uneven = false
    for (let next = at + 1; next < candidates.length && !(drops && uneven); next++) {
      const later = candidates[next]
      if (later === undefined || together(candidate, later) === false) continue
      drops ||= mayCost(candidate, later)
      uneven ||= shares[at] === true && !coversOrMisses(later, places[next]!, candidate)
    }
    slack[at] = uneven ? 2 * candidate.wide.length : 0
    candidate.rough = !uneven && isCutAcross(candidate) && scene.weightOf === undefined
    droppable.push(drops || uneven)
  }
  const gifts = new Float64Array(candidates.length + 1)
  for (let at = candidates.length - 1; at >= 0; at--) gifts[at] = gifts[at + 1]! + (candidates[at]?.giving.type === "gift" ? 1 : 0)
  return { most, rest: restOf(candidates, most), droppable, slack, gifts, steady }
}

/** Conditions on the subtotal that hold even if everybody takes the most are no question any more. */
const settleConditions = (candidates: ReadonlyArray<Candidate>, most: Float64Array, scene: Scene, start: State): void => {
  if (!candidates.some(({ liveCondition }) => liveCondition)) return
  const facts = orderFactsOf(scene, start)
  const taken = candidates.reduce((sum, { promotion }, at) => sum + (promotion.target === "shipping" ? 0 : most[at]!), 0)
  const lowest = { ...facts, lines: [], subtotal: Math.max(0, facts.subtotal - taken) }
  for (const candidate of candidates) {
    if (candidate.liveCondition && candidate.prepared.condition?.onSubtotal === true && mayHold(candidate, lowest))
      candidate.liveCondition = false
  }
}

/** What sets and live rules could take off at most as things stand: as if all that they could be for fitted. */
const atMost = (candidate: Candidate, scene: Scene, state: State, rows = candidate.wide): number => {
  const { giving, most, budget, prepared } = candidate
  const limit = Math.min(most, budget)
  if (giving.type === "gift") return giving.worth
  if (giving.type === "sets") return Math.min(limit, atMostBySets(giving.draws, scene, state))
  let [left, listed, units] = [0, 0, 0]
  for (const row of rows) {
    left += state.left[row]!
    listed += scene.listed[row]!
    units += scene.quantities[row]!
  }
  if (giving.type === "price") return Math.min(limit, left)
  if (giving.type === "fixed") return Math.min(limit, left, giving.amount * (prepared.across ? 1 : giving.once ? rows.length : units))
  return Math.min(limit, left, part(giving.original ? listed : left, giving.part, rows.length))
}

/** A part of a sum, however it is rounded on so many rows. */
const part = (sum: number, { numerator, denominator }: Fraction, rows: number): number =>
  Math.ceil((sum / denominator) * numerator) + 2 * rows

/** As many sets as there could be of the units that are left, each giving the dearest of them; less the price of one bundle at least. */
const atMostBySets = ({ draws, dearest, places, times, given }: Draws, { prices }: Scene, { free }: State): number => {
  let sets = times
  for (const { order, quantity } of draws) {
    let units = 0
    for (const index of order) units += free[places[index]!]!
    sets = Math.min(sets, Math.floor(units / quantity))
  }
  if (sets < 1) return 0
  const worth = (draw: number): number => {
    let [left, sum] = [sets * draws[draw]!.quantity, 0]
    for (const index of dearest[draw]!) {
      if (left === 0) break
      const row = places[index]!
      const units = Math.min(left, free[row]!)
      sum += units * prices[row]!
      left -= units
    }
    return sum
  }
  if ("part" in given) return part(worth(draws.length - 1), given.part, places.length)
  return Math.max(0, draws.reduce((sum, _, draw) => sum + worth(draw), 0) - given.price)
}

const isSets = ({ giving }: Candidate): boolean => giving.type === "sets"

/** Whether what it gives hangs by a threshold on what others leave. */
const isLive = ({ liveCondition, liveItems, budget }: Candidate): boolean => liveCondition || liveItems || budget !== Infinity

const isSteady = (candidate: Candidate): boolean => !isLive(candidate) && !isSets(candidate) && candidate.giving.type !== "gift"

/** Whether whole units that are left over may fall on one line or on another. */
const isShared = ({ prepared, giving, most, wide }: Candidate): boolean =>
  giving.type !== "gift" && wide.length > 1 && (prepared.across || giving.type === "sets" || most !== Infinity)

const isCutAcross = ({ prepared, giving, floor, liveItems }: Candidate): boolean =>
  prepared.across && giving.type !== "gift" && giving.type !== "sets" && floor === 0 && !liveItems

const together = (a: Candidate, b: Candidate): boolean => a.promotion.group === undefined || a.promotion.group !== b.promotion.group

/** Whether what the earlier takes could keep the later from being given as it otherwise would: a threshold, or units. */
const mayCost = (earlier: Candidate, later: Candidate): boolean => {
  if (later.liveCondition && earlier.promotion.target !== "shipping") return true
  return (isLive(later) || (isSets(earlier) && isSets(later))) && overlap(earlier, later)
}

const overlap = (a: Candidate, b: Candidate): boolean => {
  const rows = new Set(a.wide)
  return b.wide.some((row) => rows.has(row))
}

/** Whether it makes no difference to the later one how the earlier is shared out: it is for all of its lines together, or for none. */
const coversOrMisses = (later: Candidate, places: ReadonlySet<number>, earlier: Candidate): boolean => {
  if (later.giving.type === "gift") return true
  if (later.liveCondition) return false
  let inside = 0
  for (const row of earlier.wide) if (places.has(row)) inside++
  if (inside === 0) return true
  return (
    inside === earlier.wide.length &&
    !later.liveItems &&
    later.prepared.across &&
    later.floor === 0 &&
    later.promotion.maxQuantity === undefined &&
    !isSets(later)
  )
}

/** What all from each place on give at most, of each group only the best. */
const restOf = (candidates: ReadonlyArray<Candidate>, most: Float64Array): Float64Array => {
  const rest = new Float64Array(candidates.length + 1)
  const best = new Map<string, number>()
  for (let at = candidates.length - 1; at >= 0; at--) {
    const group = candidates[at]?.promotion.group
    const own = most[at]!
    const more = group === undefined ? own : Math.max(0, own - (best.get(group) ?? 0))
    if (group !== undefined) best.set(group, Math.max(own, best.get(group) ?? 0))
    rest[at] = rest[at + 1]! + more
  }
  return rest
}

/**
 * What the candidates from a place on can take off at most as things stand: the steady ones given one after the other as if all could stand
 * together, which takes off at least as much as any choice among them, and of the others the most they could. What already does not hold
 * and can not come to hold takes nothing. `scratch` is a copy of the state, to be spoiled.
 */
export const bound = (stage: Pick<Stage, "candidates" | "prospects">, from: number, scene: Scene, now: State, scratch: State): number => {
  const { candidates, prospects } = stage
  let facts: ReturnType<typeof orderFactsOf> | undefined
  let sum = 0
  for (let at = from; at < candidates.length; at++) {
    const candidate = candidates[at]!
    sum += prospects.slack[at]!
    if (prospects.steady[at] === true) {
      const total = take(candidate, scene, scratch)
      sum += total
      if (total > 0) settle(candidate, scene, scratch)
    } else if (!candidate.liveCondition || mayHold(candidate, (facts ??= orderFactsOf(scene, now)))) {
      sum += atMost(candidate, scene, scratch, rowsOf(candidate, scene, now))
    }
  }
  return sum
}

/** Those whose condition could hold: not one that does not before anything is taken off, and can not come to hold by that. */
export const couldHold = (
  candidates: ReadonlyArray<Candidate>,
  places: ReadonlyArray<number>,
  scene: Scene,
  start: State
): ReadonlyArray<number> => {
  if (!candidates.some(({ liveCondition }) => liveCondition)) return places
  const facts = orderFactsOf(scene, start)
  return places.filter((at) => !candidates[at]!.liveCondition || mayHold(candidates[at]!, facts))
}

const mayHold = ({ prepared: { condition } }: Candidate, facts: unknown): boolean => {
  if (condition === undefined || !condition.falls) return true
  try {
    return condition.condition.test(facts)
  } catch (error) {
    reasonOf(error)
    return false
  }
}

/** The rows that a rule still could hold of. */
const rowsOf = ({ prepared, wide, liveItems }: Candidate, scene: Scene, now: State): Int32Array => {
  if (!liveItems || prepared.selector.rule?.falls !== true) return wide
  try {
    return targetsOf(prepared, scene, now)
  } catch (error) {
    reasonOf(error)
    return wide.slice(0, 0)
  }
}
