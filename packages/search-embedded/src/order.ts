import { BadCursor, type SearchRequest } from "@omni/catalog/search"

/** Where a product stands among what was found: by its keys, the least first, then by its id. */
export interface Place {
  readonly keys: readonly [number, number]
  readonly id: string
}

export interface Ranked extends Place {
  readonly product: number
}

export const compare = (a: Place, b: Place): number =>
  a.keys[0] - b.keys[0] || a.keys[1] - b.keys[1] || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

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

/** What a cursor holds: the place of the last product, what it was called where names are the order, and which question it belongs to. */
interface Cursor {
  readonly keys: readonly [number, number]
  readonly id: string
  readonly name?: string
}

export const writeCursor = (request: SearchRequest, { keys, id }: Place, name: string | undefined): string =>
  encodeURIComponent(JSON.stringify([questionOf(request), ...keys.map(stored), id, ...(name === undefined ? [] : [name])]))

/** Throws `BadCursor` for what is none, or belongs to another question. */
export const readCursor = (request: SearchRequest): Cursor | undefined => {
  if (request.after === undefined) return undefined
  const parsed = parse(request.after)
  if (!Array.isArray(parsed) || parsed[0] !== questionOf(request)) throw new BadCursor("A cursor of another question, or none")
  const [, first, second, id, name] = parsed as ReadonlyArray<unknown>
  if (!isKey(first) || !isKey(second) || typeof id !== "string") throw new BadCursor("No cursor")
  return { keys: [first ?? Infinity, second ?? Infinity], id, ...(typeof name === "string" ? { name } : {}) }
}

/** JSON knows no infinity. */
const stored = (key: number): number | null => (Number.isFinite(key) ? key : null)
const isKey = (key: unknown): key is number | null => key === null || typeof key === "number"

const parse = (text: string): unknown => {
  try {
    return JSON.parse(decodeURIComponent(text))
  } catch {
    return undefined
  }
}

/** What makes a question another one: all but the page and the moment. A number, by FNV-1a. */
const questionOf = ({ view, text, values, ranges, price, prices, sort }: SearchRequest): number => {
  const asked = JSON.stringify([view, text, values, ranges, price, prices, sort])
  let hash = 0x811c9dc5
  for (let at = 0; at < asked.length; at++) hash = Math.imul(hash ^ asked.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
