import type { SearchHost } from "./service.ts"
import { MOST_NAMED, type ValueName } from "./value-names.ts"

/** So many values are remembered as named. */
const MOST_KNOWN = 20_000

/** Keeps what products call the values of their options, as they come by while an index is made and followed. */
export class ValueNaming {
  readonly #host: SearchHost
  readonly #known = new Set<string>()

  constructor(host: SearchHost) {
    this.#host = host
  }

  /** `replace`: the names were changed, so they take the place of those there are. */
  async keep(names: ReadonlyArray<ValueName>, replace: boolean): Promise<void> {
    const fresh = replace ? names : names.filter((name) => !this.#known.has(keyOf(name)))
    for (let at = 0; at < fresh.length; at += MOST_NAMED) {
      const values = fresh.slice(at, at + MOST_NAMED)
      await this.#host.search.nameValues({ values, replace })
      if (this.#known.size < MOST_KNOWN) for (const name of values) this.#known.add(keyOf(name))
    }
  }
}

const keyOf = ({ facet, value }: ValueName): string => JSON.stringify([facet, value])
