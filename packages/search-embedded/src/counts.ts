import type { SearchCount, SearchRange } from "@omni/catalog/search"

import type { Lists } from "./columns.ts"
import type { Segment } from "./segment.ts"

/** Products by value of a facet; one with several offers counts once. */
export class Counts {
  readonly facet: string
  readonly #names: ReadonlyArray<string>
  readonly #starts: Uint32Array
  readonly #values: Uint32Array
  readonly #counts: Uint32Array
  /** The last product that was counted for a value, plus one. */
  readonly #last: Uint32Array

  constructor(segment: Segment, facet: string) {
    this.facet = facet
    const column = segment.values.get(facet)
    column?.lists.fill(segment.offerCount)
    this.#names = column?.names.texts ?? []
    this.#starts = column?.lists.starts.values ?? new Uint32Array(segment.offerCount + 1)
    this.#values = column?.lists.values.values ?? new Uint32Array(0)
    this.#counts = new Uint32Array(this.#names.length)
    this.#last = new Uint32Array(this.#names.length)
  }

  add(product: number, offer: number): void {
    const end = this.#starts[offer + 1]!
    for (let at = this.#starts[offer]!; at < end; at++) {
      const value = this.#values[at]!
      if (this.#last[value] === product + 1) continue
      this.#last[value] = product + 1
      this.#counts[value] = this.#counts[value]! + 1
    }
  }

  /** The most frequent, so many at least where there are as many, and those that are kept anyway. */
  told(most: number, kept: ReadonlySet<string>): ReadonlyArray<SearchCount> {
    const told: Array<SearchCount> = []
    const least = leastOf(this.#counts, most)
    for (let at = 0; at < this.#names.length; at++) {
      const count = this.#counts[at]!
      if (count >= least || (count > 0 && kept.has(this.#names[at]!))) told.push({ value: this.#names[at]!, count })
    }
    return told.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
}

/** The count that the most frequent have at least, so many of them; 1 where there are not more. */
const leastOf = (counts: Uint32Array, most: number): number => {
  if (counts.length <= most) return 1
  return Math.max(1, counts.toSorted()[counts.length - most]!)
}

/**
 * Products by ranges of numbers. The ends of all ranges cut the numbers into parts, so that a number is looked for once, however many ranges there are, and each product
 * is counted in the part of its first number; what a product's further numbers add is counted range by range.
 */
export class RangeCounts {
  readonly facet: string
  readonly #ends: ReadonlyArray<number>
  /** The first and the last part of each range. */
  readonly #parts: ReadonlyArray<readonly [first: number, last: number]>
  readonly #inParts: Uint32Array
  readonly #added: Uint32Array
  readonly #last: Float64Array
  readonly #read: (offer: number, counts: RangeCounts) => void
  #product = -1
  #counted = -1
  #first = 0

  constructor(facet: string, ranges: ReadonlyArray<SearchRange>, read: (offer: number, counts: RangeCounts) => void) {
    this.facet = facet
    this.#read = read
    this.#ends = [...new Set(ranges.flatMap(({ from, to }) => [from ?? [], to ?? []].flat()))].sort((a, b) => a - b)
    const [ends, parts] = [this.#ends, 2 * this.#ends.length + 1]
    this.#parts = ranges.map(({ from, to }) => [
      from === undefined ? 0 : 2 * ends.indexOf(from) + 1,
      to === undefined ? parts - 1 : 2 * ends.indexOf(to) + 1
    ])
    this.#inParts = new Uint32Array(parts)
    this.#added = new Uint32Array(ranges.length)
    this.#last = new Float64Array(ranges.length).fill(-1)
  }

  take(product: number, offer: number): void {
    if (this.#parts.length === 0) return
    this.#product = product
    this.#read(offer, this)
  }

  add(number: number): void {
    if (Number.isNaN(number)) return
    const part = this.#partOf(number)
    if (this.#counted !== this.#product) {
      this.#counted = this.#product
      this.#first = part
      this.#inParts[part]! += 1
    } else if (part !== this.#first) this.#addFurther(part)
  }

  addList(lists: Lists<Float64Array> | undefined, offer: number): void {
    if (lists === undefined || offer + 1 >= lists.starts.length) return
    for (let at = lists.starts.values[offer]!; at < lists.starts.values[offer + 1]!; at++) this.add(lists.values.values[at]!)
  }

  told(): ReadonlyArray<number> {
    return this.#parts.map(([first, last], range) => {
      let count = this.#added[range]!
      for (let part = first; part <= last; part++) count += this.#inParts[part]!
      return count
    })
  }

  /** Ends have the odd parts, what lies between two of them the even ones. */
  #partOf(number: number): number {
    let [low, high] = [0, this.#ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#ends[middle]! < number) low = middle + 1
      else high = middle
    }
    return this.#ends[low] === number ? 2 * low + 1 : 2 * low
  }

  #addFurther(part: number): void {
    for (const [range, [first, last]] of this.#parts.entries()) {
      if (part < first || part > last || this.#last[range] === this.#product) continue
      this.#last[range] = this.#product
      if (this.#first < first || this.#first > last) this.#added[range]! += 1
    }
  }
}
