/** How many codes are kept beside those in order, at least, and as a part of them. */
const BESIDE = 512
const PART = 4

/**
 * Products by their codes. Codes are looked for by their beginnings too, so they are kept in order; those that came since lie beside, and are taken in when they are
 * many. Nearly every code has one product, which needs no set of its own.
 */
export class Codes {
  readonly #products = new Map<string, number | ReadonlySet<number>>()
  /** What was removed since is still here, too. */
  #ordered: ReadonlyArray<string> = []
  #beside: Array<string> = []

  add(code: string, product: number): void {
    const known = this.of(code)
    if (known.size > 0) return void this.#products.set(code, new Set([...known, product]))
    this.#products.set(code, product)
    this.#beside.push(code)
    if (this.#beside.length > BESIDE + this.#ordered.length / PART) this.#order()
  }

  remove(code: string, product: number): void {
    const left = new Set(this.of(code))
    left.delete(product)
    if (left.size === 0) this.#products.delete(code)
    else this.#products.set(code, left.size === 1 ? [...left][0]! : left)
  }

  of(code: string): ReadonlySet<number> {
    const found = this.#products.get(code)
    return found === undefined ? NONE : typeof found === "number" ? new Set([found]) : found
  }

  /** The products that have a code which begins so. */
  begunBy(begun: string): ReadonlySet<number> {
    const found = new Set<number>()
    const add = (code: string): void => {
      for (const product of this.of(code)) found.add(product)
    }
    for (let at = firstFrom(this.#ordered, begun); this.#ordered[at]?.startsWith(begun) === true; at++) add(this.#ordered[at]!)
    for (const code of this.#beside) if (code.startsWith(begun)) add(code)
    return found
  }

  #order(): void {
    const all = new Set([...this.#ordered, ...this.#beside].filter((code) => this.#products.has(code)))
    this.#ordered = [...all].sort(byUnits)
    this.#beside = []
  }
}

const NONE: ReadonlySet<number> = new Set()

/** The order of `<`, in which all that begins alike lies together. */
const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Where the first text lies that does not come before this one. */
const firstFrom = (ordered: ReadonlyArray<string>, text: string): number => {
  let [low, high] = [0, ordered.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ordered[middle]! < text) low = middle + 1
    else high = middle
  }
  return low
}
