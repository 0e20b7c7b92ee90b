import { collection, event, Id, Instant } from "@omni/core"
import * as z from "zod"

/** When products came, by their ids: products themselves do not say. */
export const Arrivals = collection("search.arrivals", { schema: z.object({ at: Instant }).readonly() })

/** What somebody has looked for and not found, how often since it was last told. */
export const VainSearch = z
  .object({
    query: z.string().min(1).max(200),
    channel: Id,
    locale: z.string().min(1).max(50),
    times: z.int().min(1),
    /** Its words that nothing has; without any it was their coming together. */
    unmatched: z.array(z.string().min(1).max(200)).max(20).readonly().exactOptional()
  })
  .readonly()
export type VainSearch = z.infer<typeof VainSearch>

/**
 * Somebody has looked for something and there was none. Subject: the channel. `query` is brought to one form, and has neither addresses nor longer numbers in it
 * but GTINs; `times` says how often in the time that it was counted.
 */
export const SearchedInVain = event("search.SearchedInVain", VainSearch)
