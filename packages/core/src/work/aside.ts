import type { Key } from "../ports/store.ts"

/** How long (ms) what could not be taken up is left alone: twice as long each time. */
const FIRST = 1000

interface Left {
  readonly until: number
  readonly pause: number
  readonly error: unknown
  /** The how many-eth it was that failed. */
  readonly n: number
}

/** Where the row of a timer or a message is, over all scopes. */
export const placeOf = (scope: string, { id }: Key): string => `${scope}\n${id}`

/** What could not be taken up, so that it is in nobody's way: it is left alone for a while, and longer each time. */
export class Aside {
  readonly #left = new Map<string, Left>()
  readonly #longest: number
  /** How often something was left. */
  count = 0

  /** `longest`: for how long at most (ms). */
  constructor(longest: number) {
    this.#longest = longest
  }

  get size(): number {
    return this.#left.size
  }

  leave(place: string, error: unknown, now: number): void {
    const pause = Math.min(2 * (this.#left.get(place)?.pause ?? FIRST / 2), this.#longest)
    this.#left.set(place, { until: now + pause, pause, error, n: ++this.count })
  }

  /** It was taken up, here or by somebody else. */
  forget(place: string): void {
    this.#left.delete(place)
  }

  clear(): void {
    this.#left.clear()
  }

  /** Those of which nobody has heard for long may be gone. */
  prune(now: number): void {
    for (const [place, { until }] of this.#left) if (until + this.#longest < now) this.#left.delete(place)
  }

  isLeft(place: string, now: number): boolean {
    const left = this.#left.get(place)
    return left !== undefined && left.until > now
  }

  /** Whether it was left since `count` was so much. */
  isLeftSince(place: string, count: number): boolean {
    return (this.#left.get(place)?.n ?? 0) > count
  }

  errorsSince(count: number): ReadonlyArray<unknown> {
    return [...this.#left.values()].filter(({ n }) => n > count).map(({ error }) => error)
  }

  /** What is to be tried again by now, and when the next of the others is. */
  due(now: number): { readonly places: ReadonlyArray<string>; readonly next: number } {
    const places: Array<string> = []
    let next = Infinity
    for (const [place, { until }] of this.#left)
      if (until <= now) places.push(place)
      else next = Math.min(next, until)
    return { places, next }
  }
}
