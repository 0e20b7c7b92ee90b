import type { Locale } from "@omni/core"

import { attributeIssues, missingAttributes } from "../attributes/check.ts"
import type { AttributeDefinition, ProductType } from "../attributes/model.ts"
import type { Product, Variant } from "../products/model.ts"
import { optionIssues } from "../products/options.ts"
import { contentOf, mediaOf } from "./content.ts"
import type { Requirement, SalesChannel } from "./model.ts"
import { type HiddenReason, visibilityOn } from "./visibility.ts"

/** What is missing before something can be sold. */
export type MissingCode =
  | HiddenReason
  | Requirement
  | "language"
  | "name"
  | "tax-category"
  | "type"
  | "attribute"
  | "invalid-attribute"
  | "no-variant"
  | "options"
  | "price"

/** One thing that is missing: of the product, or of one of its variants. */
export interface Missing {
  readonly code: MissingCode
  /** Where it would stand: `name`, `attributes.weight`. */
  readonly path: string
  readonly variant?: string
  readonly message: string
}

/** What is asked whether it can be sold: a product, its variants, its type, and which of the variants have a price on the channel. */
export interface Candidate {
  readonly product: Product
  readonly variants: ReadonlyArray<Variant>
  readonly type: ProductType | undefined
  readonly isPriced: (variant: Variant) => boolean
  /** Whether a category is there; all are unless told. */
  readonly isCategory?: (category: string) => boolean
}

/** Where and when it is to be sold. */
export interface Market {
  readonly channel: SalesChannel
  readonly locale: Locale
  readonly now: number
}

/**
 * What is missing before a product and all its variants can be sold on a channel in a language; empty exactly when they can. Archived variants are not
 * looked at. A text counts as there when the fallback chain has it.
 */
export const missingIn = (candidate: Candidate, market: Market): ReadonlyArray<Missing> => {
  const offered = candidate.variants.filter(({ archived }) => archived !== true)
  return [
    ...missingOfProduct(candidate, market),
    ...(offered.length === 0 ? [{ code: "no-variant" as const, path: "variants", message: "It has no variant that is offered." }] : []),
    ...offered.flatMap((variant) => missingOfVariant(candidate, variant, market).map((missing) => ({ ...missing, variant: variant.id })))
  ]
}

/** Whether one variant can be sold on a channel in a language: nothing is missing of its product, nor of itself. */
export const isSellable = (candidate: Candidate, variant: Variant, market: Market): boolean =>
  variant.archived !== true && missingOfProduct(candidate, market).length === 0 && missingOfVariant(candidate, variant, market).length === 0

const missingOfProduct = (
  { product, type, isCategory = () => true }: Candidate,
  { channel, locale, now }: Market
): ReadonlyArray<Missing> => {
  const { reason } = visibilityOn(product, channel.id, now)
  const { name, description, slug } = contentOf({ product, type }, channel, locale)
  const locales = channel.locales ?? [channel.locale]
  const lacks = {
    description: description === undefined,
    brand: product.brand === undefined,
    category: !product.categories.some(isCategory),
    media: mediaOf(product, channel.id).length === 0,
    slug: slug === undefined
  }
  const required = (["description", "brand", "category", "media", "slug"] as const).filter(
    (one) => lacks[one] && channel.requires?.includes(one) === true
  )
  return [
    ...(reason === undefined ? [] : [{ code: reason, path: REASONS[reason], message: hiddenMessage(reason, channel.id) }]),
    ...(locales.includes(locale)
      ? []
      : [
          { code: "language" as const, path: "locale", message: `${channel.id} does not sell in ${locale}, but in ${locales.join(", ")}.` }
        ]),
    ...(name === undefined
      ? [{ code: "name" as const, path: "name", message: `It has no name in ${locale} or what stands in for it.` }]
      : []),
    ...required.map((code) => ({ code, path: PATHS[code], message: `It has no ${code}, which ${channel.id} requires.` })),
    ...missingTax(product.taxCategory, channel),
    ...(product.type !== undefined && type === undefined
      ? [{ code: "type" as const, path: "type", message: `There is no product type "${product.type}".` }]
      : []),
    ...missingOfAttributes(type, "product", product.attributes, channel.id)
  ]
}

const missingOfVariant = ({ product, type, isPriced }: Candidate, variant: Variant, { channel }: Market): ReadonlyArray<Missing> => [
  ...optionIssues(product, variant.options).map(({ path, message }) => ({ code: "options" as const, path, message })),
  ...(isPriced(variant)
    ? []
    : [{ code: "price" as const, path: "prices", message: `It has no price in ${channel.currency} on ${channel.id}.` }]),
  ...(channel.requires?.includes("gtin") === true && variant.gtin === undefined
    ? [{ code: "gtin" as const, path: "gtin", message: `It has no GTIN, which ${channel.id} requires.` }]
    : []),
  ...(variant.taxCategory === undefined ? [] : missingTax(variant.taxCategory, channel)),
  ...missingOfAttributes(type, "variant", variant.attributes ?? {}, channel.id)
]

const missingTax = (category: string, { id, taxCategories }: SalesChannel): ReadonlyArray<Missing> =>
  taxCategories === undefined || taxCategories.includes(category)
    ? []
    : [{ code: "tax-category", path: "taxCategory", message: `The tax category "${category}" is not known on ${id}.` }]

const missingOfAttributes = (
  type: ProductType | undefined,
  level: AttributeDefinition["level"],
  attributes: Product["attributes"],
  channel: string
): ReadonlyArray<Missing> => [
  ...missingAttributes(type, level, attributes, channel).map(({ code }) => ({
    code: "attribute" as const,
    path: `attributes.${code}`,
    message: `It has no "${code}", which its type requires.`
  })),
  ...attributeIssues(type, level, attributes).map(({ path, message }) => ({ code: "invalid-attribute" as const, path, message }))
]

const PATHS = { description: "description", brand: "brand", category: "categories", media: "media", slug: "slugs" } as const

const REASONS: Readonly<Record<HiddenReason, string>> = {
  archived: "archived",
  "not-in-assortment": "assortment",
  hidden: "channels",
  "not-yet-published": "channels",
  "no-longer-published": "channels"
}

const hiddenMessage = (reason: HiddenReason, channel: string): string => {
  switch (reason) {
    case "archived":
      return "It is archived."
    case "not-in-assortment":
      return `It is not among what is sold on ${channel}.`
    case "hidden":
      return `It is hidden on ${channel}.`
    case "not-yet-published":
      return `It is not published on ${channel} yet.`
    case "no-longer-published":
      return `It is no longer published on ${channel}.`
  }
}
