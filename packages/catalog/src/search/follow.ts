import { type EventsOptions, type EventType, type Platform, type Position, PositionExpired, type Recorded, START } from "@omni/core"

import { ProductTypeDefined } from "../attributes/model.ts"
import { CategoryChanged, CategoryMoved, CategoryRemoved } from "../categories/model.ts"
import { PricesChanged } from "../prices/model.ts"
import { ProductChanged, ProductDeleted, VariantChanged, VariantDeleted } from "../products/model.ts"
import type { SearchCheckpoint, SearchEntry, SearchGeneration, SearchIndex } from "./port.ts"
import type { Reached, ReachedPage } from "./reached.ts"
import { type IndexPage, MOST_READ } from "./read-index.ts"
import type { SearchCause } from "./settings.ts"

/** What the log and the rows are read by. */
export interface FollowSource {
  events(options: EventsOptions): Promise<{ readonly events: ReadonlyArray<Recorded>; readonly upto: Position }>
  /** The first of these products, one at least. */
  entries(ids: ReadonlyArray<string>, arrived: Readonly<Record<string, number>>, version: Position): Promise<ReadonlyArray<SearchEntry>>
  /** Some of all products, by id after one; without `next` at the end. */
  page(after: string | undefined, version: Position): Promise<Pick<IndexPage, "entries" | "next">>
  /** Keeps what products call the values of their options: in place of what they were called before, or where nobody has said it yet. */
  name(products: ReadonlyArray<string>, replace: boolean): Promise<void>
  reached(by: Reached, after: string | undefined): Promise<ReachedPage>
}

const FOLLOWED = [
  ProductChanged,
  ProductDeleted,
  VariantChanged,
  VariantDeleted,
  ProductTypeDefined,
  CategoryChanged,
  CategoryMoved,
  CategoryRemoved,
  PricesChanged
]

/** Fields of a product with which it begins to say what values of its options are called: those, and where it is shown. */
const SAYING = ["options", "channels", "assortment", "archived"]

/** A type that no event has: what is asked for by it only tells where the log ends. */
const NONE = [{ name: "search.none" }]

/** Events read at once, and after how many reads without any the place in the log is kept. */
const PAGE = 500
const IDLE = 100

/** What a page of the log says has changed. */
interface Changes {
  readonly products: ReadonlySet<string>
  readonly arrived: Readonly<Record<string, number>>
  readonly reaches: ReadonlyArray<Reached>
  /** Products that are new, or shown elsewhere now, and those whose options are others now. */
  readonly named: ReadonlyArray<string>
  readonly renamed: ReadonlyArray<string>
}

/**
 * Keeps an index at what the store says. Its place in the log is kept in the index, in one write with what the events led to: so a crash at any moment, an index
 * of each process, one that was put back from yesterday, and two processes at work on one are all the same to it. An entry says from which place it is at least, and
 * never replaces a later one.
 */
export class Follower {
  readonly #source: FollowSource
  readonly #index: SearchIndex
  readonly #settings: number
  readonly #causes: ReadonlyArray<SearchCause>
  readonly #platform: Platform
  /** How far the log was looked through for a generation, where nothing was to be done since. */
  readonly #looked = new Map<string, { readonly from: Position; readonly upto: Position; readonly times: number }>()

  constructor(
    source: FollowSource,
    index: SearchIndex,
    settings: { readonly version: number; readonly causes: ReadonlyArray<SearchCause> },
    platform: Platform
  ) {
    this.#source = source
    this.#index = index
    this.#settings = settings.version
    this.#causes = settings.causes
    this.#platform = platform
  }

  /** Does a part of what there is to do. Whether there may be more. */
  async step(): Promise<boolean> {
    const { live, building } = await this.#index.state()
    if (building === undefined && (live === undefined || live.settings < this.#settings)) {
      await this.begin(live)
      return true
    }
    const followed = live === undefined ? "nothing" : await this.#follow(live)
    if (building === undefined) {
      if (followed === "expired") await this.begin()
      return followed !== "nothing"
    }
    if (building.checkpoint.after !== undefined) return this.#build(building, building.checkpoint.after)
    const built = await this.#follow(building)
    if (built === "expired") await this.begin()
    else if (built === "nothing") await this.#index.publish(building.id)
    return true
  }

  /** Begins a generation beside the one that answers: all that there is now is read, then what happens meanwhile is followed. */
  async begin(live?: SearchGeneration): Promise<void> {
    const position = await this.#head(live?.checkpoint.position ?? START)
    const id = [...this.#platform.entropy(8)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
    await this.#index.begin({ id, settings: this.#settings, checkpoint: { position, after: "" } })
  }

  async #build({ id, checkpoint: { position } }: SearchGeneration, after: string): Promise<boolean> {
    const { entries, next } = await this.#source.page(after === "" ? undefined : after, position)
    await this.#index.write(id, entries, next === undefined ? { position } : { position, after: next })
    return true
  }

  /** Takes in what the log says since; `expired`: what would have to be read is not kept any more. */
  async #follow({ id, checkpoint: { position } }: SearchGeneration): Promise<"something" | "nothing" | "expired"> {
    const looked = this.#looked.get(id)
    const after = looked?.from === position ? looked.upto : position
    const page = await this.#events(after, [...FOLLOWED, ...this.#causes.map(({ on }) => on)], PAGE)
    if (page === undefined) return "expired"
    const { events, upto } = page
    if (events.length === 0) {
      const times = (looked?.times ?? 0) + 1
      if (times >= IDLE && upto !== position) await this.#index.write(id, [], { position: upto })
      else this.#looked.set(id, { from: position, upto, times })
      return upto === after ? "nothing" : "something"
    }
    const { products, arrived, reaches, named, renamed } = this.#changes(events)
    for (let at = 0; at < named.length; at += MOST_READ) await this.#source.name(named.slice(at, at + MOST_READ), false)
    for (let at = 0; at < renamed.length; at += MOST_READ) await this.#source.name(renamed.slice(at, at + MOST_READ), true)
    for (const reach of reaches) {
      for (let next: string | undefined, more = true; more;) {
        const part = await this.#source.reached(reach, next)
        const others = part.ids.filter((product) => !products.has(product))
        if (others.length > 0) await this.#write(id, others, arrived, upto, { position })
        next = part.next
        more = next !== undefined
      }
    }
    await this.#write(id, [...products], arrived, upto, { position: upto })
    return "something"
  }

  /** Puts products as they are now into a generation, some at a time; the place is kept with the last of them. */
  async #write(
    generation: string,
    ids: ReadonlyArray<string>,
    arrived: Changes["arrived"],
    version: Position,
    checkpoint: SearchCheckpoint
  ) {
    for (let at = 0; at === 0 || at < ids.length;) {
      const part = ids.slice(at, at + MOST_READ)
      const entries = part.length === 0 ? [] : await this.#source.entries(part, arrived, version)
      at += Math.max(1, entries.length)
      // What is left undone is done again: the place is the one before until all of it is there.
      const isLast = at >= ids.length
      const state = isLast ? checkpoint : await this.#checkpoint(generation)
      if (state === undefined || !(await this.#index.write(generation, entries, state))) return
      await this.#platform.yield()
    }
  }

  async #checkpoint(generation: string): Promise<SearchCheckpoint | undefined> {
    const { live, building } = await this.#index.state()
    return [live, building].find((one) => one?.id === generation)?.checkpoint
  }

  #changes(events: ReadonlyArray<Recorded>): Changes {
    const products = new Set<string>()
    const arrived: Record<string, number> = {}
    const reaches = new Map<string, Reached>()
    const named = new Set<string>()
    const renamed = new Set<string>()
    const among = { variants: new Set<string>(), codes: new Set<string>() }
    for (const event of events) {
      if (is(event, ProductTypeDefined)) reaches.set(`type ${event.data.type}`, { kind: "type", id: event.data.type })
      else if (is(event, CategoryChanged) || is(event, CategoryMoved) || is(event, CategoryRemoved)) {
        reaches.set(`category ${event.data.category}`, { kind: "category", id: event.data.category })
      } else if (is(event, PricesChanged)) for (const { variant } of event.data.prices) among.variants.add(variant)
      else if (is(event, ProductChanged)) {
        products.add(event.data.product)
        if (event.data.change === "created") arrived[event.data.product] = event.time
        const { product, change, fields } = event.data
        if (fields.includes("options") && change !== "created") renamed.add(product)
        else if (fields.some((field) => SAYING.includes(field.split(".")[0]!))) named.add(product)
      } else if (is(event, VariantChanged)) {
        products.add(event.data.product)
        // It is no longer among those of the product that it came from.
        if (event.data.before !== undefined) products.add(event.data.before)
      } else if (is(event, ProductDeleted) || is(event, VariantDeleted)) products.add(event.data.product)
      for (const { on, of } of this.#causes) {
        if (event.type !== on.name) continue
        const caused = of(event as never)
        for (const product of caused.products ?? []) products.add(product)
        for (const variant of caused.variants ?? []) among.variants.add(variant)
        for (const code of caused.codes ?? []) among.codes.add(code)
      }
    }
    for (const kind of ["variants", "codes"] as const) {
      const ids = [...among[kind]]
      for (let at = 0; at < ids.length; at += 1_000) reaches.set(`${kind} ${at}`, { kind, ids: ids.slice(at, at + 1_000) })
    }
    return { products, arrived, reaches: [...reaches.values()], named: [...named], renamed: [...renamed] }
  }

  /** Where the log ends. */
  async #head(from: Position): Promise<Position> {
    for (let after = from; ;) {
      const page = await this.#events(after, NONE, 1)
      if (page === undefined) return this.#head(this.#oldest)
      if (page.upto === after) return after
      after = page.upto
    }
  }

  #oldest: Position = START

  /** `undefined`: the log begins later, at `#oldest`. */
  async #events(after: Position, types: ReadonlyArray<{ readonly name: string }>, limit: number) {
    try {
      return await this.#source.events({ after, types, limit })
    } catch (error) {
      if (!(error instanceof PositionExpired)) throw error
      this.#oldest = error.oldest as Position
      return undefined
    }
  }
}

const is = <D>(event: Recorded, type: EventType<D>): event is Recorded<D> => event.type === type.name
