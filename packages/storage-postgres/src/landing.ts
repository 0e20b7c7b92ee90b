import type { Check, Commit, Entry, EventWrite, Key, Write } from "@omni/core"

import { STALE, UNKNOWN } from "./failure.ts"
import { storedJson } from "./json.ts"
import { toCount } from "./position.ts"
import { counts, integers, numbers, sql, type Statement, texts, unnested } from "./statement.ts"
import type { Table, Tables } from "./tables.ts"

/** A commit on its way into the tables of its scope. */
export interface Landing {
  readonly tables: Tables
  readonly scope: string
  readonly commit: Commit
}

/**
 * All that a commit does, in order: it takes the lock of its scope with the next position and its own id; it checks, with snapshots
 * that are younger than the lock; it writes. What fails takes everything back. The first statement answers the position.
 */
export const landingOf = (landing: Landing): ReadonlyArray<Statement> => {
  const { tables, commit } = landing
  const unknown = tables.missing(commit.checks.map(({ key }) => key.collection))
  return [
    take(landing),
    ...(unknown.length === 0 ? [] : checkUnknown(landing, unknown)),
    ...grouped(tables, commit.checks).map(([table, checks]) => check(landing, table, checks)),
    ...changesOf(landing)
  ]
}

/** The same for a commit whose checks are known to hold, since its caller has the lock. */
export const checkedLandingOf = (landing: Landing): ReadonlyArray<Statement> => [take(landing), ...changesOf(landing)]

const changesOf = (landing: Landing): ReadonlyArray<Statement> => {
  const { tables, commit } = landing
  return [
    ...grouped(tables, commit.writes).flatMap(([table, writes]) => [...put(landing, table, writes), ...remove(landing, table, writes)]),
    ...entries(landing),
    ...record(landing, commit.events)
  ]
}

/** More positions than a server takes that its copy has not heard of. */
const GAP = 2 ** 32

/** A scope that was lost with its server, and is made again, has other positions. */
const FIRST = "(extract(epoch from clock_timestamp()) * 1000000)::bigint"

/**
 * Whoever commits in the same scope waits here for the end of this transaction. A server that was started anew, or took the place of
 * another, may lack the last commits of the one before: positions that those may have had are left out, for somebody may know them.
 */
const take = ({ tables: { schema }, scope, commit }: Landing): Statement =>
  sql(
    `with ${TURN}, taken as (
  insert into ${schema}.scope as s (name, head) select $2, ${FIRST} + 1 + $4::bigint from turn
  on conflict (name) do update set server = excluded.server, head = 1 + $4::bigint
    + case when s.head = 0 then ${FIRST} when s.server = excluded.server then s.head else s.head + ${GAP} end
  returning head
) insert into ${schema}.commit (scope, id, position) select $2, $3, head - $4::bigint from taken returning position::text`,
    turnOf(schema, scope),
    scope,
    commit.id,
    commit.events.length
  )

/** Waits for the lock of a scope and holds it, without taking a position. */
export const lockOf = (schema: string, scope: string): Statement =>
  sql(
    `with ${TURN} insert into ${schema}.scope as s (name, head) select $2, 0 from turn on conflict (name) do update set head = s.head returning head::text`,
    turnOf(schema, scope),
    scope
  )

/**
 * Whoever waits for the row of a scope first stands in line here: PostgreSQL serves those who wait for a row in no order, and who has just
 * had it is quickest to have it again. The row alone is the lock.
 */
const TURN = "turn as (select pg_advisory_xact_lock(hashtextextended($1, 0)))"
const turnOf = (schema: string, scope: string): string => `omni ${schema} ${scope}`

/** The position of this commit, for the statements after the one that took it. */
const POSITION = (schema: string): string => `(select position from ${schema}.commit where scope = $1 and id = $2)`

const check = ({ tables: { schema }, scope }: Landing, { name }: Table, checks: ReadonlyArray<Check>): Statement =>
  sql(
    `select ${schema}.refuse('${STALE}')::text from ${unnested({ id: "$2::text[]", version: "$3::bigint[]" })} c
where (select r.version from ${name} r where r.scope = $1 and r.id = c.id) is distinct from c.version limit 1`,
    scope,
    texts(checks.map(({ key }) => key.id)),
    counts(checks.map(({ version }) => (version === undefined ? null : toCount(version))))
  )

/** A collection that has no table has no rows: so it must still have none, and nothing of it can be at a version. */
const checkUnknown = ({ tables: { schema }, commit }: Landing, unknown: ReadonlyArray<string>): ReadonlyArray<Statement> => [
  sql(`select ${schema}.refuse('${UNKNOWN}')::text from ${schema}.collection where name = any ($1::text[]) limit 1`, texts(unknown)),
  ...(commit.checks.some(({ key, version }) => version !== undefined && unknown.includes(key.collection))
    ? [sql(`select ${schema}.refuse('${STALE}')::text`)]
    : [])
]

const PUT = unnested({ id: "$4::text[]", schema: "$5::integer[]", value: "$6::text[]", raw: "$7::text[]", due: "$8::float8[]" })

const REPLACING = `
on conflict (scope, id) do update set
  version = excluded.version, time = excluded.time, schema = excluded.schema, value = excluded.value, raw = excluded.raw, due = excluded.due`

const put = (landing: Landing, table: Table, writes: ReadonlyArray<Write>): ReadonlyArray<Statement> => {
  const puts = writes.filter(({ row }) => row !== undefined)
  return [
    // To look for a row that can not be there costs a third of the insertion.
    ...insert(
      landing,
      table,
      puts.filter(({ isNew }) => isNew === true),
      ""
    ),
    ...insert(
      landing,
      table,
      puts.filter(({ isNew }) => isNew !== true),
      REPLACING
    )
  ]
}

const insert = (
  { tables, scope, commit }: Landing,
  table: Table,
  puts: ReadonlyArray<Write>,
  conflict: string
): ReadonlyArray<Statement> => {
  if (puts.length === 0) return []
  const stored = puts.map(({ row }) => storedJson(row!.value))
  return [
    sql(
      `insert into ${table.name} (scope, id, version, time, schema, value, raw, due)
select $1, w.id, ${POSITION(tables.schema)}, $3, w.schema, w.value::json, w.raw, w.due from ${PUT} w${conflict}`,
      scope,
      commit.id,
      commit.time,
      texts(puts.map(({ key }) => key.id)),
      integers(puts.map(({ row }) => row!.schema)),
      texts(stored.map(({ value }) => value)),
      texts(stored.map(({ raw }) => raw)),
      numbers(puts.map(({ due }) => due ?? null))
    )
  ]
}

const remove = ({ scope }: Landing, { name }: Table, writes: ReadonlyArray<Write>): ReadonlyArray<Statement> => {
  const ids = writes.flatMap(({ key, row }) => (row === undefined ? [key.id] : []))
  return ids.length === 0 ? [] : [sql(`delete from ${name} where scope = $1 and id = any ($2::text[])`, scope, texts(ids))]
}

/** Entries of all collections go together: first those that rows lose, then those that they gain. */
const entries = (landing: Landing): ReadonlyArray<Statement> => {
  const { schema } = landing.tables
  const dropped = placed(landing, ({ drop }) => drop)
  const added = placed(landing, ({ add }) => add)
  const arrays = `${unnested({ collection: "$2::integer[]", index: "$3::text[]", value: "$4::text[]", id: "$5::text[]" })} w`
  const same = "e.scope = $1 and e.collection = w.collection and e.index = w.index and e.value = w.value and e.id = w.id"
  // Nobody else changes this scope's entries under its lock, so where they are found is where they are.
  const found = `array(select (select e.ctid from ${schema}.entry e where ${same}) from ${arrays})`
  return [
    ...dropped.map((values) => sql(`delete from ${schema}.entry where ctid = any (${found})`, landing.scope, ...values)),
    ...added.map((values) =>
      sql(
        `insert into ${schema}.entry (scope, collection, index, value, id) select $1, w.collection, w.index, w.value, w.id from ${arrays} on conflict do nothing`,
        landing.scope,
        ...values
      )
    )
  ]
}

/** The columns of the entries that `pick` takes from each write; nothing when there are none. */
const placed = ({ tables, commit }: Landing, pick: (write: Write) => ReadonlyArray<Entry>) => {
  const collections: Array<number> = []
  const indexes: Array<string> = []
  const values: Array<string> = []
  const ids: Array<string> = []
  for (const write of commit.writes)
    for (const { index, value } of pick(write)) {
      collections.push(tables.get(write.key.collection)!.id)
      indexes.push(index)
      values.push(value)
      ids.push(write.key.id)
    }
  return ids.length === 0 ? [] : [[integers(collections), texts(indexes), texts(values), texts(ids)]]
}

const RECORD = unnested({ time: "$3::float8[]", type: "$4::text[]", subject: "$5::text[]", body: "$6::text[]", raw: "$7::text[]" })

const record = ({ tables: { schema }, scope, commit }: Landing, events: ReadonlyArray<EventWrite>): ReadonlyArray<Statement> => {
  if (events.length === 0) return []
  const stored = events.map(({ body }) => storedJson(body))
  return [
    sql(
      `insert into ${schema}.event (scope, position, time, type, subject, body, raw)
select $1, ${POSITION(schema)} + e.n, e.time, e.type, e.subject, e.body::json, e.raw from ${RECORD} e`,
      scope,
      commit.id,
      numbers(events.map(({ time }) => time)),
      texts(events.map(({ type }) => type)),
      texts(events.map(({ subject }) => subject)),
      texts(stored.map(({ value }) => value)),
      texts(stored.map(({ raw }) => raw))
    )
  ]
}

/** By collection, in the order of their names, so that two commits never wait for each other crosswise. */
const grouped = <A extends { readonly key: Key }>(
  tables: Tables,
  items: ReadonlyArray<A>
): ReadonlyArray<readonly [Table, ReadonlyArray<A>]> => {
  const groups = new Map<string, Array<A>>()
  for (const item of items) {
    const group = groups.get(item.key.collection)
    if (group === undefined) groups.set(item.key.collection, [item])
    else group.push(item)
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([collection, group]) => {
      const table = tables.get(collection)
      return table === undefined ? [] : [[table, group] as const]
    })
}

/** Keeps a refusal under its commit's id, so that an earlier copy that is still on its way meets it; what is known already stays. */
export const refusal = (tables: Tables, scope: string, id: string): ReadonlyArray<Statement> => [
  lockOf(tables.schema, scope),
  sql(`insert into ${tables.schema}.commit (scope, id, position) values ($1, $2, null) on conflict do nothing`, scope, id),
  known(tables, scope, id)
]

/** What became of a commit: its position, null for a refusal, no row when its id is not known. */
export const known = (tables: Tables, scope: string, id: string): Statement =>
  sql(`select position::text from ${tables.schema}.commit where scope = $1 and id = $2`, scope, id)
