import { ExternalId, Id, PositiveCount } from "@omni/core"
import { Sku } from "@omni/inventory"
import * as z from "zod"

/** What a marketplace is told of one of its orders. The schema is that of the outbox. */
export const MarketplaceNotice = z.object({
  kind: z.enum(["acknowledge", "ship", "cancel"]),
  external: ExternalId,
  order: Id,
  /** Which lines, by their ids, and how many units of each. */
  lines: z.array(z.object({ line: Id, sku: Sku, quantity: PositiveCount })),
  carrier: z.string().exactOptional(),
  tracking: z.string().exactOptional(),
  reason: z.string().exactOptional()
})
export type MarketplaceNotice = z.infer<typeof MarketplaceNotice>

/** How a notice is given. */
export interface NoticeOptions {
  /** The same for every try of one notice, and for no other. */
  readonly key: string
  /** Aborted when the try's time is over. */
  readonly signal: AbortSignal
}

/**
 * The port to a marketplace that sells in the shop's name.
 *
 * Its laws:
 * - *Done means done.* A method resolves once the marketplace has taken the notice over.
 * - *Failed means not done.* It rejects with `DeliveryFailed` only when the marketplace has not: `retry` says whether a later try may
 *   succeed. Anything else it rejects with is an unknown outcome.
 * - *Once by key.* With `capabilities.idempotent` the same key takes effect once.
 */
export interface MarketplaceDriver {
  readonly specVersion: 1
  readonly capabilities: {
    readonly idempotent: boolean
    /** Milliseconds after which a try's outcome counts as unknown; 30,000 unless said. */
    readonly timeout?: number
  }
  /** The order has arrived, and will be seen to. */
  acknowledge(notice: MarketplaceNotice, options: NoticeOptions): Promise<unknown>
  /** Units have left. */
  ship(notice: MarketplaceNotice, options: NoticeOptions): Promise<unknown>
  /** Units will not come. */
  cancel(notice: MarketplaceNotice, options: NoticeOptions): Promise<unknown>
}

/** A driver that tells nobody and keeps what it was told, each key once, in order: for tests and demos. */
export interface MarketplaceRecorder extends MarketplaceDriver {
  readonly notices: ReadonlyArray<MarketplaceNotice>
}

/** See `MarketplaceRecorder`. `fails` may throw, as a marketplace would. */
export const marketplaceRecorder = (fails: (notice: MarketplaceNotice) => void = () => {}): MarketplaceRecorder => {
  const taken = new Map<string, MarketplaceNotice>()
  const take = async (notice: MarketplaceNotice, { key, signal }: NoticeOptions): Promise<void> => {
    signal.throwIfAborted()
    if (taken.has(key)) return
    fails(notice)
    taken.set(key, notice)
  }
  return {
    specVersion: 1,
    capabilities: { idempotent: true },
    get notices() {
      return [...taken.values()]
    },
    acknowledge: take,
    ship: take,
    cancel: take
  }
}
