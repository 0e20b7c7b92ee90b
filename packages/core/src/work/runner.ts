import type { Engine, Scope } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Key, Position } from "../ports/store.ts"
import { deliver, delivering } from "./delivery.ts"
import { step } from "./reacting.ts"
import { Messages, Receipts, Timers } from "./system.ts"
import { expire, fireAll, firing } from "./timers.ts"

/** How many rows of due work are taken up at a time, and how many messages are under way at once. */
const PAGE = 256
const DELIVERIES = 16
/** How long to wait for something to do when nothing says that there is (ms). */
const POLL = 1000

/** Reactors, timers and the outbox of all scopes. */
export class Runner {
  readonly #seen = new Map<string, Position>()
  readonly #fire: ReturnType<typeof firing>
  readonly #delivering: ReturnType<typeof delivering>
  /** Messages that this process is trying, so that the next pass leaves them alone. */
  readonly #trying = new Set<string>()
  #stopping = new AbortController()
  #running: Promise<void> | undefined
  #woken = new AbortController()
  readonly #watched = new Map<string, () => void | Promise<void>>()

  readonly #engine: Engine

  constructor(engine: Engine) {
    this.#engine = engine
    this.#fire = firing(engine)
    this.#delivering = delivering(engine)
  }

  /** Does what is due now, and what that makes due, then returns. */
  async drain(): Promise<void> {
    while ((await this.#pass(true)).progress);
  }

  /** Works until `stop`. */
  start(): void {
    this.#stopping = new AbortController()
    this.#running ??= this.#loop()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#woken.abort()
    await this.#running
    this.#running = undefined
    for (const unwatch of this.#watched.values()) await unwatch()
    this.#watched.clear()
  }

  async #loop(): Promise<void> {
    const { clock } = this.#engine.options.platform
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      this.#woken = new AbortController()
      try {
        const { progress, next } = await this.#pass(false)
        failures = 0
        if (!progress) await clock.sleep(Math.max(0, Math.min(POLL, next - this.#engine.now)), this.#woken.signal)
      } catch (error) {
        // The store is away or a reactor is stuck: nothing is lost by trying again later.
        failures++
        this.onError(error)
        await clock.sleep(Math.min(30_000, 100 * 2 ** failures), this.#stopping.signal)
      }
    }
  }

  /** Told of what keeps a pass from going on; the work is tried again. */
  onError: (error: unknown) => void = () => {}

  /** One look at everything. With `wait`, deliveries are waited for; else they end on their own. */
  async #pass(wait: boolean): Promise<{ readonly progress: boolean; readonly next: number }> {
    const scopes = await this.#engine.allScopes()
    await Promise.all(scopes.map((scope) => this.#watch(scope)))
    let progress = await this.#due(scopes, wait)
    let next = (await this.#engine.options.store.due(Infinity, 1))[0]?.due ?? Infinity
    for (const scope of scopes) {
      const steps = await Promise.all([...this.#engine.reactors.values()].map((reactor) => step(this.#engine, scope, reactor, this.#seen)))
      progress ||= steps.some((s) => s.progress)
      next = Math.min(next, ...steps.map((s) => s.wait))
    }
    return { progress, next }
  }

  async #due(scopes: ReadonlyArray<Scope>, wait: boolean): Promise<boolean> {
    const engine = this.#engine
    const due = (await engine.options.store.due(engine.now, PAGE)).filter((d) => !this.#trying.has(`${d.scope}\n${d.key.id}`))
    if (due.length === 0) return false
    const work: Array<Promise<void>> = []
    let started = 0
    for (const scope of scopes) {
      const of = (collection: string): ReadonlyArray<Key> =>
        due.filter((d) => d.scope === scope.id && d.key.collection === collection).map((d) => d.key)
      const timers = of(Timers.name)
      if (timers.length > 0) work.push(fireAll(engine, scope, timers, this.#fire))
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
      if (wait) work.push(...sending)
    }
    for (const d of due.slice(0, 1)) telemetry.lag(d.key.collection === Messages.name ? "outbox" : "timers", engine.now - d.due)
    await Promise.all(work)
    return work.length + started > 0
  }

  async #deliver(scope: Scope, id: string): Promise<void> {
    const trying = `${scope.id}\n${id}`
    this.#trying.add(trying)
    try {
      await deliver(this.#engine, scope, id, this.#delivering)
    } catch (error) {
      this.onError(error)
    } finally {
      this.#trying.delete(trying)
      this.#woken.abort()
    }
  }

  /** Wakes on commits of this process, and of others where the store can tell. */
  async #watch(scope: Scope): Promise<void> {
    if (this.#watched.has(scope.id)) return
    const wake = () => this.#woken.abort()
    const unlisten = scope.transactor.onCommit(wake)
    this.#watched.set(scope.id, unlisten)
    const watching = await scope.store.watch?.(wake)
    this.#watched.set(scope.id, async () => {
      unlisten()
      await watching?.[Symbol.asyncDispose]()
    })
  }
}
