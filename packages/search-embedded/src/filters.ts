import { isOpen, isWithin, MANY_VARIANTS, type SearchRange, type SearchRequest } from "@omni/catalog/search"

import { Counts, RangeCounts } from "./counts.ts"
import type { Segment } from "./segment.ts"

/** One condition on offers; its facet is counted without it. */
interface Condition {
  readonly name: string | undefined
  readonly meets: (offer: number) => boolean
}

/** All conditions are met, or more than one is not. */
const NONE = -1
const OUT = -2

/** What is chosen and counted, over the offers of one product after the other. */
export class Filters {
  readonly #segment: Segment
  readonly #conditions: ReadonlyArray<Condition>
  readonly #counts: ReadonlyArray<Counts>
  readonly #ranges: ReadonlyArray<RangeCounts>
  /** Which condition each of the counts is told without, or -1: values first, then ranges. */
  readonly #own: ReadonlyArray<number>
  readonly #priceRanges: RangeCounts
  readonly #price: number
  readonly #most: number
  readonly #values: SearchRequest["values"]
  readonly costs: Float64Array
  least = Infinity
  most = -Infinity

  constructor(segment: Segment, request: SearchRequest) {
    this.#segment = segment
    this.costs = segment.prices.costs(request.prices)
    this.#most = request.facetValues ?? Infinity
    this.#values = request.values
    const conditions: Array<Condition> = []
    for (const [facet, wanted] of Object.entries(request.values)) conditions.push({ name: facet, meets: hasValue(segment, facet, wanted) })
    for (const [facet, range] of Object.entries(request.ranges)) conditions.push({ name: facet, meets: hasNumber(segment, facet, range) })
    const { costs } = this
    if (!isOpen(request.price)) conditions.push({ name: undefined, meets: (offer) => isWithin(costs[offer]!, request.price) })
    this.#conditions = conditions
    this.#price = isOpen(request.price) ? NONE : conditions.length - 1
    this.#counts = request.facets.map((facet) => new Counts(segment, facet))
    this.#ranges = Object.entries(request.rangeFacets).map(([facet, ranges]) => {
      const lists = segment.numbers.get(facet)
      return new RangeCounts(facet, ranges, (offer, row) => row.addList(lists, offer))
    })
    this.#own = [...this.#counts, ...this.#ranges].map(({ facet }) => conditions.findIndex(({ name }) => name === facet))
    this.#priceRanges = new RangeCounts("", request.priceRanges, (offer, row) => row.add(costs[offer]!))
  }

  /** Looks at the offers of a product. What the cheapest costs that meets all; `undefined`: none does. `NaN`: none of them has a price. */
  take(product: number): number | undefined {
    const offers = this.#segment.offers.values
    const [first, end] = [offers[product]!, offers[product + 1]!]
    let cheapest: number | undefined
    let least = Infinity
    for (let offer = first; offer < end; offer++) {
      const failed = this.#failed(offer)
      if (failed === OUT) continue
      this.#count(product, offer, failed)
      const cost = this.costs[offer]!
      if ((failed === NONE || failed === this.#price) && cost < least) least = cost
      if (failed === NONE && (cheapest === undefined || Number.isNaN(cheapest) || cost < cheapest)) cheapest = cost
    }
    if (least < Infinity) {
      if (least < this.least) this.least = least
      if (least > this.most) this.most = least
    }
    return cheapest
  }

  /** The variants of a product that meet all, the cheapest first; `undefined` for one that has not many. */
  variants(product: number): ReadonlyArray<string> | undefined {
    const { offers, variants } = this.#segment
    const ids = variants.get(product)
    if (ids === undefined) return undefined
    const first = offers.values[product]!
    const meeting = ids.flatMap((id, at) => {
      const cost = this.costs[first + at]!
      return this.#failed(first + at) === NONE ? [{ id, cost: Number.isNaN(cost) ? Infinity : cost }] : []
    })
    // `Infinity - Infinity` is no number.
    meeting.sort((a, b) => (a.cost === b.cost ? 0 : a.cost - b.cost))
    return meeting.slice(0, MANY_VARIANTS).map(({ id }) => id)
  }

  /** The one condition that an offer does not meet. */
  #failed(offer: number): number {
    let failed = NONE
    for (let at = 0; at < this.#conditions.length; at++) {
      if (this.#conditions[at]!.meets(offer)) continue
      if (failed !== NONE) return OUT
      failed = at
    }
    return failed
  }

  #count(product: number, offer: number, failed: number): void {
    const [counts, ranges, own] = [this.#counts, this.#ranges, this.#own]
    for (let at = 0; at < counts.length; at++) if (failed === NONE || failed === own[at]) counts[at]!.add(product, offer)
    for (let at = 0; at < ranges.length; at++) if (failed === NONE || failed === own[counts.length + at]) ranges[at]!.take(product, offer)
    if (failed === NONE || failed === this.#price) this.#priceRanges.take(product, offer)
  }

  #chosen(facet: string): ReadonlySet<string> {
    return new Set(Object.hasOwn(this.#values, facet) ? this.#values[facet] : [])
  }

  facets() {
    return Object.fromEntries(this.#counts.map((counts) => [counts.facet, counts.told(this.#most, this.#chosen(counts.facet))]))
  }

  ranges() {
    return Object.fromEntries(this.#ranges.map((counts) => [counts.facet, counts.told()]))
  }

  priceRanges(): ReadonlyArray<number> {
    return this.#priceRanges.told()
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
