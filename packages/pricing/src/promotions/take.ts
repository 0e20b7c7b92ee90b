import { type Candidate, type Cut, reasonOf, targetsOf } from "./candidate.ts"
import { copyColumn, zeros } from "./column.ts"
import { orderFactsOf, type Scene, type State } from "./scene.ts"
import { allocate, allocateWithin, portion } from "./share.ts"
import { drawSets, type Draws } from "./units.ts"

/**
 * What a promotion takes off as things stand, in all; what it takes off each is in the candidate, and nothing has changed yet: see
 * `settle`. Zero with the reason in `why` when it gives nothing.
 */
export const take = (candidate: Candidate, scene: Scene, state: State): number => {
  const { giving, prepared, budget } = candidate
  try {
    if (candidate.liveCondition && !holds(candidate, scene, state)) return nothing(candidate, "condition")
    if (candidate.liveItems && candidate.from === undefined) {
      candidate.items = targetsOf(prepared, scene, state)
      candidate.offs = zeros(candidate.items.length)
      candidate.bases = undefined
    }
  } catch (error) {
    return nothing(candidate, reasonOf(error))
  }
  if (giving.type === "gift") {
    candidate.gives = true
    return 0
  }
  const total = giving.type === "sets" ? takeSets(candidate, giving.draws, scene, state) : takeCut(candidate, giving, scene, state)
  if (total > budget) return nothing(candidate, "budget-spent")
  candidate.gives = true
  candidate.total = total
  return total > 0 ? total : nothing(candidate, giving.type === "sets" && !hasUsed(candidate) ? "units-missing" : "nothing-to-discount")
}

/** Whether its condition holds as things stand. */
const holds = ({ least, prepared: { condition } }: Candidate, scene: Scene, state: State): boolean =>
  least === undefined ? condition?.condition.test(orderFactsOf(scene, state)) !== false : subtotalOf(scene, state) >= least

/** What is left to pay for all lines. */
export const subtotalOf = ({ lines }: Scene, { left }: State): number => {
  let sum = 0
  for (let row = 0; row < lines; row++) sum += left[row]!
  return sum
}

const hasUsed = ({ used }: Candidate): boolean => used.some((units) => units > 0)

const nothing = (candidate: Candidate, why: Candidate["why"]): 0 => {
  candidate.gives = false
  candidate.why = why
  return 0
}

/** Makes it so: takes off what was taken last. */
export const settle = (
  { items, offs, used, worth }: Candidate,
  { lines, quantities, hasSets }: Scene,
  { left, free, open }: State
): void => {
  if (!hasSets) {
    for (let index = 0; index < items.length; index++) left[items[index]!]! -= offs[index]!
    return
  }
  for (let index = 0; index < items.length; index++) {
    const at = items[index]!
    const before = left[at]!
    const after = before - offs[index]!
    left[at] = after
    if (at >= lines) continue
    if (used.length > 0) {
      free[at] = free[at]! - used[index]!
      open[at] = open[at]! - worth[index]!
    } else if (after !== before) {
      open[at] = free[at] === quantities[at] ? after : Math.floor((open[at]! * after) / before)
    }
  }
}

/**
 * What a cut takes off as things stand, without asking for its condition. Where a bound is wanted, `then` is how things stood before anything
 * was supposed to be taken: it is for the rows that it was for then, and units left over by sharing out stay where they are.
 */
export const takeCut = (candidate: Candidate, cut: Cut, scene: Scene, state: State, then = state): number => {
  const { items, offs, floor, most } = candidate
  if (candidate.whole && !candidate.prepared.across && candidate.from === undefined) {
    const total = takeWhole(items, offs, cut, scene, state)
    return total > most ? capped(candidate, offs.slice(), scene) : total
  }
  const bases = (candidate.bases ??= zeros(items.length))
  const isOfAll = candidate.promotion.maxQuantity === undefined
  for (let index = 0; index < items.length; index++) {
    const at = items[index]!
    bases[index] = !isFor(candidate, index, then) ? 0 : isOfAll ? state.left[at]! : baseOf(candidate, at, scene, state)
  }
  if (candidate.prepared.across) return takeAcross(candidate, bases, cut, scene, then, then !== state)
  let total = 0
  for (let index = 0; index < items.length; index++) {
    const base = bases[index]!
    const off = Math.min(
      eachOff(candidate, cut, items[index]!, base, scene),
      floor === 0 ? base : room(candidate, items[index]!, base, scene)
    )
    offs[index] = off
    total += off
  }
  return total > most ? capped(candidate, offs.slice(), scene) : total
}

/** Whether it is for a row as things stand. */
const isFor = ({ from, items }: Candidate, index: number, { left }: State): boolean =>
  from === undefined || left[items[index]!]! >= from[index]!

/** The usual thing, in one loop: off each whole line, as it is left, without a floor. */
const takeWhole = (items: Int32Array, offs: Array<number>, cut: Cut, { rounding, quantities }: Scene, { left }: State): number => {
  const { mode } = rounding
  let total = 0
  for (let index = 0; index < items.length; index++) {
    const at = items[index]!
    const owed = left[at]!
    const off =
      cut.type === "percentage"
        ? portion(owed, cut.part, mode)
        : cut.type === "fixed"
          ? cut.amount * (cut.once ? 1 : quantities[at]!)
          : owed - cut.amount * quantities[at]!
    total += offs[index] = off > owed ? owed : off > 0 ? off : 0
  }
  return total
}

/** At most the cap, shared out by what it would have been. */
const capped = ({ most, offs, items }: Candidate, wanted: Array<number>, scene: Scene): number => {
  allocate(most, wanted, offs, { rows: items, ids: scene.ids, desk: scene.desk() })
  return most
}

const unitsOf = ({ promotion }: Candidate, at: number, { quantities }: Scene): number =>
  Math.min(quantities[at]!, promotion.maxQuantity ?? Infinity)

/** What is left to pay for the units that are meant. */
const baseOf = (candidate: Candidate, at: number, scene: Scene, { left }: State): number => {
  const owed = left[at]!
  const units = unitsOf(candidate, at, scene)
  const quantity = scene.quantities[at]!
  if (units === quantity) return owed
  if (candidate.promotion.earlier !== "first") return portion(owed, { numerator: units, denominator: quantity }, "down")
  return Math.max(0, listedFor(units, at, scene) - (scene.listed[at]! - owed))
}

/** What so many units of a line cost as listed. */
const listedFor = (units: number, at: number, { listed, quantities }: Scene): number =>
  units === quantities[at] ? listed[at]! : portion(listed[at]!, { numerator: units, denominator: quantities[at] ?? 1 }, "down")

/** What may come off before the units are cheaper than the floor. */
const room = (candidate: Candidate, at: number, base: number, scene: Scene): number =>
  Math.max(0, base - candidate.floor * unitsOf(candidate, at, scene))

const eachOff = (candidate: Candidate, cut: Cut, at: number, base: number, scene: Scene): number => {
  const units = unitsOf(candidate, at, scene)
  if (cut.type === "fixed") return cut.once ? cut.amount : cut.amount * units
  if (cut.type === "price") return Math.max(0, base - cut.amount * units)
  const { level, mode } = scene.rounding
  const of = cut.original ? listedFor(units, at, scene) : base
  if (level !== "unit" || candidate.promotion.target !== "line") return portion(of, cut.part, mode)
  const dearer = of % units
  const each = (of - dearer) / units
  return (units - dearer) * portion(each, cut.part, mode) + (dearer === 0 ? 0 : dearer * portion(each + 1, cut.part, mode))
}

const takeAcross = (candidate: Candidate, bases: Array<number>, cut: Cut, scene: Scene, then: State, isBound: boolean): number => {
  const { items, offs, most, floor } = candidate
  let sum = 0
  for (const base of bases) sum += base
  const wanted = Math.min(sum, most, acrossOff(candidate, cut, sum, scene, then))
  if (wanted <= 0) {
    offs.fill(0)
    return 0
  }
  if (candidate.rough) return takeRoughly(wanted, bases, offs)
  const isWeighted = scene.weightOf !== undefined && candidate.promotion.target === "order"
  const weights = isWeighted ? weightsOf(items, bases, scene) : bases
  if (isBound && floor === 0) return takeInProportion(wanted, weights, bases, offs)
  const names = { rows: items, ids: scene.ids, desk: scene.desk() }
  if (floor === 0) {
    allocate(wanted, weights, offs, names)
    if (!isWeighted || offs.every((off, index) => off <= bases[index]!)) return wanted
  }
  const rooms = Array.from(items, (at, index) => room(candidate, at, bases[index]!, scene))
  return allocateWithin(wanted, weights.slice(0, items.length), rooms, offs, names)
}

const weightsOf = (items: Int32Array, bases: Array<number>, scene: Scene): Array<number> => {
  const { weights } = scene.desk()
  for (let index = 0; index < items.length; index++) weights[index] = scene.weightOf!(items[index]!, bases[index]!)
  return weights
}

/** From the first lines, as far as they go: where nothing that follows asks how it is shared out, but what is left in all. */
const takeRoughly = (wanted: number, bases: Array<number>, offs: Array<number>): number => {
  let left = wanted
  for (let index = 0; index < offs.length; index++) {
    const off = Math.min(left, bases[index]!)
    offs[index] = off
    left -= off
  }
  return wanted
}

/** In proportion, rounded down. */
const takeInProportion = (wanted: number, weights: Array<number>, bases: Array<number>, offs: Array<number>): number => {
  let sum = 0
  for (let index = 0; index < offs.length; index++) sum += weights[index]!
  const ratio = wanted / sum
  for (let index = 0; index < offs.length; index++) offs[index] = Math.min(bases[index]!, Math.floor(weights[index]! * ratio))
  return wanted
}

const acrossOff = (candidate: Candidate, cut: Cut, sum: number, scene: Scene, then: State): number => {
  if (cut.type === "fixed") return cut.amount
  if (cut.type === "price") return sum - cut.amount
  const { mode } = scene.rounding
  if (!cut.original) return portion(sum, cut.part, mode)
  let listed = 0
  for (const [index, at] of candidate.items.entries())
    if (isFor(candidate, index, then)) listed += listedFor(unitsOf(candidate, at, scene), at, scene)
  return portion(listed, cut.part, mode)
}

/** What is left to pay for some of the units that no set has taken yet. */
const worthOf = (units: number, at: number, { free, open }: State): number => {
  const all = free[at]!
  return units === all ? open[at]! : portion(open[at]!, { numerator: units, denominator: all }, "down")
}

const takeSets = (candidate: Candidate, draws: Draws, scene: Scene, state: State): number => {
  const { items, offs, used, worth, most, floor } = candidate
  const drawn = drawSets(draws, state)
  offs.fill(0)
  copyColumn(drawn.used, used)
  let sum = 0
  for (let index = 0; index < items.length; index++) {
    const at = items[index]!
    const units = used[index]!
    worth[index] = units === 0 ? 0 : worthOf(units, at, state)
    sum += worth[index]!
  }
  if (drawn.sets === 0) return 0
  if ("price" in draws.given) {
    const off = Math.min(most, sum - draws.given.price * drawn.sets)
    if (off <= 0) return 0
    if (floor > 0)
      return allocateWithin(
        off,
        worth,
        worth.map((amount, index) => Math.max(0, amount - floor * used[index]!)),
        offs,
        { rows: items, ids: scene.ids, desk: scene.desk() }
      )
    allocate(off, worth, offs, { rows: items, ids: scene.ids, desk: scene.desk() })
    return off
  }
  const { part } = draws.given
  let total = 0
  for (let index = 0; index < items.length; index++) {
    const units = drawn.given[index]!
    if (units === 0) continue
    const base = worthOf(units, items[index]!, state)
    offs[index] = Math.min(portion(base, part, scene.rounding.mode), base, Math.max(0, base - floor * units))
    total += offs[index]!
  }
  return total > most ? capped(candidate, offs.slice(), scene) : total
}
