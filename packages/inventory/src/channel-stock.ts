import { type EventType, Id, isEvent, paged, type Position, query, type Recorded } from "@omni/core"
import * as z from "zod"

import { KIT_DEPTH, KitsOf, StockRulesChanged } from "./articles-model.ts"
import { type Availability, availabilityOf } from "./availability.ts"
import { InboundClosed, InboundExpected, InboundReceived } from "./inbound-model.ts"
import { StockMoved } from "./ledger.ts"
import type { Reader } from "./levels.ts"
import { Placements, Sku, StockAllocated, StockCommitted, StockHeld, StockReleased } from "./model.ts"

/** What a channel sees of these articles, and of the kits that they are components of. */
const channelViewOf = (reader: Reader, channel: string, skus: ReadonlyArray<string>): ReadonlyArray<Availability> => {
  const all = new Set(skus)
  let level = [...all]
  for (let depth = 0; depth < KIT_DEPTH && level.length > 0; depth++) {
    const kits = reader.getMany(KitsOf, level).flatMap((row) => row?.kits ?? [])
    level = [...new Set(kits)].filter((kit) => !all.has(kit))
    for (const kit of level) all.add(kit)
  }
  return availabilityOf(reader, { items: [...all].map((sku) => ({ sku })), channel })
}

/** What a channel sees now of up to 500 articles, and of the kits that they are components of. */
export const channelStock = query(
  "inventory.channelStock",
  z.object({ channel: Id, skus: z.array(Sku).min(1).max(500) }),
  function* (view, { channel, skus }) {
    return channelViewOf(view, channel, skus)
  }
)

/** What a channel sees of all there is, by sku, in pages; kits come with their components, so that one may come more than once. */
export const channelListing = query(
  "inventory.channelListing",
  z.object({ channel: Id, ...paged }),
  function* (view, { channel, limit = 50, ...page }) {
    const found = view.find(Placements, "id", { limit: Math.min(limit, 500), ...page })
    const items =
      found.items.length === 0
        ? []
        : channelViewOf(
            view,
            channel,
            found.items.map(({ id }) => id)
          )
    return { items, ...(found.cursor === undefined ? {} : { cursor: found.cursor }) }
  }
)

/** The part of a client that has the log. */
export interface StockLog {
  events(options: {
    readonly after?: Position
    readonly limit?: number
    readonly types?: ReadonlyArray<EventType>
  }): Promise<{ readonly events: ReadonlyArray<Recorded>; readonly upto: Position }>
}

/** The client of the inventory. */
export interface ChannelStock {
  channelStock(input: { channel: string; skus: Array<string> }): Promise<ReadonlyArray<Availability>>
}

/** What has changed for a channel, each article once, as it is now. */
export interface StockChanges {
  readonly items: ReadonlyArray<Availability>
  /** Where to go on: the position in the log up to which everything has been told. */
  readonly cursor: Position
  /** There is more behind the cursor already. */
  readonly more: boolean
  /** What is declared of the channel or of a location has changed, and with it perhaps every article: go through `channelListing`. */
  readonly everything: boolean
}

const types: ReadonlyArray<EventType> = [
  StockMoved,
  StockHeld,
  StockAllocated,
  StockReleased,
  StockCommitted,
  InboundExpected,
  InboundReceived,
  InboundClosed,
  StockRulesChanged
] as ReadonlyArray<EventType>

/** How many articles are asked for at once. */
const PART = 200

/**
 * What has changed for a channel since a cursor, straight from the log: nothing is skipped, whoever writes meanwhile, and what has changed
 * often is told once. At most `limit` changes (1,000 unless told) are looked through in one call. Fails with `PositionExpired` when the
 * log no longer reaches back to the cursor: go through `channelListing`.
 *
 * `await stockChanges(omni, omni.inventory, { channel: "marketplace", after: cursor })`
 */
export const stockChanges = async (
  log: StockLog,
  inventory: ChannelStock,
  { channel, after, limit = 1000 }: { readonly channel: string; readonly after?: Position; readonly limit?: number }
): Promise<StockChanges> => {
  const page = await log.events({ ...(after === undefined ? {} : { after }), limit, types })
  const skus = [...new Set(page.events.flatMap(skusOf))]
  const everything = page.events.some(
    (event) => isEvent(StockRulesChanged, event) && event.data.sku === undefined && (event.data.channel ?? channel) === channel
  )
  const items = new Map<string, Availability>()
  for (let from = 0; from < skus.length; from += PART)
    for (const item of await inventory.channelStock({ channel, skus: skus.slice(from, from + PART) })) items.set(item.sku, item)
  return { items: [...items.values()], cursor: page.upto, more: page.events.length === limit, everything }
}

const skusOf = ({ data }: Recorded): ReadonlyArray<string> => {
  const { sku, lines } = data as { readonly sku?: string; readonly lines?: ReadonlyArray<Line> }
  return sku === undefined ? (lines ?? []).flatMap((line) => [line.sku, ...(line.parts ?? []).map((part) => part.sku)]) : [sku]
}

interface Line {
  readonly sku: string
  readonly parts?: ReadonlyArray<{ readonly sku: string }>
}
