import type { Cover, Face } from "./cover.ts"
import type { Score } from "./objective.ts"
import type { Problem } from "./problem.ts"

/**
 * What choices of locations that cost no more than a price come to at least by the rule after the one that counts parcels, `level`: no
 * less than `bound`, and no less than that with `reduced` of a location that is open though it is not worth it, or closed though it is.
 */
export interface Second {
  readonly level: number
  readonly bound: number
  readonly reduced: Float64Array
}

const ROUNDS = 60

/** What one piece of a demand costs by the rule, cheapest first. */
interface Row {
  readonly need: number
  readonly places: Int32Array
  readonly capacities: Float64Array
  readonly costs: Float64Array
}

/**
 * The bound by Lagrangian relaxation: every demand pays a price for its pieces, and the locations that gain most by it, as many as may
 * cost `price`, serve whatever they gain by (the bound of the p-median problem: G. Cornuejols, M. L. Fisher, G. L. Nemhauser, 1977).
 * `known` is what the best choice so far comes to; `suggest` is told of locations that look good.
 */
export const secondOf = (
  { parcel, locations }: Problem,
  cover: Cover,
  { price, score, open }: { readonly price: number; readonly score: Score; readonly open: Uint8Array },
  suggest: (open: Uint8Array) => void
): Second => {
  const level = cover.level + 1
  const known = score[level]!
  const rows = cover.faces.filter(({ need, marginal }) => need > 0 && marginal.length > 0).map((face) => rowOf(face, level))
  const sure = cover.faces.reduce((sum, face) => face.sure.reduce((own, { capacity, cost }) => own + capacity * cost[level]!, sum), 0)
  const opening = Float64Array.from(locations, (_, l) => parcel[l]![level]!)
  let prices = rows.map((row) => dearest(row, open))
  let best: Second & { readonly prices: ReadonlyArray<number> } = {
    level,
    bound: Number.NEGATIVE_INFINITY,
    reduced: new Float64Array(locations.length),
    prices
  }
  let step = 1
  let stale = 0
  for (let round = 0; round < ROUNDS; round++) {
    const gain = gains(rows, prices, opening)
    const { worth, serving, reduced } = chosen(cover, gain, price)
    const bound = sure + rows.reduce((sum, { need }, i) => sum + prices[i]! * need, worth)
    if (bound > best.bound + 1e-6) {
      if (bound > best.bound + 1e-4 * known) stale = 0
      best = { level, bound, reduced, prices }
    } else if (++stale === 8) {
      step /= 2
      stale = 0
      prices = [...best.prices]
      continue
    }
    if (bound > known - 0.999) break
    if (round % 5 === 4) suggest(serving)
    const slope = rows.map((row, i) => row.need - given(row, prices[i]!, serving))
    const norm = slope.reduce((sum, one) => sum + one * one, 0)
    if (norm === 0) break
    const by = (step * Math.max(1e-3 * known, known * 1.01 - bound)) / norm
    prices = prices.map((own, i) => own + by * slope[i]!)
  }
  return best
}

const rowOf = ({ need, marginal }: Face, level: number): Row => {
  const options = [...marginal].sort((a, b) => a.cost[level]! - b.cost[level]!)
  const room = new Map<number, number>()
  const capacities = options.map(({ location, capacity }) => {
    const left = room.get(location) ?? need
    room.set(location, Math.max(0, left - capacity))
    return Math.min(left, capacity)
  })
  return {
    need,
    places: Int32Array.from(options, ({ location }) => location),
    capacities: Float64Array.from(capacities),
    costs: Float64Array.from(options, ({ cost }) => cost[level]!)
  }
}

/** What the last piece costs that is served from these locations. */
const dearest = ({ need, places, capacities, costs }: Row, open: Uint8Array): number => {
  let left = need
  let cost = costs.at(-1)!
  for (let o = 0; o < places.length && left > 0; o++) {
    if (open[places[o]!] === 0) continue
    left -= capacities[o]!
    cost = costs[o]!
  }
  return cost
}

/** What each location costs when it is opened and serves all that pays for itself. */
const gains = (rows: ReadonlyArray<Row>, prices: ReadonlyArray<number>, opening: Float64Array): Float64Array => {
  const gain = opening.slice()
  rows.forEach(({ places, capacities, costs }, i) => {
    const price = prices[i]!
    for (let o = 0; o < places.length && costs[o]! < price; o++) gain[places[o]!] = gain[places[o]!]! + capacities[o]! * (costs[o]! - price)
  })
  return gain
}

/** The locations that gain most for their price, the last of them perhaps in part, and what each is worth beside the price of that one. */
const chosen = ({ price, forced }: Cover, gain: Float64Array, most: number) => {
  const serving = forced.slice()
  const order = [...gain.keys()].filter((l) => forced[l] === 0 && gain[l]! < 0).sort((a, b) => gain[a]! / price[a]! - gain[b]! / price[b]!)
  let worth = 0
  for (let l = 0; l < gain.length; l++) if (forced[l] === 1) worth += gain[l]!
  let left = most
  let rate = 0
  for (const l of order) {
    const share = Math.min(1, left / price[l]!)
    left -= price[l]!
    worth += share * gain[l]!
    if (share > 0) serving[l] = 1
    if (left > 0) continue
    // What the last one gains is what room for more would be worth.
    rate = -gain[l]! / price[l]!
    break
  }
  return { worth, serving, reduced: gain.map((own, l) => (forced[l] === 1 ? 0 : own + rate * price[l]!)) }
}

const given = ({ places, capacities, costs }: Row, price: number, serving: Uint8Array): number => {
  let sum = 0
  for (let o = 0; o < places.length && costs[o]! < price; o++) if (serving[places[o]!] === 1) sum += capacities[o]!
  return sum
}
