import { type Collection, type Find, type InvalidRow, type Item, type Page, paged, type View } from "@omni/core"
import * as z from "zod"

/** A place in a list over all ids of a customer: `(time, id)`. */
interface Place {
  readonly at: number
  readonly id: string
}

const placeIn = (cursor: string): Place | undefined => {
  const [, at, id] = /^(-?\d{1,16}) (\S.*)$/.exec(cursor) ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}

const Cursor = z.string().refine((text) => placeIn(text) !== undefined, { error: "Hand back the `cursor` of the page before, unchanged" })

/** What is asked of a list over all ids of a customer. */
export const pagedByTime = { ...paged, after: Cursor.exactOptional() }

const LIMIT = 50

/** Rows of all ids of a customer by an index of owner and time, the latest first, in pages. A cursor stays good when customers turn out to be one. */
export const latestOf = <R, I extends string>(
  view: View,
  collection: Collection<R, I>,
  index: I,
  owners: ReadonlyArray<string>,
  timeOf: (row: R) => number,
  { limit = LIMIT, after }: { readonly limit?: number; readonly after?: string }
): Page<Item<R>> => {
  const place = after === undefined ? undefined : placeIn(after)
  const to = place === undefined ? {} : { to: place.at }
  const finds = [...new Set(owners)].map((owner): Find => ({ equals: [owner], order: "desc", limit: Math.min(1_000, limit + 1), ...to }))
  // All of them in one load: those below are found in it.
  view.findMany(collection, index, finds)
  const isAfter = ({ id, row }: Item<R>): boolean =>
    place === undefined || timeOf(row) < place.at || (timeOf(row) === place.at && id < place.id)
  const parts = finds.map((find) => takeFrom(view, collection, index, find, isAfter, limit + 1))
  const found = parts.flatMap(({ items }) => items).sort((a, b) => timeOf(b.row) - timeOf(a.row) || (a.id < b.id ? 1 : -1))
  const items = found.slice(0, limit)
  const last = items.at(-1)
  const invalid = parts.flatMap((part) => part.invalid ?? [])
  return {
    items,
    ...(found.length > limit && last !== undefined ? { cursor: `${timeOf(last.row)} ${last.id}` } : {}),
    ...(invalid.length === 0 ? {} : { invalid })
  }
}

/** So many rows of one id that come after a place. */
const takeFrom = <R, I extends string>(
  view: View,
  collection: Collection<R, I>,
  index: I,
  find: Find,
  isAfter: (item: Item<R>) => boolean,
  count: number
): Page<Item<R>> => {
  const items: Array<Item<R>> = []
  const invalid: Array<InvalidRow> = []
  let after: string | undefined
  do {
    const page = view.find(collection, index, after === undefined ? find : { ...find, after })
    items.push(...page.items.filter(isAfter))
    invalid.push(...(page.invalid ?? []))
    after = page.cursor
  } while (items.length < count && after !== undefined)
  return { items: items.slice(0, count), invalid }
}
