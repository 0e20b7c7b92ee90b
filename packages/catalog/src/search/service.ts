import type { Closed, EventsOptions, InvalidInput, KernelError, Position, PositionExpired, Recorded } from "@omni/core"
import { type Client, fromService } from "@omni/core"
import type { Service } from "@omni/core/effect"
import * as Effect from "effect/Effect"
import type * as z from "zod"

import type { ChannelNotFound } from "../errors.ts"
import type { Found, SearchStatus, Suggested } from "./answer.ts"
import { SearchEngine } from "./engine.ts"
import type { FacetNotFound, SearchNotReady, SearchUnavailable } from "./errors.ts"
import type { SearchInput, SuggestInput } from "./input.ts"
import type { search } from "./module.ts"
import type { SearchDriver } from "./port.ts"

/** The module that `search(…)` makes. */
export type SearchModule = ReturnType<typeof search>

/** What search needs of an app: a client of `createOmni` in which the module is called `search`. */
export interface SearchHost {
  readonly search: Client<Service<SearchModule>>
  events(options: EventsOptions): Promise<{ readonly events: ReadonlyArray<Recorded>; readonly upto: Position }>
}

/** Where is searched, and how the index is kept up. */
export interface OpenSearchOptions {
  readonly driver: SearchDriver
  /** How long to wait (ms) before the log is asked again when there was nothing new; 500 unless told. */
  readonly poll?: number
  /** Told of what keeps the index from being kept up; it is tried again. */
  readonly onError?: (error: unknown) => void
}

/** What asking the index may meet. */
export type SearchError = SearchNotReady | SearchUnavailable | KernelError | Closed

/** Search as Effects; `openSearch` is the same for promises. */
export interface SearchService {
  /** Products that fit, best first, each as its rows say it now: what the channel may not see is not among them, however far the index lags behind. */
  find(input: z.input<typeof SearchInput>): Effect.Effect<Found, InvalidInput | ChannelNotFound | FacetNotFound | SearchError>
  /** What may be meant by what has been typed so far: products, and ways to go on. */
  suggest(input: z.input<typeof SuggestInput>): Effect.Effect<Suggested, InvalidInput | ChannelNotFound | SearchError>
  /** Makes the index anew beside the one that answers, which it replaces when it is done; `run` or `drain` do the work. */
  rebuild(): Effect.Effect<void, SearchError | PositionExpired>
  /** Brings the index to where the log ends now, making it if there is none, and tells what was searched in vain. */
  drain(): Effect.Effect<void, SearchError | PositionExpired>
  /** How far the index is. */
  status(): Effect.Effect<SearchStatus, SearchError>
}

/** The client for promises. */
export type SearchClient = Client<SearchService> &
  AsyncDisposable & {
    /** Keeps the index up until the returned function is called, or `close`. */
    run(): () => Promise<void>
    /** Stops the work, and tells what was searched in vain. The driver stays open: whoever made it closes it. */
    close(): Promise<void>
  }

/** The service over an engine. */
export const searchService = (engine: SearchEngine): SearchService => ({
  find: (input) => effect(() => engine.find(input)),
  suggest: (input) => effect(() => engine.suggest(input)),
  rebuild: () => effect(() => engine.rebuild()),
  drain: () => effect(() => engine.drain()),
  status: () => effect(() => engine.status())
})

/**
 * Opens the search of an app: `openSearch(omni, module, { driver: embedded() })`, where `module` is the one that `omni` was made with. One for each tenant:
 * `openSearch(omni.tenant("shop2"), …)`; they may share a driver.
 */
export const openSearch = (omni: SearchHost, module: SearchModule, options: OpenSearchOptions): SearchClient => {
  if ((omni as Partial<SearchHost>).search === undefined)
    throw new TypeError("The app has no module `search`. Put the one that `search(…)` made into its `modules`, under this name.")
  if (typeof (options as Partial<OpenSearchOptions> | undefined)?.driver?.open !== "function")
    throw new TypeError("`openSearch` was given no driver. Give it one: openSearch(omni, module, { driver: embedded() }).")
  const engine = new SearchEngine(omni, module.options, options)
  return {
    ...fromService(searchService(engine)),
    run: () => engine.run(),
    close: () => engine.close(),
    [Symbol.asyncDispose]: () => engine.close()
  }
}

/** Typed errors fail; anything else is a defect. */
const effect = <A, E>(work: () => Promise<A>): Effect.Effect<A, E> =>
  Effect.catch(Effect.tryPromise({ try: work, catch: (error) => error }), (error) =>
    typeof error === "object" && error !== null && "_tag" in error ? Effect.fail(error as E) : Effect.die(error)
  )
