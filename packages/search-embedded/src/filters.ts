import { isOpen, isWithin, type SearchRange, type SearchRequest } from "@omni/catalog/search"

import { Counts, RangeCounts } from "./counts.ts"
import type { Segment } from "./segment.ts"

/** One condition on offers; its facet is counted without it. */
interface Condition {
  readonly name: string | undefined
  readonly meets: (offer: number) => boolean
}

/** What is chosen and counted, over the offers of one product after the other. */
export class Filters {
  readonly #segment: Segment
  readonly #conditions: ReadonlyArray<Condition>
  readonly #counts: ReadonlyArray<readonly [number, Counts]>
  readonly #ranges: ReadonlyArray<readonly [number, RangeCounts]>
  readonly #priceRanges: RangeCounts
  readonly #price: number
  readonly costs: Float64Array
  least = Infinity
  most = -Infinity

  constructor(segment: Segment, request: SearchRequest) {
    this.#segment = segment
    this.costs = segment.prices.costs(request.prices)
    const conditions: Array<Condition> = []
    for (const [facet, wanted] of Object.entries(request.values)) conditions.push({ name: facet, meets: hasValue(segment, facet, wanted) })
    for (const [facet, range] of Object.entries(request.ranges)) conditions.push({ name: facet, meets: hasNumber(segment, facet, range) })
    const { costs } = this
    if (!isOpen(request.price)) conditions.push({ name: undefined, meets: (offer) => isWithin(costs[offer]!, request.price) })
    this.#conditions = conditions
    this.#price = isOpen(request.price) ? -1 : conditions.length - 1
    const own = (facet: string): number => conditions.findIndex(({ name }) => name === facet)
    this.#counts = request.facets.map((facet) => [own(facet), new Counts(segment, facet)] as const)
    this.#ranges = Object.entries(request.rangeFacets).map(([facet, ranges]) => {
      const lists = segment.numbers.get(facet)
      return [own(facet), new RangeCounts(facet, ranges, (offer, row) => row.addList(lists, offer))] as const
    })
    this.#priceRanges = new RangeCounts("", request.priceRanges, (offer, row) => row.add(costs[offer]!))
  }

  /** Looks at the offers of a product. What the cheapest costs that meets all; `undefined`: none does. `NaN`: none of them has a price. */
  take(product: number): number | undefined {
    const { offers } = this.#segment
    let cheapest: number | undefined
    let [least, most] = [Infinity, -Infinity]
    for (let offer = offers.values[product]!; offer < offers.values[product + 1]!; offer++) {
      let failed = -1
      let isOut = false
      for (let at = 0; at < this.#conditions.length; at++) {
        if (this.#conditions[at]!.meets(offer)) continue
        if (failed !== -1) {
          isOut = true
          break
        }
        failed = at
      }
      if (isOut) continue
      for (const [own, counts] of this.#counts) if (failed === -1 || failed === own) counts.add(product, offer)
      for (const [own, counts] of this.#ranges) if (failed === -1 || failed === own) counts.take(product, offer)
      const cost = this.costs[offer]!
      if (failed === -1 || failed === this.#price) {
        this.#priceRanges.take(product, offer)
        if (cost < least) least = cost
      }
      if (failed === -1 && (cheapest === undefined || Number.isNaN(cheapest) || cost < cheapest)) cheapest = cost
    }
    if (least < Infinity) {
      if (least > most) most = least
      if (least < this.least) this.least = least
      if (most > this.most) this.most = most
    }
    return cheapest
  }

  facets() {
    return Object.fromEntries(this.#counts.map(([, counts]) => [counts.facet, counts.told()]))
  }

  ranges() {
    return Object.fromEntries(this.#ranges.map(([, counts]) => [counts.facet, counts.counts]))
  }

  priceRanges(): ReadonlyArray<number> {
    return this.#priceRanges.counts
  }
}

const hasValue = (segment: Segment, facet: string, wanted: ReadonlyArray<string>): ((offer: number) => boolean) => {
  const column = segment.values.get(facet)
  if (column === undefined) return () => false
  const { names, lists } = column
  lists.fill(segment.offerCount)
  const isWanted = new Uint8Array(names.texts.length)
  for (const value of wanted) {
    const number = names.find(value)
    if (number !== undefined) isWanted[number] = 1
  }
  const [starts, values] = [lists.starts.values, lists.values.values]
  return (offer) => {
    for (let at = starts[offer]!; at < starts[offer + 1]!; at++) if (isWanted[values[at]!] === 1) return true
    return false
  }
}

const hasNumber = (segment: Segment, facet: string, range: SearchRange): ((offer: number) => boolean) => {
  const lists = segment.numbers.get(facet)
  if (lists === undefined) return () => false
  lists.fill(segment.offerCount)
  const [starts, values] = [lists.starts.values, lists.values.values]
  return (offer) => {
    for (let at = starts[offer]!; at < starts[offer + 1]!; at++) if (isWithin(values[at]!, range)) return true
    return false
  }
}
