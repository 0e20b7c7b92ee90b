import { Count, Id, Instant, Unit } from "@omni/core"
import * as z from "zod"

/** How many more may be promised than there are: so many, or as many as are asked for. */
export const Credit = z.union([Count, z.literal("unlimited")])
export type Credit = z.infer<typeof Credit>

/** What a channel may not see of a stock: `buffer` of it is kept back, and of the rest it sees at most `atMost`. */
export const Allowance = z.object({ buffer: Count.exactOptional(), atMost: Count.exactOptional() })
export type Allowance = z.infer<typeof Allowance>

/** What can be declared of an article for all its stocks, and of one stock, where it goes before what the article says. */
export const Policy = z.object({
  /** So many are never sold. */
  safetyStock: Count.exactOptional(),
  /** `StockLow` is told when no more than so many are available. */
  reorderPoint: Count.exactOptional(),
  /** So many more may be promised than there are. */
  backorder: Credit.exactOptional(),
  /** Until it is there for all, at `availableAt`, so many may be promised beforehand. */
  preorder: z.object({ limit: Credit, availableAt: Instant }).exactOptional(),
  /** So many are kept for these channels; others do not see them. */
  keep: z.object({ quantity: Count, channels: z.array(Id).min(1).max(100) }).exactOptional(),
  /** What single channels may not see; it goes before what the channel says of all articles. */
  channels: z.record(Id, Allowance).exactOptional()
})
export type Policy = z.infer<typeof Policy>

/** How single pieces are told apart: by nothing, by lots with their dates, or each by a number of its own. */
export const Tracking = z.enum(["none", "lot", "serial"])
export type Tracking = z.infer<typeof Tracking>

/** What a stock row knows of its article. */
export const StockRules = Policy.extend({
  unit: Unit.exactOptional(),
  tracking: z.enum(["lot", "serial"]).exactOptional(),
  /** It is a kit that is put together when it is sold: it has no stock of its own. */
  kit: z.literal(true).exactOptional()
})
export type StockRules = z.infer<typeof StockRules>

/** Who sells: what a channel may see and promise of every stock, unless the stock says otherwise. */
export interface Seller extends Allowance {
  readonly channel: string
  /** Whether it may promise what is not there, where the article allows it. */
  readonly backorder: boolean
}
