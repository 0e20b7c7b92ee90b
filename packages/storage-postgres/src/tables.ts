import { StoreUnavailable } from "@omni/core"
import { isKeyPart } from "@omni/core/store"

import type { Database } from "./database.ts"
import { faultBehind } from "./failure.ts"
import { collectionTable } from "./layout.ts"
import { numberFor, tableFor } from "./names.ts"
import { quoted, type Rows, type Session, sql, type Statement, texts } from "./statement.ts"

/** Where the rows of one collection are. */
export interface Table {
  /** Its number, by which index entries name it. */
  readonly id: number
  readonly collection: string
  /** Its name in SQL, schema and quotes included. */
  readonly name: string
}

/** The tables of a schema's collections, as far as they are known here. A table that is there stays. */
export class Tables {
  /** The schema's name in SQL. */
  readonly schema: string
  readonly #name: string
  readonly #database: Database
  #known = new Map<string, Table>()

  constructor(schema: string, database: Database) {
    this.schema = quoted(schema)
    this.#name = schema
    this.#database = database
  }

  /** What is known, for somebody else to add to: in a transaction that may yet be rolled back. */
  within(database: Database): Tables {
    const tables = new Tables(this.#name, database)
    tables.#known = new Map(this.#known)
    return tables
  }

  get(collection: string): Table | undefined {
    return this.#known.get(collection)
  }

  missing(collections: Iterable<string>): ReadonlyArray<string> {
    return [...new Set(collections)].filter((name) => !this.#known.has(name))
  }

  async refresh(): Promise<void> {
    const [rows] = await this.#database.read([this.list()])
    this.learn(rows!)
  }

  /** A server that has lost its last commits may have lost tables, too. Answers whether any is forgotten for that. */
  async forgetLost(error: unknown): Promise<boolean> {
    if (faultBehind(error)?.code !== "42P01") return false
    const before = this.#known
    await this.refresh()
    return [...before.keys()].some((name) => !this.#known.has(name))
  }

  /** Which of these collections have tables by now. */
  among(collections: ReadonlyArray<string>): Statement {
    return sql(`select name from ${this.schema}.collection where name = any ($1::text[])`, texts(collections))
  }

  list(): Statement {
    return sql(`select id::text, name, relation from ${this.schema}.collection`)
  }

  learn(rows: Rows): void {
    const known = new Map<string, Table>()
    for (const [id, collection, relation] of rows) {
      const name = `${this.schema}.${quoted(relation!)}`
      known.set(collection!, { id: Number(id), collection: collection!, name })
    }
    this.#known = known
  }

  /** Makes the tables that these collections lack, if the role may; otherwise it is an error that says so. */
  async ensure(collections: ReadonlyArray<string>): Promise<void> {
    if (this.missing(collections).length === 0) return
    await this.refresh()
    const missing = this.missing(collections)
    if (missing.length === 0) return
    try {
      await this.#database.transaction(async (session) => {
        await session.run([lock(this.schema)])
        await this.create(session, missing)
      })
    } catch (error) {
      throw isForbidden(error) ? new NoTable(missing) : error
    }
    await this.refresh()
  }

  /** Makes them as far as the role may: whoever waits for a table while he has a lock, waits for those who wait for him. */
  async prepare(collections: ReadonlyArray<string>): Promise<void> {
    await this.ensure(collections.filter(isKeyPart)).catch((error: unknown) => {
      if (!(error instanceof NoTable)) throw error
    })
  }

  /** Inside of a transaction that holds the schema's lock. */
  async create(session: Session, collections: ReadonlyArray<string>): Promise<void> {
    const [rows] = await session.run([this.list()])
    this.learn(rows!)
    const taken = new Set(rows!.map(([, , relation]) => relation!))
    const numbers = new Set(rows!.map(([id]) => Number(id)))
    for (const collection of this.missing(collections)) {
      const table = tableFor(collection, (name) => taken.has(name))
      taken.add(table)
      const id = numberFor(collection, (number) => numbers.has(number))
      numbers.add(id)
      await session.run([
        ...collectionTable(this.schema, table).map((text) => sql(text)),
        sql(`insert into ${this.schema}.collection (id, name, relation) values ($1, $2, $3)`, id, collection, table)
      ])
    }
  }
}

/** A commit that this role can not make: a collection has no table, and the role may make none. */
export class NoTable extends StoreUnavailable {
  constructor(collections: ReadonlyArray<string>) {
    super({
      message: `There is no table for ${collections.map((name) => `"${name}"`).join(", ")}, and this role may make none. Name the collections in their modules, and let the schema's owner migrate.`,
      cause: undefined
    })
  }
}

/** Taken by whoever changes a schema, until the end of the transaction. */
export const lock = (schema: string): Statement => sql("select pg_advisory_xact_lock(hashtextextended($1, 0))::text", `omni ${schema}`)

/** The role has not the right. */
export const isForbidden = (error: unknown): boolean => faultBehind(error)?.code === "42501"
