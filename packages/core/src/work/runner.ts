import type { Engine, Scope } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due, Key } from "../ports/store.ts"
import { deliver, delivering } from "./delivery.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { type Seen, step } from "./reacting.ts"
import { Messages, Receipts, Timers } from "./system.ts"
import { expire, fireAll, firing } from "./timers.ts"

/** How many rows of due work are taken up at a time, and how many messages are under way at once. */
const PAGE = 256
const DELIVERIES = 16
/** How long to wait while as many messages are under way as may be (ms). */
const FULL = 50

/** What a runner is given beside its engine. */
export interface Beside {
  readonly report: (error: unknown) => void
  readonly others: ReadonlyArray<Worker>
}

/** Reactors, timers and the outbox of all scopes, and what else works beside them. */
export class Runner {
  readonly #seen = new Map<string, Seen>()
  readonly #fire: ReturnType<typeof firing>
  readonly #delivering: ReturnType<typeof delivering>
  /** Messages that this process is trying, so that the next pass leaves them alone. */
  readonly #trying = new Map<string, Promise<void>>()
  readonly #watched = new Map<string, () => void | Promise<void>>()
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #others: ReadonlyArray<Worker>
  /** Told of what failed, and of what keeps a pass from going on; the work is tried again. */
  readonly report: (error: unknown) => void

  constructor(engine: Engine, { report, others }: Beside) {
    this.#engine = engine
    this.report = report
    this.#others = others
    this.#fire = firing(engine)
    this.#delivering = delivering(engine)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#pass(false), report)
  }

  /** Does what is due now, and what that makes due, then returns. */
  async drain(): Promise<void> {
    for (let progress = true; progress;) {
      const passes: Array<Omit<Pass, "next">> = [await this.#pass(true)]
      for (const other of this.#others) passes.push(await other.drain())
      progress = passes.some((pass) => pass.progress)
      // What fails holds up nothing else, so the rest is done first.
      const [failure] = passes.flatMap(({ failures }) => failures)
      if (!progress && failure !== undefined) throw failure
    }
  }

  /** Works until `stop`. */
  start(): void {
    this.#loop.start()
    for (const other of this.#others) other.start()
  }

  /** Begins nothing more, and waits for what is under way: how a delivery ended must not be forgotten. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), ...this.#others.map((other) => other.stop())])
    await Promise.all(this.#trying.values())
    for (const unwatch of this.#watched.values()) await unwatch()
    this.#watched.clear()
  }

  /** One look at everything. With `wait`, deliveries are waited for; else they end on their own. */
  async #pass(wait: boolean): Promise<Pass> {
    const failures: Array<unknown> = []
    const scopes = await this.#engine.allScopes()
    await Promise.all(scopes.map((scope) => this.#watch(scope)))
    let progress = await this.#due(scopes, wait, failures)
    // While the outbox is full, what is due first is a message that has to wait: it says nothing of what comes after it.
    let next = this.#isFull ? this.#engine.now + FULL : ((await this.#engine.store.due(Infinity, 1))[0]?.due ?? Infinity)
    for (const scope of scopes) {
      const steps = await Promise.allSettled(
        [...this.#engine.reactors.values()].map((reactor) => step(this.#engine, scope, reactor, this.#seen, this.report))
      )
      for (const ended of steps) {
        if (ended.status === "rejected") failures.push(ended.reason)
        else {
          progress ||= ended.value.progress
          next = Math.min(next, ended.value.wait)
        }
      }
    }
    return { progress, next, failures }
  }

  get #isFull(): boolean {
    return this.#trying.size >= DELIVERIES
  }

  /** What is due and can be taken up. A long outbox must not hide the timers behind it, so it is looked past. */
  async #open(): Promise<ReadonlyArray<Due>> {
    for (let limit = PAGE; ; limit *= 4) {
      const due = await this.#engine.store.due(this.#engine.now, limit)
      const open = due.filter(
        ({ scope, key }) => key.collection !== Messages.name || !(this.#isFull || this.#trying.has(`${scope}\n${key.id}`))
      )
      if (due.length < limit || open.some(({ key }) => key.collection !== Messages.name)) return open
    }
  }

  async #due(scopes: ReadonlyArray<Scope>, wait: boolean, failures: Array<unknown>): Promise<boolean> {
    const engine = this.#engine
    const due = await this.#open()
    const work: Array<Promise<void>> = []
    let started = 0
    for (const scope of scopes) {
      const of = (collection: string): ReadonlyArray<Key> =>
        due.filter((d) => d.scope === scope.id && d.key.collection === collection).map((d) => d.key)
      const timers = of(Timers.name)
      if (timers.length > 0) work.push(fireAll(engine, scope, timers, this.#fire, this.report))
      const receipts = of(Receipts.name)
      if (receipts.length > 0)
        work.push(
          engine.internal(
            scope,
            expire,
            receipts.map((key) => key.id)
          )
        )
      const sending = of(Messages.name)
        .slice(0, DELIVERIES - this.#trying.size)
        .map((key) => this.#deliver(scope, key.id))
      started += sending.length
    }
    for (const d of due.slice(0, 1)) telemetry.lag(d.key.collection === Messages.name ? "outbox" : "timers", engine.now - d.due)
    for (const ended of await Promise.allSettled(work)) if (ended.status === "rejected") failures.push(ended.reason)
    if (wait) await Promise.all(this.#trying.values())
    return work.length + started > failures.length
  }

  #deliver(scope: Scope, id: string): void {
    const trying = `${scope.id}\n${id}`
    const done = deliver(this.#engine, scope, id, this.#delivering, this.report)
      .catch((error: unknown) => this.report(error))
      .then(() => {
        this.#trying.delete(trying)
        this.#loop.wake()
      })
    this.#trying.set(trying, done)
  }

  /** Wakes on commits of this process, and of others where the store can tell. */
  async #watch(scope: Scope): Promise<void> {
    if (this.#watched.has(scope.id)) return
    const wake = () => {
      this.#loop.wake()
      for (const other of this.#others) other.wake()
    }
    const unlisten = scope.transactor.onCommit(wake)
    this.#watched.set(scope.id, unlisten)
    const watching = await scope.store.watch?.(wake)
    this.#watched.set(scope.id, async () => {
      unlisten()
      await watching?.[Symbol.asyncDispose]()
    })
  }
}
