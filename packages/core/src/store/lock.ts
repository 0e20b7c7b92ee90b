/** First come, first served, inside this process. What runs under it without waiting costs no turn of the event loop when it is free. */
export class Lock {
  #held = false
  readonly #waiting: Array<() => void> = []

  /** Resolves when the lock is held; whoever holds it calls `release` once. */
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

  isFree(): boolean {
    return !this.#held
  }
}
