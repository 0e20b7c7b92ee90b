import { operation } from "@omni/core"

import { isSame } from "../same.ts"
import { assertUnchanged, expecting } from "../versions.ts"
import { type AttributeDefinition, ProductType, ProductTypeDefined, ProductTypes } from "./model.ts"

const DefineType = ProductType.unwrap().safeExtend(expecting).readonly()

/**
 * Creates or replaces a product type. Products keep the attributes that they have; those that no longer fit are told by their completeness.
 * Defining the same again changes and records nothing. `expected` is the version that the edit began with. Refuses `VersionConflict`.
 */
export const defineProductType = operation("catalog.defineProductType", DefineType, function* (tx, { expected, ...type }) {
  const known = tx.get(ProductTypes, type.id)
  if (isSame(known, type)) return type
  yield* assertUnchanged("product-type", type.id, known, expected)
  tx.emit(ProductTypeDefined, type.id, { type: type.id, attributes: changedCodes(known?.attributes ?? [], type.attributes) })
  return tx.put(ProductTypes, type.id, type)
})

const changedCodes = (before: ReadonlyArray<AttributeDefinition>, after: ReadonlyArray<AttributeDefinition>): ReadonlyArray<string> => {
  const of = (all: ReadonlyArray<AttributeDefinition>, code: string) => all.find((definition) => definition.code === code)
  const codes = new Set([...before, ...after].map(({ code }) => code))
  return [...codes].filter((code) => !isSame(of(before, code), of(after, code))).sort()
}
