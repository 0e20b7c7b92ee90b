import type { DatabaseSync, StatementSync } from "node:sqlite"

import { connect } from "./connection.ts"
import { whenFree } from "./wait.ts"

/** How long (ms) a process may take the commit lock again and again before it must pass the turnstile. */
const TURN = 5

/**
 * The commit lock of a file, shared fairly by processes. SQLite's own lock goes to whoever happens to try first, which starves the
 * others. So whoever wants it passes a turnstile: a second lock, on an empty file, held while waiting for the first. Only one process
 * waits for the commit lock itself, and the one that just had it can not come back before that one has had it too.
 */
export class Turns {
  readonly #path: string
  readonly #timeout: number
  readonly #turnstile: DatabaseSync | undefined
  readonly #enter: StatementSync | undefined
  readonly #leave: StatementSync | undefined
  readonly #lock: StatementSync
  #since = -Infinity

  constructor(
    writer: DatabaseSync,
    { path, memory, lockTimeout }: { readonly path: string; readonly memory: boolean; readonly lockTimeout: number }
  ) {
    this.#path = path
    this.#timeout = lockTimeout
    this.#turnstile = memory ? undefined : connect(`${path}-turn`)
    this.#enter = this.#turnstile?.prepare("begin immediate")
    this.#leave = this.#turnstile?.prepare("rollback")
    this.#lock = writer.prepare("begin immediate")
  }

  /** Resolves when the writer is in a transaction that holds the commit lock. */
  async take(): Promise<void> {
    if (performance.now() - this.#since < TURN && this.#locked()) return
    await whenFree(this.#path, this.#timeout, () => this.#enter?.run())
    try {
      await whenFree(this.#path, this.#timeout, () => this.#lock.run())
    } finally {
      this.#leave?.run()
    }
    this.#since = performance.now()
  }

  close(): void {
    this.#turnstile?.close()
  }

  #locked(): boolean {
    try {
      this.#lock.run()
      return true
    } catch {
      return false
    }
  }
}
