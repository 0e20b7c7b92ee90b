/** The answers given to the latest commits, by id, in two generations: at least the last `count`, at most twice as many. */
export class Remembered<A> {
  #young = new Map<string, A>()
  #old = new Map<string, A>()
  readonly #count: number

  constructor(count = 100_000) {
    this.#count = count
  }

  get(id: string): A | undefined {
    return this.#young.get(id) ?? this.#old.get(id)
  }

  set(id: string, answer: A): void {
    if (this.#young.size >= this.#count) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(id, answer)
  }
}
