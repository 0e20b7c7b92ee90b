import type { Counts } from "./counts.ts"
import { byText, decay, interests } from "./history.ts"
import { sorted, type Steps } from "./steps.ts"

/** Items by number with how much a person is interested in each. */
export interface Person {
  readonly segment: string | undefined
  readonly hasOrdered: boolean
  readonly items: Int32Array
  readonly strengths: Float64Array
}

/** The counts as numbers, in an order that does not depend on how they came. Items are sorted by name. */
export interface Table {
  readonly items: ReadonlyArray<string>
  readonly persons: ReadonlyArray<Person>
  /** The items of each order. */
  readonly orders: ReadonlyArray<Int32Array>
  /** By item: the sales of late, and all sales, each with its own half-life. */
  readonly recent: Float64Array
  readonly always: Float64Array
  /** By item: the sums of the squares of what each sale counts in those two, and of the products of both. */
  readonly recentSquares: Float64Array
  readonly alwaysSquares: Float64Array
  readonly products: Float64Array
  /** By item: the orders with it, and of the persons that bought it how many did, and did more than once. */
  readonly ordered: Float64Array
  readonly buyers: Float64Array
  readonly returned: Float64Array
}

export function* tableOf(counts: Counts, now: number, segment?: (person: string) => string | undefined): Steps<Table> {
  const { persons, settings } = counts
  const names = new Set<string>()
  for (const history of persons.values()) {
    for (const { items } of history) for (const item of items) names.add(item)
    yield
  }
  const items = yield* sorted([...names], byText)
  const numbers = new Map(items.map((item, number) => [item, number]))
  const numberOf = (item: string): number => numbers.get(item) ?? 0
  const sums = () => new Float64Array(items.length)
  const table = {
    recent: sums(),
    always: sums(),
    recentSquares: sums(),
    alwaysSquares: sums(),
    products: sums(),
    ordered: sums(),
    buyers: sums(),
    returned: sums()
  }
  const orders: Array<Int32Array> = []
  const rowOf = (key: string): Person => {
    const history = persons.get(key) ?? []
    const times = new Map<number, number>()
    for (const { at, items: names, kind } of history) {
      const basket = Int32Array.from(new Set(names), numberOf)
      const recent = settings.worth[kind] * decay(at, now, settings.trendHalfLifeDays)
      const always = settings.worth[kind] * decay(at, now, settings.halfLifeDays)
      for (const item of basket) {
        table.recent[item]! += recent
        table.always[item]! += always
        table.recentSquares[item]! += recent * recent
        table.alwaysSquares[item]! += always * always
        table.products[item]! += recent * always
        if (kind === "order") times.set(item, (times.get(item) ?? 0) + 1)
      }
      if (kind === "order") orders.push(basket)
    }
    for (const [item, count] of times) {
      table.ordered[item]! += count
      table.buyers[item]!++
      if (count > 1) table.returned[item]!++
    }
    const interest = interests(history, now, settings)
    const person = history[0]?.person
    return {
      segment: person === undefined ? undefined : segment?.(person),
      hasOrdered: times.size > 0,
      items: Int32Array.from(interest, ({ item }) => numberOf(item)),
      strengths: Float64Array.from(interest, ({ strength }) => strength)
    }
  }
  const rows: Array<Person> = []
  for (const key of yield* sorted([...persons.keys()], byText)) {
    rows.push(rowOf(key))
    yield
  }
  return { items, persons: rows, orders, ...table }
}

/** By item: its sales of late as they are taken to be, and how they compare with what was to be expected. */
export interface Trends {
  readonly sales: Float64Array
  readonly ratios: Float64Array
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)

/** What a prior is at the most: so many sales say that there are no trends. */
const NO_TREND = 1e9

/**
 * How many sales of late say as much as what all sales had let expect: how far the sales of items are from what was
 * expected of them, beyond what chance does, by the moments of a Gamma-Poisson (Efron and Morris 1973, "Stein's
 * Estimation Rule and Its Competitors"). Where sales come and go with fashion it is less than one, in a shop that sells
 * the same all year it is without bound.
 */
export const trendPriorOf = ({ always, alwaysSquares, products, recent, recentSquares }: Table): number => {
  const share = total(recent) / (total(always) || 1)
  let [expected, beyond] = [0, 0]
  always.forEach((sales, item) => {
    const mean = sales * share
    if (!(mean > 0)) return
    const chance = recentSquares[item]! - 2 * share * products[item]! + share * share * alwaysSquares[item]!
    expected += mean
    beyond += ((recent[item]! - mean) ** 2 - chance) / mean
  })
  return beyond > expected / NO_TREND ? expected / beyond : NO_TREND
}

/**
 * Sales of late, drawn towards what an item's share of all sales had let expect by a prior of so many sales: the mean of
 * a Gamma-Poisson posterior. So one sale more of what hardly sells makes no trend.
 */
export const trendsOf = ({ always, recent }: Table, prior: number): Trends => {
  const share = total(recent) / (total(always) || 1)
  const ratios = always.map((sales, item) => (recent[item]! + prior) / (sales * share + prior))
  return { ratios, sales: ratios.map((ratio, item) => ratio * always[item]! * share) }
}

/** How many orders a person has, on average: what an expectation over all of them is divided by to be one of the next. */
export const ordersPerPerson = ({ orders, persons }: Table): number => {
  const buyers = persons.reduce((sum, { hasOrdered }) => sum + (hasOrdered ? 1 : 0), 0)
  return Math.max(1, orders.length) / Math.max(1, buyers)
}
