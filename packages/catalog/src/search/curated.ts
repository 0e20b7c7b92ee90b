import type { SearchInput } from "./input.ts"
import type { AskedWhere } from "./module.ts"

/** The cursor of a page that what is pinned has filled: the next one begins with what the index finds. */
export const AFTER_PINNED = "pinned"

/** What comes first on the first page, as much as it holds, and what is not found. */
export const curatedFor = (
  { limit }: Pick<SearchInput, "limit">,
  { pinned = [], hidden = [] }: Partial<NonNullable<AskedWhere["curation"]>> = {}
): { readonly pinned: ReadonlySet<string>; readonly hidden: ReadonlySet<string> } => ({
  pinned: new Set(pinned.slice(0, limit)),
  hidden: new Set(hidden)
})
