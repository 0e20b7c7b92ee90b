import type { SearchHost } from "./service.ts"
import { MOST_NAMED, type ValueName } from "./value-names.ts"

/** So many values are remembered as named. */
const MOST_KNOWN = 20_000

interface Left {
  readonly name: ValueName
  readonly replace: boolean
}

/**
 * Keeps what products call the values of their options, as they come by while an index is made and followed. What cannot be kept, in a store that is only read or is
 * away, holds no index up: it is told, and tried again with what comes next.
 */
export class ValueNaming {
  readonly #host: SearchHost
  readonly #onError: (error: unknown) => void
  readonly #known = new Set<string>()
  readonly #left = new Map<string, Left>()

  constructor(host: SearchHost, onError: (error: unknown) => void) {
    this.#host = host
    this.#onError = onError
  }

  /** `replace`: the names were changed, so they take the place of those there are. */
  async keep(names: ReadonlyArray<ValueName>, replace: boolean): Promise<void> {
    for (const name of names) {
      const key = keyOf(name)
      if (replace || !(this.#known.has(key) || this.#left.has(key))) this.#left.set(key, { name, replace })
    }
    try {
      for (const kind of [false, true]) await this.#write(kind)
    } catch (error) {
      this.#onError(error)
    }
  }

  async #write(replace: boolean): Promise<void> {
    const names = [...this.#left.values()].flatMap((left) => (left.replace === replace ? [left.name] : []))
    for (let at = 0; at < names.length; at += MOST_NAMED) {
      const values = names.slice(at, at + MOST_NAMED)
      await this.#host.search.nameValues({ values, replace })
      for (const name of values) {
        this.#left.delete(keyOf(name))
        if (this.#known.size < MOST_KNOWN) this.#known.add(keyOf(name))
      }
    }
  }
}

const keyOf = ({ channel, facet, value }: ValueName): string => JSON.stringify([channel, facet, value])
