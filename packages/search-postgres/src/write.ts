import type { SearchDocument, SearchEntry, SearchOffer, SearchShown, SearchText } from "@omni/catalog/search"

import { type Database, storable } from "./database.ts"
import { configOf, tableOf } from "./layout.ts"
import type { Name, Names } from "./names.ts"
import { keptWords, MOST_CODE, plainWords } from "./words.ts"

/** Puts and removes products in a generation; what is there of later is left. `keep` is for when that has been committed. */
export const putAll = async (
  query: Database["query"],
  schema: string,
  generation: string,
  names: Names,
  entries: ReadonlyArray<SearchEntry>
): Promise<() => void> => {
  const at = (table: Parameters<typeof tableOf>[1]): string => tableOf(schema, table, generation)
  const versions = entries.map(({ id, version }) => ({ id: storable(id), version }))
  // In one order, so that two writers never wait for each other in a circle.
  const put = await query(
    `insert into ${at("product")} as p (id, version) select r.id, r.version from jsonb_to_recordset($1::jsonb) as r (id text, version text) order by r.id collate "C"
on conflict (id) do update set version = excluded.version where p.version <= excluded.version returning id, xmax <> 0 as before`,
    [JSON.stringify(versions)]
  )
  const taken = new Set(put.map(({ id }) => String(id)))
  const before = put.flatMap((row) => (row["before"] === true ? [String(row["id"])] : []))
  if (before.length > 0) {
    await query(
      `with a as (delete from ${at("entry")} where product = any ($1)), b as (delete from ${at("offer")} where product = any ($1)) delete from ${at("code")} where product = any ($1)`,
      [before]
    )
  }
  const documents = entries.flatMap(({ document }) => (document !== undefined && taken.has(storable(document.id)) ? [document] : []))
  if (documents.length === 0) return () => undefined
  const { numberOf, keep } = await names.numbered(query, documents.flatMap(namesOf))
  const rows = documents.map((document) => rowsOf(document, numberOf, schema))
  const offered = "facets integer[], places integer[], prices float8[], measures integer[], numbers float8[]"
  const columns = "facets, places, prices, measures, numbers"
  await query(
    `insert into ${at("entry")} (product, views, shown, dates, alone, whole, boost, since, ${columns}, name, words)
select product, views, shown, dates, alone, whole, boost, since, ${columns}, name, setweight(to_tsvector(config, a), 'A') || setweight(to_tsvector(config, b), 'B') ||
  setweight(to_tsvector(config, c), 'C') || setweight(to_tsvector(config, d), 'D')
from jsonb_to_recordset($1::jsonb) as r (product text, views integer, shown integer, dates float8[], alone boolean, whole boolean, boost float8, since float8, ${offered},
  name text, config regconfig, a text, b text, c text, d text)`,
    [JSON.stringify(rows.flatMap((row) => row.entries))]
  )
  const offers = rows.flatMap((row) => row.offers)
  if (offers.length > 0) {
    await query(
      `insert into ${at("offer")} (product, ${columns}) select product, ${columns} from jsonb_to_recordset($1::jsonb) as r (product text, ${offered})`,
      [JSON.stringify(offers)]
    )
  }
  await query(
    `insert into ${at("code")} (code, product) select code, product from jsonb_to_recordset($1::jsonb) as r (code text, product text) on conflict do nothing`,
    [JSON.stringify(documents.flatMap(codesOf))]
  )
  await query(
    `insert into ${at("word")} (language, word, stems) select r.language, r.word, tsvector_to_array(to_tsvector(r.config, r.word))
from jsonb_to_recordset($1::jsonb) as r (language text, word text, config regconfig)
where not exists (select from ${at("word")} w where w.language = r.language and w.word = r.word collate "C") order by r.language, r.word collate "C" on conflict do nothing`,
    [JSON.stringify(wordsOf(documents, schema))]
  )
  return keep
}

const codesOf = ({ id, codes }: SearchDocument) =>
  codes.flatMap((code) => (code.length <= MOST_CODE ? [{ code: storable(code), product: storable(id) }] : []))

const wordsOf = (documents: ReadonlyArray<SearchDocument>, schema: string) => {
  const words = new Map<string, { readonly language: string; readonly word: string; readonly config: string }>()
  for (const { texts } of documents) {
    for (const { language, name, brand = "", attributes = "", description = "" } of texts) {
      const config = `${schema}.${configOf(language)}`
      for (const word of [name, brand, attributes, description].flatMap(plainWords))
        words.set(`${language} ${word}`, { language: storable(language), word, config })
    }
  }
  return [...words.values()]
}

/** Where a product is shown, without when. */
const shownName = (shown: ReadonlyArray<SearchShown>): Name => ({
  kind: "shown",
  name: JSON.stringify(shown.map(({ channel, browse }) => ({ channel: storable(channel), browse, dated: isDated(shown) })))
})

const isDated = (shown: ReadonlyArray<SearchShown>): boolean => shown.some(({ from, until }) => from !== undefined || until !== undefined)

/** When it is shown, from and until for each of its channels in turn. */
const datesOf = (shown: ReadonlyArray<SearchShown>): ReadonlyArray<number | string> | undefined =>
  isDated(shown) ? shown.flatMap(({ from, until }) => [from ?? "-infinity", until ?? "infinity"]) : undefined

const viewsName = ({ language, views }: SearchText): Name => ({
  kind: "views",
  name: JSON.stringify({ language: storable(language), views: views.map(storable) })
})
const placeName = (name: string): Name => ({ kind: "place", name: storable(name) })
const measureName = (name: string): Name => ({ kind: "measure", name: storable(name) })

const valueNames = (values: Readonly<Record<string, ReadonlyArray<string>>> = {}): ReadonlyArray<Name> =>
  Object.entries(values).flatMap(([facet, all]) =>
    all.map((name): Name => ({ kind: "value", facet: storable(facet), name: storable(name) }))
  )

const namesOf = ({ texts, shown, values, numbers, offers }: SearchDocument): ReadonlyArray<Name> => [
  ...texts.map(viewsName),
  shownName(shown),
  ...valueNames(values),
  ...Object.keys(numbers).map(measureName),
  ...offers.flatMap((offer) => [
    ...valueNames(offer.values),
    ...Object.keys(offer.numbers ?? {}).map(measureName),
    ...Object.keys(offer.prices).map(placeName)
  ])
]

/** What can be bought, in numbers. */
interface Offered {
  readonly facets: ReadonlyArray<number>
  readonly places: ReadonlyArray<number>
  readonly prices: ReadonlyArray<number>
  readonly measures: ReadonlyArray<number>
  readonly numbers: ReadonlyArray<number>
}

const rowsOf = (document: SearchDocument, numberOf: (name: Name) => number, schema: string) => {
  const { texts, shown, boost, since } = document
  const product = storable(document.id)
  const every = document.offers.map((offer) => offeredOf(document, offer, numberOf))
  const differing = [...new Map(every.map((offer) => [JSON.stringify(offer), offer])).values()]
  const alone = differing.length <= 1
  // Where all have prices in the same places, the least of each place tells what the cheapest costs, whichever place goes first.
  const whole = new Set(differing.map(({ places }) => JSON.stringify(places))).size <= 1
  const entries =
    differing.length === 0
      ? []
      : texts.map((text) => ({
          product,
          views: numberOf(viewsName(text)),
          shown: numberOf(shownName(shown)),
          dates: datesOf(shown),
          alone,
          whole,
          boost,
          since,
          ...together(differing),
          ...wordedAs(text, schema)
        }))
  return { entries, offers: alone ? [] : differing.map((offer) => ({ product, ...offer })) }
}

const wordedAs = ({ language, name, brand = "", attributes = "", description = "" }: SearchText, schema: string) => ({
  name: storable(name),
  config: `${schema}.${configOf(language)}`,
  a: keptWords(name, language),
  b: keptWords(brand, language),
  c: keptWords(attributes, language),
  d: keptWords(description, language)
})

const offeredOf = ({ values, numbers }: SearchDocument, offer: SearchOffer, numberOf: (name: Name) => number): Offered => {
  const facets = [values, offer.values].flatMap((all) => valueNames(all).map(numberOf))
  const measured = [numbers, offer.numbers ?? {}].flatMap((all) =>
    Object.entries(all).flatMap(([facet, of]) => of.map((number) => [numberOf(measureName(facet)), number] as const))
  )
  const prices = Object.entries(offer.prices)
    .map(([place, amount]) => [numberOf(placeName(place)), amount] as const)
    .sort(([a], [b]) => a - b)
  return {
    facets: [...new Set(facets)].sort((a, b) => a - b),
    places: prices.map(([place]) => place),
    prices: prices.map(([, amount]) => amount),
    measures: measured.map(([facet]) => facet),
    numbers: measured.map(([, number]) => number)
  }
}

/** What offers have among them. */
const together = (offers: ReadonlyArray<Offered>): Offered => {
  const [first] = offers
  if (offers.length === 1) return first!
  return {
    facets: [...new Set(offers.flatMap(({ facets }) => facets))].sort((a, b) => a - b),
    places: first!.places,
    prices: first!.prices.map((_, at) => Math.min(...offers.flatMap(({ prices }) => prices[at] ?? []))),
    measures: [],
    numbers: []
  }
}
