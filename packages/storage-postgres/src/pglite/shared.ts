import type { PGliteInterface } from "@electric-sql/pglite"
import { StoreUnavailable } from "@omni/core"
import { Lock } from "@omni/core/store"

import { Pending } from "../pending.ts"
import type { Watchers } from "../watchers.ts"

/** What the drivers of one PGlite and one schema have in common. They are all in this process, so it can be kept in memory. */
export class Shared {
  readonly pending = new Pending()
  readonly watchers = new Set<Watchers>()
  readonly #locks = new Map<string, Lock>()

  /** Waits for the commit lock of a scope, for so long (ms), and answers how it is given back. */
  async lock(scope: string, patience: number): Promise<() => void> {
    let lock = this.#locks.get(scope)
    if (lock === undefined) this.#locks.set(scope, (lock = new Lock()))
    if (!(await acquireWithin(lock, patience)))
      throw new StoreUnavailable({ message: `Others held the commit lock for ${patience} ms.`, cause: undefined })
    return () => {
      lock.release()
      if (lock.isFree()) this.#locks.delete(scope)
    }
  }
}

/** `false`: it was not free for this long (ms), and is given on when its turn comes. */
const acquireWithin = (lock: Lock, patience: number): Promise<boolean> =>
  new Promise((resolve) => {
    let late = false
    const timer = setTimeout(() => {
      late = true
      resolve(false)
    }, patience)
    void lock.acquire().then(() => {
      if (late) return lock.release()
      clearTimeout(timer)
      resolve(true)
    })
  })

const all = new WeakMap<PGliteInterface, Map<string, Shared>>()

export const sharedBy = (db: PGliteInterface, schema: string): Shared => {
  let schemas = all.get(db)
  if (schemas === undefined) all.set(db, (schemas = new Map()))
  let shared = schemas.get(schema)
  if (shared === undefined) schemas.set(schema, (shared = new Shared()))
  return shared
}
