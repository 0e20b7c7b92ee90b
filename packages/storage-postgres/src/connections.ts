import { Closed } from "@omni/core"

import { type Database, PINNED } from "./database.ts"
import { isAnswer, unavailable } from "./failure.ts"
import type { PostgresPool } from "./options.ts"
import { pipelined } from "./pipeline.ts"
import { clientOf } from "./pool.ts"
import { type Rows, type Session, sql, type Statement } from "./statement.ts"

/** A session that belongs to its holder until it is given back. */
export interface Held extends Session {
  /** `broken`: nobody may use the connection again. */
  release(broken?: boolean): void
}

/** Where sessions come from. */
export interface Source {
  acquire(): Promise<Held>
  close(): Promise<void>
}

/** A pool of node-postgres; one of our own is ended by `close`. */
export const pooled = (pool: PostgresPool, { prepare, own }: { readonly prepare: boolean; readonly own: boolean }): Source => ({
  async acquire() {
    const ignore = () => undefined
    const client = await clientOf(pool, ignore)
    return {
      ...pipelined(client, prepare),
      release(broken = false) {
        client.removeListener("error", ignore)
        client.release(broken)
      }
    }
  },
  async close() {
    if (own && "end" in pool && typeof pool.end === "function") await pool.end()
  }
})

/** How long (ms) a second connection may take to be had. */
const SECOND = 1_000

const READ = [sql("begin isolation level repeatable read read only"), sql(`select ${PINNED}`)]
const COMMIT = sql("commit")
const ROLLBACK = sql("rollback")

/** A database that sessions come from. After a failure the connection is in order again, or gone. */
export class Connections implements Database {
  readonly #source: Source
  readonly #write: ReadonlyArray<Statement>
  #closed = false

  constructor(source: Source, lockTimeout: number) {
    this.#source = source
    this.#write = [
      sql("begin isolation level read committed"),
      sql(
        `select ${PINNED}, set_config('lock_timeout', $1, true), set_config('idle_in_transaction_session_timeout', '60000', true)`,
        `${lockTimeout}ms`
      )
    ]
  }

  /** One snapshot, one round trip. */
  read(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    return this.#around(READ, statements, [COMMIT])
  }

  /** One transaction, one round trip. Each statement sees what was committed when it began. */
  write(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    return this.#around(this.#write, statements, [COMMIT])
  }

  /** A round trip for each step. */
  transaction<A>(work: (session: Session) => Promise<A>): Promise<A> {
    return this.#use(async (session) => {
      await session.run(this.#write)
      const result = await work(session)
      await session.run([COMMIT])
      return result
    })
  }

  /** Begins a transaction with these statements and leaves it open, for its holder to `finish` or `abandon`. */
  async begin(statements: ReadonlyArray<Statement>): Promise<Open> {
    const held = await this.#acquire()
    try {
      const results = await held.run([...this.#write, ...statements])
      return new Open(held, results.slice(this.#write.length))
    } catch (error) {
      await restore(held, error)
      throw unavailable(error)
    }
  }

  /** Whether two connections of ours share one of the server's, as they do behind a pooler in transaction mode. */
  async isPooled(): Promise<boolean> {
    const one = await this.#acquire()
    const second = this.#acquire()
    const other = await Promise.race([second.catch(() => undefined), new Promise<undefined>((resolve) => setTimeout(resolve, SECOND))])
    let broken = true
    try {
      const pid = async (held: Held) => (await held.run([sql("select pg_backend_pid()::text")]))[0]![0]![0]
      // A pool of a single connection, or one that is busy, can not tell.
      const pooled = other !== undefined && (await pid(one)) === (await pid(other))
      broken = false
      return pooled
    } catch (error) {
      throw unavailable(error)
    } finally {
      one.release(broken)
      void second.then((held) => held.release(broken)).catch(() => undefined)
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#source.close()
  }

  #around(before: ReadonlyArray<Statement>, statements: ReadonlyArray<Statement>, after: ReadonlyArray<Statement>) {
    return this.#use(async (session) => {
      const results = await session.run([...before, ...statements, ...after])
      return results.slice(before.length, before.length + statements.length)
    })
  }

  async #use<A>(work: (session: Session) => Promise<A>): Promise<A> {
    const held = await this.#acquire()
    try {
      const result = await work(held)
      held.release()
      return result
    } catch (error) {
      await restore(held, error)
      throw unavailable(error)
    }
  }

  async #acquire(): Promise<Held> {
    if (this.#closed) throw new Closed({ message: "The store was closed." })
    try {
      return await this.#source.acquire()
    } catch (error) {
      throw unavailable(error)
    }
  }
}

/** A transaction that is under way, with what its first statements answered. */
export class Open {
  readonly #held: Held
  readonly results: ReadonlyArray<Rows>

  constructor(held: Held, results: ReadonlyArray<Rows>) {
    this.#held = held
    this.results = results
  }

  async run(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    try {
      return await this.#held.run(statements)
    } catch (error) {
      throw unavailable(error)
    }
  }

  /** Runs these and commits, in one round trip; the connection is given back whatever comes of it. */
  async finish(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    try {
      const results = await this.#held.run([...statements, COMMIT])
      this.#held.release()
      return results.slice(0, statements.length)
    } catch (error) {
      await restore(this.#held, error)
      throw unavailable(error)
    }
  }

  async abandon(): Promise<void> {
    await restore(this.#held, undefined)
  }
}

/** Ends a transaction that did not, if the connection is still there, and gives it back. */
const restore = async (held: Held, error: unknown): Promise<void> => {
  if (error !== undefined && !isAnswer(error)) return held.release(true)
  await held.run([ROLLBACK]).then(
    () => held.release(),
    () => held.release(true)
  )
}
