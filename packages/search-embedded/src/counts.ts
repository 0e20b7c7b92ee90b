import { isWithin, type SearchCount, type SearchRange } from "@omni/catalog/search"

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

  told(): ReadonlyArray<SearchCount> {
    const told: Array<SearchCount> = []
    for (let at = 0; at < this.#names.length; at++)
      if (this.#counts[at]! > 0) told.push({ value: this.#names[at]!, count: this.#counts[at]! })
    return told.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
}

/** Products by ranges of numbers. */
export class RangeCounts {
  readonly facet: string
  readonly counts: Array<number>
  readonly #ranges: ReadonlyArray<SearchRange>
  readonly #last: Array<number>
  readonly #read: (offer: number, counts: RangeCounts) => void
  #product = 0

  constructor(facet: string, ranges: ReadonlyArray<SearchRange>, read: (offer: number, counts: RangeCounts) => void) {
    this.facet = facet
    this.counts = ranges.map(() => 0)
    this.#ranges = ranges
    this.#last = ranges.map(() => -1)
    this.#read = read
  }

  take(product: number, offer: number): void {
    if (this.#ranges.length === 0) return
    this.#product = product
    this.#read(offer, this)
  }

  add(number: number): void {
    for (let at = 0; at < this.#ranges.length; at++) {
      if (this.#last[at] === this.#product || !isWithin(number, this.#ranges[at]!)) continue
      this.#last[at] = this.#product
      this.counts[at] = this.counts[at]! + 1
    }
  }

  addList(lists: Lists<Float64Array> | undefined, offer: number): void {
    if (lists === undefined || offer + 1 >= lists.starts.length) return
    for (let at = lists.starts.values[offer]!; at < lists.starts.values[offer + 1]!; at++) this.add(lists.values.values[at]!)
  }
}
