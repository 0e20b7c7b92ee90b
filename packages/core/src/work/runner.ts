import type { Engine, Scope } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due, Key } from "../ports/store.ts"
import { Deliveries } from "./deliveries.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { type Look, News } from "./news.ts"
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
  readonly #news: News
  /** How many there were at the last look. */
  #reactors = 0
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
    this.#news = new News(engine)
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

  /** Begins nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    await Promise.all([this.#loop.stop(), ...this.#others.map((other) => other.stop())])
    for (const unwatch of this.#watched.values()) await unwatch()
    this.#watched.clear()
  }

  /** One look at timers and receipts, and at the reactors of the scopes that have news. */
  async #pass(all: boolean): Promise<Pass> {
    if (this.#engine.reactors.size !== this.#reactors) this.#news.forget()
    this.#reactors = this.#engine.reactors.size
    const [due, events] = [await this.#due(), await this.#news.pass(all, (scope) => this.#react(scope))]
    return {
      progress: due.progress || events.progress,
      next: Math.min(due.next, events.next),
      failures: [...due.failures, ...events.failures]
    }
  }

  async #react(scope: Scope): Promise<Look> {
    await this.#watch(scope)
    const { position } = await scope.store.read([])
    const steps = await Promise.allSettled(
      [...this.#engine.reactors.values()].map((reactor) => step(this.#engine, scope, reactor, this.#seen, this.report))
    )
    const done = steps.flatMap((ended) => (ended.status === "fulfilled" ? [ended.value] : []))
    return {
      position,
      progress: done.some(({ progress }) => progress),
      next: Math.min(Infinity, ...done.map(({ wait }) => wait)),
      failures: steps.flatMap((ended) => (ended.status === "rejected" ? [ended.reason as unknown] : []))
    }
  }

  /** Fires the timers that are due, and removes the receipts whose time is over. `next`: when a timer is. */
  async #due(): Promise<Pass> {
    const engine = this.#engine
    const { store, now } = engine
    await engine.migrate()
    const [timers, receipts] = await Promise.all([store.due(Timers.name, Infinity, PAGE), store.due(Receipts.name, now, PAGE)])
    const firing = timers.filter(({ due }) => due <= now)
    if (firing.length > 0) telemetry.lag("timers", now - firing[0]!.due)
    const work = [
      ...inScopes(firing, async (id, keys) => fireAll(engine, await engine.scope(id), keys, this.#fire, this.report)),
      ...inScopes(receipts, async (id, keys) =>
        engine.internal(
          await engine.scope(id),
          expire,
          keys.map((key) => key.id)
        )
      )
    ]
    const ended = await Promise.allSettled(work)
    const failures = ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []))
    return { progress: work.length > failures.length, next: timers[firing.length]?.due ?? Infinity, failures }
  }

  /** Wakes on commits of this process, and of others where the store can tell. */
  async #watch(scope: Scope): Promise<void> {
    if (this.#watched.has(scope.id)) return
    const wake = () => {
      this.#news.tell(scope.id)
      this.#loop.wake()
      for (const other of this.#others) other.wake(scope.id)
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

const inScopes = <A>(rows: ReadonlyArray<Due>, work: (scope: string, keys: ReadonlyArray<Key>) => A): ReadonlyArray<A> =>
  [...Map.groupBy(rows, ({ scope }) => scope)].map(([scope, due]) =>
    work(
      scope,
      due.map(({ key }) => key)
    )
  )
