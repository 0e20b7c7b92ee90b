import type { Candidate } from "./candidate.ts"
import { type Scene, type State, untouchedState } from "./scene.ts"
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

/** Works out the prospects of candidates that are in their order. */
export const prospectsOf = (candidates: ReadonlyArray<Candidate>, scene: Scene): Prospects => {
  const start = untouchedState(scene)
  const steady = candidates.map(isSteady)
  const most = Float64Array.from(candidates, (candidate, at) =>
    steady[at] === true ? take(candidate, scene, start) : atMost(candidate, scene)
  )
  const places = candidates.map(({ items, liveItems }) => (liveItems ? undefined : new Set(items)))
  const shares = candidates.map((candidate) => isShared(candidate))
  const droppable: Array<boolean> = []
  const slack = new Float64Array(candidates.length)
  for (const [at, candidate] of candidates.entries()) {
    let drops = false
    let uneven = false
    for (let next = at + 1; next < candidates.length && !(drops && uneven); next++) {
      const later = candidates[next]
      if (later === undefined || together(candidate, later) === false) continue
      drops ||= isLive(later) || (isSets(candidate) && isSets(later) && overlap(candidate, later))
      uneven ||= shares[at] === true && !coversOrMisses(later, places[next], candidate)
    }
    slack[at] = uneven ? 2 * candidate.items.length : 0
    candidate.rough = !uneven && isCutAcross(candidate) && scene.weightOf === undefined
    droppable.push(drops || uneven)
  }
  const gifts = new Float64Array(candidates.length + 1)
  for (let at = candidates.length - 1; at >= 0; at--) gifts[at] = gifts[at + 1]! + (candidates[at]?.giving.type === "gift" ? 1 : 0)
  return { most, rest: restOf(candidates, most), droppable, slack, gifts, steady }
}

/** What sets and live rules could take off at most: as if everything they are for were untouched and fitted. */
const atMost = (candidate: Candidate, scene: Scene): number => {
  const { giving, promotion, most, budget, prepared } = candidate
  const limit = Math.min(most, budget)
  if (giving.type === "gift") return giving.worth
  if (giving.type === "sets") return Math.min(limit, atMostBySets(giving.draws, scene))
  const from = promotion.target === "shipping" ? scene.lines : 0
  const until = promotion.target === "shipping" ? scene.rows : scene.lines
  const listed = scene.listed.slice(from, until)
  const sum = listed.reduce((total, amount) => total + amount, 0)
  if (giving.type === "price") return Math.min(limit, sum)
  if (giving.type === "fixed" && prepared.across) return Math.min(limit, giving.amount, sum)
  if (giving.type === "fixed") {
    const wanted = scene.quantities.slice(from, until).reduce((total, units) => total + (giving.once ? 1 : units) * giving.amount, 0)
    return Math.min(limit, sum, wanted)
  }
  const { numerator, denominator } = giving.part
  return Math.min(limit, sum, Math.ceil((sum / denominator) * numerator) + 2 * listed.length)
}

/** As many sets as there could be, each giving the dearest units; less the price of one bundle at least. */
const atMostBySets = ({ draws, places, times, given }: Draws, { quantities, prices }: Scene): number => {
  const unitsOf = (index: number): number => quantities[places[index]!]!
  const priceOf = (index: number): number => prices[places[index]!]!
  const all = draws.map(({ order }) => order.reduce((sum, index) => sum + unitsOf(index), 0))
  const sets = draws.reduce((least, { quantity }, at) => Math.min(least, Math.floor(all[at]! / quantity)), times)
  const dearest = (order: Int32Array, wanted: number): number => {
    let [left, sum] = [wanted, 0]
    for (const index of order.toSorted((a, b) => priceOf(b) - priceOf(a))) {
      const units = Math.min(left, unitsOf(index))
      sum += units * priceOf(index)
      left -= units
    }
    return sum
  }
  if (sets < 1) return 0
  if ("part" in given) {
    const last = draws.at(-1)
    const sum = last === undefined ? 0 : dearest(last.order, sets * last.quantity)
    return Math.min(sum, Math.ceil((sum / given.part.denominator) * given.part.numerator) + 2 * places.length)
  }
  return Math.max(0, draws.reduce((sum, { order, quantity }) => sum + dearest(order, sets * quantity), 0) - given.price)
}

const isSets = ({ giving }: Candidate): boolean => giving.type === "sets"

/** Whether what it gives hangs by a threshold on what others leave. */
const isLive = ({ liveCondition, liveItems, budget }: Candidate): boolean => liveCondition || liveItems || budget !== Infinity

const isSteady = (candidate: Candidate): boolean => !isLive(candidate) && !isSets(candidate) && candidate.giving.type !== "gift"

/** Whether whole units that are left over may fall on one line or on another. */
const isShared = ({ prepared, giving, most, items }: Candidate): boolean =>
  giving.type !== "gift" && items.length > 1 && (prepared.across || giving.type === "sets" || most !== Infinity)

const isCutAcross = ({ prepared, giving, floor, liveItems }: Candidate): boolean =>
  prepared.across && giving.type !== "gift" && giving.type !== "sets" && floor === 0 && !liveItems

const together = (a: Candidate, b: Candidate): boolean => a.promotion.group === undefined || a.promotion.group !== b.promotion.group

const overlap = (a: Candidate, b: Candidate): boolean => {
  const places = new Set(a.items)
  return b.items.some((at) => places.has(at))
}

/** Whether it makes no difference to the later one how the earlier is shared out: it is for all of its lines together, or for none. */
const coversOrMisses = (later: Candidate, places: ReadonlySet<number> | undefined, earlier: Candidate): boolean => {
  if (later.giving.type === "gift") return true
  if (places === undefined || later.liveCondition) return false
  let inside = 0
  for (const at of earlier.items) if (places.has(at)) inside++
  if (inside === 0) return true
  return (
    inside === earlier.items.length &&
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
 * together, which takes off at least as much as any choice among them, and of the others the most they ever could.
 */
export const bound = (
  candidates: ReadonlyArray<Candidate>,
  from: number,
  { steady, most, slack }: Prospects,
  scene: Scene,
  state: State
): number => {
  let sum = 0
  for (let at = from; at < candidates.length; at++) {
    const candidate = candidates[at]
    if (candidate === undefined) continue
    sum += slack[at]!
    if (steady[at] !== true) sum += most[at]!
    else {
      const total = take(candidate, scene, state)
      sum += total
      if (total > 0) settle(candidate, scene, state)
    }
  }
  return sum
}
