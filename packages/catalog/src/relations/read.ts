import type { Tx, View } from "@omni/core"

import { isInForce, RelationKind, relationId, Relations } from "./model.ts"

/** That a product leads to another, and in which way. */
export interface Lead {
  readonly from: string
  readonly kind: RelationKind
  readonly to: string
}

/**
 * Where products lead to now, on a channel or anywhere: by product, kind and rank, in one load. It is not looked at whether what they lead to is
 * there: `productsOf` tells.
 */
export const relationsOf = (
  reader: Pick<Tx & View, "getMany" | "now">,
  products: ReadonlyArray<string>,
  { channel, kinds = RelationKind.options }: { readonly channel?: string | undefined; readonly kinds?: ReadonlyArray<RelationKind> } = {}
): ReadonlyArray<Lead> =>
  reader
    .getMany(
      Relations,
      products.flatMap((product) => kinds.map((kind) => relationId(product, kind)))
    )
    .flatMap((relation) =>
      (relation?.to ?? [])
        .filter((to) => isInForce(to, reader.now, channel))
        .map(({ product }) => ({ from: relation!.from, kind: relation!.kind, to: product }))
    )
