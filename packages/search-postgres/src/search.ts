import { begunCode, type SearchAnswer, type SearchRequest, type SearchSettings, writeSearchCursor } from "@omni/catalog/search"

import { type Database, PART, storable } from "./database.ts"
import type { Offered } from "./layout.ts"
import { type Asked, codeMatchOf, matchOf, type Match } from "./match.ts"
import { counted, offersSql, orderOf, Parameters } from "./sql.ts"

interface How {
  readonly settings: SearchSettings
  readonly offered: Offered
}

/** Answers a question from the generation that answers, in one snapshot of it. */
export const searchIn = async (database: Database, tenant: string, request: SearchRequest, how: How): Promise<SearchAnswer | undefined> => {
  const { schema } = database
  const found = await database.query(`select number::text from ${schema}.generation where tenant = $1 and live`, [tenant])
  const generation = found[0]?.["number"]
  if (generation === undefined) return undefined
  const asked: Asked = { database, generation: String(generation), request, ...how }
  const order = orderOf(request, how.offered)
  const exact = await matchOf(asked, false)
  const first = await answerBy(asked, exact, order)
  if (request.text === "" || (await isThere(asked, exact))) return first
  const coded = await codeMatchOf(asked)
  if (coded !== undefined && (await isThere(asked, coded))) return answerBy(asked, coded, order)
  const begun = begunCode(request)
  const named: Match | undefined = begun === undefined ? undefined : { words: [], code: begun, begun: true }
  if (named !== undefined && (await isThere(asked, named))) return answerBy(asked, named, order)
  if (how.offered.distance === undefined) return first
  const near = await matchOf(asked, true)
  if (near.words.length === 0) return first
  const corrected = await answerBy(asked, near, order)
  return { ...corrected, corrected: await isThere(asked, near) }
}

/** Whether anything that is shown has the words, whatever else was chosen. */
const isThere = async (asked: Asked, match: Match): Promise<boolean> => {
  const parameters = new Parameters()
  const matched = matchedSql(asked, match, parameters)
  const rows = await asked.database.query(`select exists (${matched}) as there`, parameters.values)
  return rows[0]!["there"] === true
}

/**
 * The products of the view that are shown and have the words, with how well they fit. What is typed is few: its texts come from their index, and products by
 * their keys; what may be browsed is nearly all there is.
 */
const matchedSql = (
  { database: { schema }, generation, request }: Asked,
  { words, code, begun = false, within }: Match,
  parameters: Parameters
): string => {
  const browse = request.text === ""
  const ours = parameters.add(generation)
  const view = parameters.add(storable(request.view))
  const channel = parameters.add(storable(request.channel))
  const now = parameters.add(request.now)
  const shown = `not p.gone and exists (select from jsonb_to_recordset(p.shown) as s (channel text, browse boolean, "from" float8, until float8)
    where s.channel = ${channel} ${browse ? "and s.browse" : ""} and coalesce(s."from", '-infinity') <= ${now}::float8 and ${now}::float8 < coalesce(s.until, 'infinity'))`
  if (browse) {
    return `select p.id, t.name, p.boost, p.since, 0::float8 as fits from ${schema}.text t join ${schema}.product p on p.generation = t.generation and p.id = t.product
where t.generation = ${ours} and ${view}::text = any (t.views) and ${shown}`
  }
  const queries = words.map(({ query }) => `${parameters.add(query)}::tsquery`)
  const fits = `greatest(${["0::float8", ...queries.map((query) => `ts_rank('{0.05, 0.15, 0.4, 1}', t.words, ${query}, 1)::float8`)].join(", ")})`
  const has = queries.length === 0 ? "false" : `(${queries.map((query) => `t.words @@ ${query}`).join(" or ")})`
  const named =
    code === undefined
      ? ""
      : `union all select t.product, t.name, 1e6 + ${fits} from ${schema}.product p join ${schema}.text t on t.generation = p.generation and t.product = p.id
  where p.generation = ${ours} and ${begun ? `exists (select from unnest(p.codes) c where starts_with(c, ${parameters.add(storable(code))}::text))` : `p.codes @> array[${parameters.add(storable(code))}::text]`} and ${view}::text = any (t.views)`
  const meant =
    within === undefined
      ? ""
      : `and exists (select from ${schema}.product p where p.generation = ${ours} and p.id = t.product and p.codes @> array[${parameters.add(within)}::text])`
  return `with worded as materialized (
  select t.product, t.name, ${fits} as fits from ${schema}.text t where t.generation = ${ours} and ${has} and ${view}::text = any (t.views) ${meant} ${named}
)
select p.id, w.name, p.boost, p.since, w.fits from (select product, name, max(fits) as fits from worded group by 1, 2) w
cross join lateral (select p.id, p.boost, p.since from ${schema}.product p where p.generation = ${ours} and p.id = w.product and ${shown}) p`
}

const answerBy = async (asked: Asked, match: Match, order: ReturnType<typeof orderOf>): Promise<SearchAnswer> => {
  const { database, generation, request } = asked
  const { schema } = database
  const parameters = new Parameters()
  const matched = matchedSql(asked, match, parameters)
  const offers = offersSql(schema, parameters.add(generation), request, parameters)
  const counts = counted(request, parameters, PART)
  const rows = await database.query(
    `with matched as materialized (${matched}),
offers as materialized (${offers}),
found as materialized (
  select m.id, m.name, m.boost, m.since, m.fits, min(o.cost) as cost from offers o join matched m on m.id = o.product where o.failed = 0 group by 1, 2, 3, 4, 5
),
page as (select id, ${order.first} as first, ${order.second} as second from found)
select (select count(*) from found)::int as total,
  (select json_agg(json_build_array(h.id, h.first, h.second)) from (
    select id, ${order.told("first")} as first, ${order.told("second")} as second from page ${order.after(parameters)}
    order by page.first, page.second, id limit ${parameters.add(request.limit + 1)}) h) as hits,
  ${counts.join(",\n  ")}`,
    parameters.values
  )
  const row = rows[0]!
  const all = (row["hits"] ?? []) as ReadonlyArray<readonly [string, number | string, number | string]>
  const hits = all.slice(0, request.limit)
  const last = hits.at(-1)
  const price = row["price"] as readonly [number | null, number | null]
  return {
    hits: hits.map(([id]) => ({ id })),
    total: Number(row["total"]),
    facets: Object.fromEntries(request.facets.map((facet, at) => [facet, valuesOf(row[`facet${at}`])])),
    ranges: Object.fromEntries(Object.keys(request.rangeFacets).map((facet, at) => [facet, row[`range${at}`] as ReadonlyArray<number>])),
    priceRanges: (row["priceRanges"] ?? []) as ReadonlyArray<number>,
    ...(price[0] === null || price[1] === null ? {} : { price: { min: price[0], max: price[1] } }),
    ...(all.length > hits.length && last !== undefined
      ? { cursor: writeSearchCursor(request, [order.key(last[1]), order.key(last[2]), last[0]]) }
      : {}),
    corrected: false
  }
}

const valuesOf = (told: unknown) =>
  ((told ?? []) as ReadonlyArray<readonly [string, number]>)
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
