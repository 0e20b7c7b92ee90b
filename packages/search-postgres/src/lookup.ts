import type { SearchRequest } from "@omni/catalog/search"

import { type Database, storable } from "./database.ts"
import type { How } from "./index-of.ts"
import { configOf, generations, tableOf } from "./layout.ts"
import { keyOf, letterOf } from "./names.ts"
import { Parameters } from "./sql.ts"

/** What is asked of which generation, within one snapshot. */
export interface Asked extends How {
  readonly query: Database["query"]
  readonly schema: string
  readonly tenant: string
  readonly generation: string
  readonly request: SearchRequest
}

/** A word as texts have it: its stems, and whether any text has one of them. */
export interface Stemmed {
  readonly stems: ReadonlyArray<string>
  readonly isKnown: boolean
}

/** Behind a text, what comes after all that begins with it. */
export const LAST_LETTER = "\u{10ffff}"

/** The numbers by which rows name what a question names. */
export interface Numbers {
  /** The views of texts that the question's view is among, by their language. */
  readonly views: ReadonlyArray<{ readonly number: number; readonly language: string }>
  /** Where products are shown that may be on the question's channel. */
  readonly shown: ReadonlyArray<{ readonly number: number; readonly on: ReadonlyArray<Shown> }>
  readonly valueOf: (facet: string, value: string) => number | undefined
  readonly placeOf: (place: string) => number | undefined
  readonly measureOf: (facet: string) => number | undefined
  /** Whether any product has several offers that differ. */
  readonly several: boolean
  /** Whether any is named by the question's code. */
  readonly isCode: boolean
}

interface Shown {
  readonly channel: string
  readonly browse: boolean
  readonly dated: boolean
}

/** The numbers for a question; `undefined` when another generation answers by now. */
export const numbersFor = async ({ query, schema, tenant, generation, request }: Asked): Promise<Numbers | undefined> => {
  const name = tableOf(schema, "name", generation)
  const named = [
    ...Object.entries(request.values).flatMap(([facet, all]) =>
      all.map((value) => ({ kind: letterOf("value"), key: keyOf({ facet: storable(facet), name: storable(value) }) }))
    ),
    ...request.prices.flat().map((place) => ({ kind: letterOf("place"), key: keyOf({ name: storable(place) }) })),
    ...[...Object.keys(request.ranges), ...Object.keys(request.rangeFacets)].map((facet) => ({
      kind: letterOf("measure"),
      key: keyOf({ name: storable(facet) })
    }))
  ]
  const rows = await query(
    `select (select number::text from ${generations(schema)} where tenant = $1 and live) as live,
  (select json_agg(json_build_array(n.number, n.name)) from ${name} n where n.kind = 'w' and case when n.kind = 'w' then n.name::jsonb->'views' ? $2::text end) as views,
  (select json_agg(json_build_array(n.number, n.name)) from ${name} n where n.kind = 's' and case when n.kind = 's' then n.name::jsonb @> $3::jsonb end) as shown,
  (select json_agg(json_build_array(n.number, n.kind, n.key)) from unnest($4::text[], $5::text[]) r (kind, key) join ${name} n on n.kind = r.kind::"char" and n.key = r.key collate "C") as named,
  exists (select from ${tableOf(schema, "offer", generation)}) as several, exists (select from ${tableOf(schema, "code", generation)} where code = $6) as coded`,
    [
      tenant,
      storable(request.view),
      JSON.stringify([{ channel: storable(request.channel) }]),
      named.map(({ kind }) => kind),
      named.map(({ key }) => key),
      storable(request.code)
    ]
  )
  const row = rows[0]!
  if (row["live"] !== generation) return undefined
  const told = (column: string) => (row[column] ?? []) as ReadonlyArray<readonly [number, string, string]>
  const numbers = new Map(told("named").map(([number, kind, key]) => [kind + key, number]))
  return {
    views: told("views").map(([number, json]) => ({ number, language: String(JSON.parse(json).language) })),
    shown: told("shown").map(([number, json]) => ({ number, on: JSON.parse(json) as ReadonlyArray<Shown> })),
    valueOf: (facet, value) => numbers.get(letterOf("value") + keyOf({ facet: storable(facet), name: storable(value) })),
    placeOf: (place) => numbers.get(letterOf("place") + keyOf({ name: storable(place) })),
    measureOf: (facet) => numbers.get(letterOf("measure") + keyOf({ name: storable(facet) })),
    several: row["several"] === true,
    isCode: row["coded"] === true
  }
}

/** Words by their stems in a language. */
export const stemmed = async (
  { query, schema, generation }: Asked,
  language: string,
  words: Iterable<string>
): Promise<ReadonlyMap<string, Stemmed>> => {
  const all = [...new Set(words)]
  if (all.length === 0) return new Map()
  const rows = await query(
    `select w.word, w.stems, exists (select from ${tableOf(schema, "word", generation)} k where k.language = $2 and k.stems[1] = any (w.stems)) as known
from (select word, tsvector_to_array(to_tsvector($1::regconfig, word)) as stems from unnest($3::text[]) word offset 0) w`,
    [`${schema}.${configOf(language)}`, storable(language), all]
  )
  return new Map(rows.map(({ word, stems, known }) => [String(word), { stems: stems as ReadonlyArray<string>, isKnown: known === true }]))
}

/** The stems of words that begin with what is being typed, where they do not themselves; the rest PostgreSQL finds. Of so many, the shortest. */
export const begunBy = async ({ query, schema, generation }: Asked, language: string, plain: string): Promise<ReadonlyArray<string>> => {
  const rows = await query(
    `select stems from ${tableOf(schema, "word", generation)} where language = $1 and word >= $2 and word < $3 and not starts_with(stems[1], $2)
order by length(word), word limit 200`,
    [storable(language), plain, `${plain}${LAST_LETTER}`]
  )
  return rows.flatMap(({ stems }) => stems as ReadonlyArray<string>)
}

/** The words that one with wrong letters may have been meant as, with their stems: what has about as many letters, and begins as it does unless all the rest is the same. */
export const likeWord = async (
  { query, schema, generation }: Asked,
  language: string,
  plain: string,
  { most, prefix }: { readonly most: number; readonly prefix: boolean }
): Promise<ReadonlyArray<{ readonly word: string; readonly stems: ReadonlyArray<string> }>> => {
  const parameters = new Parameters()
  const of = `select word, stems from ${tableOf(schema, "word", generation)} where language = ${parameters.add(storable(language))}`
  const [first = "", ...rest] = [...plain]
  const letters = parameters.add(rest.length + 1)
  const begins = `word >= ${parameters.add(first)} and word < ${parameters.add(`${first}${LAST_LETTER}`)}
and length(word) >= ${letters} - ${most} ${prefix ? "" : `and length(word) <= ${letters} + ${most}`}`
  // A wrong first letter counts as two.
  const other =
    most < 2
      ? ""
      : `union ${of} and length(word) between ${letters} - 1 and ${letters} + 1
and (substr(word, 2) = any (${parameters.add([rest.join(""), plain])}::text[]) or word = any (${parameters.add([rest.join(""), (rest[0] ?? "") + first + rest.slice(1).join("")])}::text[]))`
  const rows = await query(`${of} and ${begins} ${other} limit ${MOST_LIKE}`, parameters.values)
  return rows.map(({ word, stems }) => ({ word: String(word), stems: stems as ReadonlyArray<string> }))
}

const MOST_LIKE = 50_000
