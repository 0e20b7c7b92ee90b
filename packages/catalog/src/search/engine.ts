import { Closed, type EventsOptions, InvalidInput, type Platform, type Position, systemPlatform } from "@omni/core"

import { ProductTypeDefined } from "../attributes/model.ts"
import { askerOf, type Found, hitOf, mostFrequent, NO_COUNTS, requestOf, type SearchStatus, type Suggested } from "./answer.ts"
import { afterPinned, curationFor, indexCursor, pinnedLeft } from "./curated.ts"
import { SearchNotReady, SearchUnavailable } from "./errors.ts"
import { Follower } from "./follow.ts"
import { checked, checkFacets, checkGroups, MOST_TEXT, SearchInput, SuggestInput } from "./input.ts"
import { Labelling } from "./labelling.ts"
import { meantBy } from "./meant.ts"
import type { AskedWhere } from "./module.ts"
import { ValueNaming } from "./name-values.ts"
import type { FoundProduct } from "./page.ts"
import { BadCursor, type SearchAnswer, type SearchDriver, type SearchIndex, type SearchRequest } from "./port.ts"
import { Telling } from "./readable.ts"
import type { SearchHost } from "./service.ts"
import { facetsOf, type SearchOptions } from "./settings.ts"
import { unmatchedIn } from "./unmatched.ts"
import { VainSearches } from "./vain.ts"
import { isBegunBy, searchWords, unaccented } from "./words.ts"

/** How often an index is asked again for what stands in for hits that are not shown any more. */
const ROUNDS = 4

/** How often (ms) what was searched in vain is told. */
const TELL = 60_000

interface Options {
  readonly driver: SearchDriver
  readonly poll?: number
  readonly onError?: (error: unknown) => void
}

/** Search over one tenant of an app. */
export class SearchEngine {
  readonly #host: SearchHost
  readonly #options: SearchOptions
  readonly #driver: SearchDriver
  readonly #poll: number
  readonly #onError: (error: unknown) => void
  readonly #platform: Platform = systemPlatform()
  readonly #vain = new VainSearches()
  readonly #telling: Telling
  readonly #labels: Labelling
  #opened: Promise<{ readonly index: SearchIndex; readonly follower: Follower }> | undefined
  #work: Promise<unknown> = Promise.resolve()
  #closed = false
  #running: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined

  constructor(host: SearchHost, options: SearchOptions, { driver, poll = 500, onError = () => {} }: Options) {
    this.#host = host
    this.#telling = new Telling(onError)
    this.#labels = new Labelling(host.search, this.#telling, this.#platform.clock)
    this.#options = options
    this.#driver = driver
    this.#poll = poll
    this.#onError = onError
  }

  async find(asked: unknown): Promise<Found> {
    this.#assertOpen("search.find")
    const input = checked("search.find", SearchInput, asked)
    checkFacets(facetsOf(this.#options), input)
    const where = await this.#where({ ...askerOf(input), ...(input.sort === "relevance" ? { text: input.text.slice(0, MOST_TEXT) } : {}) })
    const request = requestOf(input, where)
    const { hits, first, total, cursor } = await this.#page(input, request, where)
    const isPlain = [input.filters, input.ranges, input.price].every((chosen) => Object.keys(chosen).length === 0)
    const isVain = total === 0 && request.text !== "" && isPlain && input.after === undefined
    const unmatched = isVain ? await unmatchedIn(request, (question) => this.#ask(question)) : undefined
    if (unmatched !== undefined) this.#vain.add(request.text, input.channel, where.locale, unmatched)
    const meant = first.corrected ? meantBy(request.text, hits, request.prefix) : undefined
    const { hits: _hits, facets, cursor: _cursor, ...counts } = first
    return {
      ...counts,
      total,
      hits,
      facets: await this.#labels.label(mostFrequent(facets, input), where),
      ...(cursor === undefined ? {} : { cursor }),
      ...(meant === undefined ? {} : { meant }),
      ...(unmatched === undefined ? {} : { unmatched }),
      locale: where.locale,
      currency: where.currency
    }
  }

  /** A page of hits that may be shown: what is pinned, then what the index finds, which is asked again for what stands in for hits that are gone. */
  async #page({ limit }: SearchInput, { after, ...request }: SearchRequest, where: AskedWhere) {
    const { pinned } = curationFor(where, request.text)
    const wanted = pinnedLeft(pinned, after)
    const shownPins = await this.#shown(
      wanted.map((id) => ({ id })),
      request,
      where
    )
    const hits = shownPins.slice(0, limit).map((product) => hitOf(product, request, false))
    const room = limit - hits.length
    const begin = indexCursor(after)
    const first = await this.#ask({ ...request, ...(begin === undefined ? {} : { after: begin }), limit: Math.max(1, room) })
    let gone = 0
    let answer = first
    for (let round = 1; hits.length < limit; round++) {
      const others = answer.hits.filter(({ id }) => !pinned.includes(id))
      const shown = await this.#shown(others, request, where)
      hits.push(...shown.map((product) => hitOf(product, request, first.corrected)))
      gone += others.length - shown.length
      if (answer.cursor === undefined || hits.length >= limit || round === ROUNDS) break
      answer = await this.#ask({ ...request, ...NO_COUNTS, after: answer.cursor, limit: limit - hits.length })
    }
    const passed = pinned.length - wanted.length + wanted.indexOf(hits.at(-1)?.product ?? "") + 1
    const isMore = shownPins.length > limit || first.total > 0
    const cursor = room > 0 ? answer.cursor : isMore ? afterPinned(passed) : undefined
    return { hits, first, total: Math.max(hits.length, first.total - gone), cursor }
  }

  async suggest(asked: unknown): Promise<Suggested> {
    this.#assertOpen("search.suggest")
    const { text, limit, ...who } = checked("search.suggest", SuggestInput, asked)
    const words = searchWords(text.slice(0, MOST_TEXT))
    const last = words.at(-1)
    if (last === undefined) return { products: [], completions: [] }
    const where = await this.#where({ ...who, text: text.slice(0, MOST_TEXT) })
    const input: SearchInput = checked("search.suggest", SearchInput, { ...who, text: text.slice(0, MOST_TEXT), limit })
    const request = requestOf(input, where)
    const answer = await this.#ask(request)
    const products = (await this.#shown(answer.hits, request, where)).map((product) => hitOf(product, request, answer.corrected))
    const begun = unaccented(last.text)
    const typed = text.slice(0, last.start)
    // Only names that were shown are drawn from, so that nothing is suggested that the channel may not see.
    const ends = products.flatMap(({ name }) =>
      searchWords(name).flatMap((word) => (word.kind === "word" && isBegunBy(word.text, begun, answer.corrected) ? [word.text] : []))
    )
    return { products, completions: [...new Set(ends.map((word) => typed + word))].slice(0, limit) }
  }

  async rebuild(): Promise<void> {
    this.#assertOpen("search.rebuild")
    await this.#alone(async ({ index, follower }) => follower.begin((await index.state()).live))
  }

  async drain(): Promise<void> {
    this.#assertOpen("search.drain")
    await this.#alone(async ({ follower }) => {
      while (await follower.step()) await this.#platform.yield()
    })
    await this.#tell()
  }

  async status(): Promise<SearchStatus> {
    this.#assertOpen("search.status")
    const { index } = await this.#open()
    const { live, building } = await index.state()
    return {
      ready: live !== undefined,
      building: building !== undefined,
      ...(live === undefined ? {} : { position: live.checkpoint.position })
    }
  }

  run(): () => Promise<void> {
    this.#assertOpen("search.run")
    this.#running ??= this.#start()
    return () => this.#stop()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#stop()
    await this.#tell()
  }

  #assertOpen(name: string): void {
    if (this.#closed) throw new Closed({ message: `"${name}" was asked after close().` })
  }

  #start() {
    const stop = new AbortController()
    const { clock } = this.#platform
    const work = async (): Promise<void> => {
      let told = clock.now()
      for (let wait = this.#poll; !stop.signal.aborted;) {
        try {
          const more = await this.#alone(({ follower }) => follower.step())
          if (clock.now() - told >= TELL) {
            told = clock.now()
            await this.#tell()
          }
          wait = this.#poll
          if (more) await this.#platform.yield()
          else await clock.sleep(wait, stop.signal)
        } catch (error) {
          this.#onError(error)
          wait = Math.min(wait * 2, 30_000)
          await clock.sleep(wait, stop.signal)
        }
      }
    }
    return { stop, ended: work() }
  }

  async #stop(): Promise<void> {
    const running = this.#running
    running?.stop.abort()
    await running?.ended
    if (this.#running === running) this.#running = undefined
  }

  async #tell(): Promise<void> {
    const searches = this.#vain.take()
    if (searches.length > 0) await this.#host.search.tellVain({ searches: [...searches] })
  }

  async #shown(
    hits: SearchAnswer["hits"],
    request: SearchRequest,
    { channel, locale, places }: AskedWhere
  ): Promise<ReadonlyArray<FoundProduct>> {
    if (hits.length === 0) return []
    const { values, ranges, price } = request
    const filters = { browse: request.text === "", values, ranges, price, prices: places }
    const shown = await this.#telling.read(this.#host.search.shown({ hits: [...hits], channel: channel.id, locale, filters }))
    return shown.flatMap((product) => product ?? [])
  }

  /** Where is asked; throws `InvalidInput` for customer groups that the app does not have. */
  #where(asked: Parameters<SearchHost["search"]["where"]>[0]): Promise<AskedWhere> {
    checkGroups(this.#options.groups, asked.groups)
    return this.#telling.read(this.#host.search.where(asked))
  }

  async #ask(request: SearchRequest): Promise<SearchAnswer> {
    const { index } = await this.#open()
    const answer = await index.search(request)
    if (answer !== undefined) return answer
    throw new SearchNotReady({ message: "The index is being made. Ask again later, or wait for drain()." })
  }

  /** One step of the work at a time. */
  #alone<A>(work: (opened: { readonly index: SearchIndex; readonly follower: Follower }) => Promise<A>): Promise<A> {
    const done = this.#work.then(async () => work(await this.#open()))
    this.#work = done.catch(() => undefined)
    return done
  }

  #open() {
    this.#opened ??= this.#openIndex().catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  async #openIndex() {
    const { search } = this.#host
    const { version = 0, synonyms = {}, causes = [] } = this.#options
    const tenant = await search.tenant({})
    const opened = await this.#outage(() => this.#driver.open(tenant, { version, synonyms }))
    const index: SearchIndex = {
      state: () => this.#outage(() => opened.state()),
      begin: (generation) => this.#outage(() => opened.begin(generation)),
      write: (generation, entries, checkpoint) => this.#outage(() => opened.write(generation, entries, checkpoint)),
      publish: (generation) => this.#outage(() => opened.publish(generation)),
      search: (request) => this.#outage(() => opened.search(request))
    }
    const naming = new ValueNaming(this.#host, this.#onError)
    const source = {
      events: async (options: EventsOptions) => {
        const page = await this.#host.events(options)
        if (page.events.some(({ type }) => type === ProductTypeDefined.name)) this.#labels.forget()
        return page
      },
      entries: (ids: ReadonlyArray<string>, arrived: Readonly<Record<string, number>>, position: Position) =>
        this.#telling.read(search.entries({ ids: [...ids], arrived, version: position })),
      page: async (after: string | undefined, position: Position) => {
        const page = await this.#telling.read(search.page({ version: position, ...(after === undefined ? {} : { after }) }))
        await naming.keep(page.names, false)
        return page
      },
      name: async (products: ReadonlyArray<string>, replace: boolean) => {
        await naming.keep(await this.#telling.read(search.namedBy({ products: [...products] })), replace)
        this.#labels.forget()
      },
      reached: (by: Parameters<typeof search.reached>[0]["by"], after: string | undefined) =>
        this.#telling.read(search.reached({ by, ...(after === undefined ? {} : { after }) }))
    }
    return { index, follower: new Follower(source, index, { version, causes }, this.#platform) }
  }

  /** What a driver throws is an outage. */
  async #outage<A>(work: () => Promise<A>): Promise<A> {
    try {
      return await work()
    } catch (error) {
      if (error instanceof BadCursor) {
        const message = "Hand back the `cursor` of the page before, unchanged, with the same question."
        throw new InvalidInput({ operation: "search.find", message, issues: [{ path: "after", message }] })
      }
      throw new SearchUnavailable({ message: `The index could not be asked: ${String(error)}`, cause: error })
    }
  }
}
