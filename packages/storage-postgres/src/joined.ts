import {
  StoreUnavailable,
  type Commit,
  type CommitResult,
  type IndexQuery,
  type Key,
  type ScopedStore,
  type Snapshot,
  type StoreDriver
} from "@omni/core"

import { faultOf } from "./failure.ts"
import { checkedLandingOf, lockOf } from "./landing.ts"
import { Lock } from "./lock.ts"
import { readEvents, trim } from "./log.ts"
import { cursorOf, toPosition } from "./position.ts"
import { answered, snapshotOf, staleOf } from "./reading.ts"
import { type Queryable, sequential } from "./sequential.ts"
import { type Rows, type Session, sql, type Statement } from "./statement.ts"
import type { Store } from "./store.ts"
import { refusalOf } from "./valid.ts"

/** The driver inside of a transaction of the app's own. What is read and written there goes through the app's client. */
export const joined = (driver: StoreDriver, store: Store, client: Queryable, channel: string | undefined): StoreDriver => {
  const session = sequential(client)
  const lock = new Lock()
  return {
    ...driver,
    capabilities: { ...driver.capabilities, begin: false, watch: false },
    open: async (scope) => new JoinedScope(store, scope, session, lock, channel),
    close: async () => undefined
  }
}

/**
 * One scope in the app's transaction. Whatever is read takes the commit lock first, and the app's transaction holds it to its end: so
 * nothing that was read can change, and a commit only has to write.
 */
class JoinedScope implements ScopedStore {
  readonly #store: Store
  readonly #scope: string
  readonly #session: Session
  /** The client runs one statement at a time. */
  readonly #lock: Lock
  readonly #channel: string | undefined

  constructor(store: Store, scope: string, session: Session, lock: Lock, channel: string | undefined) {
    this.#store = store
    this.#scope = scope
    this.#session = session
    this.#lock = lock
    this.#channel = channel
  }

  async read(keys: ReadonlyArray<Key>, queries: ReadonlyArray<IndexQuery> = []): Promise<Snapshot> {
    return this.#alone(() => this.#read(keys, queries))
  }

  async commit(commit: Commit): Promise<CommitResult> {
    return this.#alone(async () => {
      const { rows, position } = await this.#read(
        commit.checks.map(({ key }) => key),
        []
      )
      const stale = staleOf(commit.checks, rows)
      if (stale.length > 0) return { _tag: "Conflict", stale }
      const reason = refusalOf(commit)
      if (reason !== undefined) return { _tag: "NotWritten", reason }
      if (commit.writes.length + commit.events.length === 0) return { _tag: "Committed", position }
      const { tables } = this.#store
      await tables.ensure(commit.writes.map(({ key }) => key.collection))
      const [taken] = await this.#session.run([
        ...checkedLandingOf({ tables, scope: this.#scope, commit }),
        ...(this.#channel === undefined ? [] : [sql("select pg_notify($1, $2)::text", this.#channel, this.#scope)])
      ])
      return { _tag: "Committed", position: toPosition(taken![0]![0]!) }
    })
  }

  /** The log is read as others see it: without what the app has not committed. */
  async events(...[after, limit, types]: Parameters<ScopedStore["events"]>) {
    return readEvents(this.#store, this.#scope, after, limit, types)
  }

  async trim(upto: Parameters<ScopedStore["trim"]>[0]): Promise<void> {
    await trim(this.#store, this.#scope, cursorOf(upto))
  }

  #read(keys: ReadonlyArray<Key>, queries: ReadonlyArray<IndexQuery>): Promise<Snapshot> {
    const { tables } = this.#store
    const before = [lockOf(tables.schema, this.#scope), sql("select pg_current_xact_id_if_assigned()::text as xid")]
    return answered(
      tables,
      () => snapshotOf(tables, this.#scope, keys, queries),
      (statements) => this.#under(before, statements)
    )
  }

  /** Taking the lock has written something, so a transaction has its number by now, unless there is none. */
  async #under(before: ReadonlyArray<Statement>, statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    const [, xid] = await this.#session.run(before)
    if (xid?.[0]?.[0] === null)
      throw new StoreUnavailable({
        message: "The client given to `within` is in no transaction. Begin one first.",
        cause: undefined,
        final: true
      })
    return this.#session.run(statements)
  }

  async #alone<A>(work: () => Promise<A>): Promise<A> {
    await this.#lock.acquire()
    try {
      return await work()
    } catch (error) {
      throw spoilt(error)
    } finally {
      this.#lock.release()
    }
  }
}

/** PostgreSQL takes no more statements of a transaction in which one has failed. */
const spoilt = (error: unknown): StoreUnavailable => {
  if (error instanceof StoreUnavailable && error.final === true) return error
  const fault = error instanceof StoreUnavailable ? error.cause : faultOf(error)
  return new StoreUnavailable({
    message: `The transaction given to \`within\` has failed: ${fault instanceof Error ? fault.message : String(fault)}. Roll it back; it may be run again.`,
    cause: fault,
    final: true
  })
}
