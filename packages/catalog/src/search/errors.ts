import * as Data from "effect/Data"

/** The search was given no such facet, or one of another kind: `facets` says which there are. */
export class FacetNotFound extends Data.TaggedError("FacetNotFound")<{
  readonly message: string
  readonly facet: string
  readonly facets: ReadonlyArray<string>
}> {}

/** The index is being made for the first time. Ask again later, or wait for `drain()`. */
export class SearchNotReady extends Data.TaggedError("SearchNotReady")<{ readonly message: string }> {}

/** The index could not be asked. The catalog itself can still be read. */
export class SearchUnavailable extends Data.TaggedError("SearchUnavailable")<{ readonly message: string; readonly cause: unknown }> {}
