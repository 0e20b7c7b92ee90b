import { StoreUnavailable, type JoiningDriver, type StoreDriver } from "@omni/core"

import { dropMonths } from "./compact.ts"
import { Database, pooled } from "./connections.ts"
import { readDue } from "./due.ts"
import { examine } from "./examine.ts"
import { faultBehind, isAway } from "./failure.ts"
import { Forgetting } from "./forgetting.ts"
import { joined } from "./joined.ts"
import { PostgresKeys } from "./keys.ts"
import { channelOf, Listener } from "./listener.ts"
import { migrateStore } from "./migrate.ts"
import { type PostgresOptions, type PostgresPool, settingsOf } from "./options.ts"
import { poolOf } from "./pool.ts"
import { PostgresScope } from "./scope.ts"
import type { Queryable } from "./sequential.ts"
import { sql } from "./statement.ts"
import type { Store } from "./store.ts"
import { Tables } from "./tables.ts"
import { limits } from "./valid.ts"
import { Watchers } from "./watchers.ts"

/** A store whose rows can also change in a transaction of the app's own, on any client that runs SQL with `$1` parameters. */
export interface PostgresDriver extends JoiningDriver<Queryable> {}

/**
 * A store in a PostgreSQL database (14 or later), which any number of processes use together: each commit is atomic, serializable
 * within its scope, and durable when it is answered. `connection` is a connection string, or a pool of node-postgres, which the app
 * keeps and closes itself. Tables are made by `migrate` where the role may; where it may not, what lacks is a `MigrationPending`.
 */
export const postgres = (connection: string | PostgresPool, options: PostgresOptions = {}): PostgresDriver => {
  const settings = settingsOf(options)
  const open = (to: string | PostgresPool) => {
    const pool = typeof to === "string" ? poolOf(to, settings.pool) : to
    return { pool, database: new Database(pooled(pool, { prepare: settings.prepare, own: typeof to === "string" }), settings.lockTimeout) }
  }
  const { pool, database } = open(connection)
  const keysDatabase = options.keys?.connection === undefined ? database : open(options.keys.connection).database
  const keys = new PostgresKeys(keysDatabase, settings.keysSchema)
  const tables = new Tables(settings.schema, database)
  const channel = settings.listen ? channelOf(settings.schema) : undefined
  const watchers = new Watchers(database, tables, settings.poll, channel)
  const listener = channel === undefined ? undefined : new Listener(pool, channel, (scope) => watchers.notified(scope))
  const forgetting = new Forgetting(database, tables, settings.retention)
  const store: Store = { settings, database, tables, watchers, forgetting, listen: () => listener?.start(), sessions: new Set() }

  const driver: StoreDriver = {
    specVersion: 1,
    capabilities: { limits, findConsistency: "snapshot", begin: true, watch: true, durability: "disk" },
    keys,
    async open(scope) {
      if (!scope.isWellFormed() || scope.includes("\0"))
        throw new StoreUnavailable({
          message: `The scope ${JSON.stringify(scope)} is not well-formed text without U+0000.`,
          cause: undefined
        })
      return new PostgresScope(store, scope)
    },
    due: (now, limit) => readDue(store, now, limit),
    async scopes() {
      const [rows] = await database.read([sql(`select name from ${tables.schema}.scope where head > 0 order by name`)])
      return rows!.map(([name]) => name!)
    },
    async migrate(collections = []) {
      try {
        await migrateStore(database, tables, settings.schema, collections, Date.now())
        await keys.migrate()
      } catch (error) {
        // The engine asks again for a while when a store is away; what this driver itself says is final.
        const fault = faultBehind(error)
        throw fault !== undefined && isAway(fault) ? fault : error
      }
    },
    examine: (collections = []) => examine(store, keysDatabase, collections),
    compact: () => dropMonths(store),
    async close() {
      for (const session of store.sessions) await session.release()
      watchers.close()
      forgetting.close()
      listener?.close()
      await database.close()
      await keysDatabase.close()
    }
  }
  return { ...driver, within: (client) => joined(driver, store, client, channel) }
}
