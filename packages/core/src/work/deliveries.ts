import type { Engine } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due } from "../ports/store.ts"
import { Aside, placeOf } from "./aside.ts"
import { deliver, delivering } from "./delivery.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { Messages } from "./system.ts"

/** How many messages are looked up at a time. */
const PAGE = 256
/** How long (ms) a message that could not be taken up, or of which it could not be recorded how it ended, is left alone at most. */
const LONGEST = 300_000

/** Delivers the messages of all scopes, the oldest first: as many at once as may be, and as one ends, the next one begins. */
export class Deliveries implements Worker {
  readonly #operations: ReturnType<typeof delivering>
  /** Messages that are due and have not begun. */
  #waiting: Array<Due> = []
  /** Told once none waits. */
  readonly #begun: Array<() => void> = []
  /** What this process has begun, so that it is not begun again. */
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #aside = new Aside(LONGEST)
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #report: (error: unknown) => void
  readonly #isStopping: () => boolean

  /** While `isStopping`, nothing is begun, whoever asks. */
  constructor(engine: Engine, report: (error: unknown) => void, isStopping: () => boolean) {
    this.#engine = engine
    this.#report = report
    this.#isStopping = isStopping
    this.#operations = delivering(engine)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#pass(), report)
  }

  start(): void {
    this.#loop.start()
  }

  /** Begins no more. How a delivery ended must not be forgotten, so those under way are waited for. */
  async stop(): Promise<void> {
    this.#waiting = []
    this.#fill()
    await this.#loop.stop()
    await this.#ended()
  }

  wake(): void {
    this.#loop.wake()
  }

  /** Delivers all that is due, and waits until that has ended. */
  async drain(): Promise<Omit<Pass, "next">> {
    const before = this.#aside.count
    let done = 0
    for (let found: number | undefined; found !== 0;) {
      if (this.#waiting.length > 0) await new Promise<void>((resolve) => this.#begun.push(resolve))
      found = (await this.#look((place) => this.#aside.isLeftSince(place, before))).found
      done += found ?? 0
    }
    await this.#ended()
    const failures = this.#aside.errorsSince(before)
    return { progress: done > failures.length, failures }
  }

  async #pass(): Promise<Pass> {
    const { now } = this.#engine
    this.#aside.prune(now)
    const { found = 0, next } = await this.#look((place) => this.#aside.isLeft(place, now))
    return { progress: found > 0 && this.#waiting.length === 0, next: Math.min(next, this.#aside.due(now).next), failures: [] }
  }

  /**
   * Begins what is found to be due, but what `isLeft` aside. While there is more of it than may be under way, nobody has to be asked for
   * others, and nothing is said of how many there are.
   */
  async #look(isLeft: (place: string) => boolean): Promise<{ readonly found: number | undefined; readonly next: number }> {
    if (this.#isStopping()) return { found: 0, next: Infinity }
    const unknown = { found: undefined, next: Infinity }
    if (this.#waiting.length > 0) return unknown
    const { store, now } = this.#engine
    await this.#engine.migrate()
    const [first] = await store.due(Messages.name, Infinity, 1)
    if (first === undefined || first.due > now) return { found: 0, next: first?.due ?? Infinity }
    const listed = await store.due(Messages.name, now, PAGE + this.#underWay.size + this.#aside.size)
    // Meanwhile somebody else may have looked, or stopped.
    if (this.#waiting.length > 0 || this.#isStopping()) return unknown
    const due = listed.filter(({ scope, key }) => !this.#underWay.has(placeOf(scope, key)) && !isLeft(placeOf(scope, key)))
    if (due.length > 0) telemetry.lag("outbox", now - due[0]!.due)
    this.#waiting = [...due]
    this.#fill()
    return { found: due.length, next: Infinity }
  }

  #fill(): void {
    while (this.#underWay.size < this.#engine.options.deliveries && this.#waiting.length > 0) this.#begin(this.#waiting.shift()!)
    if (this.#waiting.length === 0) for (const tell of this.#begun.splice(0)) tell()
  }

  #begin(message: Due): void {
    const place = placeOf(message.scope, message.key)
    const ended = this.#deliver(message)
      .then(
        () => this.#aside.forget(place),
        (error: unknown) => {
          this.#aside.leave(place, error, this.#engine.now)
          this.#report(error)
        }
      )
      .then(() => {
        this.#underWay.delete(place)
        this.#fill()
        if (this.#waiting.length === 0) this.#loop.wake()
      })
    this.#underWay.set(place, ended)
  }

  async #deliver({ scope, key }: Due): Promise<void> {
    await deliver(this.#engine, await this.#engine.scope(scope), key.id, this.#operations, this.#report)
  }

  /** What is under way now has ended. */
  async #ended(): Promise<void> {
    await Promise.all(this.#underWay.values())
  }
}
