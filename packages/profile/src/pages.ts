import type { Collection, Item, Page, View } from "@omni/core"
import * as z from "zod"

/** A row that belongs to a profile and has its time. */
interface Dated {
  readonly profile: string
  readonly at: number
}

/** Where each profile's list stands: not named while nothing is taken, `null` once it has ended. */
const Places = z.record(z.string(), z.string().nullable())
type Places = z.infer<typeof Places>

const LIMIT = 50

const placesIn = (cursor: string): Places | undefined => {
  try {
    return Places.safeParse(JSON.parse(cursor)).data
  } catch {
    return undefined
  }
}

/** The cursor of a list over several profiles. */
export const Cursor = z.string().refine((cursor) => placesIn(cursor) !== undefined, { error: "Give back the cursor of the page before" })

/**
 * One list out of those of several profiles, the newest first; at the same moment by profile, then as each list has it. Each list goes
 * on exactly where the page before ended, however many entries share a moment.
 */
export const newestFirst = <R extends Dated, I extends string>(
  view: View,
  collection: Collection<R, I | "profile">,
  profiles: ReadonlyArray<string>,
  { after, limit = LIMIT }: { readonly after?: string; readonly limit?: number }
): Page<Item<R>> => {
  const places: Places = after === undefined ? {} : (placesIn(after) ?? {})
  const open = profiles.filter((profile) => places[profile] !== null)
  const find = (profile: string, count: number): Page<Item<R>> => {
    const place = places[profile]
    return view.find(collection, "profile", {
      equals: [profile],
      order: "desc",
      limit: count,
      ...(typeof place === "string" ? { after: place } : {})
    })
  }
  const pages = together(open.map((profile) => ({ profile, read: () => find(profile, limit) })))
  const items = pages
    .flatMap(({ profile, value }) => value.items.map((item) => ({ item, profile })))
    .sort((left, right) => right.item.row.at - left.item.row.at)
    .slice(0, limit)
  const cut = pages.flatMap(({ profile, value }) => {
    const taken = items.filter((item) => item.profile === profile).length
    return taken === 0 && value.items.length > 0
      ? []
      : [{ profile, read: () => (taken < value.items.length ? find(profile, taken) : value) }]
  })
  const next: Places = { ...places }
  for (const { profile, value } of together(cut)) next[profile] = value.cursor ?? null
  const more = open.some((profile) => next[profile] !== null)
  return { items: items.map(({ item }) => item), ...(more ? { cursor: JSON.stringify(next) } : {}) }
}

/** Asks for all pages before it waits for any of them, so that many lists are one load. */
const together = <A>(
  reads: ReadonlyArray<{ readonly profile: string; readonly read: () => A }>
): ReadonlyArray<{ readonly profile: string; readonly value: A }> => {
  const values: Array<{ readonly profile: string; readonly value: A }> = []
  const waiting: Array<unknown> = []
  for (const { profile, read } of reads) {
    try {
      values.push({ profile, value: read() })
    } catch (loading) {
      waiting.push(loading)
    }
  }
  if (waiting.length > 0) throw waiting[0]
  return values
}
