import { BadCursor, isOpen, readSearchCursor, type SearchRange, type SearchRequest } from "@omni/catalog/search"

import { storable } from "./database.ts"
import type { Offered } from "./layout.ts"

/** What a statement is given beside its text. */
export class Parameters {
  readonly values: Array<unknown> = []

  /** Its place. */
  add(value: unknown): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** What an offer costs: the least of what it has in the first row of places that it has any in. */
const costSql = (prices: SearchRequest["prices"], parameters: Parameters): string => {
  const rows = prices
    .filter((row) => row.length > 0)
    .map((row) => `least(${row.map((place) => `(o.prices->>${parameters.add(storable(place))}::text)::float8`).join(", ")})`)
  return rows.length === 0 ? "null::float8" : `coalesce(${rows.join(", ")})`
}

const withinSql = (number: string, { from, to }: SearchRange, parameters: Parameters): string =>
  [
    `${number} is not null`,
    ...(from === undefined ? [] : [`${number} >= ${parameters.add(from)}::float8`]),
    ...(to === undefined ? [] : [`${number} <= ${parameters.add(to)}::float8`])
  ].join(" and ")

const numberSql = (facet: string, range: SearchRange, parameters: Parameters): string =>
  `exists (select from jsonb_array_elements_text(o.numbers->${parameters.add(storable(facet))}::text) n where ${withinSql("n::float8", range, parameters)})`

/** The conditions of a question, by the facet that is counted without them; the price goes under `undefined`. */
const conditionsOf = ({ values, ranges, price }: SearchRequest): ReadonlyArray<string | undefined> => [
  ...Object.keys(values),
  ...Object.keys(ranges),
  ...(isOpen(price) ? [] : [undefined])
]

/** The offers of what has matched: what each costs, how many conditions it does not meet, and if one, which. */
export const offersSql = (schema: string, generation: string, request: SearchRequest, parameters: Parameters): string => {
  const tests = [
    ...Object.entries(request.values).map(
      ([facet, wanted]) => `o.facets && ${parameters.add(wanted.map((value) => storable(`${facet}\u001f${value}`)))}::text[]`
    ),
    ...Object.entries(request.ranges).map(([facet, range]) => numberSql(facet, range, parameters)),
    ...(isOpen(request.price) ? [] : [withinSql("o.cost", request.price, parameters)])
  ]
  const failed = tests.length === 0 ? "0" : tests.map((test) => `(not coalesce(${test}, false))::int`).join(" + ")
  const which =
    tests.length === 0 ? "0" : `case ${tests.map((test, at) => `when not coalesce(${test}, false) then ${at + 1}`).join(" ")} else 0 end`
  const columns = `o.product, o.facets, o.numbers, ${costSql(request.prices, parameters)} as cost`
  // Of few products the offers are looked up, of nearly all they are read through.
  const from =
    request.text === ""
      ? `select ${columns} from ${schema}.offer o join matched m on m.id = o.product where o.generation = ${generation}`
      : `select o.* from matched m cross join lateral (select ${columns} from ${schema}.offer o where o.generation = ${generation} and o.product = m.id) o`
  return `select o.product, o.facets, o.numbers, o.cost, ${failed} as failed, ${which} as which from (${from}) o`
}

/** Offers that meet all but what is chosen of a facet. */
const meeting = (request: SearchRequest, facet: string | undefined): string => {
  const own = conditionsOf(request).indexOf(facet) + 1
  return own === 0 ? "o.failed = 0" : `(o.failed = 0 or (o.failed = 1 and o.which = ${own}))`
}

/** What is counted, a column for each. */
export const counted = (request: SearchRequest, parameters: Parameters, part: string): ReadonlyArray<string> => {
  const bought = `(select o.product, min(o.cost) as cost from offers o where ${meeting(request, undefined)} group by 1)`
  return [
    ...request.facets.map((facet, at) => {
      const begins = parameters.add(storable(facet + part))
      return `(select json_agg(json_build_array(v.value, v.count)) from (
    select substr(f, length(${begins}::text) + 1) as value, count(distinct o.product)::int as count from offers o, unnest(o.facets) f
    where ${meeting(request, facet)} and starts_with(f, ${begins}::text) group by 1) v) as facet${at}`
    }),
    ...Object.entries(request.rangeFacets).map(([facet, ranges], at) => {
      const counts = ranges.map(
        (range) =>
          `(select count(distinct o.product)::int from offers o where ${meeting(request, facet)} and ${numberSql(facet, range, parameters)})`
      )
      return `json_build_array(${counts.join(", ")}) as range${at}`
    }),
    `json_build_array(${request.priceRanges
      .map(
        (range) =>
          `(select count(distinct o.product)::int from offers o where ${meeting(request, undefined)} and ${withinSql("o.cost", range, parameters)})`
      )
      .join(", ")}) as "priceRanges"`,
    `(select json_build_array(min(b.cost), max(b.cost)) from ${bought} b) as price`
  ]
}

/** How answers are ordered: two keys, the least first, then the id. */
export const orderOf = ({ sort, locale, after, ...rest }: SearchRequest, { collations }: Offered) => {
  const request = { sort, locale, ...rest, ...(after === undefined ? {} : { after }) }
  const collation = [`${locale}-x-icu`, `${locale.split("-")[0]}-x-icu`, "und-x-icu"].find((name) => collations.has(name)) ?? "C"
  const byCost = (sign: string) => `coalesce(${sign}cost, 'infinity'::float8)`
  const first = {
    relevance: request.text === "" ? "-boost" : "-(fits * (1 + boost))",
    price: byCost(""),
    "-price": byCost("-"),
    newest: "-since",
    name: `name collate "${collation}"`
  }[sort]
  const isNamed = sort === "name"
  return {
    first,
    second: sort === "relevance" ? "-since" : "0::float8",
    /** JSON knows no infinity. */
    told: (key: string) =>
      isNamed && key === "first" ? key : `case when ${key} = 'infinity' then to_json('infinity'::text) else to_json(${key}) end`,
    key: (key: number | string): number | string => (key === "infinity" && !isNamed ? Infinity : key),
    after: (parameters: Parameters): string => {
      const read = readSearchCursor(request, 3)
      if (read === undefined) return ""
      const [one, two, id] = read
      if ((typeof one === "string") !== isNamed || typeof two !== "number" || typeof id !== "string") throw new BadCursor("No cursor")
      const place = isNamed ? `${parameters.add(one)}::text` : `${parameters.add(one)}::float8`
      return `where (first, second, id) > (${place}, ${parameters.add(two)}::float8, ${parameters.add(storable(id))}::text)`
    }
  }
}
