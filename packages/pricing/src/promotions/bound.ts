import type { Candidate } from "./candidate.ts"
import { zeros } from "./column.ts"
import { creditOf, creditsOf, type SetCredits } from "./credits.ts"
import { type Scene, type State, untouchedState } from "./scene.ts"
import type { Fraction } from "./share.ts"
import { settle, subtotalOf, takeCut } from "./take.ts"
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
  /** How what it takes is bounded while others take: see `bound`. */
  readonly ways: ReadonlyArray<Way>
  /** By place and row, the most that those from there on take which are for nothing that was discounted: one of them at most does. */
  readonly firsts: ReadonlyArray<Float64Array>
  readonly credits: SetCredits
}

/**
 * - `cut`: leaves less of each row the less there is, so that all of these may be given one after the other
 * - `first`: a cut that is for nothing that was discounted
 * - `apart`: a cut that may leave more of one row because there is less of another
 * - `sets`, `gift`: takes units; takes nothing
 */
type Way = "cut" | "first" | "apart" | "sets" | "gift"

/** The candidates that may stand together, at which places they are among all, and what is known of them. */
export interface Stage {
  readonly candidates: ReadonlyArray<Candidate>
  readonly places: ReadonlyArray<number>
  readonly prospects: Prospects
}

/** Works out the prospects of candidates that are in their order. */
export const prospectsOf = (candidates: ReadonlyArray<Candidate>, scene: Scene): Prospects => {
  const start = untouchedState(scene)
  const most = Float64Array.from(candidates, (candidate) => atMost(candidate, scene, start, start))
  const ways = candidates.map((candidate) => wayOf(candidate, scene))
  const firsts = firstsOf(candidates, ways, scene, start)
  settleConditions(candidates, most, scene, start)
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
      drops ||= mayCost(candidate, later) || (isRearranging(later, scene) && overlap(candidate, later))
      uneven ||= shares[at] === true && !coversOrMisses(later, places[next]!, candidate)
    }
    slack[at] = uneven ? 2 * candidate.wide.length : 0
    candidate.rough = !uneven && isCutAcross(candidate) && scene.weightOf === undefined
    droppable.push(drops || uneven)
  }
  const gifts = new Float64Array(candidates.length + 1)
  for (let at = candidates.length - 1; at >= 0; at--) gifts[at] = gifts[at + 1]! + (candidates[at]?.giving.type === "gift" ? 1 : 0)
  return { most, rest: restOf(candidates, most), droppable, slack, gifts, ways, firsts, credits: creditsOf(candidates, scene) }
}

/** Conditions on the subtotal that hold even if everybody takes the most are no question any more. */
const settleConditions = (candidates: ReadonlyArray<Candidate>, most: Float64Array, scene: Scene, start: State): void => {
  const taken = candidates.reduce((sum, { promotion }, at) => sum + (promotion.target === "shipping" ? 0 : most[at]!), 0)
  const lowest = subtotalOf(scene, start) - taken
  for (const candidate of candidates) if (candidate.least !== undefined && candidate.least <= lowest) candidate.liveCondition = false
}

/** Of what is for nothing that was discounted, at most one takes something off a row, and then it is the first to do so. */
const wayOf = (candidate: Candidate, scene: Scene): Way => {
  const { giving, from, wide, most, prepared } = candidate
  if (giving.type === "gift" || giving.type === "sets") return giving.type
  if (isRearranging(candidate, scene)) return "apart"
  const { listed } = scene
  const isFirst =
    from !== undefined && most === Infinity && !prepared.across && from.every((least, index) => least >= listed[wide[index]!]!)
  return isFirst ? "first" : "cut"
}

/**
 * Whether it could leave more of one row because there is less left of another: one price for all, or a large part of it by weights other than
 * what is left.
 */
export const isRearranging = ({ giving, prepared, promotion }: Candidate, scene: Scene): boolean => {
  if (giving.type === "sets") return "price" in giving.draws.given
  if (!prepared.across || giving.type === "gift") return false
  if (giving.type === "price") return true
  if (scene.weightOf === undefined || promotion.target !== "order") return false
  return giving.type === "fixed" || giving.original || giving.part.numerator > 0.9 * scene.evenness() * giving.part.denominator
}

const firstsOf = (candidates: ReadonlyArray<Candidate>, ways: ReadonlyArray<Way>, scene: Scene, start: State): Prospects["firsts"] => {
  const firsts: Array<Float64Array> = []
  let best = new Float64Array(ways.includes("first") ? scene.rows : 0)
  for (let at = candidates.length - 1; at >= 0; at--) {
    if (ways[at] === "first") {
      const candidate = candidates[at]!
      atMost(candidate, scene, start, start)
      best = best.slice()
      for (const [index, row] of candidate.items.entries()) best[row] = Math.max(best[row]!, candidate.offs[index]!)
    }
    firsts[at] = best
  }
  return firsts
}

/** What it could take off at most as things stand, if its condition held, and its budget were enough. */
const atMost = (candidate: Candidate, scene: Scene, state: State, then: State): number => {
  const { giving, most, budget, items, wide, from, liveItems } = candidate
  if (giving.type === "gift") return giving.worth
  if (giving.type === "sets") return Math.min(most, budget, atMostBySets(giving.draws, scene, state))
  if (liveItems && from === undefined && items !== wide) {
    candidate.items = wide
    candidate.offs = zeros(wide.length)
    candidate.bases = undefined
  }
  return takeCut(candidate, giving, scene, state, then)
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
 * What the candidates from a place on can take off at most as things stand: cuts given one after the other as if all could stand
 * together and every condition held, which leaves no more to pay than any choice among them; before them, of each row the best of those
 * that are for nothing that was discounted; each that stands apart for itself; and what sets can take. What already does not hold and can
 * not come to hold takes nothing. `scratch` is a copy of the state, to be spoiled.
 */
export const bound = (stage: Pick<Stage, "candidates" | "prospects">, from: number, scene: Scene, now: State, scratch: State): number => {
  const { candidates, prospects } = stage
  let sum = firstOffs(prospects.firsts[from], scene, now, scratch)
  let subtotal: number | undefined
  let sets = 0
  for (let at = from; at < candidates.length; at++) {
    const candidate = candidates[at]!
    sum += prospects.slack[at]!
    if (candidate.liveCondition && candidate.least !== undefined && (subtotal ??= subtotalOf(scene, now)) < candidate.least) continue
    const way = prospects.ways[at]
    if (way === "first") continue
    if (way === "sets") sets += prospects.most[at]!
    else if (way === "apart") sum += atMost(candidate, scene, now, now)
    else {
      const total = atMost(candidate, scene, scratch, now)
      sum += total
      if (total > 0 && way === "cut") settle(candidate, scene, scratch)
    }
  }
  return sum + (sets === 0 ? 0 : Math.min(sets, creditOf(prospects.credits, from, now)))
}

/** What those take that are for nothing that was discounted, off the rows of which that is true. */
const firstOffs = (firsts: Float64Array | undefined, { listed }: Scene, now: State, scratch: State): number => {
  let sum = 0
  for (let row = 0; row < (firsts?.length ?? 0); row++) {
    if (now.left[row] !== listed[row]) continue
    scratch.left[row]! -= firsts![row]!
    sum += firsts![row]!
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
  const subtotal = subtotalOf(scene, start)
  return places.filter((at) => !(candidates[at]!.liveCondition && (candidates[at]!.least ?? 0) > subtotal))
}
