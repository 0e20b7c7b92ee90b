/** First come, first served, inside this process. */
export class Lock {
  #held = false
  readonly #waiting: Array<() => void> = []

  async acquire(): Promise<void> {
    if (this.#held) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#held = true
  }

  /** `false`: it was not free for this long (ms), and is not held now. */
  async acquireWithin(patience: number): Promise<boolean> {
    if (!this.#held) {
      this.#held = true
      return true
    }
    return new Promise((resolve) => {
      const next = () => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(next), 1)
        resolve(false)
      }, patience)
      this.#waiting.push(next)
    })
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
