import { collection, event, Id, Instant } from "@omni/core"
import * as z from "zod"

import { keyOf } from "../key.ts"

/** How one product leads to another: sold along with it, in place of it as a better one, as a part for it, or when it is out of stock. */
export const RelationKind = z.enum(["cross-sell", "up-sell", "accessory", "substitute"])
export type RelationKind = z.infer<typeof RelationKind>

/** A product that another leads to: always and everywhere, or for some time on some channels. */
export const RelationTarget = z
  .object({
    product: Id,
    channels: z.array(Id).min(1).max(500).readonly().exactOptional(),
    from: Instant.exactOptional(),
    /** The first moment at which it does not any more. */
    until: Instant.exactOptional()
  })
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, { path: ["until"], error: "Later than `from`" })
  .readonly()
export type RelationTarget = z.infer<typeof RelationTarget>

/** Products that a product leads to, the best first. */
export const Relation = z.object({ from: Id, kind: RelationKind, to: z.array(RelationTarget).max(200).readonly() }).readonly()
export type Relation = z.infer<typeof Relation>

/** Relations by `relationId`. */
export const Relations = collection("catalog.relations", { schema: Relation })

/** The key of a product's relations of one kind. */
export const relationId = (from: string, kind: RelationKind): string => keyOf(`${kind}:${from}`)

/** A product leads to others than before. Subject: the product. */
export const RelationsChanged = event(
  "catalog.RelationsChanged",
  z.object({ product: Id, kind: RelationKind, added: z.array(Id).readonly(), removed: z.array(Id).readonly() })
)

/** Whether a relation holds on a channel, or anywhere, at a moment. */
export const isInForce = ({ channels, from, until }: RelationTarget, now: number, channel?: string): boolean =>
  (from ?? -Infinity) <= now && now < (until ?? Infinity) && (channel === undefined || channels === undefined || channels.includes(channel))
