import { operation } from "@omni/core"

import { Relation, relationId, Relations } from "./model.ts"

/** Says which products a product leads to in one way, the best first; it replaces what was said before. None takes them all away. */
export const relate = operation("catalog.relate", Relation, function* (tx, relation) {
  const to = [...new Set(relation.to)].filter((product) => product !== relation.from)
  return tx.put(Relations, relationId(relation.from, relation.kind), { ...relation, to })
})
