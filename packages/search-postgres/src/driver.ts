import type { SearchDriver } from "@omni/catalog/search"
import { checkOptions } from "@omni/core"

import { databaseOf, type SearchPool } from "./database.ts"
import { PostgresIndex } from "./index-of.ts"
import { type Collations, LANGUAGES, migrate } from "./layout.ts"

/** How a database is searched. */
export interface PostgresSearchOptions {
  /** The schema that holds the index: `omni_search` by default. Several apps, or tests, may share a database under different ones. */
  readonly schema?: string
  /** What else the pool is made with when a connection string is given: anything that `new pg.Pool` takes, such as `max` or `ssl`. */
  readonly pool?: { readonly [setting: string]: unknown }
  /** `false`: words with wrong letters are not found. */
  readonly typos?: boolean
  /** How long (ms) each statement of a question may take before it is ended with a `SearchTimeout`: 5,000 by default. */
  readonly timeout?: number
}

/**
 * Search on PostgreSQL's full-text search: one index that all processes share and that outlives them, in a schema of its own. It takes a connection string, or a
 * pool of node-postgres, which whoever made it closes. The schema is made when it is first opened.
 */
export const postgresSearch = (connection: string | SearchPool, options: PostgresSearchOptions = {}): SearchDriver => {
  checkOptions<PostgresSearchOptions>("postgresSearch()", options, { schema: true, pool: true, typos: true, timeout: true })
  const { schema = "omni_search", pool = {}, typos = true, timeout = 5_000 } = options
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > 2_147_483_647)
    throw new TypeError(`timeout is ${timeout}: it is a whole number of milliseconds, 1 or more.`)
  const database = databaseOf(connection, schema, pool)
  let migrated: Promise<Collations> | undefined
  return {
    specVersion: 1,
    capabilities: { typos, stemming: Object.keys(LANGUAGES).sort(), shared: true },
    async open(tenant, settings) {
      migrated ??= migrate(database).catch((error: unknown) => {
        migrated = undefined
        throw error
      })
      return new PostgresIndex(database, tenant, { settings, collations: await migrated, typos, timeout })
    },
    close: () => database.close()
  }
}
