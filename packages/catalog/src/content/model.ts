import { type Channel, collection, type Country, Id, Instant, type Locale, Localised } from "@omni/core"
import * as z from "zod"

import { keyOf } from "../key.ts"

/** Text in several languages. */
export const Text = Localised(z.string().min(1).max(10_000))

/** The part of an address that names something: letters, digits and single `-`, `_`, `.` between them, in lower case. */
const Slug = z
  .string()
  .max(200)
  .regex(/^[\p{L}\p{N}\p{M}]+(?:[-_.][\p{L}\p{N}\p{M}]+)*$/u, { error: 'Write words joined by hyphens, such as "red-shoes"' })
  .refine((text) => text === text.toLowerCase(), { error: "Write it in lower case" })
  .refine((text) => text === text.normalize("NFC"), { error: "Write letters with their accents as one (NFC), as `slugOf` does" })

/** A slug for each language. */
export const Slugs = Localised(Slug)

/** A picture, film, document or model of a product, in the order of the list. */
export const Media = z
  .object({
    url: z
      .string()
      .max(2_000)
      .regex(/^(?:https?:\/\/|\/)[^\s]+$/, { error: "Write an address that begins with https://, http:// or /" }),
    kind: z.enum(["image", "video", "document", "model"]).default("image"),
    /** What it shows, for whoever does not see it. */
    alt: Text.exactOptional(),
    /** What it is for: "main", "thumbnail", "swatch", "listing", whatever the shop's pages ask for. */
    roles: z.array(z.string().min(1).max(50)).max(20).readonly().default([]),
    /** Which variants it shows; all unless told. */
    variants: z.array(Id).max(2_000).readonly().exactOptional(),
    /** On which channels it is used; all unless told. */
    channels: z.array(Id).max(500).readonly().exactOptional()
  })
  .readonly()
export type Media = z.infer<typeof Media>

/** Whether it is shown: everywhere, only to who looks for it, or not at all. What is hidden is not sold either. */
export const Visibility = z.enum(["visible", "search-only", "hidden"])
export type Visibility = z.infer<typeof Visibility>

/** What is different on one channel. Texts are looked for here before the general ones, language by language. */
export const ChannelContent = z
  .object({
    name: Text.exactOptional(),
    description: Text.exactOptional(),
    slugs: Slugs.exactOptional(),
    visibility: Visibility.exactOptional(),
    /** When it is published there. */
    from: Instant.exactOptional(),
    /** The first moment at which it is not any more. */
    until: Instant.exactOptional()
  })
  .refine(({ from, until }) => from === undefined || until === undefined || from < until, { path: ["until"], error: "Later than `from`" })
  .readonly()
export type ChannelContent = z.infer<typeof ChannelContent>

/** What an app has to have before it is sold on a channel, beside a name, a price and the attributes that its type requires. */
export const Requirement = z.enum(["description", "brand", "category", "media", "slug", "gtin"])
export type Requirement = z.infer<typeof Requirement>

/** A channel as the catalog sees it. */
export interface SalesChannel extends Channel {
  /** Which country's prices are shown there when nobody says where the buyer is. */
  readonly country?: Country
  /** In which languages it sells; `locale` alone unless told. */
  readonly locales?: ReadonlyArray<Locale>
  /** Where texts come from when a language has none: `{ "de-AT": ["de", "en"] }`. Unless told: its parents, then those of `locale`. */
  readonly fallbacks?: Readonly<Record<Locale, ReadonlyArray<Locale>>>
  readonly requires?: ReadonlyArray<Requirement>
  /** The tax categories that are known there; all unless told. */
  readonly taxCategories?: ReadonlyArray<string>
}

/** Who has a slug, on one channel or, as `*`, on all. One that is not current leads on to the owner's present one. */
export const SlugOwner = z.object({ kind: z.enum(["product", "category"]), id: Id, channel: Id, current: z.boolean() }).readonly()
export type SlugOwner = z.infer<typeof SlugOwner>

/** Owners of a slug by locale and slug; on each channel at most one is current. */
export const SlugOwners = collection("catalog.slugs", { schema: z.object({ owners: z.array(SlugOwner).readonly() }).readonly() })

/** Everywhere: the general slugs. */
export const ANYWHERE = "*"

/** The key of a slug. */
export const slugId = (locale: Locale, slug: string): string => keyOf(`${locale}/${slug}`)
