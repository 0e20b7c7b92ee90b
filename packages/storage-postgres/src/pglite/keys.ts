import type { PGliteInterface } from "@electric-sql/pglite"
import { type KeyStore, StoreUnavailable } from "@omni/core"

import { PostgresKeys } from "../keys.ts"
import { EmbeddedDatabase } from "./database.ts"

/** The keys of personal data, and what their place needs. */
export interface Keys {
  readonly store: KeyStore
  migrate(): Promise<void>
  close(): Promise<void>
}

/** In a PGlite of their own, which has files of its own. */
export const keysIn = (db: PGliteInterface, schema: string, patience: number): Keys => {
  const database = new EmbeddedDatabase(db, patience)
  const store = new PostgresKeys(database, schema)
  return { store, migrate: () => store.migrate(), close: () => database.close() }
}

const refuse = async (): Promise<never> => {
  throw new StoreUnavailable({
    message:
      "This store has no place for the keys of personal data, which must not lie among the rows. Give `pglite` a second PGlite as `keys`, or `createOmni` a key store.",
    cause: undefined,
    final: true
  })
}

/** A schema beside the rows would be in the same files, and in every copy of them: without another place there is none. */
export const noKeys: Keys = {
  store: { specVersion: 1, get: refuse, create: refuse, destroy: refuse },
  migrate: async () => undefined,
  close: async () => undefined
}
