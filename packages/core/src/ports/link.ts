import { accept, keyOf, locate } from "../encoding/rows.ts"
import type { Seeds } from "../encoding/seeds.ts"
import { StoreUnavailable } from "../errors.ts"
import type { RowState } from "../kernel/batch.ts"
import type { Call } from "../kernel/call.ts"
import type { Vault } from "../personal/vault.ts"
import { Lookout, unknownOutcome } from "./lookout.ts"
import { Pace } from "./pace.ts"
import { pauseAfter, TRIES } from "./patient.ts"
import type { Platform } from "./platform.ts"
import type { Commit, CommitResult, LockedStore, Row, ScopedStore } from "./store.ts"

/** The store could not be read, however often it was asked. */
export class Unreadable extends Error {
  constructor(cause: unknown) {
    super("unreadable", { cause })
  }
}

/** The app is being closed, and nobody waits any more for what became of the commit. */
class Gone extends Error {}

/** The commit lock was lost while it was held: what was to be read under it is read again. */
export class LockLost extends Error {}

/** The way to the store: what failed is asked again, and what may have landed is sent again until the store has answered. */
export class Link {
  readonly #store: ScopedStore
  readonly #vault: Vault
  readonly #platform: Platform
  readonly #seeds: Seeds

  readonly #waiting: (cause: unknown) => boolean
  /** For those who wait for a store that says nothing. */
  readonly lookout: Lookout

  /** `waiting` is told of everything that keeps it waiting for the store; it answers whether to go on. */
  constructor(store: ScopedStore, vault: Vault, platform: Platform, seeds: Seeds, waiting: (cause: unknown) => boolean) {
    this.#store = store
    this.#vault = vault
    this.#platform = platform
    this.#seeds = seeds
    this.#waiting = waiting
    this.lookout = new Lookout(platform.clock, waiting)
  }

  /** Loads rows as the store, or the holder of the lock, sees them. */
  async load(rows: ReadonlyArray<RowState>, lock: LockedStore | undefined): Promise<void> {
    if (rows.length === 0) return
    await locate(rows, this.#vault)
    const keys = rows.map(keyOf)
    for (let attempt = 1; ; attempt++) {
      try {
        const stored = lock === undefined ? (await this.#store.read(keys)).rows : await lock.read(keys)
        return await this.accept(rows, stored)
      } catch (cause) {
        if (StoreUnavailable.isFinal(cause)) throw cause
        if (lock !== undefined) throw new LockLost("lost", { cause })
        await this.#failed(attempt, cause)
      }
    }
  }

  /** Whether the store has a commit lock to be taken. */
  get locks(): boolean {
    return this.#store.begin !== undefined
  }

  /** Where there is no lock, those who lost a race come back one after the other. */
  backOff(): Promise<void> {
    return this.#pause(10)
  }

  /**
   * Takes the commit lock and brings these rows to what they are under it; `moved` says whether any has changed. What was sealed counts
   * as changed: its key may be gone.
   */
  async lock(rows: ReadonlyArray<RowState>): Promise<{ readonly lock: LockedStore; readonly moved: boolean }> {
    for (let attempt = 1; ; attempt++) {
      let lock: LockedStore | undefined
      try {
        const session = await this.#store.begin!(rows.map(keyOf))
        lock = session
        const moved = [...rows.keys()].filter((i) => rows[i]!.secret || rows[i]!.version !== session.rows[i]?.version)
        await this.accept(
          moved.map((i) => rows[i]!),
          moved.map((i) => session.rows[i])
        )
        return { lock, moved: moved.length > 0 }
      } catch (cause) {
        await lock?.release().catch(() => undefined)
        if (StoreUnavailable.isFinal(cause)) throw cause
        await this.#failed(attempt, cause)
      }
    }
  }

  /** Takes over rows as the store has told of them. */
  accept(rows: ReadonlyArray<RowState>, stored: ReadonlyArray<Row | undefined>): Promise<void> {
    return accept(rows, stored, this.#vault, new Pace(this.#platform))
  }

  /** Sends until there is an answer: after anything thrown the same commit goes again, for only the store knows what became of it. */
  async send(commit: Commit, calls: ReadonlyArray<Call>, lock: LockedStore | undefined): Promise<CommitResult> {
    let via: Pick<ScopedStore, "commit"> = lock ?? this.#store
    for (let attempt = 0; ; attempt++) {
      try {
        return await via.commit(attempt === 0 ? commit : { ...commit, retry: true })
      } catch (cause) {
        if (StoreUnavailable.isFinal(cause)) throw cause
        via = this.#store
        const now = this.#platform.clock.now()
        const late = calls.filter((call) => now >= call.deadline)
        for (const call of late) call.settle({ ok: false, error: unknownOutcome(call, cause) })
        if (!this.#waiting(cause) && late.length === calls.length) throw new Gone("gone", { cause })
        await this.#pause(Math.min(1000, 2 ** attempt))
      }
    }
  }

  async #failed(attempt: number, cause: unknown): Promise<void> {
    if (!this.#waiting(cause) || attempt === TRIES) throw new Unreadable(cause)
    await this.#pause(pauseAfter(attempt))
  }

  /** Between half of `milliseconds` and all of it, so that those who were turned away together do not come back together. */
  #pause(milliseconds: number): Promise<void> {
    return this.#platform.clock.sleep(milliseconds * (0.5 + this.#seeds.random() / 2))
  }
}
