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
import { Lock } from "@omni/core/store"

import { faultOf } from "./failure.ts"
import { checkedLandingOf, lockOf } from "./landing.ts"
import { refusalOf } from "./limits.ts"
import { readEvents, trim } from "./log.ts"
import type { Pending } from "./pending.ts"
import { cursorOf, toPosition } from "./position.ts"
import { answered, snapshotOf, staleOf } from "./reading.ts"
import { type Rows, type Session, sql, type Statement } from "./statement.ts"
import type { Store } from "./store.ts"

/** What is needed to join a transaction. */
interface Joining {
  readonly driver: StoreDriver
  readonly store: Store
  /** The app's client: it runs one statement at a time. */
  readonly session: Session
  /** Where commits are told of when the app's transaction lands. */
  readonly channel: string | undefined
  /** Where the database has one session, and the log is therefore read in the app's transaction: what is not yet committed there. */
  readonly pending?: Pending
}

/** The driver inside of a transaction of the app's own. What is read and written there goes through the app's client. */
export const joined = (joining: Joining): StoreDriver => {
  const lock = new Lock()
  return {
    ...joining.driver,
    capabilities: { ...joining.driver.capabilities, begin: false, watch: false },
    open: async (scope) => new JoinedScope(joining, scope, lock),
    close: async () => undefined
  }
}

/**
 * One scope in the app's transaction. Whatever is read takes the commit lock first, and the app's transaction holds it to its end: so
 * nothing that was read can change, and a commit only has to write.
 */
class JoinedScope implements ScopedStore {
  readonly #joining: Joining
  readonly #scope: string
  readonly #lock: Lock

  constructor(joining: Joining, scope: string, lock: Lock) {
    this.#joining = joining
    this.#scope = scope
    this.#lock = lock
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
      const { channel, session, store } = this.#joining
      const { tables } = store
      await tables.ensure(commit.writes.map(({ key }) => key.collection))
      const [taken] = await session.run([
        ...checkedLandingOf({ tables, scope: this.#scope, commit }),
        ...(channel === undefined ? [] : [sql("select pg_notify($1, $2)::text", channel, this.#scope)])
      ])
      return { _tag: "Committed", position: toPosition(taken![0]![0]!) }
    })
  }

  /** The log is read as others see it: without what the app has not committed. */
  async events(...[after, limit, types]: Parameters<ScopedStore["events"]>) {
    const { pending, store } = this.#joining
    if (pending === undefined) return readEvents(store, this.#scope, after, limit, types)
    return this.#alone(async () => {
      await this.#under([])
      return pending.without(this.#scope, await readEvents(store, this.#scope, after, limit, types))
    })
  }

  async trim(upto: Parameters<ScopedStore["trim"]>[0]): Promise<void> {
    const { pending, store } = this.#joining
    const work = () => trim(store, this.#scope, cursorOf(upto))
    await (pending === undefined ? work() : this.#alone(work))
  }

  #read(keys: ReadonlyArray<Key>, queries: ReadonlyArray<IndexQuery>): Promise<Snapshot> {
    const { tables } = this.#joining.store
    return answered(
      tables,
      () => snapshotOf(tables, this.#scope, keys, queries),
      (statements) => this.#under(statements)
    )
  }

  /** Taking the lock has written something, so a transaction has its number by now, unless there is none. */
  async #under(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>> {
    const { pending, session, store } = this.#joining
    const [head, number] = await session.run([
      lockOf(store.tables.schema, this.#scope),
      sql("select pg_current_xact_id_if_assigned()::text as number")
    ])
    const transaction = number![0]![0]
    if (transaction === null || transaction === undefined)
      throw new StoreUnavailable({
        message: "The client given to `within` is in no transaction. Begin one first.",
        cause: undefined,
        final: true
      })
    pending?.begins(transaction, this.#scope, Number(head![0]![0]))
    return session.run(statements)
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
