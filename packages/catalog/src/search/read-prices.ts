import type { View } from "@omni/core"

import { type ListPrice, priceId, PriceLists, Prices } from "../prices/model.ts"
import { listOf, listPlace } from "./places.ts"
import type { SearchRequest } from "./port.ts"

/** How many lists may have a price of one variant; further ones are not looked at. */
const MOST_LISTS = 1_000

/** Of so many lists prices are read by their keys, which takes less than to look for all that a variant has. */
const FEW_LISTS = 5

/** The lists whose prices are read by their keys: those of some places, or all that there are; `undefined`: they are too many. One load. */
export const listsByKey = (view: View, places: SearchRequest["prices"] | undefined): ReadonlyArray<string> | undefined => {
  if (places !== undefined) return few(places.flat().flatMap((place) => listOf(place) ?? []))
  return few(view.find(PriceLists, "id", { limit: FEW_LISTS + 1 }).items.map(({ id }) => id))
}

const few = (lists: ReadonlyArray<string>): ReadonlyArray<string> | undefined => (lists.length <= FEW_LISTS ? lists : undefined)

/** What variants cost by lists, by the place where it stands: by these, or all. One load. */
export const pricesByVariant = (
  view: View,
  variants: ReadonlyArray<string>,
  lists: ReadonlyArray<string> | undefined
): ReadonlyMap<string, Readonly<Record<string, number>>> => {
  if (lists !== undefined) {
    const found = view.getMany(
      Prices,
      variants.flatMap((id) => lists.map((list) => priceId(list, id)))
    )
    return new Map(
      variants.map((id, at) => [id, pricesIn(found.slice(at * lists.length, (at + 1) * lists.length).flatMap((row) => row ?? []))])
    )
  }
  const pages = view.findMany(
    Prices,
    "variant",
    variants.map((id) => ({ equals: [id], limit: MOST_LISTS }))
  )
  return new Map(pages.map(({ items }, at) => [variants[at]!, pricesIn(items.map(({ row }) => row))]))
}

const pricesIn = (rows: ReadonlyArray<ListPrice>): Readonly<Record<string, number>> =>
  Object.fromEntries(rows.flatMap(({ list, amount }) => (amount === undefined ? [] : [[listPlace(list), amount]])))
