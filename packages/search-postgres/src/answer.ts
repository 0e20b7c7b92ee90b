import { type SearchAnswer, type SearchRequest, writeSearchCursor } from "@omni/catalog/search"

import { storable } from "./database.ts"
import { tableOf } from "./layout.ts"
import { type Asked, LAST_LETTER, type Numbers } from "./lookup.ts"
import type { Worded } from "./match.ts"
import type { Order } from "./order.ts"
import { conditionsOf, isOneOf, measuredSql, offeredIn, ownOf, Parameters, shownSql, withinSql } from "./sql.ts"

/** What is looked for: words, by language, and what codes name. */
export interface Match {
  readonly worded: ReadonlyArray<Worded>
  /** What has this code is found too, and comes first. */
  readonly code?: string
  /** Whether that is only the beginning of a code. */
  readonly begun?: boolean
  /** What has the words has to be named by this code, or by one that it begins. */
  readonly within?: { readonly code: string; readonly begun: boolean }
}

/** What a product gets for being named by its code: more than any words. */
const BY_CODE = "1e6::float8"

/** Which entries fit, and how well; products by their codes, and texts by their words, come from indexes. */
const matchedSql = ({ schema, generation, request }: Asked, numbers: Numbers, match: Match, parameters: Parameters) => {
  const without = request.without ?? []
  const others = without.length === 0 ? "" : ` and e.product <> all (${parameters.add(without.map(storable))}::text[])`
  const shown = `${shownSql(numbers, request, parameters)}${others}`
  const { views } = numbers
  const among = (of: typeof views): string =>
    of.length === 0
      ? "false"
      : isOneOf(
          "e.views",
          of.map(({ number }) => number),
          parameters
        )
  if (request.text === "") return { where: `${among(views)} and ${shown}`, fits: "0::float8" }
  const code = tableOf(schema, "code", generation)
  const named = (of: string): string => `e.product = any (array(select c.product from ${code} c where ${of}))`
  const worded = match.worded.flatMap(({ language, words }) => {
    const of = views.filter((view) => view.language === language)
    return of.length === 0 ? [] : [{ of: among(of), words: `${parameters.add(words)}::tsquery` }]
  })
  const isNamed = (of: string, begun: boolean): string =>
    named(
      begun
        ? `c.code >= ${parameters.add(storable(of))} and c.code < ${parameters.add(`${storable(of)}${LAST_LETTER}`)}`
        : `c.code = ${parameters.add(storable(of))}`
    )
  const within = match.within === undefined || worded.length === 0 ? "" : ` and ${isNamed(match.within.code, match.within.begun)}`
  const ranks = worded.map(({ of, words }) => [of, `ts_rank('{0.05, 0.15, 0.4, 1}', e.words, ${words}, 1)::float8`] as const)
  const rank =
    ranks.length === 0
      ? "0::float8"
      : ranks.length === 1 && views.length === 1
        ? ranks[0]![1]
        : `case ${ranks.map(([of, is]) => `when ${of} then ${is}`).join(" ")} else 0 end`
  const coded = match.code === undefined ? undefined : isNamed(match.code, match.begun === true)
  const alternatives = [
    ...worded.map(({ of, words }) => `(${of} and e.words @@ ${words}${within})`),
    ...(coded === undefined ? [] : [`(${coded} and ${among(views)})`])
  ]
  const where = `(${alternatives.length === 0 ? "false" : alternatives.join(" or ")}) and ${shown}`
  return { where, fits: coded === undefined ? rank : `${rank} + case when ${coded} then ${BY_CODE} else 0 end` }
}

/** Whether anything that is shown has the words, whatever else was chosen. */
export const isThere = async (asked: Asked, numbers: Numbers, match: Match): Promise<boolean> => {
  const parameters = new Parameters()
  const { where } = matchedSql(asked, numbers, match, parameters)
  const entry = tableOf(asked.schema, "entry", asked.generation)
  const rows = await asked.query(`select exists (select from ${entry} e where ${where}) as there`, parameters.values)
  return rows[0]!["there"] === true
}

/**
 * The rows that are chosen from and counted: `one`, of products whose entry says all that is asked of their offers, a row each; and `many`, a row for each
 * offer of the others. Both have `which`, the condition that is not met. `seen` is a row for each product, by its number in the answer.
 */
const rowsSql = (asked: Asked, numbers: Numbers, match: Match, parameters: Parameters): string => {
  const { schema, generation, request } = asked
  const entry = tableOf(schema, "entry", generation)
  const { where, fits } = matchedSql(asked, numbers, match, parameters)
  const isPlain = conditionsOf(request).length === 0 && request.priceRanges.length === 0 && Object.keys(request.rangeFacets).length === 0
  // What nobody looks at is not carried along.
  const name = (table: string): string => (request.sort === "name" ? `${table}.name` : "''::text as name")
  const counted = [
    ...(request.facets.length === 0 ? [] : ["facets"]),
    ...(Object.keys(request.rangeFacets).length === 0 ? [] : ["measures", "numbers"])
  ]
  const columns = (offers: string): string => {
    const { cost, which } = offeredIn(offers, request, numbers, parameters)
    return `${cost} as cost, ${which} as which${counted.map((column) => `, ${offers}.${column}`).join("")}`
  }
  const told = (table: string): string => `${table}.boost, ${table}.since, ${name(table)}`
  if (!numbers.several)
    return `one as materialized (select e.product as id, ${fits} as fits, ${told("e")}, ${columns("e")} from ${entry} e where ${where})`
  return `seen as materialized (select row_number() over () as n, e.product as id, ${fits} as fits, e.${isPlain ? "whole" : "alone"} as direct, ${told("e")}, e.facets, e.places, e.prices,
  e.measures, e.numbers from ${entry} e where ${where}),
one as materialized (select s.id, s.fits, ${told("s")}, ${columns("s")} from seen s where s.direct),
many as materialized (select s.n, ${columns("o")} from seen s join ${tableOf(schema, "offer", generation)} o on o.product = s.id where not s.direct)`
}

/** Where an offer is counted for what has a condition of its own, at a place. */
const meeting = (request: SearchRequest, own: number): string =>
  conditionsOf(request).length === 0 ? "true" : own === 0 ? "r.which = 0" : `r.which in (0, ${own})`

/**
 * Products by their values of facets. One whose offers all meet the same counts for each value that it has; of one whose offers differ, a value counts once, whichever
 * of those that meet has it. So `which` is of the former, and added up; the latter are whole for the condition that they are counted without.
 */
const facetsSql = ({ schema, generation, request }: Asked, { several }: Numbers, parameters: Parameters): string => {
  const owns = [...new Set([0, ...request.facets.map((facet) => ownOf(request, facet))])]
  const own = request.facets.map((facet) => `when ${parameters.add(storable(facet))} then ${ownOf(request, facet)}`).join(" ")
  const counted = (from: string): string =>
    conditionsOf(request).length === 0
      ? `select value, 0 as which, true as alike, count(*) as count from (select unnest(r.facets) as value from ${from}) r group by 1`
      : `select value, which, true as alike, count(*) as count from (select unnest(r.facets) as value, r.which from ${from} where r.which in (${owns.join(", ")})) r group by 1, 2`
  const mixed =
    conditionsOf(request).length === 0
      ? []
      : owns.map(
          (
            of
          ) => `select value, ${of}, false, count(*) from (select distinct unnest(r.facets) as value, r.n from many r join every p on p.n = r.n
  where p.low <> p.high and ${meeting(request, of)}) r group by 1`
        )
  const alike = "(select s.facets, p.low as which from every p join seen s on s.n = p.n where p.low = p.high) r"
  const all = [counted("one r"), ...(several ? [counted(alike), ...mixed] : [])].join(" union all ")
  return `(select json_agg(json_build_array(v.facet, v.name, v.count)) from (select n.facet, n.name, sum(c.count)::integer as count
  from (${all}) c join ${tableOf(schema, "name", generation)} n on n.number = c.value
  where n.facet = any (${parameters.add(request.facets.map(storable))}::text[]) and (c.which = case n.facet ${own} end or c.alike and c.which = 0) group by 1, 2) v)`
}

/** What is counted in one go over rows: the total, what the cheapest and the dearest cost, and products in ranges. Products of `many` are each looked at first: `every`. */
const talliesSql = ({ request }: Asked, { several, measureOf }: Numbers, parameters: Parameters): string => {
  const price = meeting(request, ownOf(request, undefined))
  const ranged = [
    ...request.priceRanges.map((range) => `${price} and ${withinSql("r.cost", range, parameters)}`),
    ...Object.entries(request.rangeFacets).flatMap(([facet, ranges]) =>
      ranges.map((range) => `${meeting(request, ownOf(request, facet))} and ${measuredSql("r", measureOf(facet), range, parameters)}`)
    )
  ]
  const counted = [meeting(request, 0), ...ranged]
  const counts = (all: ReadonlyArray<string>): string =>
    `array[${all.map((of) => `count(*) filter (where ${of})`).join(", ")}]::integer[] as counts`
  const costs = `min(r.cost) filter (where ${price}) as least, max(r.cost) filter (where ${price}) as most`
  if (!several) return `tally as materialized (select ${counts(counted)}, ${costs} from one r)`
  return `every as materialized (select r.n, min(r.which) as low, max(r.which) as high, min(r.cost) filter (where ${meeting(request, 0)}) as cost,
  min(r.cost) filter (where ${price}) as priced, ${counted.map((of, at) => `bool_or(${of}) as is${at}`).join(", ")} from many r group by r.n),
tally as materialized (select array(select a + b from unnest(x.counts, y.counts) with ordinality u (a, b, n) order by n) as counts,
  least(x.least, y.least) as least, greatest(x.most, y.most) as most
  from (select ${counts(counted)}, ${costs} from one r) x,
    (select ${counts(counted.map((_, at) => `p.is${at}`))}, min(p.priced) as least, max(p.priced) as most from every p) y)`
}

/** Answers by what matches. */
export const answerBy = async (asked: Asked, numbers: Numbers, match: Match, order: Order): Promise<SearchAnswer> => {
  const { request } = asked
  const parameters = new Parameters()
  const rows = rowsSql(asked, numbers, match, parameters)
  const tallies = talliesSql(asked, numbers, parameters)
  const facets = request.facets.length === 0 ? "null::json" : facetsSql(asked, numbers, parameters)
  const several = " union all select s.id, s.name, s.boost, s.since, s.fits, p.cost from every p join seen s on s.n = p.n where p.is0"
  const found = `select id, name, boost, since, fits, cost from one r where ${meeting(request, 0)}${numbers.several ? several : ""}`
  const told = await asked.query(
    `with ${rows},
${tallies},
page as (select id, ${order.first} as first, ${order.second} as second from (${found}) found)
select t.counts, t.least, t.most, ${facets} as facets,
  (select json_agg(json_build_array(h.id, h.first, h.second)) from (
    select id, ${order.told("first")} as first, ${order.told("second")} as second from page ${order.after(parameters)}
    order by page.first, page.second, id limit ${parameters.add(request.limit + 1)}) h) as hits
from tally t`,
    parameters.values
  )
  return read(request, order, told[0]!)
}

const read = (request: SearchRequest, order: Order, row: Readonly<Record<string, unknown>>): SearchAnswer => {
  const all = (row["hits"] ?? []) as ReadonlyArray<readonly [string, number | string, number | string]>
  const hits = all.slice(0, request.limit)
  const last = hits.at(-1)
  const [total = 0, ...ranged] = row["counts"] as ReadonlyArray<number>
  const priced = ranged.splice(0, request.priceRanges.length)
  const counted = Map.groupBy((row["facets"] ?? []) as ReadonlyArray<readonly [string, string, number]>, ([facet]) => facet)
  const { least, most } = row as { readonly least: number | null; readonly most: number | null }
  return {
    hits: hits.map(([id]) => ({ id })),
    total,
    facets: Object.fromEntries(
      request.facets.map((facet) => [
        facet,
        (counted.get(storable(facet)) ?? [])
          .map(([, value, count]) => ({ value, count }))
          .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      ])
    ),
    ranges: Object.fromEntries(Object.entries(request.rangeFacets).map(([facet, ranges]) => [facet, ranged.splice(0, ranges.length)])),
    priceRanges: priced,
    ...(least === null || most === null ? {} : { price: { min: least, max: most } }),
    ...(all.length > hits.length && last !== undefined
      ? { cursor: writeSearchCursor(request, [order.key(last[1]), order.key(last[2]), last[0]]) }
      : {}),
    corrected: false
  }
}
