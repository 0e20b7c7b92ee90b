import type { Collection, Find, Item, Page, View } from "@omni/core"
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

/** A profile's list as far as it has been read: parts that follow each other, each with the place that it begins after. */
interface List<R> {
  readonly profile: string
  readonly parts: ReadonlyArray<{ readonly after: string | undefined; readonly page: Page<Item<R>> }>
}

/** A part of a list that is wanted: so many items after a place. */
interface Wanted {
  readonly profile: string
  readonly after: string | undefined
  readonly count: number
}

/** Reads parts of several lists in one load. */
type Read<R> = (wanted: ReadonlyArray<Wanted>) => ReadonlyArray<Page<Item<R>>>

/** How many times as much is read next of a list that is used up. */
const GROWTH = 4

/** In so many parts the longest page is read; who needs more has rows that fit no version of their schema, which hold up nothing. */
const PARTS = 8

/**
 * One list out of those of several profiles, the newest first; at the same moment by profile, then as each list has it. Each list goes
 * on exactly where the page before ended, however many entries share a moment. Of each list its share of a page is read, and more of those
 * that turn out to have more: what is read does not grow with the number of lists times the length of a page.
 */
export const newestFirst = <R extends Dated, I extends string>(
  view: View,
  collection: Collection<R, I | "profile">,
  profiles: ReadonlyArray<string>,
  { after, limit = LIMIT }: { readonly after?: string; readonly limit?: number }
): Page<Item<R>> => {
  const places: Places = after === undefined ? {} : (placesIn(after) ?? {})
  const open = profiles.filter((profile) => places[profile] !== null)
  const read: Read<R> = (wanted) =>
    view.findMany(
      collection,
      "profile",
      wanted.map(({ profile, after: place, count }): Find => {
        return { equals: [profile], order: "desc", limit: count, ...(place === undefined ? {} : { after: place }) }
      })
    )
  const lists = readUpTo(
    limit,
    open.map((profile) => ({ profile, after: places[profile] ?? undefined })),
    read
  )
  const newest = newestOf(lists, limit)
  const next: Places = { ...places, ...placesAfter(newest, lists, read) }
  const more = open.some((profile) => next[profile] !== null)
  return { items: newest.map(({ item }) => item), ...(more ? { cursor: JSON.stringify(next) } : {}) }
}

/** Reads lists until the newest so many items of what was read are the newest there are. */
const readUpTo = <R extends Dated>(limit: number, open: ReadonlyArray<Omit<Wanted, "count">>, read: Read<R>): ReadonlyArray<List<R>> => {
  let lists: ReadonlyArray<List<R>> = open.map(({ profile }) => ({ profile, parts: [] }))
  let wanted = open
  for (let count = Math.ceil(limit / Math.max(1, open.length)); wanted.length > 0; count = Math.min(limit, count * GROWTH)) {
    const pages = read(wanted.map((list) => ({ ...list, count })))
    const parts = new Map(wanted.map(({ after, profile }, i) => [profile, { after, page: pages[i] ?? { items: [] } }]))
    lists = lists.map(({ parts: before, profile }) => {
      const part = parts.get(profile)
      return { profile, parts: part === undefined ? before : [...before, part] }
    })
    wanted = usedUp(lists, limit)
  }
  return lists
}

/** The lists that may have more for a page: all that was read of them is on it, and goes on; but behind the last item of a full page nothing belongs. */
const usedUp = <R extends Dated>(lists: ReadonlyArray<List<R>>, limit: number): ReadonlyArray<Omit<Wanted, "count">> => {
  const newest = newestOf(lists, limit)
  const taken = countsOf(newest)
  const last = newest.length === limit ? newest.at(-1)?.profile : undefined
  return lists.flatMap((list) => {
    const { profile } = list
    const after = list.parts.at(-1)?.page.cursor
    const isUsedUp = profile !== last && list.parts.length < PARTS && itemsOf(list).length === (taken.get(profile) ?? 0)
    return after !== undefined && isUsedUp ? [{ profile, after }] : []
  })
}

interface Told<R> {
  readonly profile: string
  readonly item: Item<R>
}

const itemsOf = <R>({ parts }: List<R>): ReadonlyArray<Item<R>> => parts.flatMap(({ page }) => page.items)

const newestOf = <R extends Dated>(lists: ReadonlyArray<List<R>>, limit: number): ReadonlyArray<Told<R>> =>
  lists
    .flatMap((list) => itemsOf(list).map((item) => ({ profile: list.profile, item })))
    .sort((left, right) => right.item.row.at - left.item.row.at)
    .slice(0, limit)

const countsOf = (told: ReadonlyArray<Told<unknown>>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>()
  for (const { profile } of told) counts.set(profile, (counts.get(profile) ?? 0) + 1)
  return counts
}

/** Where the lists stand behind a page: a part that is on it to some extent is read again so far, for its cursor. */
const placesAfter = <R>(newest: ReadonlyArray<Told<R>>, lists: ReadonlyArray<List<R>>, read: Read<R>): Places => {
  const taken = countsOf(newest)
  const places: Record<string, string | null> = {}
  const cut: Array<Wanted> = []
  for (const list of lists) {
    const { parts, profile } = list
    let left = taken.get(profile) ?? 0
    if (left === 0 && itemsOf(list).length > 0) continue
    for (const { after, page } of parts) {
      if (left < page.items.length) {
        if (left > 0) cut.push({ profile, after, count: left })
        break
      }
      left -= page.items.length
      places[profile] = page.cursor ?? null
    }
  }
  read(cut).forEach(({ cursor }, i) => {
    places[cut[i]?.profile ?? ""] = cursor ?? null
  })
  return places
}
