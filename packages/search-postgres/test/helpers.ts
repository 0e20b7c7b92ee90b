import { postgresSearch, type PostgresSearchOptions } from "@omni/search-postgres"
import pg from "pg"

import { sharedPostgres } from "../../../scripts/postgres/shared.ts"

let made = 0

/** A schema that nobody has used, and how it goes away; on the server of this run, or by another way to it. */
export const temporarySchema = async (through?: string) => {
  const url = through ?? (await sharedPostgres())
  const schema = `search_${process.pid}_${Math.random().toString(36).slice(2, 8)}_${made++}`
  return {
    url,
    schema,
    open: (options: PostgresSearchOptions = {}) => postgresSearch(url, { schema, ...options }),
    dispose: async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query(`drop schema if exists ${schema} cascade`)
      await client.end()
    }
  }
}
