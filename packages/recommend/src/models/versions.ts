import type { RowOf } from "@omni/core"

import type { ItemRow, PopularRow } from "../learn/model.ts"
import { type Settings as LearnSettings, settingsOf } from "../learn/settings.ts"
import { idsIn, ModelItems, ModelPopular, numbersIn, popularId, rowId, Serving } from "../model.ts"
import type { Reader } from "../ports.ts"

/** What was made of rows. A query begins anew with each load, and has the same rows again. */
const made = new WeakMap<object, unknown>()

/** What is made of a row, which is the same however often it is made. A row is always read by the same function. */
const once = <T>(row: object, make: () => T): T => {
  const known = made.get(row) as T | undefined
  if (known !== undefined) return known
  const value = make()
  made.set(row, value)
  return value
}

/** The version that serves under a name, and what it was learnt with. */
export interface Served {
  readonly version: string
  readonly settings: LearnSettings
}

/** Which version serves under a name now; `undefined` before anything was learnt. */
export const servedUnder = (reader: Reader, name: string): Served | undefined => {
  const row = reader.get(Serving, name)
  // The row is written by `activateModel` alone, of settings of this very type.
  return row === undefined ? undefined : { version: row.version, settings: settingsOf(row.settings as Partial<LearnSettings>) }
}

/** What a version knows of items, by item; those it has never met are left out. */
export const itemRows = (reader: Reader, version: string | undefined, items: ReadonlyArray<string>): ReadonlyMap<string, ItemRow> => {
  if (version === undefined || items.length === 0) return new Map()
  const rows = reader.getMany(
    ModelItems,
    items.map((item) => rowId(version, item))
  )
  const found = new Map<string, ItemRow>()
  rows.forEach((row, at) => {
    const item = items[at]
    if (row === undefined || item === undefined) return
    found.set(
      item,
      once(row, () => ({ ...row, item, items: idsIn(row.items), weights: numbersIn(row.weights), together: numbersIn(row.together) }))
    )
  })
  return found
}

/** What is popular, with the segment and season that it is so in. */
export interface Popular extends PopularRow {
  readonly season: string
}

/** What is popular in a segment and season, then in the segment, in the season, and at all; what is not there is left out. */
export const popularRows = (
  reader: Reader,
  version: string | undefined,
  segment: string | undefined,
  season: string
): ReadonlyArray<Popular> => {
  if (version === undefined) return []
  const places = [
    ...(segment === undefined
      ? []
      : [
          { segment, season },
          { segment, season: "" }
        ]),
    { segment: "", season },
    { segment: "", season: "" }
  ]
  const rows = reader.getMany(
    ModelPopular,
    places.map((place) => popularId(version, place.segment, place.season))
  )
  return places.flatMap((place, at) => {
    const row = rows[at]
    return row === undefined ? [] : [once(row, () => ({ ...place, ...entriesOf(row) }))]
  })
}

const entriesOf = ({ again, bases, items, recent, weights }: RowOf<typeof ModelPopular>): Omit<PopularRow, "segment"> => ({
  items: idsIn(items),
  weights: numbersIn(weights),
  ...(bases === undefined ? {} : { bases: numbersIn(bases) }),
  ...(recent === undefined ? {} : { recent: numbersIn(recent) }),
  ...(again === undefined ? {} : { again: numbersIn(again) })
})
