import type { EventType, Recorded, View } from "@omni/core"

import type { SalesChannel } from "../content/model.ts"
import type { ChoosePrice } from "../prices/choose.ts"
import type { Product, Variant } from "../products/model.ts"
import type { SearchSynonym } from "./port.ts"

/** How an attribute or option is a facet: by its values, or by numbers (a measure in its type's unit, money in minor units, a day as epoch ms). */
export type FacetKind = "values" | "numbers"

/** What an event concerns: products, or variants by their ids or their codes. */
export interface SearchConcern {
  readonly products?: ReadonlyArray<string>
  readonly variants?: ReadonlyArray<string>
  readonly codes?: ReadonlyArray<string>
}

/** What changes of other packages mean for products: when this event, these are indexed anew. */
export interface SearchCause {
  readonly on: EventType
  readonly of: (event: Recorded<never>) => SearchConcern
}

/** Declares a cause, with the type of its event. */
export const searchCause = <D>(on: EventType<D>, of: (event: Recorded<D>) => SearchConcern): SearchCause => ({ on: on as EventType, of })

/** What the search is told when the app is put together. */
export interface SearchOptions {
  /** The channels that the catalog was given. */
  readonly channels: ReadonlyArray<SalesChannel>
  /** The customer groups that the catalog was given; any unless told. */
  readonly groups?: ReadonlyArray<string>
  /** Which attributes and options shoppers can filter by. `brand` and `category` (with all above it) are there without a word; `available` with `availability`. */
  readonly facets?: Readonly<Record<string, FacetKind>>
  /** By language ("es"): words that mean the same. */
  readonly synonyms?: Readonly<Record<string, ReadonlyArray<SearchSynonym>>>
  /** Where each variant is available (shops, warehouses, "web"), aligned; by the inventory, say. */
  readonly availability?: (view: View, variants: ReadonlyArray<Variant>) => ReadonlyArray<ReadonlyArray<string>>
  /** How much each product is to be preferred among those that fit as well, from 0; by popularity, say. */
  readonly boost?: (view: View, products: ReadonlyArray<Product>) => ReadonlyArray<number>
  /** Events of other packages that `availability` and `boost` follow from. */
  readonly causes?: ReadonlyArray<SearchCause>
  /** The rule that the catalog was given, if it was. */
  readonly choosePrice?: ChoosePrice
  /** To be raised when facets or synonyms have changed: the index is then made again in the background. */
  readonly version?: number
}

/** The facets that there are without a word. */
export const BRAND = "brand"
export const CATEGORY = "category"
export const AVAILABLE = "available"

/** All facets by name. */
export const facetsOf = ({ facets = {}, availability }: SearchOptions): ReadonlyMap<string, FacetKind> =>
  new Map<string, FacetKind>([
    ...Object.entries(facets),
    [BRAND, "values"],
    [CATEGORY, "values"],
    ...(availability === undefined ? [] : [[AVAILABLE, "values"] as const])
  ])
