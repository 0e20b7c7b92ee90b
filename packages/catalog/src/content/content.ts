import { Localised, type Locale } from "@omni/core"
import * as z from "zod"

import type { AttributeValue, Choice, ProductType } from "../attributes/model.ts"
import type { Product, Variant } from "../products/model.ts"
import { type Found, fallbackChain, localisedBy } from "./localise.ts"
import type { Media, SalesChannel } from "./model.ts"
import { contentOn } from "./visibility.ts"

/** A picture with its words in one language. */
export interface ShownMedia extends Omit<Media, "alt" | "channels"> {
  readonly alt?: string
}

/** An attribute as a shopper reads it: `text` is that of a localised text or a chosen value; other values are for the page to write. */
export interface ShownAttribute {
  readonly code: string
  readonly name: string
  readonly value: AttributeValue
  readonly text?: string
}

/** A product, or one variant of it, in one language on one channel. `locale` of a text says where it was found. */
export interface Content {
  readonly name?: Found<string>
  readonly description?: Found<string>
  readonly slug?: Found<string>
  readonly brand?: string
  /** What the variant is called, beside its product: "Black". */
  readonly variantName?: Found<string>
  readonly media: ReadonlyArray<ShownMedia>
  readonly attributes: ReadonlyArray<ShownAttribute>
}

/** What a reader sees of a product on a channel. A variant's attributes and pictures come in where one is asked for. */
export const contentOf = (
  { product, variant, type }: { readonly product: Product; readonly variant?: Variant; readonly type?: ProductType | undefined },
  channel: SalesChannel,
  locale: Locale
): Content => {
  const chain = fallbackChain(channel, locale)
  const special = contentOn(product, channel.id)
  const name = localisedBy(chain, special.name, product.name)
  const description = localisedBy(chain, special.description, product.description)
  const slug = localisedBy(chain, special.slugs, product.slugs)
  const variantName = localisedBy(chain, variant?.name)
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(slug === undefined ? {} : { slug }),
    ...(product.brand === undefined ? {} : { brand: product.brand }),
    ...(variantName === undefined ? {} : { variantName }),
    media: mediaOf(product, channel.id, variant?.id).map((media) => shownMedia(media, chain)),
    attributes: shownAttributes({ ...product.attributes, ...variant?.attributes }, type, chain)
  }
}

/** The media of a product on a channel, in their order: all, or those that show one variant, and of one role where it is told. */
export const mediaOf = ({ media = [] }: Pick<Product, "media">, channel: string, variant?: string, role?: string): ReadonlyArray<Media> =>
  media.filter(
    ({ channels, variants, roles }) =>
      (channels === undefined || channels.includes(channel)) &&
      (variant === undefined || variants === undefined || variants.includes(variant)) &&
      (role === undefined || roles.includes(role))
  )

const shownMedia = ({ url, kind, roles, variants, alt }: Media, chain: ReadonlyArray<Locale>): ShownMedia => {
  const told = localisedBy(chain, alt)?.value
  return { url, kind, roles, ...(variants === undefined ? {} : { variants }), ...(told === undefined ? {} : { alt: told }) }
}

const shownAttributes = (
  attributes: Readonly<Record<string, AttributeValue>>,
  type: ProductType | undefined,
  chain: ReadonlyArray<Locale>
): ReadonlyArray<ShownAttribute> =>
  (type?.attributes ?? []).flatMap(({ code, name, value: of }) => {
    if (!Object.hasOwn(attributes, code)) return []
    const value = attributes[code]!
    const text = of.type === "enum" || of.type === "set" ? choiceText(of.values, value, chain) : localisedText(value, chain)
    return [{ code, name: localisedBy(chain, name)?.value ?? code, value, ...(text === undefined ? {} : { text }) }]
  })

const Texts = Localised(z.string())

const localisedText = (value: AttributeValue, chain: ReadonlyArray<Locale>): string | undefined => {
  const texts = Texts.safeParse(value)
  return texts.success ? localisedBy(chain, texts.data)?.value : undefined
}

const choiceText = (values: ReadonlyArray<Choice>, value: AttributeValue, chain: ReadonlyArray<Locale>): string =>
  (Array.isArray(value) ? value : [value])
    .map((id) => {
      const choice = values.find((one) => one.id === id)
      return (choice === undefined ? undefined : localisedBy(chain, choice.name)?.value) ?? String(id)
    })
    .join(", ")
