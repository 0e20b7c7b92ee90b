import { PGlite } from "@electric-sql/pglite"
import { pglite, type PGliteOptions } from "@omni/storage-postgres/pglite"

let made = 0

/** The PGlites that the tests of one file share, one for rows and one for keys: each takes seconds to start. */
let shared: { readonly rows: PGlite; readonly keys: PGlite } | undefined

export const sharedPGlite = async (): Promise<{ readonly rows: PGlite; readonly keys: PGlite }> => {
  shared ??= { rows: new PGlite(), keys: new PGlite() }
  await Promise.all([shared.rows.waitReady, shared.keys.waitReady])
  return shared
}

/** For `afterAll`. */
export const closeShared = async (): Promise<void> => {
  await Promise.all([shared?.rows.close(), shared?.keys.close()])
  shared = undefined
}

/** A schema of the shared PGlite that nobody has used, with its keys beside it. */
export const embeddedSchema = async () => {
  const { rows, keys } = await sharedPGlite()
  const schema = `test_${made++}`
  return {
    db: rows,
    schema,
    open: (options: PGliteOptions = {}) => pglite(rows, { schema, keys, ...options }),
    dispose: async () => {
      await rows.exec(`drop schema if exists ${schema} cascade`)
      await keys.exec(`drop schema if exists ${schema}_keys cascade`)
    }
  }
}
