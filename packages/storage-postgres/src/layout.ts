import { quoted } from "./statement.ts"

/** A schema of ours: the steps from nothing to the layout that this release reads and writes. */
export interface Layout {
  readonly name: string
  /** Step i takes a schema from version i to i + 1. A step that was released never changes. */
  readonly steps: ReadonlyArray<(schema: string) => ReadonlyArray<string>>
}

/**
 * What is not a collection. Texts are compared by their bytes ("C"). `scope.head` is the commit lock of a scope and its newest position
 * in one; it changes with each commit, so its pages keep room for it. `server` tells who took that position. `commit` remembers commits by their ids.
 */
export const store: Layout = {
  name: "an Omni store",
  steps: [
    (schema) => [
      `create table ${schema}.scope (
  name text collate "C" primary key,
  head bigint not null,
  floor bigint not null default 0,
  server timestamptz not null default pg_postmaster_start_time()
) with (fillfactor = 20)`,
      `create table ${schema}.collection (
  id integer primary key,
  name text collate "C" not null unique,
  relation text collate "C" not null unique
)`,
      `create table ${schema}.entry (
  scope text collate "C" not null,
  collection integer not null,
  index text collate "C" not null,
  value text collate "C" not null,
  id text collate "C" not null,
  primary key (scope, collection, index, value, id)
)`,
      `create table ${schema}.event (
  scope text collate "C" not null,
  position bigint not null,
  recorded timestamptz not null default now(),
  time double precision not null,
  type text collate "C" not null,
  subject text collate "C" not null,
  body json not null,
  raw text,
  primary key (scope, position, recorded)
) partition by range (recorded)`,
      `create table ${schema}.event_default partition of ${schema}.event default`,
      `create table ${schema}.commit (
  scope text collate "C" not null,
  id text collate "C" not null,
  position bigint,
  at timestamptz not null default now(),
  primary key (scope, id)
)`,
      `create index commit_at on ${schema}.commit (at)`,
      `create function ${schema}.refuse(code text) returns void language plpgsql as
$$ begin raise exception 'refused' using errcode = code; end $$`
    ]
  ]
}

/** The keys of persons: a destroyed one stays, without its bytes. */
export const keys: Layout = {
  name: "Omni's keys",
  steps: [
    (schema) => [
      `create table ${schema}.key (
  scope text collate "C" not null,
  subject text collate "C" not null,
  bytes bytea,
  primary key (scope, subject)
)`
    ]
  ]
}

/** The table of one collection. `raw` holds the letters of a value that PostgreSQL's own functions for JSON could not read. */
export const collectionTable = (schema: string, table: string): ReadonlyArray<string> => [
  `create table ${schema}.${quoted(table)} (
  scope text collate "C" not null,
  id text collate "C" not null,
  version bigint not null,
  time double precision not null,
  schema integer not null,
  value json not null,
  raw text,
  due double precision,
  primary key (scope, id)
) with (fillfactor = 85)`,
  `create index ${quoted(`${table}_due`)} on ${schema}.${quoted(table)} (due, id, scope) where due is not null`
]

/** A month of the log, which can be dropped or archived as a whole. */
export interface Month {
  readonly table: string
  readonly from: string
  readonly to: string
}

/** The months from the one that `now` (epoch ms) is in, as partitions. */
export const monthsFrom = (now: number, count: number): ReadonlyArray<Month> => {
  const date = new Date(now)
  const first = (offset: number) => new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + offset, 1)).toISOString()
  return Array.from({ length: count }, (_, i) => {
    const from = first(i)
    return { table: `event_${from.slice(0, 7).replace("-", "_")}`, from, to: first(i + 1) }
  })
}

export const partition = (schema: string, { table, from, to }: Month): string =>
  `create table ${schema}.${table} partition of ${schema}.event for values from ('${from}') to ('${to}')`
