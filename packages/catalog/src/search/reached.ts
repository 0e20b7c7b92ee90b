import type { View } from "@omni/core"

import { descendantsOf, emptyTree, TREE, Trees } from "../categories/tree.ts"
import { Products, Variants } from "../products/model.ts"
import { variantsByCode } from "../products/offer.ts"
import { MOST_READ } from "./read-index.ts"

/** What changes reach beyond single products: those of a type, of a category with all below it, or of variants by id or code. */
export type Reached =
  | { readonly kind: "type"; readonly id: string }
  | { readonly kind: "category"; readonly id: string }
  | { readonly kind: "variants" | "codes"; readonly ids: ReadonlyArray<string> }

/** Some of the products that a change reaches; `next` asks for those after them. */
export interface ReachedPage {
  readonly ids: ReadonlyArray<string>
  readonly next?: string
}

/** The products that a change of something else reaches, in pages. */
export const reachedBy = (view: View, by: Reached, after: string | undefined): ReachedPage => {
  if ("ids" in by) {
    const variants = by.kind === "variants" ? by.ids : variantsByCode(view, by.ids).flatMap((id) => id ?? [])
    return { ids: [...new Set(view.getMany(Variants, variants).flatMap((row) => row?.product ?? []))] }
  }
  return by.kind === "type" ? ofType(view, by.id, after) : ofCategory(view, by.id, after)
}

const ofType = (view: View, type: string, after: string | undefined): ReachedPage => {
  const { items, cursor } = view.find(Products, "type", { equals: [type], limit: MOST_READ, ...(after === undefined ? {} : { after }) })
  return { ids: items.map(({ id }) => id), ...(cursor === undefined ? {} : { next: cursor }) }
}

/** One category after the other: the place is the category and the cursor within it. */
const ofCategory = (view: View, top: string, after: string | undefined): ReachedPage => {
  const all = [top, ...descendantsOf(view.get(Trees, TREE) ?? emptyTree, top)]
  const [at, inside] = after === undefined ? [0, undefined] : placeOf(after)
  const category = all[at]
  if (category === undefined) return { ids: [] }
  const { items, cursor } = view.find(Products, "category", {
    equals: [category],
    limit: MOST_READ,
    ...(inside === undefined ? {} : { after: inside })
  })
  const next = cursor === undefined ? (at + 1 < all.length ? `${at + 1} ` : undefined) : `${at} ${cursor}`
  return { ids: items.map(({ id }) => id), ...(next === undefined ? {} : { next }) }
}

const placeOf = (text: string): readonly [number, string | undefined] => {
  const at = text.indexOf(" ")
  return [Number(text.slice(0, at)), text.slice(at + 1) === "" ? undefined : text.slice(at + 1)]
}
