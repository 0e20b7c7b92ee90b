import { Closed, StoreUnavailable, type StoreDriver } from "@omni/core"

import { readDue } from "./due.ts"
import { examineFile } from "./examine.ts"
import { StoreFile } from "./file.ts"
import { SqliteKeys } from "./keys.ts"
import { limits } from "./limits.ts"
import { settingsOf, type SqliteOptions } from "./options.ts"
import { toPosition } from "./position.ts"
import { HEAD } from "./reading.ts"
import { SqliteScope } from "./scoped.ts"

const HEADS = `select name, head from (select s.name, ${HEAD} as head from scope s) where head > 0 order by name`

/**
 * A store in one SQLite file, which several processes of one machine may use together: each commit is atomic, serializable, and
 * durable when it is answered. The file is made at first use; `":memory:"` keeps everything in this process and forgets it at the
 * end. A file of a newer layout is `StoreTooNew`; one that is not Omni's is `StoreUnavailable`, and left as it is.
 */
export const sqlite = (path: string, options: SqliteOptions = {}): StoreDriver => {
  const settings = settingsOf(path, options)
  const keys = new SqliteKeys(settings)
  let opened: Promise<StoreFile> | undefined
  let closed = false

  const file = async (): Promise<StoreFile> => {
    if (closed) throw new Closed({ message: `${path} was closed.` })
    opened ??= StoreFile.open(settings).catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  return {
    specVersion: 1,
    capabilities: {
      limits,
      findConsistency: "snapshot",
      begin: true,
      watch: true,
      durability: settings.memory ? "memory" : settings.durability === "full" ? "disk" : "process"
    },
    keys,
    async open(scope) {
      if (!scope.isWellFormed())
        throw new StoreUnavailable({ message: `The scope ${JSON.stringify(scope)} is not well-formed text.`, cause: scope })
      const open = await file()
      return new SqliteScope(scope, () => {
        if (closed) throw new Closed({ message: `${path} was closed.` })
        return open
      })
    },
    async due(collection, now, limit) {
      const open = await file()
      return open.readers.use(async (on) => readDue(on, collection, now, Math.min(Math.max(0, limit), 1_000_000)))
    },
    async scopes() {
      const open = await file()
      return open.readers.use(async (on) => on.all<[string, number]>(HEADS).map(([scope, head]) => ({ scope, position: toPosition(head) })))
    },
    async migrate() {
      await file()
    },
    examine: async () => examineFile(settings),
    async close() {
      if (closed) return
      closed = true
      const open = await opened?.catch(() => undefined)
      await open?.close()
      await keys.close()
    }
  }
}
