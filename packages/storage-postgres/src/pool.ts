import pg from "pg"

import type { PooledClient, PostgresPool } from "./options.ts"

/** A pool of our own for a connection string. */
export const poolOf = (connectionString: string, settings: { readonly [setting: string]: unknown }): PostgresPool => {
  const pool = new pg.Pool({ connectionString, ...settings })
  // Idle connections that are lost are replaced when they are needed.
  pool.on("error", () => undefined)
  const own: unknown = pool
  return own as PostgresPool
}

/**
 * A client out of a pool, with its errors listened to from the very moment: a connection that is lost says so as an event too, which ends
 * the process if nobody listens, and can come before a promise is resolved.
 */
export const clientOf = (pool: PostgresPool, onError: () => void): Promise<PooledClient> =>
  new Promise((resolve, reject) =>
    pool.connect((error, client) => {
      if (client === undefined) return reject(error)
      client.on("error", onError)
      resolve(client)
    })
  )
