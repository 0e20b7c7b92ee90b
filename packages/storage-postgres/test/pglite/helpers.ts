import { PGlite } from "@electric-sql/pglite"
import { pglite, type PGliteOptions } from "@omni/storage-postgres/pglite"

let made = 0

/** The PGlites that the tests of one file share: each takes seconds to start. */
const shared: { rows?: PGlite; keys?: PGlite } = {}

/** For `beforeAll`, which may take longer than a test. */
export const START_MILLIS = 60_000
export const startShared = async (): Promise<void> => void (await embeddedSchema())
export const startSharedWithKeys = async (): Promise<void> => void (await embeddedSchema({ keys: true }))

/** For `afterAll`. */
export const closeShared = async (): Promise<void> => {
  await Promise.all([shared.rows?.close(), shared.keys?.close()])
}

/** A schema of the shared PGlite that nobody has used; with `keys`, there is another PGlite for those. */
export const embeddedSchema = async ({ keys: withKeys = false } = {}) => {
  const rows = (shared.rows ??= new PGlite())
  const keys = withKeys ? (shared.keys ??= new PGlite()) : undefined
  await Promise.all([rows.waitReady, keys?.waitReady])
  const schema = `test_${made++}`
  return {
    db: rows,
    schema,
    open: (options: PGliteOptions = {}) => pglite(rows, { schema, ...(keys === undefined ? {} : { keys }), ...options }),
    dispose: async () => {
      await rows.exec(`drop schema if exists ${schema} cascade`)
      await keys?.exec(`drop schema if exists ${schema}_keys cascade`)
    }
  }
}
