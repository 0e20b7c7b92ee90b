import type { Engine, Scope } from "../client/engine.ts"
import { Deliveries } from "./deliveries.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { type Look, News } from "./news.ts"
import { type Seen, step } from "./reacting.ts"
import { Timing } from "./timing.ts"

/** What a runner is given beside its engine. */
export interface Beside {
  readonly report: (error: unknown) => void
  readonly others: ReadonlyArray<Worker>
}

/** Lets reactors take the events of all scopes, beside what works at its own pace: timers, the outbox, feeds, and what others send. */
export class Runner {
  readonly #seen = new Map<string, Seen>()
  readonly #news: News
  /** How many there were at the last look. */
  #reactors = 0
  readonly #watched = new Map<string, () => void | Promise<void>>()
  readonly #drains = new Set<Promise<void>>()
  #stopped: Promise<void> = Promise.resolve()
  #stopping = false
  #wanted = false
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #others: ReadonlyArray<Worker>
  /** Told of what failed, and of what keeps a pass from going on; the work is tried again. */
  readonly report: (error: unknown) => void

  constructor(engine: Engine, { report, others }: Beside) {
    this.#engine = engine
    this.report = report
    this.#others = [new Timing(engine, report), new Deliveries(engine, report, () => this.#stopping), ...others]
    this.#news = new News(engine, report)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#pass(), report)
  }

  /** Does what is due now, and what that makes due, then returns. */
  async drain(): Promise<void> {
    await this.#stopped
    const draining = this.#drain()
    this.#drains.add(draining)
    await draining.finally(() => this.#drains.delete(draining))
  }

  async #drain(): Promise<void> {
    this.#count()
    const workers = [() => this.#news.drain(this.#look), ...this.#others.map((other) => () => other.drain())]
    for (let progress = true; progress;) {
      const passes: Array<Omit<Pass, "next">> = []
      for (const work of workers) {
        if (this.#stopping) return
        passes.push(await work())
      }
      progress = passes.some((pass) => pass.progress)
      // What fails holds up nothing else, so the rest is done first.
      const [failure] = passes.flatMap(({ failures }) => failures)
      if (!progress && failure !== undefined) throw failure
    }
  }

  /** Works until `stop`. */
  start(): void {
    this.#wanted = true
    // What is stopping stops first, all of it.
    void this.#stopped.then(() => {
      if (!this.#wanted) return
      // Nobody has listened since it stopped.
      this.#news.forget()
      this.#loop.start()
      for (const other of this.#others) other.start()
    })
  }

  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void> {
    this.#wanted = false
    const stopping = this.#stopped.then(() => this.#stop())
    this.#stopped = stopping.catch(() => undefined)
    return stopping
  }

  async #stop(): Promise<void> {
    this.#stopping = true
    try {
      const stops = await Promise.allSettled([this.#loop, ...this.#others].map((worker) => worker.stop()))
      await Promise.allSettled(this.#drains)
      const watched = [...this.#watched.values()]
      this.#watched.clear()
      const ends = [...stops, ...(await Promise.allSettled(watched.map(async (unwatch) => unwatch())))]
      for (const end of ends) if (end.status === "rejected") throw end.reason
    } finally {
      this.#stopping = false
    }
  }

  /** With a reactor that came later all is to be looked at again. */
  #count(): void {
    if (this.#engine.reactors.size !== this.#reactors) this.#news.forget()
    this.#reactors = this.#engine.reactors.size
  }

  #pass(): Promise<Pass> {
    this.#count()
    return this.#news.pass(this.#look)
  }

  /** Lets the reactors of a scope take what is new to them. */
  readonly #look = async (scope: Scope): Promise<Look> => {
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
