import type { Engine, Scope } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due } from "../ports/store.ts"
import { Deliveries } from "./deliveries.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { type Seen, step } from "./reacting.ts"
import { Receipts, Timers } from "./system.ts"
import { expire, fireAll, firing } from "./timers.ts"

/** How many rows of due work are taken up at a time. */
const PAGE = 256

/** What a runner is given beside its engine. */
export interface Beside {
  readonly report: (error: unknown) => void
  readonly others: ReadonlyArray<Worker>
}

/** Reactors and timers of all scopes, and what works beside them, each at its own pace: the outbox, feeds, and what others send. */
export class Runner {
  readonly #seen = new Map<string, Seen>()
  readonly #fire: ReturnType<typeof firing>
  readonly #watched = new Map<string, () => void | Promise<void>>()
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #others: ReadonlyArray<Worker>
  /** Told of what failed, and of what keeps a pass from going on; the work is tried again. */
  readonly report: (error: unknown) => void

  constructor(engine: Engine, { report, others }: Beside) {
    this.#engine = engine
    this.report = report
    this.#others = [new Deliveries(engine, report), ...others]
    this.#fire = firing(engine)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#pass(), report)
  }

  /** Does what is due now, and what that makes due, then returns. */
  async drain(): Promise<void> {
    for (let progress = true; progress;) {
      const passes: Array<Omit<Pass, "next">> = [await this.#pass()]
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

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), ...this.#others.map((other) => other.stop())])
    for (const unwatch of this.#watched.values()) await unwatch()
    this.#watched.clear()
  }

  /** One look at reactors, timers and receipts. */
  async #pass(): Promise<Pass> {
    const failures: Array<unknown> = []
    const scopes = await this.#engine.allScopes()
    await Promise.all(scopes.map((scope) => this.#watch(scope)))
    let { progress, next } = await this.#due(scopes, failures)
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

  /** Fires the timers that are due, and removes the receipts whose time is over. `next`: when a timer is. */
  async #due(scopes: ReadonlyArray<Scope>, failures: Array<unknown>): Promise<Omit<Pass, "failures">> {
    const engine = this.#engine
    const { store, now } = engine
    const [timers, receipts] = await Promise.all([store.due(Timers.name, Infinity, PAGE), store.due(Receipts.name, now, PAGE)])
    if (timers.length > 0 && timers[0]!.due <= now) telemetry.lag("timers", now - timers[0]!.due)
    const work = scopes.flatMap((scope) => {
      const keysOf = (rows: ReadonlyArray<Due>) => rows.filter((row) => row.scope === scope.id && row.due <= now).map(({ key }) => key)
      const [firing, ending] = [keysOf(timers), keysOf(receipts).map(({ id }) => id)]
      return [
        ...(firing.length > 0 ? [fireAll(engine, scope, firing, this.#fire, this.report)] : []),
        ...(ending.length > 0 ? [engine.internal(scope, expire, ending)] : [])
      ]
    })
    for (const ended of await Promise.allSettled(work)) if (ended.status === "rejected") failures.push(ended.reason)
    return { progress: work.length > failures.length, next: timers.find(({ due }) => due > now)?.due ?? Infinity }
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
