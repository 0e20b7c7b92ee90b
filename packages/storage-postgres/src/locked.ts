import { StoreUnavailable, type Commit, type CommitResult, type Key, type LockedStore, type Position, type Row } from "@omni/core"

import { answerOf, land } from "./commit.ts"
import type { Connections, Open } from "./connections.ts"
import { lockOf } from "./landing.ts"
import { answered, rowsOf } from "./reading.ts"
import type { Statement } from "./statement.ts"
import type { Store } from "./store.ts"

/** How long (ms) a session may hold the commit lock: whoever forgets one must not stop everybody else. */
export const LEASE = 10_000

/** Read and commit under the commit lock of a scope: a transaction that stays open between its round trips. */
export class LockedScope implements LockedStore {
  readonly #store: Store
  readonly #scope: string
  readonly #open: Open
  readonly #lease: NodeJS.Timeout
  #state: "open" | "expired" | "ended" = "open"
  readonly #seen = new Map<string, Position | undefined>()
  rows: ReadonlyArray<Row | undefined> = []

  /** Takes the lock and reads in one round trip. */
  static async open(store: Store, database: Connections, scope: string, keys: ReadonlyArray<Key>): Promise<LockedScope> {
    const { tables } = store
    await tables.prepare(keys.map(({ collection }) => collection))
    let session: LockedScope | undefined
    try {
      const rows = await answered(
        tables,
        () => rowsOf(tables, scope, keys),
        async (statements) => {
          if (session !== undefined) return session.#open.run(statements)
          const open = await database.begin([lockOf(tables.schema, scope), ...statements])
          session = new LockedScope(store, scope, open)
          return open.results.slice(1)
        }
      )
      session!.rows = rows
      session!.#note(keys, rows)
      return session!
    } catch (error) {
      await session?.release()
      throw error
    }
  }

  private constructor(store: Store, scope: string, open: Open) {
    this.#store = store
    this.#scope = scope
    this.#open = open
    this.#lease = setTimeout(() => void this.#end("expired"), LEASE).unref()
    store.sessions.add(this)
  }

  async read(keys: ReadonlyArray<Key>): Promise<ReadonlyArray<Row | undefined>> {
    if (this.#state !== "open") throw over(this.#state)
    const { tables } = this.#store
    const rows = await answered(
      tables,
      () => rowsOf(tables, this.#scope, keys),
      (statements) => this.#open.run(statements)
    )
    this.#note(keys, rows)
    return rows
  }

  #note(keys: ReadonlyArray<Key>, rows: ReadonlyArray<Row | undefined>): void {
    keys.forEach((key, i) => this.#seen.set(`${key.collection}\0${key.id}`, rows[i]?.version))
  }

  /** What was read under the lock is still so. */
  #unseen({ checks }: Commit): Commit["checks"] {
    return checks.filter(({ key, version }) => {
      const place = `${key.collection}\0${key.id}`
      return !this.#seen.has(place) || this.#seen.get(place) !== version
    })
  }

  /** After its lease a session has lost the lock, and its commit is checked as any other. */
  async commit(commit: Commit): Promise<CommitResult> {
    if (this.#state === "ended") throw over(this.#state)
    const held = this.#state === "open"
    clearTimeout(this.#lease)
    this.#state = "ended"
    this.#store.sessions.delete(this)
    return held ? this.#commitHeld(commit) : this.#commitFree(commit)
  }

  /** On the session's own connection: those who wait for the lock may hold all others. Whatever fails first, it is given back. */
  async #commitHeld(commit: Commit): Promise<CommitResult> {
    const run = (statements: ReadonlyArray<Statement>) => this.#open.run(statements)
    const answer = await answerOf(this.#store, this.#scope, commit, run).catch(async (error: unknown) => {
      await this.#open.abandon()
      throw error
    })
    if (answer !== undefined) {
      await this.#open.abandon()
      return answer
    }
    if (!(await this.#hasTables(commit))) {
      await this.#open.abandon()
      return this.#commitFree(commit)
    }
    let given = false
    const finish = (statements: ReadonlyArray<Statement>) => {
      given = true
      return this.#open.finish(statements)
    }
    try {
      return await land(this.#store, this.#scope, commit, finish, this.#unseen(commit))
    } finally {
      if (!given) await this.#open.abandon()
    }
  }

  /** To make a table takes another connection, which those who wait for the lock may hold: what can not be made now is made without the lock. */
  #hasTables({ writes }: Commit): Promise<boolean> {
    return this.#store.tables.ensure(writes.map(({ key }) => key.collection)).then(
      () => true,
      () => false
    )
  }

  async #commitFree(commit: Commit): Promise<CommitResult> {
    const { database } = this.#store
    const answer = await answerOf(this.#store, this.#scope, commit, (statements) => database.read(statements))
    return answer ?? land(this.#store, this.#scope, commit, (statements) => database.write(statements))
  }

  async release(): Promise<void> {
    await this.#end("ended")
  }

  async #end(state: "expired" | "ended"): Promise<void> {
    if (this.#state !== "open") return
    clearTimeout(this.#lease)
    this.#state = state
    this.#store.sessions.delete(this)
    await this.#open.abandon()
  }
}

export const over = (state: "expired" | "ended"): StoreUnavailable =>
  new StoreUnavailable({
    message:
      state === "ended"
        ? "This session has ended: it held the commit lock until its commit or release."
        : `This session lost the commit lock: it held it for more than ${LEASE} ms.`,
    cause: state
  })
