import { collection, Currency, event, Id, Localised } from "@omni/core"
import * as z from "zod"

import { Attributes } from "../attributes/model.ts"
import { gtin14 } from "../codes/gtin.ts"
import { ChannelContent, Media, Slugs, Text } from "../content/model.ts"
import { keyOf } from "../key.ts"
import { Name, recordOf } from "../record.ts"

/** An amount of minor units that a price may be. */
export const Amount = z.int({ error: "Write whole minor units: 9990 for 99.90 EUR" }).nonnegative().max(1_000_000_000_000)

/** What one unit costs, in minor units of `currency`: everywhere, or on one channel. Net or gross is the channel's tax policy to say. */
export const BasePrice = z.object({ amount: Amount, currency: Currency, channel: Id.exactOptional() }).readonly()
export type BasePrice = z.infer<typeof BasePrice>

const Label = Localised(z.string().min(1).max(200))

/** What variants of a product differ in, and which values there are, in the order in which they are shown. */
export const Option = z
  .object({
    id: Name(100),
    name: Label,
    values: z
      .array(z.object({ id: z.string().min(1).max(200), name: Label }).readonly())
      .min(1)
      .max(500)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { error: "Each value has an id of its own" })
      .readonly()
  })
  .readonly()
export type Option = z.infer<typeof Option>

/** What a shop offers, whatever its size or colour. `taxCategory` names a rate of the tax policy; attributes are for rules and filters. */
export const Product = z
  .object({
    id: Id,
    name: Text,
    description: Text.exactOptional(),
    brand: z.string().min(1).max(200).exactOptional(),
    categories: z.array(Id).max(100).readonly(),
    taxCategory: Id,
    /** Which attributes it has; without a type it may have any. */
    type: Id.exactOptional(),
    attributes: Attributes,
    /** What its variants differ in: each has one value of every option, and no two have the same. */
    options: z
      .array(Option)
      .max(20)
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { error: "Each option has an id of its own" })
      .readonly()
      .exactOptional(),
    media: z.array(Media).max(500).readonly().exactOptional(),
    slugs: Slugs.exactOptional(),
    /** The channels that it is sold on; all unless told. */
    assortment: z.array(Id).max(1_000).readonly().exactOptional(),
    /** What is different on single channels. */
    channels: recordOf(Id, ChannelContent).exactOptional(),
    /** No longer offered; old orders and carts still know it. */
    archived: z.boolean().exactOptional()
  })
  .readonly()
export type Product = z.infer<typeof Product>

/** What is sold and stocked: one choice of a product's options. Its SKU, GTIN and further codes each name this variant alone. */
export const Variant = z
  .object({
    id: Id,
    product: Id,
    sku: Id,
    gtin: z
      .string()
      .refine((text) => gtin14(text) !== undefined, { error: "A GTIN has 8, 12, 13 or 14 digits, the last of which checks the others" })
      .exactOptional(),
    /** QR payloads, barcodes of a supplier, older SKUs, item numbers of labels printed in the shop. */
    codes: z.array(Id).max(100).readonly(),
    name: Text.exactOptional(),
    options: recordOf(z.string().min(1).max(100), z.string().min(1).max(200)),
    attributes: Attributes.exactOptional(),
    prices: z.array(BasePrice).max(1_000).readonly(),
    /** Instead of the product's. */
    taxCategory: Id.exactOptional(),
    archived: z.boolean().exactOptional()
  })
  .readonly()
export type Variant = z.infer<typeof Variant>

/** Products by id. */
export const Products = collection("catalog.products", {
  schema: Product,
  indexes: { category: ["categories", "id"], type: ["type", "id"] }
})

/** Variants by id. */
export const Variants = collection("catalog.variants", { schema: Variant, indexes: { product: ["product"] } })

/** Which variant a canonical code names; the row is what makes a code unique. */
export const Codes = collection("catalog.codes", { schema: z.object({ variant: Id }).readonly() })

/** The most variants that a product may have. */
export const MOST_VARIANTS = 2_000

/** The variants of a product in the order in which they came, so that operations find them by key. */
export const Siblings = collection("catalog.siblings", {
  schema: z.object({ variants: z.array(Id).max(MOST_VARIANTS).readonly() }).readonly()
})

/** Which variant has a choice of a product's options, by `combinationId`; the row is what makes it the only one. */
export const Combinations = collection("catalog.combinations", { schema: z.object({ variant: Id }).readonly() })

/** The key of a choice of options. */
export const combinationId = (product: string, options: Readonly<Record<string, string>>): string =>
  keyOf(JSON.stringify([product, ...Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1))]))

/** What was deleted, as it was at the end, by `deletedId`. */
export const Deleted = collection("catalog.deleted", {
  schema: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("product"), at: z.int(), row: Product }).readonly(),
    z.object({ kind: z.literal("variant"), at: z.int(), row: Variant }).readonly()
  ])
})

/** The key of something deleted. */
export const deletedId = (kind: "product" | "variant", id: string): string => keyOf(`${kind}:${id}`)

const Change = z.enum(["created", "updated", "archived", "restored"])

/**
 * A product was put that was not there, or was another. Subject: the product. `fields` say what is new, with the language, attribute or channel
 * where there is one: `["name.de", "attributes.weight", "channels.web"]`.
 */
export const ProductChanged = event(
  "catalog.ProductChanged",
  z.object({ product: Id, change: Change, fields: z.array(z.string()).readonly() })
)

/** A variant was put that was not there, or was another. Subject: its product; `before` is the one that it came from. `fields` as in `ProductChanged`. */
export const VariantChanged = event(
  "catalog.VariantChanged",
  z.object({ product: Id, before: Id.exactOptional(), variant: Id, sku: Id, change: Change, fields: z.array(z.string()).readonly() })
)

/** A product is deleted, with all its variants, of each of which `VariantDeleted` tells. Subject: the product. */
export const ProductDeleted = event("catalog.ProductDeleted", z.object({ product: Id }))

/** A variant is deleted: its codes and its choice of options are free. Subject: its product. */
export const VariantDeleted = event("catalog.VariantDeleted", z.object({ product: Id, variant: Id, sku: Id }))
