import { setImmediate } from "node:timers/promises"

import { StoreUnavailable, type KeyStore } from "@omni/core"
import { Lock } from "@omni/core/store"

import { bring, connect, Connection } from "./connection.ts"
import { unavailable } from "./failure.ts"
import { keys as layout } from "./layout.ts"
import type { Settings } from "./options.ts"
import { whenFree } from "./wait.ts"

type Held = Uint8Array | "destroyed"

interface Creation {
  readonly scope: string
  readonly subject: string
  readonly key: Uint8Array
  readonly resolve: (held: Held) => void
  readonly reject: (error: unknown) => void
}

/** The keys of persons, in a file of their own: whoever has the rows, or a copy of them, does not have the keys. */
export class SqliteKeys implements KeyStore {
  readonly specVersion = 1
  readonly #settings: Settings
  readonly #lock = new Lock()
  #opened: Promise<Connection> | undefined
  #creations: Array<Creation> = []
  #closed = false

  constructor(settings: Settings) {
    this.#settings = settings
  }

  async get(scope: string, subjects: ReadonlyArray<string>): Promise<ReadonlyArray<Held | undefined>> {
    const on = await this.#open()
    return this.#whenFree(() => snapshot(on, () => subjects.map((subject) => held(on, scope, subject))))
  }

  /** Keys asked for in one turn of the event loop are made in one transaction. */
  async create(scope: string, subject: string, key: Uint8Array): Promise<Held> {
    await this.#open()
    return new Promise((resolve, reject) => {
      this.#creations.push({ scope, subject, key, resolve, reject })
      if (this.#creations.length === 1) void this.#createAll()
    })
  }

  async destroy(scope: string, subject: string): Promise<void> {
    const on = await this.#open()
    await this.#write(on, () => erase(on, scope, subject))
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#lock.acquire()
    const on = await this.#opened?.catch(() => undefined)
    on?.db.close()
  }

  async #open(): Promise<Connection> {
    if (this.#closed) throw new StoreUnavailable({ message: `${this.#settings.keys} was closed.`, cause: undefined })
    this.#opened ??= openKeys(this.#settings).catch((error: unknown) => {
      this.#opened = undefined
      throw error
    })
    return this.#opened
  }

  async #createAll(): Promise<void> {
    await setImmediate()
    const creations = this.#creations
    this.#creations = []
    try {
      const on = await this.#open()
      const all = await this.#write(on, () =>
        creations.map(({ scope, subject, key }) => held(on, scope, subject) ?? insert(on, scope, subject, key))
      )
      creations.forEach(({ resolve }, i) => resolve(all[i]!))
    } catch (error) {
      for (const { reject } of creations) reject(error)
    }
  }

  async #write<A>(on: Connection, work: () => A): Promise<A> {
    await this.#lock.acquire()
    try {
      return await this.#whenFree(() => transaction(on, work))
    } finally {
      this.#lock.release()
    }
  }

  async #whenFree<A>(attempt: () => A): Promise<A> {
    try {
      return await whenFree(this.#settings.keys, this.#settings.lockTimeout, attempt)
    } catch (error) {
      throw unavailable(this.#settings.keys, error)
    }
  }
}

/** What is overwritten is gone: with zeros in the file itself, and with the journal when it is deleted. */
const openKeys = async ({ keys: path, lockTimeout }: Settings): Promise<Connection> => {
  const db = connect(path)
  try {
    await bring(db, path, layout, { journal: "delete", timeout: lockTimeout })
    db.exec("pragma secure_delete=on; pragma synchronous=full; pragma temp_store=memory")
    return new Connection(db)
  } catch (error) {
    db.close()
    throw error
  }
}

const snapshot = <A>(on: Connection, work: () => A): A => transaction(on, work, "begin")

const transaction = <A>(on: Connection, work: () => A, begin = "begin immediate"): A => {
  on.sql(begin).run()
  try {
    const result = work()
    on.sql("commit").run()
    return result
  } catch (error) {
    if (on.db.isTransaction) on.sql("rollback").run()
    throw error
  }
}

const held = (on: Connection, scope: string, subject: string): Held | undefined => {
  const sql = "select s.key, k.bytes from subject s left join key k on k.n = s.key where s.scope = ? and s.subject = ?"
  const found = on.one<[key: number | null, bytes: Uint8Array | null]>(sql, wellFormed(scope), wellFormed(subject))
  return found && (found[1] ?? "destroyed")
}

const insert = (on: Connection, scope: string, subject: string, key: Uint8Array): Held => {
  const [n] = on.one<[number]>("insert into key (bytes) values (?) returning n", key) ?? [0]
  on.sql("insert into subject (scope, subject, key) values (?, ?, ?)").run(scope, subject, n)
  return key.slice()
}

const erase = (on: Connection, scope: string, subject: string): void => {
  wellFormed(subject)
  on.sql("update key set bytes = zeroblob(length(bytes)) where n = (select key from subject where scope = ? and subject = ?)").run(
    scope,
    subject
  )
  on.sql("insert into subject (scope, subject, key) values (?, ?, null) on conflict do update set key = null").run(scope, subject)
}

/** SQLite would keep a lone surrogate as U+FFFD: two subjects would have one key. */
const wellFormed = (text: string): string => {
  if (text.isWellFormed()) return text
  throw new StoreUnavailable({ message: `${JSON.stringify(text)} is not well-formed text.`, cause: text })
}
