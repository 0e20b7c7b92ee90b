import type {
  SearchCheckpoint,
  SearchDocument,
  SearchEntry,
  SearchGeneration,
  SearchIndex,
  SearchRequest,
  SearchSettings,
  SearchState
} from "@omni/catalog/search"

import { type Database, PART, storable } from "./database.ts"
import { configOf, type Offered } from "./layout.ts"
import { searchIn } from "./search.ts"
import { keptWords, plainWords } from "./words.ts"

/** What belongs to a generation. */
const TABLES = ["text", "offer", "word", "product"]

/** The index of a tenant, in tables that all processes share. */
export class PostgresIndex implements SearchIndex {
  readonly #database: Database
  readonly #tenant: string
  readonly #settings: SearchSettings
  readonly #offered: Offered

  constructor(database: Database, tenant: string, settings: SearchSettings, offered: Offered) {
    this.#database = database
    this.#tenant = storable(tenant)
    this.#settings = settings
    this.#offered = offered
  }

  async state(): Promise<SearchState> {
    const { schema } = this.#database
    const rows = await this.#database.query(`select id, settings, position, after, live from ${schema}.generation where tenant = $1`, [
      this.#tenant
    ])
    const generations = rows.map(({ id, settings, position, after, live }) => ({
      isLive: live === true,
      generation: { id, settings, checkpoint: { position, ...(after === null ? {} : { after }) } } as SearchGeneration
    }))
    const live = generations.find(({ isLive }) => isLive)?.generation
    const building = generations.find(({ isLive }) => !isLive)?.generation
    return { ...(live === undefined ? {} : { live }), ...(building === undefined ? {} : { building }) }
  }

  async begin({ id, settings, checkpoint }: SearchGeneration): Promise<void> {
    const { schema } = this.#database
    await this.#database.transaction(async (query) => {
      await this.#lock(query)
      await query(`delete from ${schema}.generation where tenant = $1 and not live`, [this.#tenant])
      await query(`insert into ${schema}.generation (tenant, id, settings, position, after) values ($1, $2, $3, $4, $5)`, [
        this.#tenant,
        id,
        settings,
        checkpoint.position,
        checkpoint.after === undefined ? null : storable(checkpoint.after)
      ])
    })
    await this.#sweep()
  }

  write(id: string, entries: ReadonlyArray<SearchEntry>, { position, after }: SearchCheckpoint): Promise<boolean> {
    const { schema } = this.#database
    return this.#database.transaction(async (query) => {
      // Shared, so that a generation stays while it is written, and writers of the same products wait for each other by product.
      const found = await query(`select number from ${schema}.generation where tenant = $1 and id = $2 for key share`, [this.#tenant, id])
      const number = found[0]?.["number"]
      if (number === undefined) return false
      if (entries.length > 0) await this.#put(query, number, entries)
      await query(`update ${schema}.generation set position = $2, after = $3 where number = $1`, [
        number,
        position,
        after === undefined ? null : storable(after)
      ])
      return true
    })
  }

  async #put(query: Database["query"], number: unknown, entries: ReadonlyArray<SearchEntry>): Promise<void> {
    const { schema } = this.#database
    const rows = entries.map(({ id, version, document }) => ({
      id: storable(id),
      version,
      codes: (document?.codes ?? []).map(storable),
      shown: document?.shown ?? [],
      boost: document?.boost ?? 0,
      since: document?.since ?? 0,
      gone: document === undefined
    }))
    // In one order, so that two writers never wait for each other in a circle.
    const put = await query(
      `insert into ${schema}.product (generation, id, version, codes, shown, boost, since, gone)
select $1, r.id, r.version, r.codes, r.shown, r.boost, r.since, r.gone
from jsonb_to_recordset($2::jsonb) as r (id text, version text, codes text[], shown jsonb, boost double precision, since double precision, gone boolean)
order by r.id collate "C"
on conflict (generation, id) do update set version = excluded.version, codes = excluded.codes, shown = excluded.shown, boost = excluded.boost,
  since = excluded.since, gone = excluded.gone
where product.version <= excluded.version returning id`,
      [number, JSON.stringify(rows)]
    )
    const taken = new Set(put.map(({ id }) => id))
    if (taken.size === 0) return
    for (const table of ["text", "offer"])
      await query(`delete from ${schema}.${table} where generation = $1 and product = any ($2)`, [number, [...taken]])
    const documents = entries.flatMap(({ document }) => (document !== undefined && taken.has(storable(document.id)) ? [document] : []))
    await this.#putTexts(query, number, documents)
    const offers = documents.flatMap(offerRows)
    await query(
      `insert into ${schema}.offer (generation, product, place, facets, numbers, prices)
select $1, r.product, r.place, r.facets, r.numbers, r.prices
from jsonb_to_recordset($2::jsonb) as r (product text, place integer, facets text[], numbers jsonb, prices jsonb)`,
      [number, JSON.stringify(offers)]
    )
  }

  async #putTexts(query: Database["query"], number: unknown, documents: ReadonlyArray<SearchDocument>): Promise<void> {
    const { schema } = this.#database
    const texts = documents.flatMap(({ id, texts: all }) =>
      all.map(({ views, language, name, brand = "", attributes = "", description = "" }) => ({
        product: storable(id),
        views,
        name: storable(name),
        config: `${schema}.${configOf(language)}`,
        a: keptWords(name, language),
        b: keptWords(brand, language),
        c: keptWords(attributes, language),
        d: keptWords(description, language)
      }))
    )
    await query(
      `insert into ${schema}.text (generation, product, views, name, words)
select $1, r.product, r.views, r.name, setweight(to_tsvector(r.config, r.a), 'A') || setweight(to_tsvector(r.config, r.b), 'B') ||
  setweight(to_tsvector(r.config, r.c), 'C') || setweight(to_tsvector(r.config, r.d), 'D')
from jsonb_to_recordset($2::jsonb) as r (product text, views text[], name text, config regconfig, a text, b text, c text, d text)`,
      [number, JSON.stringify(texts)]
    )
    const words = new Map<string, { readonly language: string; readonly word: string }>()
    for (const { texts: all } of documents) {
      for (const { language, name, brand = "", attributes = "", description = "" } of all) {
        for (const word of [name, brand, attributes, description].flatMap(plainWords)) words.set(`${language} ${word}`, { language, word })
      }
    }
    await query(
      `insert into ${schema}.word (generation, language, word) select $1, r.language, r.word from jsonb_to_recordset($2::jsonb) as r (language text, word text)
order by 2, 3 on conflict do nothing`,
      [number, JSON.stringify([...words.values()])]
    )
  }

  async publish(id: string): Promise<boolean> {
    const { schema } = this.#database
    // Tables that have just been filled have no statistics yet, and a plan without them takes a hundred times as long.
    for (const table of TABLES) await this.#database.query(`analyze ${schema}.${table}`)
    const done = await this.#database.transaction(async (query) => {
      await this.#lock(query)
      const there = await query(`select live from ${schema}.generation where tenant = $1 and id = $2 for update`, [this.#tenant, id])
      if (there[0] === undefined) return false
      if (there[0]["live"] === true) return true
      await query(`delete from ${schema}.generation where tenant = $1 and live`, [this.#tenant])
      await query(`update ${schema}.generation set live = true where tenant = $1 and id = $2`, [this.#tenant, id])
      return true
    })
    await this.#sweep()
    return done
  }

  search(request: SearchRequest) {
    return searchIn(this.#database, this.#tenant, request, { settings: this.#settings, offered: this.#offered })
  }

  /** One at a time begins and publishes. */
  async #lock(query: Database["query"]): Promise<void> {
    await query("select pg_advisory_xact_lock(hashtext($1))", [`omni search ${this.#database.schema} ${this.#tenant}`])
  }

  /** Removes what belongs to generations that are there no more; also what a crash has left. */
  async #sweep(): Promise<void> {
    const { schema } = this.#database
    for (const table of TABLES) {
      await this.#database.query(
        `delete from ${schema}.${table} of_none where not exists (select from ${schema}.generation g where g.number = of_none.generation)`
      )
    }
  }
}

/** An offer with the values and numbers of its product. */
const offerRows = ({ id, values, numbers, offers }: SearchDocument) =>
  offers.map((offer, place) => {
    const facets = [values, offer.values ?? {}].flatMap((all) =>
      Object.entries(all).flatMap(([facet, of]) => of.map((value) => storable(facet + PART + value)))
    )
    const named = new Map<string, Array<number>>()
    for (const all of [numbers, offer.numbers ?? {}]) {
      for (const [facet, of] of Object.entries(all)) named.set(storable(facet), [...(named.get(storable(facet)) ?? []), ...of])
    }
    return {
      product: storable(id),
      place,
      facets: [...new Set(facets)],
      numbers: Object.fromEntries(named),
      prices: Object.fromEntries(Object.entries(offer.prices).map(([at, amount]) => [storable(at), amount]))
    }
  })
