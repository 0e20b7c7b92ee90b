import type { Commit, CommitResult, Key, LockedStore, Row } from "@omni/core"

import { LEASE, over } from "../locked.ts"
import type { Store } from "../store.ts"
import type { Embedded, EmbeddedScope } from "./scope.ts"

/** Read and commit while nobody else in this process commits in the scope. */
export class EmbeddedSession implements LockedStore {
  readonly #store: Store
  readonly #scope: EmbeddedScope
  readonly #unlock: () => void
  readonly #lease: NodeJS.Timeout
  #state: "open" | "expired" | "ended" = "open"
  rows: ReadonlyArray<Row | undefined> = []

  static async open(
    { store, shared, patience }: Embedded,
    name: string,
    scope: EmbeddedScope,
    keys: ReadonlyArray<Key>
  ): Promise<EmbeddedSession> {
    const session = new EmbeddedSession(store, scope, await shared.lock(name, patience))
    try {
      session.rows = await session.read(keys)
      return session
    } catch (error) {
      await session.release()
      throw error
    }
  }

  private constructor(store: Store, scope: EmbeddedScope, unlock: () => void) {
    this.#store = store
    this.#scope = scope
    this.#unlock = unlock
    this.#lease = setTimeout(() => this.#end("expired"), LEASE).unref()
    store.sessions.add(this)
  }

  async read(keys: ReadonlyArray<Key>): Promise<ReadonlyArray<Row | undefined>> {
    if (this.#state !== "open") throw over(this.#state)
    return (await this.#scope.read(keys)).rows
  }

  /** After its lease a session has lost the lock, and its commit waits as any other. */
  async commit(commit: Commit): Promise<CommitResult> {
    if (this.#state === "ended") throw over(this.#state)
    if (this.#state === "expired") {
      this.#state = "ended"
      return this.#scope.commit(commit)
    }
    clearTimeout(this.#lease)
    this.#state = "ended"
    this.#store.sessions.delete(this)
    try {
      return await this.#scope.commitHeld(commit)
    } finally {
      this.#unlock()
    }
  }

  async release(): Promise<void> {
    this.#end("ended")
  }

  #end(state: "expired" | "ended"): void {
    if (this.#state !== "open") return
    clearTimeout(this.#lease)
    this.#state = state
    this.#store.sessions.delete(this)
    this.#unlock()
  }
}
