import { fail, type Locale, type Localised, type Tx } from "@omni/core"

import { SlugTaken } from "../errors.ts"
import { isSame } from "../same.ts"
import { ANYWHERE, type ChannelContent, slugId, SlugOwners, type SlugOwner } from "./model.ts"

/** What has slugs: general ones, and channels with their own. */
export interface Slugged {
  readonly slugs?: Localised<string>
  readonly channels?: Readonly<Record<string, ChannelContent>>
}

interface Place {
  readonly channel: string
  readonly locale: Locale
  readonly slug: string
}

/** Every slug that something has, and where. */
const placesOf = ({ slugs, channels }: Slugged): ReadonlyArray<Place> => [
  ...entries(ANYWHERE, slugs),
  ...Object.entries(channels ?? {}).flatMap(([channel, content]) => entries(channel, content.slugs))
]

const entries = (channel: string, slugs: Localised<string> | undefined): ReadonlyArray<Place> =>
  Object.entries(slugs ?? {}).map(([locale, slug]) => ({ channel, locale, slug }))

/**
 * Takes the slugs that something has now, and leaves those that it had before leading on to it, until somebody else takes them. On each channel
 * a slug of a language has one present owner at most. Refuses `SlugTaken`.
 */
export function* claimSlugs(
  tx: Tx,
  { kind, id }: Pick<SlugOwner, "kind" | "id">,
  before: Slugged | undefined,
  after: Slugged
): Generator<SlugTaken, void, unknown> {
  const [left, taken] = [placesOf(before ?? {}), placesOf(after)]
  if (isSame(left, taken)) return
  const keys = [...new Set([...left, ...taken].map(({ locale, slug }) => slugId(locale, slug)))]
  const rows = new Map(tx.getMany(SlugOwners, keys).map((row, at) => [keys[at]!, row?.owners ?? []]))
  for (const { channel, locale, slug } of left) {
    const key = slugId(locale, slug)
    const is = (owner: SlugOwner) => owner.kind === kind && owner.id === id && owner.channel === channel
    rows.set(
      key,
      rows.get(key)!.map((owner) => (is(owner) ? { ...owner, current: false } : owner))
    )
  }
  for (const { channel, locale, slug } of taken) {
    const key = slugId(locale, slug)
    const owners = rows.get(key)!
    const isOwn = (owner: SlugOwner) => owner.kind === kind && owner.id === id
    const other = owners.find((owner) => owner.current && !isOwn(owner) && overlap(owner.channel, channel))
    if (other !== undefined) return yield* fail(slugTaken(slug, locale, other, channel))
    const others = owners.filter((owner) => !(owner.channel === channel && (isOwn(owner) || !owner.current)))
    rows.set(key, [...others, { kind, id, channel, current: true }])
  }
  for (const [key, owners] of rows) tx.put(SlugOwners, key, { owners })
}

const overlap = (a: string, b: string): boolean => a === b || a === ANYWHERE || b === ANYWHERE

/** Who has a slug on a channel: its present owner there, else one that had it, the channel's own before the general one. */
export const ownerOn = (owners: ReadonlyArray<SlugOwner>, channel: string | undefined): SlugOwner | undefined => {
  const here = owners.filter((owner) => owner.channel === ANYWHERE || owner.channel === channel)
  return here.find(({ current }) => current) ?? here.find((owner) => owner.channel === channel) ?? here[0]
}

const slugTaken = (slug: string, locale: Locale, { kind, id, channel }: SlugOwner, wanted: string) =>
  new SlugTaken({
    slug,
    locale,
    owner: { kind, id },
    message: `The slug "${slug}" (${locale}${wanted === ANYWHERE ? "" : `, ${wanted}`}) is that of the ${kind} "${id}"${channel === ANYWHERE ? "" : ` on ${channel}`}. Change that one first, or choose another.`
  })

const LETTERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  de: { ä: "ae", ö: "oe", ü: "ue" },
  da: { æ: "ae", ø: "oe", å: "aa" },
  nb: { æ: "ae", ø: "oe", å: "aa" }
}

/** A slug out of a text as its language writes it without accents: "Müller & Söhne" is "mueller-soehne" in German. May be empty. */
export const slugOf = (text: string, locale: Locale): string => {
  const letters = LETTERS[new Intl.Locale(locale).language] ?? {}
  return [...text.normalize("NFC").toLowerCase()]
    .map((letter) => letters[letter] ?? letter)
    .join("")
    .replaceAll("ß", "ss")
    .replaceAll("ø", "o")
    .replaceAll("æ", "ae")
    .normalize("NFKD")
    .replace(/(?<=[a-z])\p{M}+/gu, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}\p{M}]+/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 200)
    .replace(/-+$/, "")
}
