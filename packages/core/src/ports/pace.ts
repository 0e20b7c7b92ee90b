import type { Platform } from "./platform.ts"

/** The engine yields to the rest of the app after this long (ms). */
const SLICE = 4

/** Keeps long work from holding the event loop: asked between its steps whether it is time to let others have their turn. */
export class Pace {
  readonly #platform: Pick<Platform, "clock" | "yield">
  readonly begun: number
  #slice: number

  constructor(platform: Pick<Platform, "clock" | "yield">) {
    this.#platform = platform
    this.begun = this.#slice = platform.clock.now()
  }

  isSpent(): boolean {
    return this.#platform.clock.now() - this.#slice >= SLICE
  }

  /** How long the whole work has gone on, pauses included. */
  elapsed(): number {
    return this.#platform.clock.now() - this.begun
  }

  async pause(): Promise<void> {
    await this.#platform.yield()
    this.#slice = this.#platform.clock.now()
  }
}
