import type {
  SearchAnswer,
  SearchCheckpoint,
  SearchEntry,
  SearchGeneration,
  SearchIndex,
  SearchRequest,
  SearchSettings,
  SearchState
} from "@omni/catalog/search"

import { codeOf, type Database, storable } from "./database.ts"
import { type Collations, generations, makeReady, makeTables, sweep, sweepEarlier, tableOf } from "./layout.ts"
import { Names } from "./names.ts"
import { searchIn } from "./search.ts"
import { putAll } from "./write.ts"

/** What is the same for all questions. */
export interface How {
  readonly settings: SearchSettings
  readonly collations: Collations
  readonly typos: boolean
  /** How long (ms) one may take. */
  readonly timeout: number
}

/** A question took longer than it may: `timeout` of `postgresSearch`. */
export class SearchTimeout extends Error {
  override readonly name = "SearchTimeout"
}

/** The index of a tenant, in tables that all processes share. */
export class PostgresIndex implements SearchIndex {
  readonly #database: Database
  readonly #tenant: string
  readonly #how: How
  /** The generation that answered last: most times it still does. */
  #live: string | undefined
  #names: { readonly of: string; readonly names: Names } | undefined

  constructor(database: Database, tenant: string, how: How) {
    this.#database = database
    this.#tenant = storable(tenant)
    this.#how = how
  }

  async state(): Promise<SearchState> {
    const rows = await this.#database.query(`select id, settings, position, after, live from ${this.#generations} where tenant = $1`, [
      this.#tenant
    ])
    const all = rows.map(({ id, settings, position, after, live }) => ({
      isLive: live === true,
      generation: { id, settings, checkpoint: { position, ...(after === null ? {} : { after }) } } as SearchGeneration
    }))
    const live = all.find(({ isLive }) => isLive)?.generation
    const building = all.find(({ isLive }) => !isLive)?.generation
    return { ...(live === undefined ? {} : { live }), ...(building === undefined ? {} : { building }) }
  }

  async begin({ id, settings, checkpoint }: SearchGeneration): Promise<void> {
    await this.#database.transaction(async (query) => {
      await this.#lock(query)
      await query(`delete from ${this.#generations} where tenant = $1 and not live`, [this.#tenant])
      const made = await query(
        `insert into ${this.#generations} (tenant, id, settings, position, after) values ($1, $2, $3, $4, $5) returning number::text`,
        [this.#tenant, id, settings, checkpoint.position, checkpoint.after === undefined ? null : storable(checkpoint.after)]
      )
      await makeTables(query, this.#database.schema, String(made[0]!["number"]))
    })
    await sweep(this.#database)
  }

  async write(id: string, entries: ReadonlyArray<SearchEntry>, { position, after }: SearchCheckpoint): Promise<boolean> {
    const { schema } = this.#database
    const kept = await this.#database.transaction(async (query) => {
      // Shared, so that a generation stays while it is written, and writers of the same products wait for each other by product.
      const found = await query(`select number::text from ${this.#generations} where tenant = $1 and id = $2 for key share`, [
        this.#tenant,
        id
      ])
      const number = found[0]?.["number"]
      if (number === undefined) return undefined
      const keep =
        entries.length === 0 ? () => undefined : await putAll(query, schema, String(number), this.#namesOf(String(number)), entries)
      await query(`update ${this.#generations} set position = $2, after = $3 where number = $1`, [
        number,
        position,
        after === undefined ? null : storable(after)
      ])
      return keep
    })
    kept?.()
    return kept !== undefined
  }

  async publish(id: string): Promise<boolean> {
    const { schema } = this.#database
    const done = await this.#database.transaction(async (query) => {
      await this.#lock(query)
      const there = await query(`select number::text, live from ${this.#generations} where tenant = $1 and id = $2`, [this.#tenant, id])
      if (there[0] === undefined) return false
      if (there[0]["live"] === true) return true
      await makeReady(query, schema, String(there[0]["number"]))
      await query(`delete from ${this.#generations} where tenant = $1 and live`, [this.#tenant])
      await query(`update ${this.#generations} set live = true where tenant = $1 and id = $2`, [this.#tenant, id])
      return true
    })
    await sweep(this.#database)
    await sweepEarlier(this.#database)
    return done
  }

  async search(request: SearchRequest): Promise<SearchAnswer | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#ask(request)
      } catch (error) {
        if (codeOf(error) === TIMED_OUT) {
          throw new SearchTimeout(
            `The question took longer than ${this.#how.timeout} ms. Give \`timeout\` more, or ask for fewer counts.`,
            {
              cause: error
            }
          )
        }
        // The generation was replaced, and removed, between two statements.
        if (codeOf(error) !== NO_TABLE || attempt === 3) throw error
        this.#live = undefined
      }
    }
  }

  #ask(request: SearchRequest): Promise<SearchAnswer | undefined> {
    const { schema } = this.#database
    return this.#database.reading(this.#how.timeout, async (query) => {
      for (;;) {
        this.#live ??= await this.#find(query)
        if (this.#live === undefined) return undefined
        const asked = { query, schema, tenant: this.#tenant, generation: this.#live, request, ...this.#how }
        const answer = await searchIn(asked)
        if (answer !== "replaced") return answer
        this.#live = undefined
      }
    })
  }

  async #find(query: Database["query"]): Promise<string | undefined> {
    const rows = await query(`select number::text from ${this.#generations} where tenant = $1 and live`, [this.#tenant])
    return rows[0] === undefined ? undefined : String(rows[0]["number"])
  }

  get #generations(): string {
    return generations(this.#database.schema)
  }

  #namesOf(generation: string): Names {
    if (this.#names?.of !== generation)
      this.#names = { of: generation, names: new Names(tableOf(this.#database.schema, "name", generation)) }
    return this.#names.names
  }

  /** One at a time begins and publishes. */
  async #lock(query: Database["query"]): Promise<void> {
    await query("select pg_advisory_xact_lock(hashtext($1))", [`omni search ${this.#database.schema} ${this.#tenant}`])
  }
}

const TIMED_OUT = "57014"
const NO_TABLE = "42P01"
