import { StoreTooNew, StoreUnavailable } from "@omni/core"

import type { Database } from "./database.ts"
import { MigrationPending } from "./errors.ts"
import { keys, type Layout, type Month, monthsFrom, partition, store } from "./layout.ts"
import { type Session, quoted, sql } from "./statement.ts"
import { isForbidden, lock, type Tables } from "./tables.ts"

/** Months of the log that have partitions beforehand; what comes later is in the default one. */
export const MONTHS = 6

/** The version of a schema's layout; 0 where there is none. `to_regclass` would answer from a cache, as if nobody else had migrated. */
const versionOf = async (session: Session, schema: string): Promise<number> => {
  const [found] = await session.run([sql("select tablename from pg_tables where schemaname = $1 and tablename = 'layout'", schema)])
  if (found?.length === 0) return 0
  const [rows] = await session.run([sql(`select version::text from ${quoted(schema)}.layout`)])
  return Number(rows?.[0]?.[0] ?? 0)
}

const checked = (found: number, schema: string, { name, steps }: Layout): number => {
  if (found <= steps.length) return found
  throw new StoreTooNew({
    found,
    supported: steps.length,
    message: `The schema "${schema}" holds ${name} of layout ${found}; this release knows layouts up to ${steps.length}. Update @omni/storage-postgres.`
  })
}

/** Brings one schema to this release's layout. Inside of a transaction that holds the schema's lock. */
const bring = async (session: Session, schema: string, layout: Layout): Promise<void> => {
  const version = checked(await versionOf(session, schema), schema, layout)
  if (version === layout.steps.length) return
  const [there] = await session.run([sql("select 1::text from pg_namespace where nspname = $1", schema)])
  if (there?.length === 0) await session.run([sql(`create schema ${quoted(schema)}`)])
  for (const text of stepsFrom(version, schema, layout)) await session.run([sql(text)])
}

/** From a version of a layout to this release's, one statement after the other. */
export const stepsFrom = (version: number, schema: string, { steps }: Layout): ReadonlyArray<string> => {
  if (version === steps.length) return []
  const table = `${quoted(schema)}.layout`
  return [
    ...(version === 0 ? [`create table ${table} (version integer not null)`] : []),
    ...steps.slice(version).flatMap((step) => step(quoted(schema))),
    `delete from ${table}`,
    `insert into ${table} (version) values (${steps.length})`
  ]
}

/** Brings the keys to this release's layout, in their schema and their database. */
export const migrateKeys = async (database: Database, schema: string): Promise<void> => {
  const version = await database.transaction((session) => versionOf(session, schema))
  if (checked(version, schema, keys) === keys.steps.length) return
  await asOwner(schema, [`its layout is ${version}, this release's ${keys.steps.length}`], () =>
    database.transaction(async (session) => {
      await session.run([lock(schema)])
      await bring(session, schema, keys)
    })
  )
}

/** Brings rows, log and the tables of these collections to this release's layout. Without the right to, only what lacks is an error. */
export const migrateStore = async (
  database: Database,
  tables: Tables,
  schema: string,
  collections: ReadonlyArray<string>,
  now: number
): Promise<void> => {
  const { version, encoding } = await database.transaction(async (session) => {
    const [rows] = await session.run([sql("select current_setting('server_encoding')")])
    return { version: await versionOf(session, schema), encoding: rows?.[0]?.[0] }
  })
  if (encoding !== "UTF8")
    throw new StoreUnavailable({ message: `The database has the encoding ${encoding}; Omni needs UTF8.`, cause: encoding })
  checked(version, schema, store)
  if (version === store.steps.length) await tables.refresh()
  const missing = tables.missing(collections)
  const pending = [
    ...(version < store.steps.length ? [`its layout is ${version}, this release's ${store.steps.length}`] : []),
    ...missing.map((name) => `the collection "${name}" has no table`)
  ]
  if (pending.length > 0)
    await asOwner(schema, pending, () =>
      database.transaction(async (session) => {
        await session.run([lock(tables.schema)])
        await bring(session, schema, store)
        await tables.create(session, missing)
      })
    )
  await tables.refresh()
  await addMonths(database, tables, schema, now)
}

/** What needs rights that a role may lack. */
const asOwner = async (schema: string, pending: ReadonlyArray<string>, work: () => Promise<void>): Promise<void> => {
  try {
    await work()
  } catch (error) {
    if (!isForbidden(error)) throw error
    throw new MigrationPending({
      schema,
      pending,
      message: `The schema "${schema}" is not ready: ${pending.join("; ")}. This role may not change it. Let the schema's owner call migrate(), or run the SQL of migrations().`
    })
  }
}

/** Where the role may not make partitions, the log goes on in the default one. */
const addMonths = async (database: Database, tables: Tables, schema: string, now: number): Promise<void> => {
  const months = monthsFrom(now, MONTHS)
  const lacking = (session: Session) => lackingMonths(session, tables.schema, schema, months)
  if ((await database.transaction(lacking)).length === 0) return
  try {
    await database.transaction(async (session) => {
      await session.run([lock(tables.schema)])
      for (const month of await lacking(session)) await session.run([sql(partition(tables.schema, month))])
    })
  } catch (error) {
    if (!isForbidden(error)) throw error
  }
}

/** Months without a partition, of which the default one holds nothing yet. */
const lackingMonths = async (
  session: Session,
  quotedSchema: string,
  schema: string,
  months: ReadonlyArray<Month>
): Promise<ReadonlyArray<Month>> => {
  const [there, last] = await session.run([
    sql("select tablename from pg_tables where schemaname = $1", schema),
    sql(`select to_char(max(recorded) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from ${quotedSchema}.event_default`)
  ])
  const tables = new Set(there?.map(([table]) => table))
  const held = last?.[0]?.[0] ?? ""
  return months.filter(({ table, from }) => !tables.has(table) && from > held)
}
