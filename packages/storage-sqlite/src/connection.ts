import { DatabaseSync, type StatementSync } from "node:sqlite"

import { StoreTooNew, StoreUnavailable } from "@omni/core"

import { isForeign, unavailable } from "./failure.ts"
import type { Layout } from "./layout.ts"
import { whenFree } from "./wait.ts"

/** A connection that never waits for locks inside SQLite. */
export const connect = (path: string, readOnly = false): DatabaseSync => {
  try {
    return new DatabaseSync(path, { readOnly, timeout: 0 })
  } catch (cause) {
    throw unavailable(path, cause)
  }
}

type Columns = ReadonlyArray<unknown>
type Value = string | number | Uint8Array | null

/** A connection with the statements prepared on it so far. */
export class Connection {
  readonly db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(db: DatabaseSync) {
    this.db = db
  }

  /** Rows come as arrays: cheaper than objects. */
  sql(text: string): StatementSync {
    let statement = this.#statements.get(text)
    if (statement === undefined) {
      statement = this.db.prepare(text)
      statement.setReturnArrays(true)
      this.#statements.set(text, statement)
    }
    return statement
  }

  /** The first row, as the tuple that the SQL selects. */
  one<A extends Columns>(text: string, ...values: ReadonlyArray<Value>): A | undefined {
    return first<A>(this.sql(text), ...values)
  }

  all<A extends Columns>(text: string, ...values: ReadonlyArray<Value>): ReadonlyArray<A> {
    const rows: unknown = this.sql(text).all(...values)
    return rows as ReadonlyArray<A>
  }
}

/** What a statement's columns are is known where its SQL stands; SQLite itself does not say. */
export const first = <A extends Columns>(statement: StatementSync, ...values: ReadonlyArray<Value>): A | undefined => {
  const row: unknown = statement.get(...values)
  return row as A | undefined
}

export const pragma = (db: DatabaseSync, name: string): unknown => Object.values(db.prepare(`pragma ${name}`).get() ?? {})[0]

export interface FileMode {
  readonly journal: "wal" | "delete"
  readonly timeout: number
}

/** Makes the file one of this layout: new, or older and brought forward. Whoever else does so at the same moment waits. */
export const bring = async (db: DatabaseSync, path: string, layout: Layout, { journal, timeout }: FileMode): Promise<void> => {
  try {
    await whenFree(path, timeout, () => checkOurs(db, path, layout))
    await whenFree(path, timeout, () => setJournal(db, path, journal))
    await whenFree(path, timeout, () => migrate(db, path, layout))
  } catch (cause) {
    if (cause instanceof StoreTooNew) throw cause
    if (isForeign(cause)) throw notOurs(path, layout, "it is no SQLite database")
    throw unavailable(path, cause)
  }
}

/** Nothing of a file is changed before this says that it is ours, or new. The version it has. */
export const checkOurs = (db: DatabaseSync, path: string, layout: Layout): number => {
  const application = pragma(db, "application_id")
  const found = Number(pragma(db, "user_version"))
  if (application === 0 && found === 0) {
    if (db.prepare("select 1 from sqlite_schema limit 1").get() !== undefined)
      throw notOurs(path, layout, "another application's tables are in it")
    return 0
  }
  if (application !== layout.application) throw notOurs(path, layout, `its application id is ${String(application)}`)
  const supported = layout.migrations.length
  if (found <= supported) return found
  throw new StoreTooNew({
    found,
    supported,
    message: `${path} has layout ${found}; this release knows layouts up to ${supported}. Update @omni/storage-sqlite.`
  })
}

const setJournal = (db: DatabaseSync, path: string, journal: string): void => {
  const got = pragma(db, `journal_mode=${journal}`)
  if (got !== journal && got !== "memory")
    throw new StoreUnavailable({
      message: `${path}: SQLite could not set its journal to "${journal}" here (it is "${String(got)}"). Use a local disk.`,
      cause: got
    })
}

const migrate = (db: DatabaseSync, path: string, layout: Layout): void => {
  if (checkOurs(db, path, layout) === layout.migrations.length) return
  db.exec("begin immediate")
  try {
    for (const step of layout.migrations.slice(checkOurs(db, path, layout))) db.exec(step)
    db.exec(`pragma application_id=${layout.application}; pragma user_version=${layout.migrations.length}; commit`)
  } catch (error) {
    if (db.isTransaction) db.exec("rollback")
    throw error
  }
}

const notOurs = (path: string, layout: Layout, why: string): StoreUnavailable =>
  new StoreUnavailable({ message: `${path} is not ${layout.name}: ${why}. It was left as it is; use another path.`, cause: undefined })
