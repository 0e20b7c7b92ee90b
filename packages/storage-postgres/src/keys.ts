import { setImmediate } from "node:timers/promises"

import { StoreUnavailable, type KeyStore } from "@omni/core"

import type { Database } from "./database.ts"
import { migrateKeys } from "./migrate.ts"
import { quoted, type Rows, sql, texts, unnested } from "./statement.ts"

type Held = Uint8Array | "destroyed"

interface Creation {
  readonly scope: string
  readonly subject: string
  readonly key: Uint8Array
  readonly resolve: (held: Held) => void
  readonly reject: (error: unknown) => void
}

/** The keys of persons, in a schema or a database of their own: whoever has the rows, or a copy of them, does not have the keys. */
export class PostgresKeys implements KeyStore {
  readonly specVersion = 1
  readonly #database: Database
  readonly #schema: string
  readonly #table: string
  #migrated: Promise<void> | undefined
  #creations: Array<Creation> = []

  constructor(database: Database, schema: string) {
    this.#database = database
    this.#schema = schema
    this.#table = `${quoted(schema)}.key`
  }

  migrate(): Promise<void> {
    return (this.#migrated ??= migrateKeys(this.#database, this.#schema).catch((error: unknown) => {
      this.#migrated = undefined
      throw error
    }))
  }

  async get(scope: string, subjects: ReadonlyArray<string>): Promise<ReadonlyArray<Held | undefined>> {
    await this.migrate()
    const [rows] = await this.#database.read([this.#held([scope], subjects.map(wellFormed))])
    return aligned(rows!, subjects.length)
  }

  /** Keys asked for in one turn of the event loop are made in one transaction. */
  async create(scope: string, subject: string, key: Uint8Array): Promise<Held> {
    wellFormed(subject)
    await this.migrate()
    const bytes = key.slice()
    return new Promise((resolve, reject) => {
      this.#creations.push({ scope, subject, key: bytes, resolve, reject })
      if (this.#creations.length === 1) void this.#createAll()
    })
  }

  async destroy(scope: string, subject: string): Promise<void> {
    await this.migrate()
    await this.#database.write([
      sql(
        `insert into ${this.#table} (scope, subject, bytes) values ($1, $2, null) on conflict (scope, subject) do update set bytes = null`,
        scope,
        wellFormed(subject)
      )
    ])
  }

  /** What others have created meanwhile stays: the second statement sees it. In order of their names, so that nobody waits crosswise. */
  async #createAll(): Promise<void> {
    await setImmediate()
    const creations = this.#creations
    this.#creations = []
    const scopes = creations.map(({ scope }) => scope)
    const subjects = creations.map(({ subject }) => subject)
    try {
      const [, rows] = await this.#database.write([
        sql(
          `insert into ${this.#table} (scope, subject, bytes)
select c.scope, c.subject, decode(c.bytes, 'hex') from ${unnested({ scope: "$1::text[]", subject: "$2::text[]", bytes: "$3::text[]" })} c
order by c.scope collate "C", c.subject collate "C" on conflict do nothing`,
          texts(scopes),
          texts(subjects),
          texts(creations.map(({ key }) => Buffer.from(key).toString("hex")))
        ),
        this.#held(scopes, subjects)
      ])
      aligned(rows!, creations.length).forEach((held, i) => creations[i]!.resolve(held!))
    } catch (error) {
      for (const { reject } of creations) reject(error)
    }
  }

  /** One scope for all subjects, or one for each. */
  #held(scopes: ReadonlyArray<string>, subjects: ReadonlyArray<string>) {
    const all = scopes.length === subjects.length ? scopes : subjects.map(() => scopes[0]!)
    return sql(
      `select a.n::text, encode(k.bytes, 'hex') as bytes from ${unnested({ scope: "$1::text[]", subject: "$2::text[]" })} a
cross join lateral (select k.bytes from ${this.#table} k where k.scope = a.scope and k.subject = a.subject offset 0) k`,
      texts(all),
      texts(subjects)
    )
  }
}

const aligned = (rows: Rows, count: number): ReadonlyArray<Held | undefined> => {
  const held: Array<Held | undefined> = new Array(count).fill(undefined)
  for (const [n, bytes] of rows) held[Number(n) - 1] = bytes === null ? "destroyed" : Uint8Array.from(Buffer.from(bytes!, "hex"))
  return held
}

/** A lone surrogate would be sent as U+FFFD: two subjects would have one key. */
const wellFormed = (text: string): string => {
  if (text.isWellFormed() && !text.includes("\0")) return text
  throw new StoreUnavailable({ message: `${JSON.stringify(text)} is not well-formed text without U+0000.`, cause: undefined })
}
