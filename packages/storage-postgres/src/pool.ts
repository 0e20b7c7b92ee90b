import pg from "pg"

import type { PooledClient, PostgresPool } from "./options.ts"

/** How long (ms) a connection may take to be made, and to be ended. Waiting for one that is free is another matter. */
const CONNECT = 10_000
const END = 2_000

/** A server that takes a connection and then says nothing does not hold up those who wait for it. */
class Client extends pg.Client {
  constructor(config: pg.ClientConfig = {}) {
    super({ connectionTimeoutMillis: CONNECT, ...config })
  }
}

/** A pool of our own for a connection string, and how it is ended. */
export const poolOf = (connectionString: string, settings: { readonly [setting: string]: unknown }) => {
  // Idle connections to a server that is gone are noticed before somebody uses them.
  const pool = new pg.Pool({ connectionString, Client, keepAlive: true, keepAliveInitialDelayMillis: CONNECT, ...settings })
  // Idle connections that are lost are replaced when they are needed.
  pool.on("error", () => undefined)
  const clients = new Set<pg.PoolClient>()
  pool.on("connect", (client) => void clients.add(client))
  pool.on("remove", (client) => void clients.delete(client))
  const end = async (): Promise<void> => {
    // Who does not answer a farewell is left without one.
    const late = setTimeout(() => {
      for (const client of clients) (client as pg.PoolClient & Wired).connection?.stream.destroy()
    }, END)
    await pool.end()
    clearTimeout(late)
  }
  const own: unknown = pool
  return { pool: own as PostgresPool, end }
}

/** The socket of a client, as node-postgres's own pool reaches for it. */
interface Wired {
  readonly connection?: { readonly stream: { destroy(): void } }
}

/**
 * A client out of a pool within `limit` ms, with its errors listened to from the very moment: a connection that is lost says so as an
 * event too, which ends the process if nobody listens, and can come before a promise is resolved.
 */
export const clientOf = (pool: PostgresPool, limit: number, onError: () => void): Promise<PooledClient> =>
  new Promise((resolve, reject) => {
    let late = false
    const waiting = setTimeout(() => {
      late = true
      reject(new Error(`No connection was free or could be made within ${limit} ms`))
    }, limit)
    pool.connect((error, client) => {
      clearTimeout(waiting)
      if (client === undefined) return reject(error)
      if (late) return client.release()
      client.on("error", onError)
      resolve(client)
    })
  })
