import { collectionTable, keys, type Layout, monthsFrom, partition, store } from "./layout.ts"
import { MONTHS, stepsFrom } from "./migrate.ts"
import { numberFor, tableFor } from "./names.ts"
import { quoted } from "./statement.ts"

/** What is to be printed. */
export interface MigrationOptions {
  /** The schema of the store: `omni` by default. */
  readonly schema?: string
  /** The schema of the keys: `<schema>_keys` by default. `false` leaves them out, when they are in another database. */
  readonly keys?: string | false
  /** The collections to make tables for: `collectionsOf(modules)`. */
  readonly collections: ReadonlyArray<string>
  /** The layout that the schemas have now: 0, which is nothing, by default. Tables of collections that are there stay as they are. */
  readonly from?: number
  /** A role that the app runs as, which is to read and write, and change no table. */
  readonly role?: string
  /** Since when (epoch ms) the log has a partition for each month: now, by default. */
  readonly now?: number
}

/**
 * What `migrate` would run, as SQL for somebody to read and to run as the owner of the schemas: in one transaction, all of it or
 * nothing. It can be run again for more collections, with `from` at the layout that was reached.
 */
export const migrations = ({
  schema = "omni",
  keys: keysSchema = `${schema}_keys`,
  collections,
  from = 0,
  role,
  now = Date.now()
}: MigrationOptions): string => {
  const statements = [
    "begin",
    `select pg_advisory_xact_lock(hashtextextended(${literal(`omni ${quoted(schema)}`)}, 0))`,
    ...schemaSteps(from, schema, store),
    ...monthsFrom(now, MONTHS).map((month) => {
      const made = partition(quoted(schema), month)
      return from === 0 ? made : made.replace("create table", "create table if not exists")
    }),
    ...tablesOf(quoted(schema), collections),
    ...(keysSchema === false ? [] : schemaSteps(from, keysSchema, keys)),
    ...(role === undefined
      ? []
      : [schema, ...(keysSchema === false ? [] : [keysSchema])].flatMap((name) => grants(quoted(name), quoted(role)))),
    "commit"
  ]
  return statements.map((statement) => `${statement};\n`).join("")
}

const schemaSteps = (from: number, schema: string, layout: Layout): ReadonlyArray<string> => [
  ...(from === 0 ? [`create schema if not exists ${quoted(schema)}`] : []),
  ...stepsFrom(Math.min(from, layout.steps.length), schema, layout)
]

const tablesOf = (schema: string, collections: ReadonlyArray<string>): ReadonlyArray<string> => {
  const taken = new Set<string>()
  return [...new Set(collections)].flatMap((collection) => {
    const table = tableFor(collection, (name) => taken.has(name))
    taken.add(table)
    return [
      ...collectionTable(schema, table).map((text) => text.replace(/^create (table|index)/, "create $1 if not exists")),
      `insert into ${schema}.collection (id, name, relation) values (${numberFor(collection)}, ${literal(collection)}, ${literal(table)}) on conflict (name) do nothing`
    ]
  })
}

const grants = (schema: string, role: string): ReadonlyArray<string> => [
  `grant usage on schema ${schema} to ${role}`,
  `grant select, insert, update, delete on all tables in schema ${schema} to ${role}`,
  `alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${role}`
]

/** A text as SQL that reads the same whatever `standard_conforming_strings` is. */
const literal = (text: string): string => `E'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`
