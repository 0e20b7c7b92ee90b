import type { Database } from "./database.ts"

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

/** What a database offers that not every one does. */
export interface Offered {
  /** How the distance of trigrams is written, by the schema that the extension is in; `undefined` without it. */
  readonly distance: string | undefined
  readonly collations: ReadonlySet<string>
}

/** Makes what is not there yet, and says what there is. Several may do it at once. */
export const migrate = async (database: Database, typos: boolean): Promise<Offered> => {
  const { schema } = database
  await database.transaction(async (query) => {
    await lock(query, schema)
    await query(`create schema if not exists ${schema}`)
    for (const statement of TABLES) await query(statement.replaceAll("@", `${schema}.`))
    await configurations(schema, query)
  })
  const distance = typos ? await trigrams(database) : undefined
  if (distance !== undefined) {
    const operators = `${distance.slice(0, distance.lastIndexOf(".") + 1)}gist_trgm_ops`
    await database.transaction(async (query) => {
      await lock(query, schema)
      await query(`create index if not exists word_near on ${schema}.word using gist (word ${operators})`)
    })
  }
  const collations = await database.query("select collname from pg_collation where collprovider = 'i'")
  return {
    distance: distance === undefined ? undefined : `operator(${distance})`,
    collations: new Set(collations.map(({ collname }) => String(collname)))
  }
}

/** What is made "if it is not there" fails all the same when two make it at once. */
const lock = async (query: Database["query"], schema: string): Promise<void> => {
  await query("select pg_advisory_xact_lock(hashtext($1))", [`omni search ${schema}`])
}

const TABLES = [
  `create table if not exists @generation (
    number bigint generated always as identity primary key, tenant text not null, id text not null, settings integer not null,
    position text not null, after text, live boolean not null default false, unique (tenant, id))`,
  `create table if not exists @product (
    generation bigint not null, id text collate "C" not null, version text collate "C" not null, codes text[] not null, shown jsonb not null,
    boost double precision not null, since double precision not null, gone boolean not null, primary key (generation, id))`,
  "create index if not exists product_codes on @product using gin (codes)",
  `create table if not exists @text (
    generation bigint not null, product text collate "C" not null, views text[] not null, name text not null, words tsvector not null)`,
  "create index if not exists text_product on @text (generation, product)",
  "create index if not exists text_words on @text using gin (words)",
  `create table if not exists @offer (
    generation bigint not null, product text collate "C" not null, place integer not null, facets text[] not null, numbers jsonb not null, prices jsonb not null)`,
  "create index if not exists offer_product on @offer (generation, product)",
  `create table if not exists @word (
    generation bigint not null, language text not null, word text collate "C" not null, primary key (generation, language, word))`
]

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

/** The operator of `pg_trgm`, which is made where it may be. */
const trigrams = async (database: Database): Promise<string> => {
  const look = async () =>
    (await database.query("select extnamespace::regnamespace::text as place from pg_extension where extname = 'pg_trgm'"))[0]?.["place"]
  const make = async () => {
    // Several that make it at once get in each other's way; it is there all the same.
    await database.query("create extension if not exists pg_trgm").catch(() => undefined)
    return look()
  }
  const place = (await look()) ?? (await make())
  if (place === undefined) {
    throw new TypeError(
      "The extension pg_trgm is not there and could not be created. Install it, or open the search with { typos: false }."
    )
  }
  return `${String(place)}.<->`
}
