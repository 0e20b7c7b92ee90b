import type { SearchRequest } from "@omni/catalog/search"

/** For so many kinds of buyers what offers cost is kept worked out. */
const KEPT = 24

interface Worked {
  readonly places: SearchRequest["prices"]
  costs: Float64Array
}

/** What offers cost, by where the price stands; and, worked out, for those who asked last. */
export class PriceColumns {
  readonly places = new Map<string, Map<number, number>>()
  readonly #worked = new Map<string, Worked>()
  #length = 0

  put(row: number, prices: Readonly<Record<string, number>>): void {
    this.grow(row + 1)
    for (const [place, amount] of Object.entries(prices)) {
      const known = this.places.get(place)
      if (known === undefined) this.places.set(place, new Map([[row, amount]]))
      else known.set(row, amount)
    }
    for (const worked of this.#worked.values()) {
      if (row >= worked.costs.length) {
        const grown = new Float64Array(row + (row >> 2) + 16).fill(Number.NaN)
        grown.set(worked.costs)
        worked.costs = grown
      }
      worked.costs[row] = this.#cost(row, worked.places)
    }
  }

  /** Lets there be so many offers, though the last may have no price. */
  grow(rows: number): void {
    this.#length = Math.max(this.#length, rows)
  }

  /** What each offer costs by places, best first; `NaN` where it has no price there. */
  costs(places: SearchRequest["prices"]): Float64Array {
    const key = JSON.stringify(places)
    const known = this.#worked.get(key)
    if (known !== undefined) {
      this.#worked.delete(key)
      this.#worked.set(key, known)
      return known.costs
    }
    const [first, ...rest] = places
    // What many buyers have in common is worked out once: their last places.
    const costs = first === undefined ? new Float64Array(this.#length).fill(Number.NaN) : this.costs(rest).slice()
    const there = (first ?? []).flatMap((place) => this.places.get(place) ?? [])
    for (const [offer, amount] of there.length === 1 ? there[0]! : leastOf(there)) costs[offer] = amount
    this.#worked.set(key, { places, costs })
    if (this.#worked.size > KEPT) this.#worked.delete(this.#worked.keys().next().value!)
    return costs
  }

  #cost(row: number, places: SearchRequest["prices"]): number {
    for (const level of places) {
      const found = level.flatMap((place) => this.places.get(place)?.get(row) ?? [])
      if (found.length > 0) return Math.min(...found)
    }
    return Number.NaN
  }
}

const leastOf = (columns: ReadonlyArray<ReadonlyMap<number, number>>): ReadonlyMap<number, number> => {
  const least = new Map<number, number>()
  for (const column of columns) {
    for (const [row, amount] of column) {
      const known = least.get(row)
      if (known === undefined || amount < known) least.set(row, amount)
    }
  }
  return least
}
