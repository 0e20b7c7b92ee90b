import { postgres, type PostgresOptions } from "@omni/storage-postgres"
import pg from "pg"

import { sharedPostgres } from "../../../scripts/postgres/shared.ts"

let made = 0

/** A schema that nobody has used, with its keys beside it, and how it goes away. */
export const temporarySchema = async (url?: string) => {
  const server = url ?? (await sharedPostgres())
  const schema = `test_${process.pid}_${Math.random().toString(36).slice(2, 8)}_${made++}`
  return {
    url: server,
    schema,
    open: (options: PostgresOptions = {}) => postgres(server, { schema, ...options }),
    dispose: () => asOwner(server, `drop schema if exists ${schema} cascade; drop schema if exists ${schema}_keys cascade`)
  }
}

/** Runs SQL as the server's superuser; answers the rows of the last statement. */
export const asOwner = async (url: string, sql: string): Promise<ReadonlyArray<Record<string, unknown>>> => {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const result: unknown = await client.query(sql)
    const last = (Array.isArray(result) ? result.at(-1) : result) as { readonly rows: ReadonlyArray<Record<string, unknown>> }
    return last.rows
  } finally {
    await client.end()
  }
}
