import pg from "pg"

import type { PostgresPool } from "./options.ts"

/** A pool of our own for a connection string. */
export const poolOf = (connectionString: string, settings: { readonly [setting: string]: unknown }): PostgresPool => {
  const pool = new pg.Pool({ connectionString, ...settings })
  // Idle connections that are lost are replaced when they are needed.
  pool.on("error", () => undefined)
  const own: unknown = pool
  return own as PostgresPool
}
