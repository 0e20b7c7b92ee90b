import { StoreUnavailable, type Commit, type CommitResult, type Key, type LockedStore, type Row } from "@omni/core"

import { unavailable } from "./failure.ts"
import type { StoreFile } from "./file.ts"
import { readRows } from "./reading.ts"

/** How long (ms) a session may hold the commit lock: whoever forgets one must not stop everybody else. */
const LEASE = 10_000

/** Read and commit under the commit lock of the file. */
export class Session implements LockedStore {
  readonly #file: StoreFile
  readonly #scope: string
  readonly #lease: NodeJS.Timeout
  #state: "open" | "expired" | "ended" = "open"
  rows: ReadonlyArray<Row | undefined> = []

  static async open(file: StoreFile, scope: string, keys: ReadonlyArray<Key>): Promise<Session> {
    await file.lock.acquire()
    try {
      await file.turns.take()
    } catch (error) {
      file.lock.release()
      throw unavailable(file.settings.path, error)
    }
    const session = new Session(file, scope)
    try {
      session.rows = await readRows(file.locked(scope), keys)
      return session
    } catch (error) {
      session.#end("ended")
      throw unavailable(file.settings.path, error)
    }
  }

  private constructor(file: StoreFile, scope: string) {
    this.#file = file
    this.#scope = scope
    this.#lease = setTimeout(() => this.#end("expired"), LEASE).unref()
    file.sessions.add(this)
  }

  async read(keys: ReadonlyArray<Key>): Promise<ReadonlyArray<Row | undefined>> {
    if (this.#state !== "open") throw over(this.#state)
    return readRows(this.#file.locked(this.#scope), keys)
  }

  /** After its lease a session has lost the lock, and its commit is checked as any other. */
  async commit(commit: Commit): Promise<CommitResult> {
    if (this.#state === "ended") throw over(this.#state)
    const file = this.#file
    if (this.#state === "expired") {
      this.#state = "ended"
      return (await file.answerOf(this.#scope, commit)) ?? file.writing(() => file.commit(this.#scope, commit))
    }
    clearTimeout(this.#lease)
    this.#state = "ended"
    try {
      return (await file.answerOf(this.#scope, commit)) ?? (await file.unseen(() => file.commit(this.#scope, commit)))
    } catch (error) {
      throw unavailable(file.settings.path, error)
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
    this.#unlock()
  }

  #unlock(): void {
    this.#file.sessions.delete(this)
    this.#file.rollback()
    this.#file.lock.release()
  }
}

const over = (state: "expired" | "ended"): StoreUnavailable =>
  new StoreUnavailable({
    message:
      state === "ended"
        ? "This session has ended: it held the commit lock until its commit or release."
        : `This session lost the commit lock: it held it for more than ${LEASE} ms.`,
    cause: state
  })
