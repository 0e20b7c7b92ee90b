import { collection, Currency, event, Id, Localised } from "@omni/core"
import * as z from "zod"

import { gtin14 } from "./codes.ts"

const Text = Localised(z.string().min(1).max(10_000))
const Attribute = z.union([z.string().max(2_000), z.number(), z.boolean(), z.array(z.string().max(200)).readonly()])

/** What one unit costs, in minor units of `currency`: everywhere, or on one channel. Net or gross is the channel's tax policy to say. */
export const BasePrice = z.object({ amount: z.int().nonnegative(), currency: Currency, channel: Id.exactOptional() }).readonly()
export type BasePrice = z.infer<typeof BasePrice>

/** What a shop offers, whatever its size or colour. `taxCategory` names a rate of the tax policy; attributes are for rules and filters. */
export const Product = z
  .object({
    id: Id,
    name: Text,
    description: Text.exactOptional(),
    brand: z.string().min(1).max(200).exactOptional(),
    categories: z.array(Id).max(100).readonly(),
    taxCategory: Id,
    attributes: z.record(z.string().min(1).max(100), Attribute).readonly(),
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
    /** QR payloads, barcodes of a supplier, older SKUs. */
    codes: z.array(Id).max(100).readonly(),
    name: Text.exactOptional(),
    options: z.record(z.string().min(1).max(100), z.string().min(1).max(200)).readonly(),
    prices: z.array(BasePrice).max(1_000).readonly(),
    archived: z.boolean().exactOptional()
  })
  .readonly()
export type Variant = z.infer<typeof Variant>

/** How one product leads to another: sold along with it, in place of it as a better one, as a part for it, or when it is out of stock. */
export const RelationKind = z.enum(["cross-sell", "up-sell", "accessory", "substitute"])
export type RelationKind = z.infer<typeof RelationKind>

/** Products that a product leads to, the best first. */
export const Relation = z.object({ from: Id, kind: RelationKind, to: z.array(Id).max(200).readonly() }).readonly()
export type Relation = z.infer<typeof Relation>

/** Products by id. */
export const Products = collection("catalog.products", { schema: Product, indexes: { category: ["categories"] } })

/** Variants by id. */
export const Variants = collection("catalog.variants", { schema: Variant, indexes: { product: ["product"] } })

/** Which variant a canonical code names; the row is what makes a code unique. */
export const Codes = collection("catalog.codes", { schema: z.object({ variant: Id }).readonly() })

/** Relations by `relationId`. */
export const Relations = collection("catalog.relations", { schema: Relation })

/** The key of a product's relations of one kind. */
export const relationId = (from: string, kind: RelationKind): string => `${kind}:${from}`

/** A product was put that was not there, or was another. Subject: the product. */
export const ProductChanged = event("catalog.ProductChanged", z.object({ product: Id }))

/** A variant was put that was not there, or was another. Subject: its product. */
export const VariantChanged = event("catalog.VariantChanged", z.object({ product: Id, variant: Id, sku: Id }))
