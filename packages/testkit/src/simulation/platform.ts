import { type Clock, type Platform, systemPlatform } from "@omni/core"

import { random, type Random } from "../random.ts"

/** A platform whose time, randomness and turns a seed decides. */
export interface SimulatedPlatform extends Platform {
  readonly clock: Clock
  /** Lets so much time pass. Who sleeps until then wakes in due order, and each does all it can before the next one wakes. */
  advance(milliseconds: number): Promise<void>
  /** Lets everybody do all they can without time passing: returns when all that is left sleeps. */
  settle(): Promise<void>
  /** Runs `work` to its end, and lets time pass whenever everything sleeps. */
  run<A>(work: () => Promise<A>): Promise<A>
  /** Time stands still until the outcome of what happens outside of this platform; several come back in the order they were begun. */
  outside<A>(work: () => Promise<A>): Promise<A>
}

interface Sleeper {
  readonly at: number
  readonly wake: () => void
}

/** How long the real world may be waited for when nothing here sleeps, in real milliseconds. */
const OUTSIDE = 10_000

/** Simulated time begins at `start`, epoch milliseconds: 2026-01-01T00:00:00Z unless told. */
export const simulatedPlatform = (seed: number, start = 1_767_225_600_000): SimulatedPlatform =>
  new Simulation(random(seed), random(seed + 1), start)

const turn = systemPlatform().yield

class Simulation implements SimulatedPlatform {
  readonly clock: Clock = { now: () => this.#now, sleep: (milliseconds, signal) => this.#sleep(milliseconds, signal) }
  readonly entropy: Platform["entropy"]
  readonly #order: Random
  #now: number
  /** In due order; those due at the same instant as they lay down. */
  readonly #sleepers: Array<Sleeper> = []
  readonly #turns: Array<() => void> = []
  #giving = false
  #away: Promise<unknown> = Promise.resolve()
  #outside = 0
  #moves = 0

  constructor(order: Random, bytes: Random, start: number) {
    this.#order = order
    this.entropy = (count) => bytes.bytes(count)
    this.#now = start
  }

  readonly yield = (): Promise<void> => {
    this.#moves++
    return new Promise((resolve) => {
      this.#turns.push(resolve)
      if (!this.#giving) void this.#giveTurns()
    })
  }

  async advance(milliseconds: number): Promise<void> {
    const end = this.#now + Math.ceil(milliseconds)
    await this.settle()
    while (this.#wakeFirst(end)) await this.settle()
    this.#now = end
  }

  async settle(): Promise<void> {
    for (let seen = -1; seen !== this.#moves || this.#turns.length > 0 || this.#outside > 0;) {
      seen = this.#moves
      await turn()
    }
  }

  async run<A>(work: () => Promise<A>): Promise<A> {
    let ended = false
    const result = work().finally(() => {
      ended = true
      this.#moves++
    })
    result.catch(() => undefined)
    for (let waited = 0; ;) {
      await this.settle()
      if (ended) return result
      if (this.#wakeFirst(Infinity)) waited = 0
      else if (waited++ > OUTSIDE) throw new Error("A simulation stands still: its work waits for something that neither sleeps nor runs.")
      else await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  outside<A>(work: () => Promise<A>): Promise<A> {
    this.#outside++
    this.#moves++
    const result = this.#away.then(work).finally(() => {
      this.#outside--
      this.#moves++
    })
    this.#away = result.catch(() => undefined)
    return result
  }

  /** One of those who wait gets its turn, chosen by the seed, once nothing else runs. */
  async #giveTurns(): Promise<void> {
    this.#giving = true
    while (this.#turns.length > 0) {
      await turn()
      if (this.#outside > 0) continue
      this.#turns.splice(this.#order.below(this.#turns.length), 1)[0]!()
    }
    this.#giving = false
  }

  #sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    if (!(milliseconds > 0)) return this.yield()
    this.#moves++
    return new Promise((resolve) => {
      const stop = () => {
        const at = this.#sleepers.indexOf(sleeper)
        if (at >= 0) this.#sleepers.splice(at, 1)
        sleeper.wake()
      }
      const sleeper: Sleeper = {
        at: this.#now + Math.ceil(milliseconds),
        wake: () => {
          this.#moves++
          signal?.removeEventListener("abort", stop)
          resolve()
        }
      }
      signal?.addEventListener("abort", stop)
      const after = this.#sleepers.findIndex(({ at }) => at > sleeper.at)
      this.#sleepers.splice(after < 0 ? this.#sleepers.length : after, 0, sleeper)
    })
  }

  #wakeFirst(until: number): boolean {
    const first = this.#sleepers[0]
    if (first === undefined || first.at > until) return false
    this.#sleepers.shift()
    this.#now = Math.max(this.#now, first.at)
    first.wake()
    return true
  }
}
