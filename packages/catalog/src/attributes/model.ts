import { collection, Currency, Decimal, event, Id, Localised, Money } from "@omni/core"
import * as z from "zod"

import { Name, recordOf } from "../record.ts"
import { compareDecimals, Dimension, dimensionOf, Measure, unitsOf } from "./units.ts"

const Label = Localised(z.string().min(1).max(200))

/** The value of an attribute: text, number, yes or no, a set of texts, text in several languages, money, or a measure. */
export const AttributeValue = z.union([
  z.string().max(2_000),
  z.number(),
  z.boolean(),
  z.array(z.string().max(200)).max(500).readonly(),
  Money,
  Measure,
  Localised(z.string().max(10_000))
])
export type AttributeValue = z.infer<typeof AttributeValue>

/** Values by the code of their attribute. */
export const Attributes = recordOf(z.string().min(1).max(100), AttributeValue)
  .refine((attributes) => Object.keys(attributes).length <= 500, { error: "At most 500 attributes" })
  .readonly()
export type Attributes = z.infer<typeof Attributes>

/** One value that may be chosen. The order of the values is their rank where more is better. */
export const Choice = z.object({ id: z.string().min(1).max(200), name: Label }).readonly()
export type Choice = z.infer<typeof Choice>

const choices = z
  .array(Choice)
  .min(1)
  .max(1_000)
  .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, { error: "Each value has an id of its own" })
  .readonly()

/** What values an attribute takes. Bounds are included; those of a measure are in its `unit`. */
export const AttributeType = z.discriminatedUnion("type", [
  z
    .object({ type: z.literal("text"), minLength: z.int().min(0).exactOptional(), maxLength: z.int().min(1).exactOptional() })
    .refine(({ minLength = 0, maxLength = Infinity }) => minLength <= maxLength, { path: ["maxLength"], error: "At least `minLength`" })
    .readonly(),
  z.object({ type: z.literal("localised-text"), maxLength: z.int().min(1).exactOptional() }).readonly(),
  z
    .object({
      type: z.literal("number"),
      min: z.number().exactOptional(),
      max: z.number().exactOptional(),
      integer: z.boolean().exactOptional()
    })
    .refine(({ min = -Infinity, max = Infinity }) => min <= max, { path: ["max"], error: "At least `min`" })
    .readonly(),
  z.object({ type: z.literal("enum"), values: choices }).readonly(),
  z.object({ type: z.literal("set"), values: choices, max: z.int().min(1).exactOptional() }).readonly(),
  z.object({ type: z.literal("boolean") }).readonly(),
  z.object({ type: z.literal("date") }).readonly(),
  z.object({ type: z.literal("money"), currencies: z.array(Currency).min(1).readonly().exactOptional() }).readonly(),
  z
    .object({
      type: z.literal("measure"),
      dimension: Dimension,
      unit: z.string().min(1).max(20),
      min: Decimal.exactOptional(),
      max: Decimal.exactOptional()
    })
    .superRefine(({ dimension, unit }, context) => {
      if (dimensionOf(unit) === dimension) return
      context.addIssue({ code: "custom", path: ["unit"], message: `A unit of ${dimension}: ${unitsOf(dimension).join(", ")}` })
    })
    .refine(({ min, max }) => min === undefined || max === undefined || compareDecimals(min, max) <= 0, {
      path: ["max"],
      error: "At least `min`"
    })
    .readonly()
])
export type AttributeType = z.infer<typeof AttributeType>

/** What an attribute is called, which values it takes, and where it stands. */
export const AttributeDefinition = z
  .object({
    code: Name(100),
    name: Label,
    value: AttributeType,
    /** On the product, or on each of its variants. */
    level: z.enum(["product", "variant"]).default("product"),
    /** What lacks it is not complete, and so not sold: everywhere, or on these channels. */
    required: z.union([z.boolean(), z.array(Id).min(1).readonly()]).default(false),
    /** Whether more of it (a later value, yes instead of no) or less of it is better for the buyer; up-sell compares by it. */
    better: z.enum(["more", "less"]).exactOptional(),
    /** What a shopper reads when this one is better: "better camera". */
    benefit: Label.exactOptional()
  })
  .refine(({ better, value }) => better === undefined || !value.type.endsWith("text"), {
    path: ["better"],
    error: "A text is not better or worse than another: use an enum, whose values have an order, a number or a measure"
  })
  .readonly()
export type AttributeDefinition = z.infer<typeof AttributeDefinition>

/** A kind of products, and which attributes they have. */
export const ProductType = z
  .object({
    id: Id,
    name: Label,
    attributes: z
      .array(AttributeDefinition)
      .max(500)
      .refine((all) => new Set(all.map(({ code }) => code)).size === all.length, { error: "Each attribute has a code of its own" })
      .readonly(),
    /** Whether products may have attributes that it does not define. */
    open: z.boolean().exactOptional()
  })
  .readonly()
export type ProductType = z.infer<typeof ProductType>

/** Product types by id. */
export const ProductTypes = collection("catalog.productTypes", { schema: ProductType })

/** A product type was defined or is another now. Subject: the type. `attributes` are the codes that came, went or changed. */
export const ProductTypeDefined = event("catalog.ProductTypeDefined", z.object({ type: Id, attributes: z.array(z.string()).readonly() }))
