/** First come, first served, inside this process. */
export class Lock {
  #held = false
  readonly #waiting: Array<() => void> = []

  async acquire(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#held = true
  }

  /** The next in line holds the lock from now on: nobody can slip in between. */
  release(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#held = false
    else next()
  }
}
