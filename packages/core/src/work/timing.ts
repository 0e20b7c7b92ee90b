import type { Engine } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due, Key } from "../ports/store.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { Receipts, Timers } from "./system.ts"
import { expire, fireAll, firing } from "./timers.ts"

/** How many timers and receipts are taken up at a time. */
const PAGE = 256

/** Fires the timers of all scopes when they are due, and removes the receipts whose time is over. */
export class Timing implements Worker {
  readonly #fire: ReturnType<typeof firing>
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #report: (error: unknown) => void

  constructor(engine: Engine, report: (error: unknown) => void) {
    this.#engine = engine
    this.#report = report
    this.#fire = firing(engine)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#pass(), report)
  }

  start(): void {
    this.#loop.start()
  }

  stop(): Promise<void> {
    return this.#loop.stop()
  }

  wake(): void {
    this.#loop.wake()
  }

  drain(): Promise<Omit<Pass, "next">> {
    return this.#pass()
  }

  /** `next`: when a timer is due. */
  async #pass(): Promise<Pass> {
    const engine = this.#engine
    const { store, now } = engine
    await engine.migrate()
    const [[next], receipts] = await Promise.all([store.due(Timers.name, Infinity, 1), store.due(Receipts.name, now, PAGE)])
    const timers = next !== undefined && next.due <= now ? await store.due(Timers.name, now, PAGE) : []
    if (timers.length > 0) telemetry.lag("timers", now - timers[0]!.due)
    const work = [
      ...inScopes(timers, async (id, keys) => fireAll(engine, await engine.scope(id), keys, this.#fire, this.#report)),
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
    return { progress: work.length > failures.length, next: next?.due ?? Infinity, failures }
  }
}

const inScopes = <A>(rows: ReadonlyArray<Due>, work: (scope: string, keys: ReadonlyArray<Key>) => A): ReadonlyArray<A> =>
  [...Map.groupBy(rows, ({ scope }) => scope)].map(([scope, due]) =>
    work(
      scope,
      due.map(({ key }) => key)
    )
  )
