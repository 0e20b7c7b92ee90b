import type { Engine } from "../client/engine.ts"
import { telemetry } from "../client/telemetry.ts"
import type { Due } from "../ports/store.ts"
import { deliver, delivering } from "./delivery.ts"
import { Loop, type Pass, type Worker } from "./loop.ts"
import { Messages } from "./system.ts"

/** How many messages are looked up at a time. */
const PAGE = 256
/** How long a message that could not be begun is left alone (ms). */
const ASIDE = 1000

/** Delivers the messages of all scopes, the oldest first: as many at once as may be, and as one ends, the next one begins. */
export class Deliveries implements Worker {
  readonly #operations: ReturnType<typeof delivering>
  /** Messages that are due and have not begun. */
  #waiting: Array<Due> = []
  /** What this process has begun, so that it is not begun again. */
  readonly #underWay = new Map<string, Promise<void>>()
  /** What could not be begun, why, and until when others come first. */
  readonly #aside = new Map<string, { readonly until: number; readonly error: unknown }>()
  #ended = 0
  readonly #loop: Loop

  readonly #engine: Engine
  readonly #report: (error: unknown) => void

  constructor(engine: Engine, report: (error: unknown) => void) {
    this.#engine = engine
    this.#report = report
    this.#operations = delivering(engine)
    this.#loop = new Loop(engine.options.platform.clock, () => this.#pass(), report)
  }

  start(): void {
    this.#loop.start()
  }

  /** How a delivery ended must not be forgotten, so those under way are waited for. */
  async stop(): Promise<void> {
    await this.#loop.stop()
    this.#waiting = []
    await Promise.all(this.#underWay.values())
  }

  wake(): void {
    this.#loop.wake()
  }

  /** Delivers all that is due, and waits until it has ended. */
  async drain(): Promise<Omit<Pass, "next">> {
    const before = this.#ended
    this.#aside.clear()
    for (let found = 1; found > 0;) {
      found = (await this.#look()).found
      while (this.#underWay.size > 0) await Promise.race(this.#underWay.values())
    }
    return { progress: this.#ended > before, failures: [...this.#aside.values()].map(({ error }) => error) }
  }

  async #pass(): Promise<Pass> {
    for (const [place, { until }] of this.#aside) if (until <= this.#engine.now) this.#aside.delete(place)
    const { found, next } = await this.#look()
    return { progress: found > 0 && this.#waiting.length === 0, next, failures: [] }
  }

  /** Begins what is found to be due. While there is more of it than may be under way, nobody has to be asked for others. */
  async #look(): Promise<{ readonly found: number; readonly next: number }> {
    if (this.#waiting.length > 0) return { found: 0, next: Infinity }
    const { store, now } = this.#engine
    const first = await store.due(Messages.name, Infinity, PAGE + this.#underWay.size + this.#aside.size)
    // Meanwhile somebody else may have looked.
    const due = this.#waiting.length > 0 ? [] : first.filter((message) => message.due <= now && !this.#isTaken(message))
    if (due.length > 0) telemetry.lag("outbox", now - due[0]!.due)
    this.#waiting.push(...due)
    this.#fill()
    return { found: due.length, next: first.find((message) => message.due > now)?.due ?? Infinity }
  }

  #isTaken(message: Due): boolean {
    const place = placeOf(message)
    return this.#underWay.has(place) || this.#aside.has(place)
  }

  #fill(): void {
    while (this.#underWay.size < this.#engine.options.deliveries && this.#waiting.length > 0) this.#begin(this.#waiting.shift()!)
  }

  #begin(message: Due): void {
    const place = placeOf(message)
    const ended = this.#deliver(message)
      .then(
        () => void this.#ended++,
        (error: unknown) => {
          this.#aside.set(place, { until: this.#engine.now + ASIDE, error })
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
}

const placeOf = ({ scope, key }: Due): string => `${scope}\n${key.id}`
