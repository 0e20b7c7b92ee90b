export { type Found, type FacetCount, type Hit, type SearchStatus, type Suggested } from "./answer.ts"
export { begunCode, type CodeAmong, codesAmong, searchCode } from "./codes.ts"
export { type CursorKey, readSearchCursor, writeSearchCursor } from "./cursor.ts"
export { FacetNotFound, SearchNotReady, SearchUnavailable } from "./errors.ts"
export type { Highlights } from "./highlight.ts"
export { SearchInput, SuggestInput } from "./input.ts"
export { isOpen, isShown, isWithin, numbersOf, offerPrice, offersMeeting, PRICE, type SearchFilters, valuesOf } from "./matches.ts"
export { SearchedInVain, VainSearch } from "./model.ts"
export { Asker, type AskedWhere, search } from "./module.ts"
export type { CategoryLabels, FacetChoices } from "./labels.ts"
export type { FoundProduct } from "./page.ts"
export {
  BadCursor,
  MANY_VARIANTS,
  type SearchAnswer,
  type SearchCapabilities,
  type SearchCheckpoint,
  type SearchCount,
  type SearchDocument,
  type SearchDriver,
  type SearchEntry,
  type SearchGeneration,
  type SearchHit,
  type SearchIndex,
  type SearchOffer,
  type SearchRange,
  type SearchRequest,
  type SearchSettings,
  type SearchShown,
  type SearchSort,
  type SearchState,
  type SearchSynonym,
  type SearchText,
  viewKey
} from "./port.ts"
export type { Readable } from "./readable.ts"
export {
  openSearch,
  type OpenSearchOptions,
  type SearchClient,
  type SearchError,
  type SearchHost,
  type SearchModule,
  type SearchService
} from "./service.ts"
export { type FacetKind, type SearchCause, searchCause, type SearchConcern, type SearchOptions } from "./settings.ts"
export { beginningDistance, searchWords, type SearchWord, stopWords, typosIn, unaccented, wordDistance } from "./words.ts"
