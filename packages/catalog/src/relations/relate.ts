import { Id, operation } from "@omni/core"
import * as z from "zod"

import { isSame } from "../same.ts"
import { Relation, relationId, Relations, RelationsChanged, RelationTarget } from "./model.ts"

/**
 * Says which products a product leads to in one way, the best first; it replaces what was said before. A product's id stands for always and
 * everywhere; a product named twice counts where it comes first. None takes them all away.
 */
export const relate = operation(
  "catalog.relate",
  Relation.unwrap()
    .extend({
      to: z
        .array(z.union([Id.transform((product): RelationTarget => ({ product })), RelationTarget]))
        .max(200)
        .readonly()
    })
    .readonly(),
  function* (tx, { from, kind, to: wanted }) {
    const to = wanted.filter(({ product }, at) => product !== from && wanted.findIndex((other) => other.product === product) === at)
    const id = relationId(from, kind)
    const known = tx.get(Relations, id)
    const relation: Relation = { from, kind, to }
    if (isSame(known ?? { ...relation, to: [] }, relation)) return relation
    const [before, after] = [known?.to ?? [], to].map((targets) => targets.map(({ product }) => product)) as [Array<string>, Array<string>]
    tx.emit(RelationsChanged, from, {
      product: from,
      kind,
      added: after.filter((product) => !before.includes(product)),
      removed: before.filter((product) => !after.includes(product))
    })
    if (to.length === 0) tx.remove(Relations, id)
    else tx.put(Relations, id, relation)
    return relation
  }
)
