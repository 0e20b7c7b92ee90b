import type { Engine } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due, Key } from "../ports/store.ts"
import { Aside, placeOf } from "./aside.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { Receipts, Timers } from "./system.ts"
import { expire, fireAll, firing } from "./timers.ts"

/** How many timers and receipts are taken up at a time. */
const PAGE = 256
/** How long (ms) a timer that could not be taken up is left alone at most. */
const LONGEST = 300_000

/** `found`: how many timers were due; `fired`: whether any of them, or a receipt, is done with. */
interface Passed extends Omit<Pass, "progress"> {
  readonly found: number
  readonly fired: boolean
}

/** Fires the timers of all scopes when they are due, and removes the receipts whose time is over. */
export class Timing implements Worker {
  readonly #fire: ReturnType<typeof firing>
  readonly #aside = new Aside(LONGEST)
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #report: (error: unknown) => void

  constructor(engine: Engine, report: (error: unknown) => void) {
    this.#engine = engine
    this.#report = report
    this.#fire = firing(engine)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#run(), report)
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

  async drain(): Promise<Omit<Pass, "next">> {
    const before = this.#aside.count
    for (;;) {
      const { found, fired, failures } = await this.#pass((place) => this.#aside.isLeftSince(place, before))
      // Behind those that could not be taken up there may be others.
      if (found === 0 || fired || failures.length > 0)
        return { progress: fired, failures: [...failures, ...this.#aside.errorsSince(before)] }
    }
  }

  async #run(): Promise<Pass> {
    const { now } = this.#engine
    this.#aside.prune(now)
    const { fired, next, failures } = await this.#pass((place) => this.#aside.isLeft(place, now))
    return { progress: fired, next: Math.min(next, this.#aside.due(now).next), failures }
  }

  /** `next`: when a timer is due that is not left aside. */
  async #pass(isLeft: (place: string) => boolean): Promise<Passed> {
    const engine = this.#engine
    const { store, now } = engine
    await engine.migrate()
    const [timers, receipts] = await Promise.all([
      store.due(Timers.name, Infinity, this.#aside.size + 1),
      store.due(Receipts.name, now, PAGE)
    ])
    const next = timers.find((timer) => !isLeft(placeOf(timer.scope, timer.key)))?.due ?? Infinity
    const page = next > now ? [] : await store.due(Timers.name, now, PAGE + this.#aside.size)
    const due = page.filter(({ scope, key }) => !isLeft(placeOf(scope, key)))
    if (due.length > 0) telemetry.lag("timers", now - due[0]!.due)
    let fired = false
    const fire = async (id: string, keys: ReadonlyArray<Key>) => {
      const ended = await fireAll(engine, await engine.scope(id), keys, this.#fire, this.#report)
      for (const [i, end] of ended.entries()) {
        const place = placeOf(id, keys[i]!)
        if (end.status === "fulfilled") this.#aside.forget(place)
        else this.#leave(place, end.reason)
        fired ||= end.status === "fulfilled"
      }
    }
    const end = async (id: string, keys: ReadonlyArray<Key>) => {
      const ids = keys.map((key) => key.id)
      await engine.internal(await engine.scope(id), expire, ids)
      fired = true
    }
    const ended = await Promise.allSettled([...inScopes(due, fire), ...inScopes(receipts, end)])
    return { found: due.length, fired, next, failures: ended.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : [])) }
  }

  #leave(place: string, error: unknown): void {
    this.#aside.leave(place, error, this.#engine.now)
    this.#report(error)
  }
}

const inScopes = <A>(rows: ReadonlyArray<Due>, work: (scope: string, keys: ReadonlyArray<Key>) => A): ReadonlyArray<A> =>
  [...Map.groupBy(rows, ({ scope }) => scope)].map(([scope, due]) =>
    work(
      scope,
      due.map(({ key }) => key)
    )
  )
