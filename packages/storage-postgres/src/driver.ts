import { checkOptions, type JoiningDriver, type KnownOptions } from "@omni/core"

import { Connections, pooled } from "./connections.ts"
import { examine } from "./examine.ts"
import { Forgetting } from "./forgetting.ts"
import { joined } from "./joined.ts"
import { PostgresKeys } from "./keys.ts"
import { Listener } from "./listener.ts"
import { LockedScope } from "./locked.ts"
import { channelOf } from "./names.ts"
import { type PostgresOptions, type PostgresPool, settingsOf } from "./options.ts"
import { poolOf } from "./pool.ts"
import { PostgresScope } from "./scope.ts"
import { type Queryable, sequential } from "./sequential.ts"
import { driverOver } from "./store-driver.ts"
import type { Store } from "./store.ts"
import { Tables } from "./tables.ts"
import { notifying, Watchers } from "./watchers.ts"

/** Connections for keys, which are asked for many at a time. */
const KEYS = 2

const KNOWN: KnownOptions<PostgresOptions> = {
  schema: true,
  keys: true,
  pool: true,
  prepare: true,
  listen: true,
  poll: true,
  lockTimeout: true,
  timeout: true,
  retention: true
}

/** A store whose rows can also change in a transaction of the app's own, on any client that runs SQL with `$1` parameters. */
export interface PostgresDriver extends JoiningDriver<Queryable> {}

/**
 * A store in a PostgreSQL database (14 or later), which any number of processes use together: each commit is atomic, serializable
 * within its scope, and durable when it is answered. `connection` is a connection string, or a pool of node-postgres, which the app
 * keeps and closes itself. Tables are made by `migrate` where the role may; where it may not, what lacks is a `MigrationPending`.
 */
export const postgres = (connection: string | PostgresPool, options: PostgresOptions = {}): PostgresDriver => {
  checkOptions("postgres()", options, KNOWN)
  if (options.keys !== undefined) checkOptions("postgres({ keys })", options.keys, { schema: true, connection: true })
  const settings = settingsOf(options)
  const open = (to: string | PostgresPool, more = {}) => {
    const { pool, end } = typeof to === "string" ? poolOf(to, { ...settings.pool, ...more }) : { pool: to, end: undefined }
    return { pool, end, database: new Connections(pooled(pool, { ...settings, end }), settings) }
  }
  const { pool, end, database } = open(connection)
  // Whoever has a commit lock asks for keys, while those who wait for it may hold all connections of the rows.
  const keysAt = options.keys?.connection
  const keysDatabase =
    keysAt === undefined ? (end === undefined ? database : open(connection, { max: KEYS }).database) : open(keysAt).database
  const keys = new PostgresKeys(keysDatabase, settings.keysSchema)
  const tables = new Tables(settings.schema, database)
  const channel = settings.listen ? channelOf(settings.schema) : undefined
  const watchers = new Watchers(database, tables, settings.poll, channel === undefined ? undefined : notifying(database, channel))
  const listener = channel === undefined ? undefined : new Listener(pool, channel, settings.timeout, (scope) => watchers.notified(scope))
  const forgetting = new Forgetting(database, tables, settings.retention)
  const store: Store = { database, tables, watchers, forgetting, listen: () => listener?.start(), sessions: new Set() }
  const driver = driverOver({
    store,
    schema: settings.schema,
    durability: "disk",
    keys,
    migrateKeys: () => keys.migrate(),
    scope: (scope) => new PostgresScope(store, scope, (keysOfRows) => LockedScope.open(store, database, scope, keysOfRows)),
    async close() {
      listener?.close()
      await database.close()
      await keysDatabase.close()
    }
  })
  return {
    ...driver,
    examine: (collections = []) => examine({ database, tables, settings }, keysDatabase, collections),
    within: (client) => joined({ driver, store, session: sequential(client), channel })
  }
}
