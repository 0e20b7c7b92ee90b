import type { Commit, CommitResult } from "@omni/core"
import { Lock } from "@omni/core/store"

import { bring, connect, Connection } from "./connection.ts"
import { isFull, refusalOf as refusalOfError, unavailable } from "./failure.ts"
import { Known, land, type Landing, record, Stale } from "./landing.ts"
import { store } from "./layout.ts"
import { refusalOf } from "./limits.ts"
import { Names } from "./names.ts"
import type { Settings } from "./options.ts"
import { toPosition } from "./position.ts"
import { Readers } from "./readers.ts"
import { logEnds, type Source, staleOf } from "./reading.ts"
import { Turns } from "./turns.ts"
import { Pace, SLICE } from "./wait.ts"
import { Watchers } from "./watchers.ts"

/** Commits between two looks for ids of commits that are old enough to forget. */
const PRUNE = 64

/** An open file: one writer, whose transactions come one after the other, and the readers beside it. */
export class StoreFile {
  readonly settings: Settings
  readonly names = new Names()
  readonly readers: Readers
  readonly watchers: Watchers
  /** Held by whoever uses the writer. */
  readonly lock = new Lock()
  readonly turns: Turns
  readonly #writer: Connection
  /** Ids refused for good while nothing could be written. */
  readonly #refused = new Set<string>()
  /** Those that hold the commit lock, or wait to give it back. */
  readonly sessions = new Set<{ release(): Promise<void> }>()
  #commits = 0
  #pruned: readonly [scope: number, id: string] = [0, ""]

  static async open(settings: Settings): Promise<StoreFile> {
    const db = connect(settings.path)
    try {
      await bring(db, settings.path, store, { journal: "wal", timeout: settings.lockTimeout })
      return new StoreFile(settings, new Connection(db))
    } catch (error) {
      db.close()
      throw error
    }
  }

  private constructor(settings: Settings, writer: Connection) {
    this.settings = settings
    this.#writer = writer
    writer.db.exec(
      `pragma synchronous=${settings.durability}; pragma cache_size=-16384; pragma temp_store=memory; pragma journal_size_limit=67108864; pragma wal_autocheckpoint=4000`
    )
    if (settings.maxSize !== undefined) writer.db.exec(`pragma max_page_count=${Math.max(1, Math.floor(settings.maxSize / 4096))}`)
    this.readers = new Readers(settings, writer)
    this.turns = new Turns(writer.db, settings)
    this.watchers = new Watchers(settings, this.names)
  }

  /** The newest snapshot, for as long as `work` takes. */
  reading<A>(scope: string, work: (source: Source) => Promise<A>): Promise<A> {
    return this.readers.use((on) => work({ on, names: this.names, scope, pace: new Pace() }))
  }

  /** What the writer sees while its caller holds the commit lock. */
  locked(scope: string): Source {
    return { on: this.#writer, names: this.names, scope, pace: new Pace() }
  }

  /** Runs a transaction of the writer when its turn has come. */
  async writing<A>(work: () => Promise<A>): Promise<A> {
    await this.lock.acquire()
    try {
      if (this.readers.turn.isSpent()) await this.readers.turn.next()
      await this.turns.take()
      return await this.unseen(work)
    } catch (error) {
      throw unavailable(this.settings.path, error)
    } finally {
      this.rollback()
      this.lock.release()
    }
  }

  /** Runs what writes, so that no reader sees it before it is over; only in memory do they share a connection. */
  async unseen<A>(work: () => Promise<A>): Promise<A> {
    await this.readers.shared?.acquire()
    try {
      return await work()
    } finally {
      this.rollback()
      this.readers.shared?.release()
    }
  }

  /** Ends the writer's transaction without a trace, if one is open. */
  rollback(): void {
    // SQLite itself may have rolled back already, as it does when the disk is full.
    if (this.#writer.db.isTransaction) this.#writer.sql("rollback").run()
    this.names.rolledBack()
  }

  /** Makes what the writer's transaction did durable. */
  finish(): void {
    this.#writer.sql("commit").run()
    this.names.landed()
  }

  /** Answers for what needs no turn of the writer; `undefined` for what does. */
  async answerOf(scope: string, commit: Commit): Promise<CommitResult | undefined> {
    const refusal = refusalOf(commit)
    if (refusal === undefined && commit.writes.length + commit.events.length > 0) return undefined
    return this.reading(scope, async (source) => {
      const [head] = logEnds(source)
      const stale = await staleOf(source, commit.checks)
      if (stale.length > 0) return { _tag: "Conflict", stale }
      return refusal === undefined ? { _tag: "Committed", position: toPosition(head) } : { _tag: "NotWritten", reason: refusal }
    })
  }

  /** Lands a commit in the transaction that the writer is in, which is over afterwards. */
  async commit(scope: string, commit: Commit): Promise<CommitResult> {
    const landing = this.#landing(scope)
    try {
      if (this.#refused.has(commit.id)) throw new Known(undefined)
      const position = await land(landing, commit)
      if (++this.#commits % PRUNE === 0) this.#prune(landing.now)
      if (landing.pace.isSpent(SLICE / 2)) await landing.pace.pause()
      this.finish()
      this.watchers.committed(scope, position + commit.events.length)
      return { _tag: "Committed", position: toPosition(position) }
    } catch (error) {
      this.rollback()
      if (error instanceof Known && error.position !== undefined) return { _tag: "Committed", position: toPosition(error.position) }
      if (error instanceof Known) return this.#conflict(scope, commit)
      if (error instanceof Stale) return this.#refuse(landing, commit, await this.#conflict(scope, commit))
      const reason = refusalOfError(error)
      if (reason === undefined) throw error
      if (isFull(error)) this.#shrinkLog()
      return this.#refuse(landing, commit, { _tag: "NotWritten", reason })
    }
  }

  async close(): Promise<void> {
    for (const session of this.sessions) await session.release()
    await this.lock.acquire()
    this.watchers.close()
    await this.readers.close()
    this.turns.close()
    this.#writer.db.close()
  }

  #landing(scope: string): Landing {
    return { ...this.locked(scope), now: Date.now() }
  }

  async #conflict(scope: string, { checks }: Commit): Promise<CommitResult> {
    this.#writer.sql("begin").run()
    const stale = await staleOf(this.locked(scope), checks)
    this.rollback()
    return { _tag: "Conflict", stale }
  }

  /** When a copy may be on its way, the refusal is kept under the commit's id, so that the copy meets it. */
  async #refuse(landing: Landing, commit: Commit, answer: CommitResult): Promise<CommitResult> {
    if (!commit.retry) return answer
    try {
      await this.turns.take()
      record(landing, this.names.internScope(landing.scope, landing.on), commit.id, null)
      this.finish()
    } catch (error) {
      if (refusalOfError(error) === undefined) throw error
      this.#refused.add(commit.id)
    }
    return answer
  }

  /** A full disk may hold parts of the commit that failed: without them nothing of it can come back after a crash. */
  #shrinkLog(): void {
    this.#writer.db.exec("pragma wal_checkpoint(truncate)")
  }

  /** Goes round through the ids, a few at a time. */
  #prune(now: number): void {
    const ids = this.#writer.all<[scope: number, id: string, time: number]>(
      "select scope, id, time from landed where (scope, id) > (?, ?) order by scope, id limit 256",
      ...this.#pruned
    )
    for (const [scope, id, time] of ids)
      if (time < now - this.settings.retention) this.#writer.sql("delete from landed where scope = ? and id = ?").run(scope, id)
    const [scope, id] = ids.length < 256 ? [0, ""] : ids[255]!
    this.#pruned = [scope, id]
  }
}
