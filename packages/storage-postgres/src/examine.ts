import type { Examination, Finding } from "@omni/core"

import type { Connections } from "./connections.ts"
import type { Database } from "./database.ts"
import { faultBehind, READ_ONLY } from "./failure.ts"
import { monthsFrom, store as layout } from "./layout.ts"
import { MONTHS } from "./migrate.ts"
import type { Settings } from "./options.ts"
import { type Rows, sql, texts } from "./statement.ts"
import type { Tables } from "./tables.ts"

/** Rows that are counted at most: a count must not take longer than a doctor may. */
const COUNTED = 100_000

/** Clocks that differ by more (ms) are set wrong. */
const APART = 1_000

const ok = (code: string, message: string): Finding => ({ level: "ok", code, message })
const warning = (code: string, message: string, advice: string): Finding => ({ level: "warning", code, message, advice })
const problem = (code: string, message: string, advice: string): Finding => ({ level: "problem", code, message, advice })

/** What is looked at, and how it is used. */
interface Looked {
  readonly database: Connections
  readonly tables: Tables
  readonly settings: Settings
}

const STANDBY = problem("standby", "The server is a standby, which answers nothing.", "Use the address of the primary, or promote it.")

/** What the server, the schema and the role are like, as far as Omni depends on it. It changes nothing. */
export const examine = async (store: Looked, keys: Database, collections: ReadonlyArray<string>): Promise<Examination> => {
  const { schema } = store.settings
  const supported = layout.steps.length
  const server = await ofServer(store).catch((error: unknown) => {
    if (faultBehind(error)?.code !== READ_ONLY) throw error
  })
  if (server === undefined) return { layout: 0, supported, findings: [STANDBY] }
  const [there] = await store.database.read([sql("select 1::text from pg_tables where schemaname = $1 and tablename = 'layout'", schema)])
  if (there!.length === 0)
    return {
      layout: 0,
      supported,
      findings: [
        ...server,
        problem(
          "layout",
          `The schema "${schema}" holds no Omni store.`,
          "Let its owner migrate, or name the schema of the store: omni migrate."
        )
      ]
    }
  const version = await versionOf(store)
  if (version === undefined)
    return {
      layout: 0,
      supported,
      findings: [
        ...server,
        problem(
          "rights",
          `This role may not read the schema "${schema}".`,
          "Let its owner grant the role its rights: omni migrate --print --role."
        )
      ]
    }
  const findings =
    version === supported ? [...(await ofSchema(store, collections)), ...(await ofKeys(keys, store.settings.keysSchema))] : []
  return { layout: version, supported, findings: [...server, ofLayout(version, supported, schema), ...findings] }
}

const versionOf = async ({ database, tables }: Looked): Promise<number | undefined> => {
  try {
    const [rows] = await database.read([sql(`select version::text from ${tables.schema}.layout`)])
    return Number(rows![0]?.[0] ?? 0)
  } catch (error) {
    if (faultBehind(error)?.code === "42501") return undefined
    throw error
  }
}

const ofLayout = (version: number, supported: number, schema: string): Finding => {
  if (version === supported) return ok("layout", `The schema "${schema}" has layout ${version}, which is this release's.`)
  return version < supported
    ? problem("layout", `The schema "${schema}" has layout ${version}, this release ${supported}.`, "Let its owner migrate: omni migrate.")
    : problem("layout", `The schema "${schema}" has layout ${version}; this release knows ${supported}.`, "Update @omni/storage-postgres.")
}

/** The server's own settings, and how it is reached. */
const ofServer = async ({ database, settings }: Looked): Promise<ReadonlyArray<Finding>> => {
  const sent = Date.now()
  const [rows] = await database.read([
    sql(`select current_setting('server_version'), current_setting('server_version_num'), current_setting('server_encoding'),
  current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), current_setting('autovacuum'),
  current_setting('max_connections'), (select count(*) from pg_stat_activity where backend_type = 'client backend')::text,
  (extract(epoch from clock_timestamp()) * 1000)::bigint::text`)
  ])
  const took = Date.now() - sent
  const [version, number, encoding, fsync, pages, synchronous, autovacuum, most, used, clock] = rows![0]!.map(String)
  const apart = Math.max(0, Math.abs(Number(clock) - (sent + took / 2)) - took / 2)
  const full = Number(used) > Number(most) * 0.8
  const pooled = await database.isPooled()
  return [
    Number(number) >= 140_000
      ? ok("version", `PostgreSQL ${version}.`)
      : problem("version", `PostgreSQL ${version}.`, "Omni needs 14 or later. Update the server."),
    encoding === "UTF8"
      ? ok("encoding", "The database's encoding is UTF8.")
      : problem("encoding", `The database's encoding is ${encoding}.`, "Omni needs UTF8: make a database with it."),
    fsync === "on" && pages === "on"
      ? ok("fsync", "fsync and full_page_writes are on.")
      : problem("fsync", `fsync is ${fsync}, full_page_writes ${pages}.`, "A power cut can ruin the whole database. Turn both on."),
    synchronous === "off"
      ? warning(
          "synchronous-commit",
          "synchronous_commit is off.",
          "A crash of the server takes commits that were answered. Turn it on for the role."
        )
      : ok("synchronous-commit", `synchronous_commit is ${synchronous}.`),
    autovacuum === "on"
      ? ok("autovacuum", "autovacuum is on.")
      : warning("autovacuum", "autovacuum is off.", "Tables that change all the time grow without end. Turn it on."),
    full
      ? warning(
          "connections",
          `${used} of ${most} connections are in use.`,
          "Processes will soon wait or fail. Lower `max` of pools, or put a pooler between."
        )
      : ok("connections", `${used} of ${most} connections are in use.`),
    apart > APART
      ? warning(
          "clock",
          `This machine's clock and the server's are ${Math.round(apart)} ms apart.`,
          "Timers fire early or late by as much. Let NTP set both."
        )
      : ok("clock", `This machine's clock and the server's are less than ${APART} ms apart.`),
    ...(pooled ? [ofPooler(settings)] : [])
  ]
}

const ofPooler = ({ listen, prepare }: Settings): Finding => {
  const message = "A pooler in transaction mode stands before the server."
  if (!listen && !prepare)
    return ok("pooler", `${message} The app must pass listen: false there, and prepare: false before PgBouncer 1.21.`)
  return warning(
    "pooler",
    message,
    "Pass listen: false, for notifications do not come through; and prepare: false, unless it is PgBouncer 1.21 with max_prepared_statements."
  )
}

/** The tables, the log's months and the role's rights. */
const ofSchema = async (store: Looked, collections: ReadonlyArray<string>): Promise<ReadonlyArray<Finding>> => {
  const { schema } = store.settings
  const { database, tables } = store
  try {
    const [relations, unreachable, missing, held, owner] = await database.read([
      sql("select tablename from pg_tables where schemaname = $1", schema),
      sql(
        `select tablename from pg_tables where schemaname = $1 and not (has_schema_privilege($1, 'usage')
  and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')
  and (tablename = 'layout' or (has_table_privilege(format('%I.%I', schemaname, tablename), 'insert')
  and has_table_privilege(format('%I.%I', schemaname, tablename), 'update') and has_table_privilege(format('%I.%I', schemaname, tablename), 'delete'))))
  order by tablename`,
        schema
      ),
      sql(
        `select n from unnest($1::text[]) n where not exists (select 1 from ${tables.schema}.collection c where c.name = n) order by n`,
        texts([...new Set(collections)])
      ),
      sql(`select count(*)::text from (select 1 from ${tables.schema}.event_default limit ${COUNTED + 1}) found`),
      sql("select has_schema_privilege($1, 'create')::text", schema)
    ])
    return [
      ofRights(unreachable!, schema, owner![0]![0] === "true"),
      missing!.length === 0
        ? ok("collections", "Each collection that is known of has its table.")
        : warning(
            "collections",
            `No table for ${missing!.map(([name]) => `"${name}"`).join(", ")}.`,
            "The first row makes it where the role may make tables, and fails where it may not. Let the owner migrate: omni migrate --app."
          ),
      ...ofMonths(relations!, Number(held![0]![0]))
    ]
  } catch (error) {
    if (faultBehind(error)?.code !== "42501") throw error
    return [
      problem(
        "rights",
        `This role may not read the schema "${schema}".`,
        "Let its owner grant the role its rights: omni migrate --print --role."
      )
    ]
  }
}

const ofRights = (unreachable: Rows, schema: string, owner: boolean): Finding =>
  unreachable.length === 0
    ? ok("rights", `The role may read and write all tables of "${schema}"${owner ? ", and make new ones" : ", and make none"}.`)
    : problem(
        "rights",
        `The role may not read and write ${unreachable.map(([name]) => `"${name}"`).join(", ")}.`,
        "Let the schema's owner grant it: omni migrate --print --role."
      )

const ofMonths = (relations: Rows, held: number): ReadonlyArray<Finding> => {
  const there = new Set(relations.map(([name]) => name))
  const lacking = monthsFrom(Date.now(), MONTHS).filter(({ table }) => !there.has(table))
  // The months that are far off have time.
  const soon = monthsFrom(Date.now(), 2).filter(({ table }) => !there.has(table))
  return [
    soon.length > 0
      ? warning(
          "months",
          `The log has no partition for ${lacking.map(({ table }) => table).join(", ")}.`,
          "Events go on in event_default, from where they can not be dropped by the month. Let the owner migrate once a month: omni migrate."
        )
      : ok("months", `The log has partitions for ${MONTHS - lacking.length} months from this one.`),
    held > 0
      ? warning(
          "default-partition",
          `${held > COUNTED ? `More than ${COUNTED}` : held} events are in event_default.`,
          "They were written when their month had no partition. They are read as ever, and go when the log is trimmed; their month can get no partition until then."
        )
      : ok("default-partition", "No event is in event_default.")
  ]
}

/** Where the keys of personal data are, which may be another database. */
const ofKeys = async (database: Database, schema: string): Promise<ReadonlyArray<Finding>> => {
  const [found] = await database.read([sql("select has_schema_privilege(oid, 'usage')::text from pg_namespace where nspname = $1", schema)])
  const [usable] = found![0] ?? []
  if (usable === "true") return [ok("keys", `The schema "${schema}" is there for the keys of personal data.`)]
  return usable === undefined
    ? [
        warning(
          "keys",
          `There is no schema "${schema}" for the keys of personal data.`,
          "Let its owner migrate, or say where the keys are: omni --keys."
        )
      ]
    : [
        problem(
          "keys",
          `This role may not use the schema "${schema}", where the keys of personal data are.`,
          "Let its owner grant it: omni migrate --print --role."
        )
      ]
}
