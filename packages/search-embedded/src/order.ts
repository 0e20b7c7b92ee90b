import { BadCursor, readSearchCursor, type SearchRequest } from "@omni/catalog/search"

/** Where a product stands among what was found: by its keys, the least first, then by its id. */
export interface Place {
  readonly keys: readonly [number, number]
  readonly id: string
}

export interface Ranked extends Place {
  readonly product: number
}

const compare = (a: Place, b: Place): number => a.keys[0] - b.keys[0] || a.keys[1] - b.keys[1] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

/** The first of what it is given, in order, and whether there is more. */
export class Top {
  readonly #size: number
  readonly #after: Place | undefined
  readonly ranked: Array<Ranked> = []
  more = false

  constructor(size: number, after: Place | undefined) {
    this.#size = size
    this.#after = after
  }

  offer(first: number, second: number, product: number, id: string): void {
    const worst = this.ranked.length === this.#size ? this.ranked[this.#size - 1]! : undefined
    if (worst !== undefined && first > worst.keys[0]) {
      // What stands before the cursor is no rest; what stands after the worst is.
      this.more = true
      return
    }
    const place: Ranked = { keys: [first, second], id, product }
    if (this.#after !== undefined && compare(place, this.#after) <= 0) return
    if (worst !== undefined && compare(place, worst) > 0) {
      this.more = true
      return
    }
    let [low, high] = [0, this.ranked.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (compare(place, this.ranked[middle]!) < 0) high = middle
      else low = middle + 1
    }
    this.ranked.splice(low, 0, place)
    if (this.ranked.length > this.#size) {
      this.ranked.pop()
      this.more = true
    }
  }
}

/** The place after which a question goes on. Where names are the order, its first key is the name. */
export const placeAfter = (request: SearchRequest, rankOf: (name: string) => number): Place | undefined => {
  const read = readSearchCursor(request, 3)
  if (read === undefined) return undefined
  const [first, second, id] = read
  if (request.sort === "name" ? typeof first !== "string" : typeof first !== "number") throw new BadCursor("No cursor")
  if (typeof second !== "number" || typeof id !== "string") throw new BadCursor("No cursor")
  return { keys: [typeof first === "string" ? rankOf(first) : first!, second], id }
}
