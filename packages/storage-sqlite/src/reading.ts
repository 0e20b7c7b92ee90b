import type { Check, Found, IndexQuery, Key, Row, Snapshot } from "@omni/core"

import { type Connection, first } from "./connection.ts"
import type { Names } from "./names.ts"
import { toPosition } from "./position.ts"
import type { Pace } from "./wait.ts"

type RowColumns = readonly [version: number, time: number, schema: number, value: string]

/** Where something is read: a connection with a snapshot, or the writer under the commit lock. */
export interface Source {
  readonly on: Connection
  readonly names: Names
  readonly scope: string
  readonly pace: Pace
}

/** The newest position of a scope `s`. */
export const HEAD = "coalesce((select max(position) from event where scope = s.id), s.floor)"

const ENDS = `select ${HEAD}, s.floor from scope s where s.id = ?`

/** How far the log has come and been trimmed. */
export const logEnds = ({ on, names, scope }: Omit<Source, "pace">): readonly [head: number, floor: number] => {
  const id = names.scope(scope, on)
  return (id === undefined ? undefined : on.one<[number, number]>(ENDS, id)) ?? [0, 0]
}

export const readRows = async (source: Source, keys: ReadonlyArray<Key>): Promise<ReadonlyArray<Row | undefined>> => {
  const { on, names, pace } = source
  const scope = names.scope(source.scope, on)
  if (scope === undefined) return keys.map(() => undefined)
  const statement = on.sql("select version, time, schema, value from row where space = ? and id = ?")
  const rows: Array<Row | undefined> = new Array(keys.length)
  for (let i = 0; i < keys.length; i++) {
    const { collection, id } = keys[i]!
    const space = names.space(scope, collection, "", on)
    const columns = space === undefined ? undefined : first<RowColumns>(statement, space, id)
    rows[i] = columns && toRow(columns)
    if ((i & 31) === 31 && pace.isSpent()) await pace.pause()
  }
  return rows
}

const toRow = ([version, time, schema, value]: RowColumns): Row => ({ version: toPosition(version), time, schema, value })

/** Which checks fail now, with the rows as they are. */
export const staleOf = async (
  source: Source,
  checks: ReadonlyArray<Check>
): Promise<ReadonlyArray<{ readonly key: Key; readonly row: Row | undefined }>> => {
  const rows = await readRows(
    source,
    checks.map(({ key }) => key)
  )
  return checks.flatMap(({ key, version }, i) => (rows[i]?.version === version ? [] : [{ key, row: rows[i] }]))
}

export const readPages = async (source: Source, queries: ReadonlyArray<IndexQuery>): Promise<Snapshot["pages"]> => {
  const pages: Array<Snapshot["pages"][number]> = []
  for (const query of queries) pages.push(await readPage(source, query))
  return pages
}

/** Items read at once, before the event loop may have its turn. */
const CHUNK = 256

const readPage = async (source: Source, query: IndexQuery): Promise<Snapshot["pages"][number]> => {
  const wanted = Math.max(0, query.limit)
  const items: Array<Found> = []
  for (let after = query.after; ; after = items.at(-1)) {
    // One more than wanted tells whether there is more.
    const limit = Math.min(CHUNK, wanted + 1 - items.length)
    const found = readChunk(source, { ...query, after, limit })
    for (const item of found) items.push(item)
    if (items.length > wanted) return { items: items.slice(0, wanted), more: true }
    if (found.length < limit) return { items, more: false }
    if (source.pace.isSpent()) await source.pace.pause()
  }
}

const readChunk = (
  { on, names, scope: name }: Source,
  { collection, index, from, to, order, limit, after }: IndexQuery
): ReadonlyArray<Found> => {
  const scope = names.scope(name, on)
  if (scope === undefined) return []
  const space = names.space(scope, collection, "", on)
  const list = names.space(scope, collection, index, on)
  if (space === undefined || list === undefined) return []
  const bounds = after === undefined ? [from, to] : [after.value, after.id, from, to]
  const rows =
    index === ""
      ? on.all<[string, string, ...RowColumns]>(
          byId(order, after !== undefined),
          space,
          ...(after === undefined ? bounds : [after.id, from, to]),
          limit
        )
      : on.all<[string, string, ...RowColumns]>(byEntry(order, after !== undefined), space, list, ...bounds, limit)
  return rows.map(([id, value, ...columns]) => ({ id, value, row: toRow(columns) }))
}

// The unary plus keeps a bound from being the one that SQLite starts from: a page begins after the last one, not at `from`.

const byId = (order: "asc" | "desc", paged: boolean): string => {
  const up = order === "asc"
  const range = !paged ? "id >= ? and id <= ?" : `id ${up ? ">" : "<"} ? and ${up ? "+id >= ? and id <= ?" : "id >= ? and +id <= ?"}`
  return `select id, id, version, time, schema, value from row where space = ? and ${range} order by id ${order} limit ?`
}

const byEntry = (order: "asc" | "desc", paged: boolean): string => {
  const up = order === "asc"
  const range = !paged
    ? "e.value >= ? and e.value <= ?"
    : `(e.value, e.id) ${up ? ">" : "<"} (?, ?) and ${up ? "+e.value >= ? and e.value <= ?" : "e.value >= ? and +e.value <= ?"}`
  return (
    "select e.id, e.value, r.version, r.time, r.schema, r.value from entry e cross join row r on r.space = ? and r.id = e.id " +
    `where e.list = ? and ${range} order by e.value ${order}, e.id ${order} limit ?`
  )
}
