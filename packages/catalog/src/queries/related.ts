import { Id, query } from "@omni/core"
import * as z from "zod"

import { visibilityOn } from "../content/visibility.ts"
import type { ChannelNotFound } from "../errors.ts"
import { type Product, Products } from "../products/model.ts"
import { isInForce, RelationKind, relationId, Relations } from "../relations/model.ts"
import { channelOf, type Settings } from "../settings.ts"

/** A product that another leads to, and in which way. */
export interface Related {
  readonly kind: RelationKind
  readonly product: Product
}

/** What a product leads to. */
export const relatedQueries = (settings: Settings) => ({
  /**
   * The products that a product leads to now and that are still offered, in the order of the kinds asked for, the best of each first; with a channel those
   * that it leads to there, less what is hidden there. Refuses `ChannelNotFound`.
   */
  related: query(
    "catalog.related",
    z.object({
      product: Id,
      kinds: z.array(RelationKind).max(RelationKind.options.length).readonly().default(RelationKind.options),
      channel: Id.exactOptional()
    }),
    function* (view, { product: from, kinds, channel }): Generator<ChannelNotFound, ReadonlyArray<Related>, unknown> {
      if (channel !== undefined) yield* channelOf(settings, channel)
      const relations = view.getMany(
        Relations,
        kinds.map((kind) => relationId(from, kind))
      )
      const found = relations.flatMap(
        (relation) => relation?.to.filter((to) => isInForce(to, view.now, channel)).map((to) => ({ kind: relation.kind, to })) ?? []
      )
      const products = view.getMany(
        Products,
        found.map(({ to }) => to.product)
      )
      return found.flatMap(({ kind }, at) => {
        const row = products[at]
        const isHidden = row === undefined || row.archived === true
        return isHidden || (channel !== undefined && visibilityOn(row, channel, view.now).visibility === "hidden")
          ? []
          : [{ kind, product: row }]
      })
    }
  )
})
