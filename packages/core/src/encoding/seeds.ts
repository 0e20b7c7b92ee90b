import type { Seed } from "./ids.ts"

/** Random words for seeds and jitter, drawn a page at a time: asking the platform costs more than the words. */
export class Seeds {
  readonly #entropy: (bytes: number) => Uint8Array
  #words: Uint32Array = new Uint32Array(0)
  #used = 0

  constructor(entropy: (bytes: number) => Uint8Array) {
    this.#entropy = entropy
  }

  readonly draw = (): Seed => {
    if (this.#used >= this.#words.length) {
      this.#words = new Uint32Array(Uint8Array.from(this.#entropy(4096)).buffer)
      this.#used = 0
    }
    const at = this.#used
    this.#used += 4
    return [this.#words[at]!, this.#words[at + 1]!, this.#words[at + 2]!, this.#words[at + 3]!]
  }

  /** In [0, 1). */
  random(): number {
    return this.draw()[0] / 2 ** 32
  }
}
