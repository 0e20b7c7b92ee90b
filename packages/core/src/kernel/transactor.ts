import type { Telemetry } from "../client/telemetry.ts"
import { makeId } from "../encoding/ids.ts"
import { Seeds } from "../encoding/seeds.ts"
import { Closed } from "../errors.ts"
import type { Vault } from "../personal/vault.ts"
import { Link, LockLost, Unreadable } from "../ports/link.ts"
import { Pace } from "../ports/pace.ts"
import type { Platform } from "../ports/platform.ts"
import type { Commit, CommitResult, LockedStore, Position, ScopedStore } from "../ports/store.ts"
import { type Limits, problemOf } from "../store/limits.ts"
import { Receipts } from "../work/system.ts"
import { Batch, Rows } from "./batch.ts"
import type { Call, Ended } from "./call.ts"
import { contentOf, settleRows, type Content } from "./commit.ts"
import { contended, endedBy, notTaken, overdue } from "./endings.ts"
import { ROUNDS, runCalls } from "./rounds.ts"

export interface TransactorOptions {
  readonly platform: Platform
  readonly telemetry: Telemetry
  /** Run every operation twice and compare; check rows, events and messages when written. */
  readonly verify: boolean
  /** The most calls in one commit. 1 is "one commit per operation". */
  readonly batch: number
  /** Rows kept in memory between batches. */
  readonly cache: number
  /** What one commit of the store may have. */
  readonly limits: Limits
}

/** A batch that lost a race is not made smaller than this: a lone call that loses says nothing of how many can go together. */
const FEW = 16

/**
 * Runs the calls of one scope: many in a batch, over rows in memory, in one commit that checks all they read. What conflicts runs
 * again; what fails leaves no trace and fails nobody else. One batch is under way at a time.
 */
export class Transactor {
  readonly #rows: Rows
  #queue: Array<Call> = []
  #running: Promise<void> | undefined
  #closed = false
  #stamp = 0
  #size: number
  /** Whether keys are taken for new. Who calls again what was done already, as an import that is run twice, has them looked up. */
  #trusting = true
  /** Others write what batches read: a race was lost, and no batch since then has found its rows unchanged under the lock. */
  #contended = false
  readonly #listeners = new Set<(collections: ReadonlySet<string>, position: Position) => void>()

  readonly #scope: string
  readonly #vault: Vault
  readonly #link: Link
  /** For ids and jitter. */
  readonly seeds: Seeds
  readonly #options: TransactorOptions

  constructor(scope: string, store: ScopedStore, vault: Vault, options: TransactorOptions) {
    this.#scope = scope
    this.#vault = vault
    this.#options = options
    this.seeds = new Seeds(options.platform.entropy)
    this.#link = new Link(store, vault, options.platform, this.seeds, (cause) => this.#waiting(cause))
    this.#rows = new Rows(options.cache)
    this.#size = options.batch
  }

  submit(call: Call): void {
    if (this.#closed)
      return call.settle({ ok: false, error: new Closed({ message: `"${call.operation.name}" was called after close().` }) })
    this.#queue.push(call)
    this.#running ??= this.#loop()
  }

  /** Takes no more calls, and resolves when all that was submitted has ended; each does so by its deadline. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#link.lookout.close(this.#running)
  }

  /** Tells of every commit of this transactor: the collections it wrote, and its position. */
  onCommit(listener: (collections: ReadonlySet<string>, position: Position) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #loop(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#options.platform.yield()
      // A call that needs many loads runs alone, for as many as it needs.
      const calls = this.#queue.splice(0, this.#queue[0]!.rounds > ROUNDS ? 1 : this.#size)
      try {
        await this.#link.lookout.within(calls, this.#process(calls))
      } catch (error) {
        this.#giveUp(calls, endedBy(error))
        this.#rows.clear()
      }
    }
    this.#running = undefined
  }

  async #process(calls: ReadonlyArray<Call>): Promise<void> {
    const first = this.#begun()
    let batch = first
    let lock: LockedStore | undefined
    let sent = false
    try {
      const { locks } = this.#link
      if (this.#contended && !locks) await this.#link.backOff()
      let ran = await this.#run(batch, calls, undefined)
      if (this.#contended && locks && ran.length > 0) {
        // The first run tells which rows are read, while others still have the lock.
        const rows = batch.reads.filter(({ known }) => known)
        const taken = await this.#link.lock(rows)
        lock = taken.lock
        this.#contended = taken.moved
        if (taken.moved) {
          this.#reset(first)
          for (const call of ran) call.rounds = 0
          batch = this.#begun()
          batch.sure = new Set(rows)
          ran = await this.#run(batch, ran, lock)
        }
      }
      await this.#look(batch, lock)
      const content = await contentOf(batch, this.#vault, new Pace(this.#options.platform))
      const held = lock
      lock = undefined
      sent = true
      await this.#commit(batch, content, ran, held)
    } catch (error) {
      this.#reset(batch)
      if (sent) throw error
      this.#failed(calls, error)
    } finally {
      await lock?.release().catch(() => undefined)
      for (const { leaving, reads, dirty } of new Set([first, batch]))
        for (const row of [...leaving, ...reads, ...dirty]) if (row.secret || row.passing) this.#rows.forget(row)
      this.#rows.age()
    }
  }

  #begun(): Batch {
    const { platform, verify } = this.#options
    return new Batch(this.#scope, ++this.#stamp, platform.clock.now(), this.#rows, { verify, trusting: this.#trusting })
  }

  /** Reads what was written unread, so that nothing of a newer release is overwritten and no index entry is left behind. */
  async #look(batch: Batch, lock: LockedStore | undefined): Promise<void> {
    const unread = [...batch.late].filter((row) => row.written && !batch.knows(row))
    await this.#link.load(unread, lock)
    for (const row of unread) {
      if (row.problem !== undefined) throw row.problem
      batch.touch(row)
    }
  }

  /** Nothing was sent. A store that is away is nobody's fault. */
  #failed(calls: ReadonlyArray<Call>, error: unknown): void {
    if (error instanceof LockLost) return this.#again(this.#left(calls), this.#options.platform.clock.now())
    return error instanceof Unreadable ? this.#giveUp(calls, endedBy(error)) : this.#refused(calls, endedBy(error))
  }

  /**
   * Nothing was written. Whose fault it is shows when each call runs alone, and one with a key has that looked up anew before it is
   * refused: what was done under a key is the answer, whatever has changed since.
   */
  #refused(calls: ReadonlyArray<Call>, ended: Ended): void {
    const alone = calls.length === 1 ? calls[0]! : undefined
    if (alone !== undefined) {
      if (alone.receipt === undefined || alone.lookedUp) return this.#giveUp(calls, ended)
      this.#rows.forget(this.#rows.row(Receipts, alone.receipt))
      alone.lookedUp = true
    }
    this.#size = Math.ceil(calls.length / 2)
    this.#trusting &&= alone === undefined
    this.#again(this.#left(calls), -Infinity)
  }

  /** What waits for more than this batch will load goes back to the head of the queue. */
  async #run(batch: Batch, calls: ReadonlyArray<Call>, lock: LockedStore | undefined): Promise<ReadonlyArray<Call>> {
    const { ran, rest } = await runCalls(batch, calls, this.#link, lock, this.#options)
    this.#queue.unshift(...rest)
    return ran
  }

  async #commit(batch: Batch, content: Content, ran: ReadonlyArray<Call>, lock: LockedStore | undefined): Promise<void> {
    const commit: Commit = {
      id: makeId("cmt", batch.now, this.seeds.draw(), 0),
      time: batch.now,
      retry: false,
      checks: content.checks,
      writes: content.writes,
      events: content.events
    }
    if (ran.length === 0 || commit.checks.length + commit.writes.length + commit.events.length === 0) {
      this.#reset(batch)
      await lock?.release()
      return this.#settle(ran)
    }
    const result = await this.#link.send(commit, ran, lock)
    this.#options.telemetry.commit(result._tag, ran.length)
    if (result._tag !== "Committed") {
      this.#reset(batch)
      return result._tag === "Conflict"
        ? this.#lost(batch, ran, result)
        : this.#refused(ran, notTaken(ran[0]!, result.reason, problemOf(commit, this.#options.limits) !== undefined))
    }
    settleRows(batch, content, result.position)
    this.#contended &&= this.#link.locks
    this.#trusting = !batch.recalled
    this.#size = Math.min(this.#options.batch, this.#size * 2)
    this.#announce(content, result.position)
    await this.#settle(ran)
  }

  /** Takes over the rows as they are now; the calls run again, under the lock where there is one, else fewer at a time. */
  async #lost(batch: Batch, ran: ReadonlyArray<Call>, { stale }: Extract<CommitResult, { readonly _tag: "Conflict" }>): Promise<void> {
    const now = new Map(stale.map(({ key, row }) => [`${key.collection}\n${key.id}`, row]))
    const lost = batch.reads.filter((row) => now.has(`${row.collection.name}\n${row.storedId}`))
    const rows = lost.map((row) => now.get(`${row.collection.name}\n${row.storedId}`))
    await this.#link.accept(lost, rows)
    this.#contended = true
    this.#trusting &&= lost.every(({ collection }) => collection !== Receipts)
    if (!this.#link.locks) this.#size = Math.min(this.#size, Math.max(FEW, Math.ceil(ran.length / 2)))
    this.#again(ran, this.#options.platform.clock.now())
  }

  #again(calls: ReadonlyArray<Call>, now: number): void {
    const kept = calls.filter((call) => {
      call.attempts++
      call.rounds = 0
      if (now < call.deadline) return true
      call.settle(contended(call))
      return false
    })
    this.#queue.unshift(...kept)
  }

  /** The calls that are not back in the queue already. */
  #left(calls: ReadonlyArray<Call>): ReadonlyArray<Call> {
    const waiting = new Set(this.#queue)
    return calls.filter((call) => !waiting.has(call))
  }

  #giveUp(calls: ReadonlyArray<Call>, ended: Ended): void {
    for (const call of this.#left(calls)) call.settle(ended)
  }

  /** While the store is away: who waits behind the batch is told in time. Answers whether it is worth while to go on. */
  #waiting(cause: unknown): boolean {
    const now = this.#options.platform.clock.now()
    const late = new Set(this.#queue.filter((call) => now >= call.deadline))
    if (late.size > 0) this.#queue = this.#queue.filter((call) => !late.has(call))
    for (const call of late) call.settle(overdue(call, cause))
    return !this.#closed
  }

  /** Answers go out in slices too: what the callers do with them is work of the same turn. */
  async #settle(calls: ReadonlyArray<Call>): Promise<void> {
    const pace = new Pace(this.#options.platform)
    for (let i = 0; i < calls.length; i++) {
      const call = calls[i]!
      call.batch = calls.length
      call.settle(call.ended!)
      if ((i & 31) !== 31) continue
      await undefined
      if (pace.isSpent()) await pace.pause()
    }
  }

  #reset(batch: Batch): void {
    for (const row of batch.dirty) {
      row.current = row.base
      row.written = false
      if (!row.known) batch.forget(row)
    }
  }

  #announce(content: Content, position: Position): void {
    if (this.#listeners.size === 0 || content.writes.length + content.events.length === 0) return
    const touched = new Set(content.writes.map((write) => write.key.collection))
    for (const listener of this.#listeners) listener(touched, position)
  }
}
