import { Closed } from "@omni/core"

import { type Database, PINNED } from "./database.ts"
import { isAnswer, onStandby, unavailable } from "./failure.ts"
import type { PostgresPool } from "./options.ts"
import { type Impatient, pipelined } from "./pipeline.ts"
import { clientOf } from "./pool.ts"
import { type Rows, type Session, sql, type Statement } from "./statement.ts"

/** A session that belongs to its holder until it is given back. */
export interface Held extends Impatient {
  /** `broken`: nobody may use the connection again. */
  release(broken?: boolean): void
}

/** Where sessions come from. */
export interface Source {
  acquire(): Promise<Held>
  close(): Promise<void>
}

/** How long (ms) others may be waited for, and how long the server may say nothing beside that. */
export interface Patience {
  readonly lockTimeout: number
  readonly timeout: number
}

interface PooledOptions extends Patience {
  readonly prepare: boolean
  /** Ends a pool of our own. */
  readonly end: (() => Promise<void>) | undefined
}

/** A pool of node-postgres. Those that wait for a commit lock may hold all its connections meanwhile. */
export const pooled = (pool: PostgresPool, { prepare, end, lockTimeout, timeout }: PooledOptions): Source => ({
  async acquire() {
    const ignore = () => undefined
    const client = await clientOf(pool, lockTimeout + timeout, ignore)
    return {
      ...pipelined(client, prepare, timeout),
      release(broken = false) {
        client.removeListener("error", ignore)
        client.release(broken)
      }
    }
  },
  async close() {
    await end?.()
  }
})

/** How long (ms) the server waits for the next word of a transaction that has the commit lock. */
const IDLE = 15_000

/**
 * Whoever vanishes without a word must not keep the commit lock: the server looks whether he is still there, waits for him so long, and
 * from PostgreSQL 17 on ends a transaction that takes longer than all it may wait for.
 */
const VANISHING = [
  `set_config('idle_in_transaction_session_timeout', '${IDLE}', true)`,
  "set_config('tcp_keepalives_idle', '5', true), set_config('tcp_keepalives_interval', '2', true), set_config('tcp_keepalives_count', '5', true)",
  "case when current_setting('server_version_num')::int >= 170000 then set_config('transaction_timeout', $2, true) end"
].join(", ")

/**
 * A `statement_timeout` that ends the wait for a synchronous standby makes PostgreSQL answer that the commit is done. One that a role or
 * database has for others does not hold here.
 */
const UNHURRIED = "set_config('statement_timeout', '0', true)"

/** How long (ms) a second connection may take to be had. */
const SECOND = 1_000

const COMMIT = sql("commit")
const ROLLBACK = sql("rollback")

/** A database that sessions come from. After a failure the connection is in order again, or gone. */
export class Connections implements Database {
  readonly #source: Source
  readonly #read: ReadonlyArray<Statement>
  readonly #write: ReadonlyArray<Statement>
  /** How long (ms) there may be no answer to what waits for the commit lock. */
  readonly #limit: number
  #closed = false

  constructor(source: Source, { lockTimeout, timeout }: Patience) {
    this.#source = source
    this.#limit = lockTimeout + timeout
    this.#read = [
      sql("begin isolation level repeatable read read only"),
      sql(`select ${PINNED}, set_config('statement_timeout', $1, true), pg_is_in_recovery()::text as standby`, `${timeout}ms`)
    ]
    this.#write = [
      sql("begin isolation level read committed"),
      sql(
        `select ${PINNED}, set_config('lock_timeout', $1, true), ${UNHURRIED}, ${VANISHING}`,
        `${lockTimeout}ms`,
        `${lockTimeout + IDLE}ms`
      )
    ]
  }

  /** One snapshot, one round trip. A standby has seen less than was committed, so its answer is none. */
  read(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    return this.#use(async (session) => {
      const results = await session.run([...this.#read, ...statements, COMMIT])
      if (results[1]![0]!.at(-1) === "true") throw onStandby()
      return results.slice(2, -1)
    })
  }

  /** One transaction, one round trip. Each statement sees what was committed when it began. */
  write(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    return this.#use(async (session) => {
      const results = await session.run([...this.#write, ...statements, COMMIT], this.#limit)
      return results.slice(this.#write.length, -1)
    })
  }

  /** A round trip for each step. */
  transaction<A>(work: (session: Session) => Promise<A>): Promise<A> {
    return this.#use(async (held) => {
      const session: Session = { run: (statements) => held.run(statements, this.#limit) }
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
      const results = await held.run([...this.#write, ...statements], this.#limit)
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

  async #use<A>(work: (held: Held) => Promise<A>): Promise<A> {
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
  /** Something was asked that has no answer yet, or never had one. */
  #asking = false

  constructor(held: Held, results: ReadonlyArray<Rows>) {
    this.#held = held
    this.results = results
  }

  async run(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    this.#asking = true
    try {
      const results = await this.#held.run(statements)
      this.#asking = false
      return results
    } catch (error) {
      this.#asking = !isAnswer(error)
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

  /** Whoever waits for the commit lock does not wait for an answer that may never come. */
  async abandon(): Promise<void> {
    if (this.#asking) this.#held.release(true)
    else await restore(this.#held, undefined)
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
