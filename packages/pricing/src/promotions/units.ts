import { zeros } from "./column.ts"
import { compareIds } from "./order.ts"
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
  /** The order of each draw, the dearest unit first. */
  readonly dearest: ReadonlyArray<Int32Array>
  readonly times: number
  /** A part off the units of the last draw, or a price for the set. */
  readonly given: { readonly part: Fraction } | { readonly price: number }
  readonly desk: Desk
}

/** Room to draw in, aligned with the places; what was drawn stays there until the next time. */
interface Desk {
  readonly free: Array<number>
  readonly used: Array<number>
  readonly given: Array<number>
  readonly starts: Int32Array
  readonly plan: Plan
}

const deskOf = (places: number, draws: number): Desk => ({
  free: zeros(places),
  used: zeros(places),
  given: zeros(places),
  starts: new Int32Array(draws),
  plan: { draws: [], indexes: [], units: [], inSet: zeros(places) }
})

/** How units are drawn for a promotion of sets; undefined when its price is not given in the currency of the cart. */
export const drawsOf = (prepared: Prepared, scene: Scene, items: Int32Array): Draws | undefined => {
  const { value } = prepared.promotion
  const others = prepared.others.map((selector) => (selector === prepared.selector ? items : linesOf(scene, selector)))
  if (value.type === "bundle") {
    const price = value.price[scene.currency]
    if (price === undefined) return undefined
    const places = union(others)
    const draws = value.parts.map(({ quantity }, at) => ({
      quantity,
      order: ordered(scene, places, others[at] ?? items, "dearest", "unit")
    }))
    return {
      places,
      draws,
      dearest: draws.map(({ order }) => order),
      times: value.times ?? Infinity,
      given: { price },
      desk: deskOf(places.length, draws.length)
    }
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
    dearest: [ordered(scene, places, bought, "dearest", "unit"), ordered(scene, places, items, "dearest", "unit")],
    draws: [
      { quantity: value.buy.quantity, order },
      { quantity: value.get.quantity, order: ordered(scene, places, items, value.pick ?? "cheapest", by) }
    ],
    times: value.times ?? Infinity,
    given: { part: partOf(value.percent ?? 100) },
    desk: deskOf(places.length, 2)
  }
}

const union = (lists: ReadonlyArray<Int32Array>): Int32Array => Int32Array.from(new Set(lists.flatMap((list) => [...list]))).sort()

const ordered = (scene: Scene, places: Int32Array, lines: Int32Array, first: "cheapest" | "dearest", by: "unit" | "line"): Int32Array => {
  const measure = by === "unit" ? scene.prices : scene.listed
  const sign = first === "cheapest" ? 1 : -1
  const wanted = new Set(lines)
  const indexes = [...places.keys()].filter((index) => wanted.has(places[index] ?? -1))
  const of = (index: number): number => measure[places[index]!]!
  return Int32Array.from(indexes.sort((a, b) => sign * (of(a) - of(b)) || compareIds(scene.ids[places[a]!]!, scene.ids[places[b]!]!)))
}

/** Units that were drawn, aligned with the places: all of them, and those of the last draw. */
export interface Drawn {
  readonly sets: number
  readonly used: Array<number>
  readonly given: Array<number>
}

/**
 * Draws set after set while there are units for a whole one, and while a set is worth more than its price. The same set is drawn many
 * times at once, so that the work goes with the number of lines, not of units.
 */
export const drawSets = ({ places, draws, times, given: rule, desk }: Draws, state: State): Drawn => {
  const { free, used, given, starts, plan } = desk
  for (let index = 0; index < places.length; index++) free[index] = state.free[places[index]!]!
  used.fill(0)
  given.fill(0)
  starts.fill(0)
  let sets = 0
  while (sets < times && planSet(draws, free, starts, plan)) {
    if ("price" in rule && worthOfSet(plan, places, state) <= rule.price) break
    let repeats = times - sets
    for (const index of plan.indexes) repeats = Math.min(repeats, Math.floor(free[index]! / plan.inSet[index]!))
    for (let at = 0; at < plan.indexes.length; at++) {
      const index = plan.indexes[at]!
      const units = plan.units[at]! * repeats
      free[index]! -= units
      used[index]! += units
      if (plan.draws[at] === draws.length - 1) given[index]! += units
    }
    sets += repeats
  }
  return { sets, used, given }
}

/** The units of one set, in three columns, and of each line how many it takes in all. */
interface Plan {
  readonly draws: Array<number>
  readonly indexes: Array<number>
  readonly units: Array<number>
  readonly inSet: Array<number>
}

const worthOfSet = ({ indexes, units }: Plan, places: Int32Array, { free, open }: State): number => {
  let worth = 0
  for (let at = 0; at < indexes.length; at++) {
    const place = places[indexes[at]!]!
    worth += (open[place]! / free[place]!) * units[at]!
  }
  return worth
}

/** Plans the next set; false when there are not enough units. `starts` moves past lines that have none left, for good. */
const planSet = (draws: ReadonlyArray<Draw>, free: Array<number>, starts: Int32Array, plan: Plan): boolean => {
  for (const index of plan.indexes) plan.inSet[index] = 0
  plan.draws.length = plan.indexes.length = plan.units.length = 0
  for (let draw = 0; draw < draws.length; draw++) {
    const { quantity, order } = draws[draw]!
    while (starts[draw]! < order.length && free[order[starts[draw]!]!] === 0) starts[draw]!++
    let missing = quantity
    for (let next = starts[draw]!; next < order.length && missing > 0; next++) {
      const index = order[next]!
      const units = Math.min(missing, free[index]! - plan.inSet[index]!)
      if (units <= 0) continue
      plan.draws.push(draw)
      plan.indexes.push(index)
      plan.units.push(units)
      plan.inSet[index]! += units
      missing -= units
    }
    if (missing > 0) return false
  }
  return true
}
