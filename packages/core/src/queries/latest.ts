import * as z from "zod"

import type { InvalidRow } from "../errors.ts"
import type { Collection } from "../kernel/collection.ts"
import { type Find, type Item, type Page, paged, type View } from "./query.ts"

/** A place in a list over all ids of somebody: `(time, id)`. */
interface Place {
  readonly at: number
  readonly id: string
}

const placeIn = (cursor: string): Place | undefined => {
  const [, at, id] = /^(-?\d{1,16}) (\S.*)$/.exec(cursor) ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}

const Cursor = z.string().refine((text) => placeIn(text) !== undefined, { error: "Hand back the `cursor` of the page before, unchanged" })

/** The fields of a query that is answered by `latestOf`, as `paged` is of one that is answered by `find`. */
export const pagedByTime = { ...paged, after: Cursor.exactOptional() }

const LIMIT = 50

/**
 * Rows of all ids that are one owner, by an index of owner and time: the latest first, those of one moment by id, in pages. A cursor stays good
 * when owners turn out to be one between two pages.
 */
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
