import type {
  SearchCheckpoint,
  SearchDriver,
  SearchEntry,
  SearchGeneration,
  SearchIndex,
  SearchRequest,
  SearchSettings,
  SearchState
} from "@omni/catalog/search"
import { checkOptions } from "@omni/core"

import { compact, isWasteful } from "./compact.ts"
import { NameOrder } from "./names.ts"
import { searchIn } from "./search.ts"
import { Segment } from "./segment.ts"
import { type Stemmer, STEMMERS } from "./stems.ts"

/** How an index in the process is made. */
export interface EmbeddedOptions {
  /** Stemmers of further languages, by language, or others for English and Spanish: `{ de: stemmer }` of `@orama/stemmers/german`. */
  readonly stemmers?: Readonly<Record<string, Stemmer>>
}

/**
 * Search inside the process: an index in memory, which each process makes for itself in the background when it starts, from the store, and keeps up by the log. Its
 * driver may be shared by tenants.
 */
export const embedded = (options: EmbeddedOptions = {}): SearchDriver => {
  checkOptions<EmbeddedOptions>("embedded()", options, { stemmers: true })
  const all = { ...STEMMERS, ...options.stemmers }
  const indexes = new Map<string, EmbeddedIndex>()
  return {
    specVersion: 1,
    capabilities: { typos: true, stemming: Object.keys(all).sort(), shared: false },
    async open(tenant, settings) {
      const known = indexes.get(tenant)
      if (known !== undefined) {
        known.settings = settings
        return known
      }
      const index = new EmbeddedIndex(all, settings)
      indexes.set(tenant, index)
      return index
    },
    async close() {
      indexes.clear()
    }
  }
}

/** A generation: its products, and as of which place in the log each of them is, those that were removed too. */
interface Generation {
  state: SearchGeneration
  segment: Segment
  readonly versions: Map<string, SearchEntry["version"]>
}

/** A macrotask, so that questions have their turn while an index is made. */
const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

class EmbeddedIndex implements SearchIndex {
  settings: SearchSettings
  readonly #stemmers: Readonly<Record<string, Stemmer>>
  #live: Generation | undefined
  #building: Generation | undefined
  #orders = new WeakMap<Segment, Map<string, Promise<NameOrder>>>()
  #writing: Promise<unknown> = Promise.resolve()

  constructor(stemmers: Readonly<Record<string, Stemmer>>, settings: SearchSettings) {
    this.#stemmers = stemmers
    this.settings = settings
  }

  async state(): Promise<SearchState> {
    return {
      ...(this.#live === undefined ? {} : { live: this.#live.state }),
      ...(this.#building === undefined ? {} : { building: this.#building.state })
    }
  }

  async begin(state: SearchGeneration): Promise<void> {
    this.#building = { state, segment: new Segment(this.#stemmers), versions: new Map() }
  }

  write(id: string, entries: ReadonlyArray<SearchEntry>, checkpoint: SearchCheckpoint): Promise<boolean> {
    const written = this.#writing.then(() => this.#write(id, entries, checkpoint))
    this.#writing = written.catch(() => undefined)
    return written
  }

  async #write(id: string, entries: ReadonlyArray<SearchEntry>, checkpoint: SearchCheckpoint): Promise<boolean> {
    const generation = this.#generation(id)
    if (generation === undefined) return false
    for (const { id: product, version, document } of entries) {
      const known = generation.versions.get(product)
      if (known !== undefined && known > version) continue
      generation.versions.set(product, version)
      if (document === undefined) generation.segment.remove(product)
      else generation.segment.put(document)
    }
    generation.state = { ...generation.state, checkpoint }
    if (isWasteful(generation.segment)) generation.segment = await compact(generation.segment, this.#stemmers, turn)
    return true
  }

  async publish(id: string): Promise<boolean> {
    if (this.#building?.state.id !== id) return this.#live?.state.id === id
    this.#live = this.#building
    this.#building = undefined
    return true
  }

  async search(request: SearchRequest) {
    const live = this.#live
    if (live === undefined) return undefined
    const { segment } = live
    const order = request.sort === "name" ? await this.#order(segment, request.locale) : undefined
    return searchIn(segment, request, { settings: this.settings, order })
  }

  #generation(id: string): Generation | undefined {
    return [this.#live, this.#building].find((one) => one?.state.id === id)
  }

  #order(segment: Segment, locale: string): Promise<NameOrder> {
    const orders = this.#orders.get(segment) ?? new Map<string, Promise<NameOrder>>()
    this.#orders.set(segment, orders)
    const known = orders.get(locale)
    if (known !== undefined) return known
    const made = NameOrder.make(segment, locale, turn)
    orders.set(locale, made)
    return made
  }
}
