import type { Database, Rows } from "./database.ts"

/** Languages that PostgreSQL has Snowball stemmers of, by their codes. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  da: "danish",
  de: "german",
  en: "english",
  es: "spanish",
  fi: "finnish",
  fr: "french",
  hu: "hungarian",
  it: "italian",
  nl: "dutch",
  no: "norwegian",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sv: "swedish",
  tr: "turkish"
}

/** The text search configuration of a language. */
export const configOf = (language: string): string => (Object.hasOwn(LANGUAGES, language) ? `search_${language}` : "search_plain")

/** What tables look like: raised when that changes. Each release has tables of its own, so one that is on its way out goes on with the others. */
const LAYOUT = 1

const PREFIX = `v${LAYOUT}_`

/** The table of generations. */
export const generations = (schema: string): string => `${schema}.${PREFIX}generation`

/** What each generation has tables of. */
const TABLES = ["entry", "offer", "product", "code", "word", "name"] as const

/** A table of a generation. */
export const tableOf = (schema: string, table: (typeof TABLES)[number], generation: string): string =>
  `${schema}.${PREFIX}${table}_${generation}`

/** The languages that names are ordered by; none where the server was built without ICU. */
export type Collations = ReadonlySet<string>

/** A collation of ours: as the language has it, and numbers by how much they are. */
export const collationOf = (schema: string, language: string): string => `${schema}."names_${language}"`

/** Makes what is not there yet. Several may do it at once. */
export const migrate = async (database: Database): Promise<Collations> => {
  const { schema } = database
  return database.transaction(async (query) => {
    // What is made "if it is not there" fails all the same when two make it at once.
    await query("select pg_advisory_xact_lock(hashtext($1))", [`omni search ${schema}`])
    await query(`create schema if not exists ${schema}`)
    await query(
      `create table if not exists ${generations(schema)} (
    number bigint generated always as identity primary key, tenant text not null, id text not null, settings integer not null,
    position text not null, after text, live boolean not null default false, unique (tenant, id))`
    )
    await configurations(schema, query)
    return collations(schema, query)
  })
}

const collations = async (schema: string, query: Database["query"]): Promise<Collations> => {
  const rows = await query(
    `select substring(c.collname from '^[a-z]+') as language, exists (select from pg_collation o where o.collnamespace = $1::regnamespace and o.collname = 'names_' || substring(c.collname from '^[a-z]+')) as known
from pg_collation c where c.collprovider = 'i' and c.collname ~ '^[a-z]{2,3}-x-icu$'`,
    [schema]
  )
  for (const { language, known } of rows) {
    if (known !== true)
      await query(`create collation ${collationOf(schema, String(language))} (provider = icu, locale = '${String(language)}-u-kn-true')`)
  }
  return new Set(rows.map(({ language }) => String(language)))
}

/** PostgreSQL's own configurations leave words out that say nothing, and then finds nothing for those who type nothing else: which are left out is decided elsewhere. */
const configurations = async (schema: string, query: Database["query"]): Promise<void> => {
  const known = new Set(
    (await query("select cfgname from pg_ts_config where cfgnamespace = $1::regnamespace", [schema])).map(({ cfgname }) => cfgname)
  )
  if (!known.has(configOf(""))) await query(`create text search configuration ${schema}.${configOf("")} (copy = pg_catalog.simple)`)
  for (const [language, name] of Object.entries(LANGUAGES)) {
    const config = configOf(language)
    if (known.has(config)) continue
    await query(`create text search dictionary ${schema}.${config} (template = snowball, language = ${name})`)
    await query(`create text search configuration ${schema}.${config} (copy = pg_catalog.simple)`)
    await query(`alter text search configuration ${schema}.${config} alter mapping for asciiword, word, numword with ${schema}.${config}`)
  }
}

/**
 * Makes the tables of a generation. An entry is a product in the words of some views, with what its offers come to, so that the broadest questions are answered from
 * one table; offers are there beside it only where a product has several that differ. What repeats itself (values, places of prices, where something is
 * shown) is a number in rows, and has its name once.
 */
export const makeTables = async (query: Database["query"], schema: string, generation: string): Promise<void> => {
  const at = (table: (typeof TABLES)[number]): string => tableOf(schema, table, generation)
  const offered =
    "facets integer[] not null, places integer[] not null, prices float8[] not null, measures integer[] not null, numbers float8[] not null"
  const loose = "with (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)"
  await query(`create table ${at("product")} (id text collate "C" primary key, version text collate "C" not null)`)
  await query(
    `create table ${at("entry")} (views integer not null, shown integer not null, alone boolean not null, whole boolean not null, boost float8 not null,
  since float8 not null, product text collate "C" not null, ${offered}, dates float8[], name text not null, words tsvector not null) ${loose}`
  )
  await query(`create index on ${at("entry")} (product)`)
  await query(`create table ${at("offer")} (product text collate "C" not null, ${offered}) ${loose}`)
  await query(`create index on ${at("offer")} (product)`)
  await query(`create table ${at("code")} (code text collate "C", product text collate "C", primary key (code, product))`)
  await query(`create index on ${at("code")} (product)`)
  await query(`create table ${at("word")} (language text, word text collate "C", stems text[] not null, primary key (language, word))`)
  await query(`create index on ${at("word")} (language, (stems[1]))`)
  await query(
    `create table ${at("name")} (number integer generated always as identity, kind "char", facet text, key text collate "C", name text not null, primary key (kind, key))`
  )
  await query(`create unique index on ${at("name")} (number)`)
}

/** Makes what questions need: after all that there is has been put in, which takes a part of the time that it would take before. */
export const makeReady = async (query: Database["query"], schema: string, generation: string): Promise<void> => {
  const entry = tableOf(schema, "entry", generation)
  // What has come since is looked through for every question, until there is so much of it (kB).
  await query(`create index if not exists ${PREFIX}words_${generation} on ${entry} using gin (words) with (gin_pending_list_limit = 256)`)
  // Tables that have just been filled have no statistics yet, and a plan without them takes a hundred times as long.
  for (const table of TABLES) await query(`analyze ${tableOf(schema, table, generation)}`)
}

/** Removes the tables of generations that are there no more, also what a crash has left. What is still read is left for the next time. */
export const sweep = async (database: Database): Promise<void> => {
  const { schema } = database
  const rows = await database.query(
    `select c.relname from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r'
  and c.relname ~ $2 and not exists (select from ${generations(schema)} g where g.number = substring(c.relname from '[0-9]+$')::bigint)`,
    [schema, `^${PREFIX}(${TABLES.join("|")})_[0-9]+$`]
  )
  await dropAll(database, rows)
}

/** Removes the tables of earlier layouts, once each tenant that they have an index of has one of this layout. Every layout has `tenant` in its table of generations. */
export const sweepEarlier = async (database: Database): Promise<void> => {
  const { schema } = database
  const rows = await database.query(
    `select c.relname from pg_class c where c.relnamespace = $1::regnamespace and c.relkind = 'r'
  and substring(c.relname from '^v([0-9]{1,6})_')::int < ${LAYOUT}`,
    [schema]
  )
  for (const { relname } of rows.filter((row) => String(row["relname"]).endsWith("_generation"))) {
    const left = await database.query(
      `select from ${schema}."${String(relname)}" e where not exists (select from ${generations(schema)} g where g.tenant = e.tenant and g.live) limit 1`
    )
    if (left.length > 0) return
  }
  await dropAll(database, rows)
}

const dropAll = async (database: Database, tables: Rows): Promise<void> => {
  for (const { relname } of tables) {
    await database
      .transaction(async (query) => {
        // Whoever comes to read waits behind this, too.
        await query("set local lock_timeout = '500ms'")
        await query(`drop table if exists ${database.schema}."${String(relname)}"`)
      })
      .catch(() => undefined)
  }
}
