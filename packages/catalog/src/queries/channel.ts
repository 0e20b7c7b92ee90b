import { fail, Id, type Item, Locale, query, type View } from "@omni/core"
import * as z from "zod"

import { type ProductType, ProductTypes } from "../attributes/model.ts"
import { Categories } from "../categories/model.ts"
import { type ReadCode, readCode } from "../codes/read.ts"
import { type Missing, missingIn } from "../content/completeness.ts"
import { type Content, contentOf } from "../content/content.ts"
import { fallbackChain, localisedBy } from "../content/localise.ts"
import { type SalesChannel, slugId, SlugOwners } from "../content/model.ts"
import { ownerOn } from "../content/slugs.ts"
import { contentOn, type Shown, visibilityOn } from "../content/visibility.ts"
import { ProductNotFound } from "../errors.ts"
import { pricesOf } from "../prices/candidates.ts"
import { type Product, Products, Siblings, type Variant, Variants } from "../products/model.ts"
import type { Offer } from "../products/offer.ts"
import { channelOf, type Settings } from "../settings.ts"
import { named } from "./products.ts"

/** What was scanned: the offer, and what else the code said: lot, serial number, dates, weight or price. */
export interface Scanned extends Offer {
  readonly read: ReadCode
}

/** What a reader sees, and whether it is shown on the channel now; if not, `reason` says why. */
export interface ShownContent extends Content, Shown {}

/** What a slug leads to. `moved`: it was that one's slug before, `slug` is its present one. `gone`: what it led to is there no more. */
export interface SlugFound {
  readonly status: "current" | "moved" | "gone"
  readonly kind: "product" | "category"
  readonly id: string
  /** Its present slug on the channel in the language, or what stands in for it. */
  readonly slug?: string
}

/** A product that lacks something, and what. */
export interface IncompleteProduct {
  readonly product: Product
  readonly missing: ReadonlyArray<Missing>
}

/** How many products one page of incomplete ones looks at, and how many variants unless one product alone has more. */
const LOOKED = 200
const LOOKED_VARIANTS = 2_000

/** What is asked about a channel, and at a scanner. */
export const channelQueries = (settings: Settings) => ({
  /**
   * What a SKU, GTIN, QR payload, GS1 Digital Link, GS1 element string (GS1-128, DataMatrix) or label of the shop's own names, with what else it says;
   * `undefined` when it names nothing.
   */
  scan: query("catalog.scan", z.object({ code: z.string().min(1).max(2_000) }), function* (view, { code }) {
    const read = readCode(code, { now: view.now, schemes: settings.inStoreCodes })
    const { offer, key } = named(view, read.keys)
    if (offer === undefined || key === undefined) return undefined
    // A whole number that names a variant is no label, whatever it looks like; and of eight digits it is told as which GTIN they were found.
    const told = read.form === "in-store" && key === read.keys[0] ? readCode(code, { now: view.now }) : read
    const scanned: Scanned = { ...offer, read: told.form === "gtin" ? { ...told, gtin: key } : told }
    return scanned
  }),

  /**
   * What a reader sees of a product, or of one variant of it, and whether it is shown there at all, or why not. Refuses `ChannelNotFound`; `undefined` when
   * the product is not there.
   */
  content: query(
    "catalog.content",
    z.object({ product: Id, variant: Id.exactOptional(), channel: Id, locale: Locale }),
    function* (view, { product: id, variant: wanted, channel: on, locale }) {
      const channel = yield* channelOf(settings, on)
      const product = view.get(Products, id)
      if (product === undefined) return undefined
      const type = typesOf(view, [product]).get(product.type ?? "")
      const variant = wanted === undefined ? undefined : view.get(Variants, wanted)
      const content = contentOf({ product, type, ...(variant?.product === id ? { variant } : {}) }, channel, locale)
      const shown: ShownContent = { ...content, ...visibilityOn(product, on, view.now) }
      return shown
    }
  ),

  /** What a slug leads to on a channel; `undefined` when it was never one. Refuses `ChannelNotFound`. */
  bySlug: query(
    "catalog.bySlug",
    z.object({ slug: z.string().min(1).max(200), locale: Locale, channel: Id }),
    function* (view, { slug, locale, channel: on }) {
      const channel = yield* channelOf(settings, on)
      const chain = fallbackChain(channel, locale)
      const rows = view.getMany(
        SlugOwners,
        chain.map((one) => slugId(one, slug.normalize("NFC")))
      )
      const owners = rows.flatMap((row) => ownerOn(row?.owners ?? [], on) ?? [])
      const owner = owners.find(({ current }) => current) ?? owners[0]
      if (owner === undefined) return undefined
      const { kind, id } = owner
      const row = kind === "product" ? view.get(Products, id) : view.get(Categories, id)
      const now = row === undefined ? undefined : slugOn(row, channel, chain)
      const status = row === undefined ? "gone" : owner.current ? "current" : "moved"
      const found: SlugFound = { status, kind, id, ...(now === undefined ? {} : { slug: now }) }
      return found
    }
  ),

  /**
   * What is missing before a product and its variants can be sold on a channel in a language; empty when they can. Refuses `ChannelNotFound`,
   * `ProductNotFound`.
   */
  completeness: query(
    "catalog.completeness",
    z.object({ product: Id, channel: Id, locale: Locale }),
    function* (view, { product: id, channel: on, locale }) {
      const channel = yield* channelOf(settings, on)
      const product = view.get(Products, id)
      if (product === undefined) return yield* fail(new ProductNotFound({ product: id, message: `There is no product "${id}".` }))
      return missingOf(view, [product], channel, locale)[0]!.missing
    }
  ),

  /**
   * Products that cannot be sold on a channel in a language, in pages by id, and what each lacks. What is archived or not meant for the channel is left
   * out. A page looks at 200 products at most, so it may be short, or empty, and have a cursor all the same. Refuses `ChannelNotFound`.
   */
  incomplete: query(
    "catalog.incomplete",
    z.object({ channel: Id, locale: Locale, after: z.string().min(1).max(200).exactOptional() }),
    function* (view, { channel: on, locale, after }) {
      const channel = yield* channelOf(settings, on)
      const page = view.find(Products, "id", { limit: LOOKED + 1, ...(after === undefined ? {} : { from: after }) })
      const rows = fewVariants(view, page.items.filter(({ id }) => id !== after).slice(0, LOOKED))
      const meant = rows
        .map(({ row }) => row)
        .filter(({ archived, assortment }) => archived !== true && (assortment === undefined || assortment.includes(on)))
      const items: ReadonlyArray<IncompleteProduct> = missingOf(view, meant, channel, locale).filter(({ missing }) => missing.length > 0)
      const last = rows.at(-1)
      const isMore = last !== undefined && (page.cursor !== undefined || page.items.at(-1)!.id !== last.id)
      return { items, ...(isMore ? { cursor: last.id } : {}) }
    }
  )
})

/** What each of several products lacks on a channel in a language. Six loads, however many there are. */
const missingOf = (
  view: View,
  products: ReadonlyArray<Product>,
  channel: SalesChannel,
  locale: string
): ReadonlyArray<IncompleteProduct> => {
  const siblings = view.getMany(
    Siblings,
    products.map(({ id }) => id)
  )
  const ids = siblings.flatMap((row) => row?.variants ?? [])
  const variants = Map.groupBy(
    view.getMany(Variants, ids).flatMap((variant) => variant ?? []),
    (variant) => variant.product
  )
  const types = typesOf(view, products)
  const categories = channel.requires?.includes("category") === true ? categoriesIn(view, products) : undefined
  const priced = new Map(pricesOf(view, ids, publicAt(channel)).map((prices, at) => [ids[at]!, prices.length > 0]))
  return products.map((product) => ({
    product,
    missing: missingIn(
      {
        product,
        variants: variants.get(product.id) ?? [],
        type: types.get(product.type ?? ""),
        isPriced: ({ id }: Variant) => priced.get(id) === true,
        ...(categories === undefined ? {} : { isCategory: (id: string) => categories.has(id) })
      },
      { channel, locale, now: view.now }
    )
  }))
}

/** The first of several products, as many as have not too many variants together; at least one. */
const fewVariants = (view: View, rows: ReadonlyArray<Item<Product>>): ReadonlyArray<Item<Product>> => {
  const siblings = view.getMany(
    Siblings,
    rows.map(({ id }) => id)
  )
  let variants = 0
  const end = rows.findIndex((_, at) => (variants += siblings[at]?.variants.length ?? 0) > LOOKED_VARIANTS)
  return end === -1 ? rows : rows.slice(0, Math.max(1, end))
}

/** Which of the categories that products name are there. */
const categoriesIn = (view: View, products: ReadonlyArray<Product>): ReadonlySet<string> => {
  const ids = [...new Set(products.flatMap(({ categories }) => categories))]
  const rows = view.getMany(Categories, ids)
  return new Set(ids.filter((_, at) => rows[at] !== undefined))
}

/** What anybody pays on a channel. */
export const publicAt = ({ id, currency, country }: SalesChannel) => ({
  currency,
  channel: id,
  ...(country === undefined ? {} : { country })
})

/** The types of products, by id. One load. */
export const typesOf = (view: View, products: ReadonlyArray<Product>): ReadonlyMap<string, ProductType> => {
  const ids = [...new Set(products.flatMap(({ type }) => type ?? []))]
  return new Map(view.getMany(ProductTypes, ids).flatMap((type) => (type === undefined ? [] : [[type.id, type]])))
}

const slugOn = (row: Pick<Product, "slugs" | "channels">, channel: SalesChannel, chain: ReadonlyArray<string>): string | undefined =>
  localisedBy(chain, contentOn(row, channel.id).slugs, row.slugs)?.value
