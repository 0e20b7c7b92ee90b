import type { Check, Found, IndexQuery, Key, Row, Snapshot } from "@omni/core"
import { isKeyPart } from "@omni/core/store"

import { toPosition } from "./position.ts"
import { type Columns, type Rows, sql, type Statement, texts, unnested } from "./statement.ts"
import type { Table, Tables } from "./tables.ts"

/** What a row is read as. */
const ROW = "r.version::text, r.time::text, r.schema::text, coalesce(r.raw, r.value::text)"

/** The row of each id that comes from the left. It is looked up by its key: `offset 0` keeps the planner from joining the other way round. */
const each = ({ name }: Table, id: string): string =>
  `cross join lateral (select r.* from ${name} r where r.scope = $1 and r.id = ${id} offset 0) r`

const toRow = ([version, time, schema, value]: Columns): Row => ({
  version: toPosition(version!),
  time: Number(time),
  schema: Number(schema),
  value: value!
})

/** The newest position of a scope and the one that its log was trimmed to. */
export const endsOf = (tables: Tables, scope: string): Statement =>
  sql(`select head::text, floor::text from ${tables.schema}.scope where name = $1`, scope)

/** A question to the rows, and how its answer is understood. */
export interface Reading<A> {
  readonly statements: ReadonlyArray<Statement>
  /** Collections that no table is known of: they have no rows, if there is indeed none. */
  readonly unknown: ReadonlyArray<string>
  readonly answer: (results: ReadonlyArray<Rows>) => A
}

/** Rows by key, with one statement for each collection. */
export const rowsOf = (tables: Tables, scope: string, keys: ReadonlyArray<Key>): Reading<ReadonlyArray<Row | undefined>> => {
  const places = new Map<string, { readonly ids: Array<string>; readonly at: Array<number> }>()
  for (let i = 0; i < keys.length; i++) {
    const { collection, id } = keys[i]!
    if (!isKeyPart(id)) continue
    let place = places.get(collection)
    if (place === undefined) places.set(collection, (place = { ids: [], at: [] }))
    place.ids.push(id)
    place.at.push(i)
  }
  const asked = [...places].flatMap(([collection, place]) => {
    const table = tables.get(collection)
    return table === undefined ? [] : [{ table, ...place }]
  })
  return {
    statements: asked.map(({ table, ids }) =>
      sql(`select k.n::text, ${ROW} from ${unnested({ id: "$2::text[]" })} k ${each(table, "k.id")}`, scope, texts(ids))
    ),
    unknown: tables.missing(places.keys()),
    answer: (results) => {
      const rows: Array<Row | undefined> = new Array(keys.length).fill(undefined)
      for (const [i, { at }] of asked.entries()) for (const [n, ...columns] of results[i]!) rows[at[Number(n) - 1]!] = toRow(columns)
      return rows
    }
  }
}

/** Pages of indexes, with one statement for each. */
const pagesOf = (tables: Tables, scope: string, queries: ReadonlyArray<IndexQuery>): Reading<Snapshot["pages"]> => {
  const asked = queries.map((query) => ({ table: tables.get(query.collection), limit: wanted(query) }))
  return {
    statements: queries.flatMap((query, i) => {
      const { table } = asked[i]!
      return table === undefined ? [] : [query.index === "" ? byId(table, scope, query) : byEntry(tables, table, scope, query)]
    }),
    unknown: tables.missing(queries.map(({ collection }) => collection)),
    answer: (results) => {
      let at = 0
      return asked.map(({ table, limit }) => {
        const found = table === undefined ? [] : results[at++]!
        return { items: found.slice(0, limit).map(toFound), more: found.length > limit }
      })
    }
  }
}

const toFound = ([id, value, ...columns]: Columns): Found => ({ id: id!, value: value!, row: toRow(columns) })

const wanted = ({ limit }: IndexQuery): number => Math.min(Math.max(0, limit), 1_000_000)

/** The bounds of a page. It starts from one of `from` and `after`, whichever comes later: of two bounds PostgreSQL may take the other. */
const boundsOf = ({ from, to, order, after }: IndexQuery) => {
  const up = order === "asc"
  const edge = up ? from : to
  const ahead =
    after !== undefined &&
    (up
      ? Buffer.compare(Buffer.from(after.value), Buffer.from(edge)) >= 0
      : Buffer.compare(Buffer.from(after.value), Buffer.from(edge)) <= 0)
  return { up, from, to, after: ahead ? after : undefined }
}

const byId = (table: Table, scope: string, query: IndexQuery): Statement => {
  // An index of ids has each id as its value, so the id alone says where a page ended.
  const { up, from, to, after } = boundsOf({ ...query, after: query.after && { value: query.after.id, id: query.after.id } })
  const range = after === undefined ? "r.id >= $2 and r.id <= $3" : up ? "r.id > $2 and r.id <= $3" : "r.id >= $2 and r.id < $3"
  const [low, high] = after === undefined ? [from, to] : up ? [after.id, to] : [from, after.id]
  const direction = up ? "asc" : "desc"
  return sql(
    `select r.id, r.id as value, ${ROW} from ${table.name} r where r.scope = $1 and ${range} order by r.id ${direction} limit $4`,
    scope,
    low,
    high,
    wanted(query) + 1
  )
}

const byEntry = (tables: Tables, table: Table, scope: string, query: IndexQuery): Statement => {
  const { up, from, to, after } = boundsOf(query)
  const range =
    after === undefined
      ? "e.value >= $4 and e.value <= $5"
      : up
        ? "(e.value, e.id) > ($4, $7) and e.value <= $5"
        : "e.value >= $4 and (e.value, e.id) < ($5, $7)"
  const [low, high] = after === undefined ? [from, to] : up ? [after.value, to] : [from, after.value]
  const direction = up ? "asc" : "desc"
  return sql(
    `select e.id, e.value, ${ROW} from ${tables.schema}.entry e ${each(table, "e.id")} ` +
      `where e.scope = $1 and e.collection = $2 and e.index = $3 and ${range} order by e.value ${direction}, e.id ${direction} limit $6`,
    scope,
    table.id,
    query.index,
    low,
    high,
    wanted(query) + 1,
    ...(after === undefined ? [] : [after.id])
  )
}

/** Answers a reading; when a collection has got its table only now, or has it no more, it is asked again. */
export const answered = async <A>(
  tables: Tables,
  reading: () => Reading<A>,
  run: (statements: ReadonlyArray<Statement>) => Promise<ReadonlyArray<Rows>>
): Promise<A> => {
  for (;;) {
    const { statements, unknown, answer } = reading()
    const results = await run(unknown.length === 0 ? statements : [...statements, tables.among(unknown)]).catch(async (error: unknown) => {
      if (!(await tables.forgetLost(error))) throw error
    })
    if (results === undefined) continue
    if (unknown.length === 0 || results.at(-1)!.length === 0) return answer(results)
    const [list] = await run([tables.list()])
    tables.learn(list!)
  }
}

/** All that one `read` asks for. */
export const snapshotOf = (
  tables: Tables,
  scope: string,
  keys: ReadonlyArray<Key>,
  queries: ReadonlyArray<IndexQuery>
): Reading<Snapshot> => {
  const rows = rowsOf(tables, scope, keys)
  const pages = pagesOf(tables, scope, queries)
  return {
    statements: [endsOf(tables, scope), ...rows.statements, ...pages.statements],
    unknown: [...rows.unknown, ...pages.unknown],
    answer: ([ends, ...results]) => ({
      position: toPosition(ends![0]?.[0] ?? 0),
      rows: rows.answer(results),
      pages: pages.answer(results.slice(rows.statements.length))
    })
  }
}

/** The checks that fail, with the rows as they are. */
export const staleOf = (checks: ReadonlyArray<Check>, rows: ReadonlyArray<Row | undefined>) =>
  checks.flatMap(({ key, version }, i) => (rows[i]?.version === version ? [] : [{ key, row: rows[i] }]))
