import type { Prepared } from "./prepare.ts"
import { partOf } from "./prepare.ts"
import type { Scene, State } from "./scene.ts"
import { linesOf } from "./select.ts"
import type { Fraction } from "./share.ts"

/** Units that a set needs: so many, of these lines, in the order in which they are taken. Numbers are indexes into `places`. */
interface Draw {
  readonly quantity: number
  readonly order: Int32Array
}

/** How sets are made and what is given for one. */
export interface Draws {
  /** The lines that any unit may come from. */
  readonly places: Int32Array
  readonly draws: ReadonlyArray<Draw>
  readonly times: number
  /** A part off the units of the last draw, or a price for the set. */
  readonly given: { readonly part: Fraction } | { readonly price: number }
}

/** How units are drawn for a promotion of sets; undefined when its price is not given in the currency of the cart. */
export const drawsOf = (prepared: Prepared, scene: Scene, items: Int32Array): Draws | undefined => {
  const { value } = prepared.promotion
  const others = prepared.others.map((selector) => (selector === prepared.selector ? items : linesOf(scene, selector)))
  if (value.type === "bundle") {
    const price = value.price[scene.basket.currency]
    if (price === undefined) return undefined
    const places = union(others)
    const draws = value.parts.map(({ quantity }, at) => ({
      quantity,
      order: ordered(scene, places, others[at] ?? items, "dearest", "unit")
    }))
    return { places, draws, times: value.times ?? Infinity, given: { price } }
  }
  if (value.type !== "buy-get") return undefined
  const [bought = items] = others
  const places = union([bought, items])
  const by = value.by ?? "unit"
  const got = new Set(items)
  const buying = ordered(scene, places, bought, "dearest", by)
  // What can only be bought is bought first, so that it does not use up what could be given.
  const order = by === "line" ? buying : buying.toSorted((a, b) => Number(got.has(places[a] ?? -1)) - Number(got.has(places[b] ?? -1)))
  return {
    places,
    draws: [
      { quantity: value.buy.quantity, order },
      { quantity: value.get.quantity, order: ordered(scene, places, items, value.pick ?? "cheapest", by) }
    ],
    times: value.times ?? Infinity,
    given: { part: partOf(value.percent ?? 100) }
  }
}

const union = (lists: ReadonlyArray<Int32Array>): Int32Array => Int32Array.from(new Set(lists.flatMap((list) => [...list]))).sort()

const ordered = (scene: Scene, places: Int32Array, lines: Int32Array, first: "cheapest" | "dearest", by: "unit" | "line"): Int32Array => {
  const measure = by === "unit" ? scene.prices : scene.listed
  const sign = first === "cheapest" ? 1 : -1
  const wanted = new Set(lines)
  const indexes = [...places.keys()].filter((index) => wanted.has(places[index] ?? -1))
  const of = (index: number): number => measure[places[index]!]!
  return Int32Array.from(indexes.sort((a, b) => sign * (of(a) - of(b)) || a - b))
}

/** Units that were drawn, aligned with the places: all of them, and those of the last draw. */
export interface Drawn {
  readonly sets: number
  readonly used: Float64Array
  readonly given: Float64Array
}

/**
 * Draws set after set while there are units for a whole one, and while a set is worth more than its price. The same set is drawn many
 * times at once, so that the work goes with the number of lines, not of units.
 */
export const drawSets = ({ places, draws, times, given: rule }: Draws, state: State): Drawn => {
  const free = Float64Array.from(places, (at) => state.free[at]!)
  const worthOf = (index: number): number => {
    const at = places[index]!
    const units = state.free[at]!
    return units === 0 ? 0 : state.open[at]! / units
  }
  const used = new Float64Array(places.length)
  const given = new Float64Array(places.length)
  const starts = draws.map(() => 0)
  let sets = 0
  while (sets < times) {
    const plan = planOf(draws, free, starts)
    if (plan === undefined) break
    const all = new Map<number, number>()
    for (const { index, units } of plan) all.set(index, (all.get(index) ?? 0) + units)
    if ("price" in rule) {
      let worth = 0
      for (const [index, units] of all) worth += worthOf(index) * units
      if (worth <= rule.price) break
    }
    let repeats = times - sets
    for (const [index, units] of all) repeats = Math.min(repeats, Math.floor(free[index]! / units))
    for (const { index, units, draw } of plan) {
      free[index] = free[index]! - units * repeats
      used[index] = used[index]! + units * repeats
      if (draw === draws.length - 1) given[index] = given[index]! + units * repeats
    }
    sets += repeats
  }
  return { sets, used, given }
}

interface Planned {
  readonly draw: number
  readonly index: number
  readonly units: number
}

/** The units of one set. `starts` moves past lines that have no units left, for good. */
const planOf = (draws: ReadonlyArray<Draw>, free: Float64Array, starts: Array<number>): ReadonlyArray<Planned> | undefined => {
  const plan: Array<Planned> = []
  const taken = new Map<number, number>()
  for (const [draw, { quantity, order }] of draws.entries()) {
    let start = starts[draw]!
    while (start < order.length && free[order[start]!]! === 0) start++
    starts[draw] = start
    let missing = quantity
    for (let next = start; next < order.length && missing > 0; next++) {
      const index = order[next]!
      const units = Math.min(missing, free[index]! - (taken.get(index) ?? 0))
      if (units <= 0) continue
      plan.push({ draw, index, units })
      taken.set(index, (taken.get(index) ?? 0) + units)
      missing -= units
    }
    if (missing > 0) return undefined
  }
  return plan
}
