import { bound, couldHold, isRearranging, prospectsOf, type Stage } from "./bound.ts"
import type { Candidate } from "./candidate.ts"
import { copyState, type Scene, type State, untouchedState } from "./scene.ts"
import { settle, take } from "./take.ts"

/** Which candidates are given, by their places, and how sure it is that there is nothing better. */
export interface Choice {
  /** Whether what each candidate took last is what it is given, because none was tried twice. */
  readonly settled: boolean
  readonly given: ReadonlyArray<number>
  /** Whether every combination was tried or ruled out. */
  readonly exact: boolean
  /** Work done: about one for each line that a promotion was tried on. */
  readonly steps: number
}

/** The work that a search may cost unless told. */
export const defaultSearchSteps = 6_000_000

/**
 * The combination that takes most off, among all that the rules of stacking allow: depth first, every promotion given before it is left
 * out, so that the first way down is that of greed by rank; a branch ends when all that it could still give does not reach the best so
 * far. Out of equal ones the first found is taken, which depends on ranks and ids alone.
 */
export const bestCombination = (candidates: ReadonlyArray<Candidate>, scene: Scene, most: number): Choice =>
  candidates.some(isExclusive) || mayBranch(candidates, scene) ? new Search(candidates, scene, most).run() : allOf(candidates, scene)

/** All, where none stands in the way of another. */
const allOf = (candidates: ReadonlyArray<Candidate>, scene: Scene): Choice => {
  const state = untouchedState(scene)
  const given: Array<number> = []
  let steps = scene.rows >> 3
  for (const [at, candidate] of candidates.entries()) {
    steps += workOf(candidate, scene)
    if (take(candidate, scene, state) > 0) settle(candidate, scene, state)
    if (candidate.gives) given.push(at)
  }
  return { settled: true, given, exact: true, steps }
}

/** Every promotion as its turn comes, if those before allow it. */
export const rankedCombination = (candidates: ReadonlyArray<Candidate>, scene: Scene): Choice => {
  const search = new Search(candidates, scene, Infinity)
  search.walk(candidates.map((_, at) => at))
  return search.choice(true)
}

/** Candidates × candidates × items beyond which nothing but greed is tried. */
const widest = 20_000_000

/** How often the beginning is improved. */
const rounds = 4

class Search {
  readonly #candidates: ReadonlyArray<Candidate>
  readonly #scene: Scene
  readonly #limit: number
  readonly #states: Array<State> = []
  readonly #chosen: Array<number> = []
  readonly #groups = new Map<string, number>()
  readonly #left = new Map<string, number>()
  #start: State | undefined
  #scratch: State | undefined
  #steps = 0
  #best = -1
  #gifts = -1
  #given: ReadonlyArray<number> = []

  constructor(candidates: ReadonlyArray<Candidate>, scene: Scene, limit: number) {
    this.#candidates = candidates
    this.#scene = scene
    this.#limit = limit
  }

  choice(exact: boolean): Choice {
    return { settled: false, given: this.#given, exact, steps: this.#steps }
  }

  run(): Choice {
    const all = this.#candidates
    const stackable = all.map((_, at) => at).filter((at) => !isExclusive(all[at]))
    this.walk(stackable)
    const triedAlone = this.#tryAlone()
    const places = couldHold(all, stackable, this.#scene, this.#stateAt(0))
    const left = places.map((at) => all[at]!)
    if (left.length * left.length * this.#scene.rows > widest) return this.choice(false)
    const prospects = prospectsOf(left, this.#scene)
    const byWorth = places.map((at, index) => ({ at, worth: prospects.most[index]! })).sort((a, b) => b.worth - a.worth || a.at - b.at)
    this.walk(this.#compatible(byWorth.map(({ at }) => at)).sort((a, b) => a - b))
    this.#improve(places)
    for (const { promotion } of left) {
      if (promotion.group !== undefined) this.#left.set(promotion.group, (this.#left.get(promotion.group) ?? 0) + 1)
    }
    const finished = this.#descend({ candidates: left, places, prospects }, 0, 0, this.#stateAt(0))
    for (const candidate of left) candidate.rough = false
    return this.choice(finished && triedAlone)
  }

  /** Each of those that stand alone; first, all in their turn, which gives the first of them if nothing comes before it. */
  #tryAlone(): boolean {
    const all = this.#candidates
    const alone = [...all.keys()].filter((at) => isExclusive(all[at]))
    if (alone.length > 0) this.walk([...all.keys()])
    for (const at of alone) {
      if (this.#steps > this.#limit) return false
      this.walk([at])
    }
    return true
  }

  /** Leaves one out, or puts one back, as long as that is better: a good beginning rules more out. */
  #improve(places: ReadonlyArray<number>): void {
    const out = new Set(places.filter((at) => !this.#given.includes(at)))
    for (let round = 0; round < rounds && this.#steps < this.#limit; round++) {
      const before = this.#best
      let turned: number | undefined
      for (const at of places) {
        const best = this.#best
        this.walk(places.filter((other) => (other === at ? out.has(at) : !out.has(other))))
        if (this.#best > best) turned = at
      }
      if (turned === undefined || this.#best === before) return
      if (!out.delete(turned)) out.add(turned)
    }
  }

  /** The first of each group. */
  #compatible(places: ReadonlyArray<number>): Array<number> {
    const groups = new Set<string>()
    return places.filter((at) => {
      const group = this.#candidates[at]?.promotion.group
      if (group === undefined) return true
      if (groups.has(group)) return false
      groups.add(group)
      return true
    })
  }

  /** Gives these in order as far as they can stand together, and remembers it if there is nothing better. */
  walk(places: ReadonlyArray<number>): void {
    this.#steps += this.#scene.rows >> 3
    const state = this.#stateAt(0)
    const given: Array<number> = []
    const groups = new Set<string>()
    let [total, gifts, closed] = [0, 0, false]
    for (const at of places) {
      const candidate = this.#candidates[at]
      if (candidate === undefined || closed) continue
      const { group } = candidate.promotion
      if ((group !== undefined && groups.has(group)) || (isExclusive(candidate) && given.length > 0)) continue
      const off = this.#take(candidate, state)
      if (off === undefined) continue
      given.push(at)
      if (group !== undefined) groups.add(group)
      closed = isExclusive(candidate)
      total += off + worthOf(candidate)
      gifts += isGift(candidate) ? 1 : 0
    }
    this.#offer(total, gifts, given)
  }

  /** Takes it off the state; undefined when there is nothing. */
  #take(candidate: Candidate, state: State): number | undefined {
    this.#steps += workOf(candidate, this.#scene)
    const off = take(candidate, this.#scene, state)
    if (off > 0) settle(candidate, this.#scene, state)
    return candidate.gives ? off : undefined
  }

  #offer(total: number, gifts: number, given: ReadonlyArray<number>): void {
    if (total < this.#best || (total === this.#best && gifts <= this.#gifts)) return
    this.#best = total
    this.#gifts = gifts
    this.#given = [...given]
  }

  /** An untouched state for the start, else whatever was left there. */
  #stateAt(depth: number): State {
    const state = this.#states[depth]
    if (state === undefined) return (this.#states[depth] = untouchedState(this.#scene))
    if (depth === 0) copyState((this.#start ??= untouchedState(this.#scene)), state)
    return state
  }

  /** False when the work that is allowed was not enough. */
  #descend(stage: Stage, at: number, total: number, state: State, gifts = 0): boolean {
    if (this.#steps > this.#limit) return false
    const { candidates, prospects, places } = stage
    const candidate = candidates[at]
    if (candidate === undefined) {
      this.#offer(total, gifts, this.#chosen)
      return true
    }
    if (this.#hopeless(stage, at, total, gifts)) return true
    const { group } = candidate.promotion
    const others = group === undefined ? 0 : (this.#left.get(group) ?? 0) - 1
    if (group !== undefined) this.#left.set(group, others)
    let finished = true
    let mustTry = true
    if (group === undefined || !this.#groups.has(group)) {
      const next = this.#stateAt(at + 1)
      copyState(state, next)
      const off = this.#take(candidate, next)
      if (off !== undefined) {
        this.#chosen.push(places[at]!)
        if (group !== undefined) this.#groups.set(group, at)
        finished = this.#descend(stage, at + 1, total + off + worthOf(candidate), next, gifts + (isGift(candidate) ? 1 : 0))
        if (group !== undefined) this.#groups.delete(group)
        this.#chosen.pop()
        mustTry = prospects.droppable[at] === true || others > 0
        if (mustTry && finished && this.#beyond(stage, at + 1, total, state)) mustTry = false
      }
    }
    if (mustTry && finished) finished = this.#descend(stage, at + 1, total, state, gifts)
    if (group !== undefined) this.#left.set(group, others + 1)
    return finished
  }

  /** Whether all that is left cannot reach the best so far: told without trying. */
  #hopeless({ prospects }: Stage, at: number, total: number, gifts: number): boolean {
    const reach = total + prospects.rest[at]!
    return reach < this.#best || (reach === this.#best && gifts + prospects.gifts[at]! <= this.#gifts)
  }

  /** The same, told by giving all of it as if it could stand together. */
  #beyond({ candidates, prospects }: Stage, at: number, total: number, state: State): boolean {
    const scratch = (this.#scratch ??= untouchedState(this.#scene))
    copyState(state, scratch)
    for (let next = at; next < candidates.length; next++) this.#steps += workOf(candidates[next]!, this.#scene)
    const reach = total + bound({ candidates, prospects }, at, this.#scene, state, scratch)
    return reach < this.#best || (reach === this.#best && prospects.gifts[at]! === 0)
  }
}

/** About the work of trying it once. */
const workOf = (candidate: Candidate, { weightOf }: Scene): number => {
  const { items, wide, giving, prepared, promotion, whole, liveItems, from, liveCondition, least } = candidate
  const isWeighted = weightOf !== undefined && prepared.across && promotion.target === "order"
  const each = isWeighted ? 8 : giving.type === "sets" || prepared.across ? 3 : whole && from === undefined ? 1 : 2
  return (
    (items.length + 4) * each + (liveItems && from === undefined ? 12 * wide.length : 0) + (liveCondition && least === undefined ? 40 : 0)
  )
}

const isExclusive = (candidate: Candidate | undefined): boolean => candidate?.promotion.stacking === "exclusive"

const isGift = ({ giving }: Candidate): boolean => giving.type === "gift"

const worthOf = ({ giving }: Candidate): number => (giving.type === "gift" ? giving.worth : 0)

/** Whether any choice could matter: two of a group, or one that others could be better without. */
const mayBranch = (candidates: ReadonlyArray<Candidate>, scene: Scene): boolean => {
  const groups = new Set<string>()
  let sets = 0
  for (const [at, candidate] of candidates.entries()) {
    const { promotion, giving } = candidate
    if (promotion.group !== undefined && groups.has(promotion.group)) return true
    if (promotion.group !== undefined) groups.add(promotion.group)
    if (at > 0 && (candidate.liveCondition || candidate.liveItems || candidate.budget !== Infinity)) return true
    if (at > 0 && isRearranging(candidate, scene)) return true
    if (giving.type === "sets" && ++sets > 1) return true
  }
  return isUneven(candidates)
}

/** Whether one is shared out over lines of which a later one is for some only. */
const isUneven = (candidates: ReadonlyArray<Candidate>): boolean => {
  const at = candidates.findIndex(
    ({ prepared, giving, most, items }) => items.length > 1 && (prepared.across || giving.type === "sets" || most !== Infinity)
  )
  const shared = candidates[at]?.items
  if (shared === undefined) return false
  return candidates.slice(at + 1).some(({ items, giving, prepared, floor, promotion }) => {
    if (giving.type === "gift" || promotion.target === "shipping") return false
    const isForTheSame = items.length === shared.length && items.every((row, index) => row === shared[index])
    return !prepared.across || !isForTheSame || floor > 0 || promotion.maxQuantity !== undefined
  })
}
