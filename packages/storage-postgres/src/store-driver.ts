import { StoreUnavailable, type KeyStore, type ScopedStore, type StoreDriver } from "@omni/core"

import { dropMonths } from "./compact.ts"
import { readDue } from "./due.ts"
import { faultBehind, isAway } from "./failure.ts"
import { limits } from "./limits.ts"
import { migrateStore } from "./migrate.ts"
import { toPosition } from "./position.ts"
import { sql } from "./statement.ts"
import type { Store } from "./store.ts"

/** What a driver is made of. */
interface Parts {
  readonly store: Store
  /** The schema's name, without quotes. */
  readonly schema: string
  readonly durability: StoreDriver["capabilities"]["durability"]
  readonly keys: KeyStore
  migrateKeys(): Promise<void>
  scope(name: string): ScopedStore
  /** What there is to close beside the store. */
  close(): Promise<void>
}

/** The driver of a store, whatever its database is reached by. */
export const driverOver = ({ store, schema, durability, keys, migrateKeys, scope: scopeOf, close }: Parts): StoreDriver => {
  const { database, tables } = store
  return {
    specVersion: 1,
    capabilities: { limits, findConsistency: "snapshot", begin: true, watch: true, durability },
    keys,
    async open(scope) {
      if (!scope.isWellFormed() || scope.includes("\0"))
        throw new StoreUnavailable({
          message: `The scope ${JSON.stringify(scope)} is not well-formed text without U+0000.`,
          cause: undefined
        })
      return scopeOf(scope)
    },
    due: (collection, now, limit) => readDue(store, collection, now, limit),
    async scopes() {
      const [rows] = await database.read([sql(`select name, head::text from ${tables.schema}.scope where head > 0 order by name`)])
      return rows!.map(([name, head]) => ({ scope: name!, position: toPosition(head!) }))
    },
    async migrate(collections = []) {
      try {
        await migrateStore(database, tables, schema, collections, Date.now())
        await migrateKeys()
      } catch (error) {
        // The engine asks again for a while when a store is away; what this driver itself says is final.
        const fault = faultBehind(error)
        throw fault !== undefined && isAway(fault) ? fault : error
      }
    },
    compact: () => dropMonths(store, schema),
    async close() {
      await Promise.all([...store.sessions].map((session) => session.release()))
      store.watchers.close()
      store.forgetting.close()
      await close()
    }
  }
}
