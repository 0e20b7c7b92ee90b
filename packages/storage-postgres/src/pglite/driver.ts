import type { PGliteInterface } from "@electric-sql/pglite"
import { checkOptions, type JoiningDriver, type StoreDriver } from "@omni/core"

import { Forgetting } from "../forgetting.ts"
import { joined } from "../joined.ts"
import { channelOf } from "../names.ts"
import { settingsOf } from "../options.ts"
import { type Queryable, sequential } from "../sequential.ts"
import { quoted } from "../statement.ts"
import { driverOver } from "../store-driver.ts"
import type { Store } from "../store.ts"
import { Tables } from "../tables.ts"
import { Watchers } from "../watchers.ts"
import { EmbeddedDatabase, joinedDatabase } from "./database.ts"
import { keysIn, noKeys } from "./keys.ts"
import { EmbeddedScope } from "./scope.ts"
import { sharedBy } from "./shared.ts"

/** How a PGlite is used. */
export interface PGliteOptions {
  /** The schema that holds Omni's tables: `omni` by default. */
  readonly schema?: string
  /**
   * A second PGlite, with files of its own, for the keys of personal data. Without one, and without the `keys` of `createOmni`, whatever
   * reads or writes personal data fails with a `StoreUnavailable` that is final.
   */
  readonly keys?: PGliteInterface
  /** How long (ms) a call waits for PGlite's one session, and a commit for others, before it gives up with an error. 30,000 by default. */
  readonly lockTimeout?: number
  /** How long (ms) the ids of commits are kept, by which a commit that is sent again is known. 900,000 by default. */
  readonly retention?: number
}

/** A store whose rows can also change in a transaction of the app's own, `db.transaction((tx) => …)`. */
export interface PGliteDriver extends JoiningDriver<Queryable> {}

/**
 * A store in a PGlite, which is PostgreSQL inside of this process. The app makes `db`, uses it beside Omni as it likes, and closes it
 * after the store. Each commit is atomic and serializable within its scope. What was answered outlives the process where `db` has a
 * folder, but not a power cut: PGlite never waits for the disk. Nobody else may open that folder, for PGlite does not notice.
 */
export const pglite = (db: PGliteInterface, options: PGliteOptions = {}): PGliteDriver => {
  checkOptions<PGliteOptions>("pglite()", options, { schema: true, keys: true, lockTimeout: true, retention: true })
  const { keys: keysDb, ...rest } = options
  if (keysDb === db) throw new TypeError("`keys` is the PGlite of the rows. Give it a PGlite with files of its own.")
  const { schema, keysSchema, lockTimeout: patience, poll, retention } = settingsOf(rest)
  const database = new EmbeddedDatabase(db, patience)
  const keys = keysDb === undefined ? noKeys : keysIn(keysDb, keysSchema, patience)
  const tables = new Tables(schema, database)
  const shared = sharedBy(db, schema)
  const channel = channelOf(schema)
  const watchers: Watchers = new Watchers(database, tables, poll, async (scopes) => {
    for (const others of shared.watchers) if (others !== watchers) for (const scope of scopes) others.notified(scope)
  })
  shared.watchers.add(watchers)
  const listening = listener(db, channel, (scope) => watchers.notified(scope))
  const forgetting = new Forgetting(database, tables, retention)
  const store: Store = { database, tables, watchers, forgetting, listen: listening.start, sessions: new Set() }
  const driver = driverOver({
    store,
    schema,
    durability: durabilityOf(db),
    keys: keys.store,
    migrateKeys: keys.migrate,
    scope: (scope) => new EmbeddedScope({ store, shared, patience }, scope),
    async close() {
      shared.watchers.delete(watchers)
      listening.stop()
      await database.close()
      await keys.close()
    }
  })
  const within = (client: Queryable): StoreDriver => {
    const session = sequential(client)
    const inside = joinedDatabase(session)
    return joined({
      driver,
      store: { ...store, database: inside, tables: tables.within(inside) },
      session,
      channel,
      pending: shared.pending
    })
  }
  return { ...driver, within }
}

/** Notifications of transactions of the app's own, which tell of a commit when it lands. */
const listener = (db: PGliteInterface, channel: string, onNews: (scope: string) => void) => {
  let listening: Promise<() => Promise<void>> | undefined
  return {
    start: () => {
      listening ??= db.listen(quoted(channel), onNews)
      listening.catch(() => (listening = undefined))
    },
    // It waits for its turn, which may be that of whoever closes the store.
    stop: () => void listening?.then((stop) => stop()).catch(() => undefined)
  }
}

const durabilityOf = (db: PGliteInterface): "memory" | "process" => {
  const folder = "dataDir" in db ? db.dataDir : undefined
  return typeof folder === "string" && !folder.startsWith("memory://") ? "process" : "memory"
}
