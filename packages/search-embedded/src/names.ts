import type { Segment } from "./segment.ts"

/** So many comparisons are made before others have their turn. */
const TURN = 20_000

/**
 * Texts by name, in the order of a language. A rank is a number between those of its neighbours, so that a new text needs no other to be ranked again, but for those
 * rare times when there is no number left between two.
 */
export class NameOrder {
  readonly #segment: Segment
  readonly #collator: Intl.Collator
  #sorted: Array<number> = []
  ranks = new Float64Array(0)

  private constructor(segment: Segment, locale: string) {
    this.#segment = segment
    this.#collator = new Intl.Collator(locale, { numeric: true })
  }

  static async make(segment: Segment, locale: string, turn: () => Promise<void>): Promise<NameOrder> {
    const order = new NameOrder(segment, locale)
    const count = segment.names.length
    order.#sorted = await order.#sort(
      Array.from({ length: count }, (_, text) => text),
      turn
    )
    await order.#rank(turn)
    // Texts that came meanwhile.
    for (let text = count; text < segment.names.length; text++) order.add(text)
    segment.onText.push((text) => order.add(text))
    return order
  }

  /** Where a name would stand: between the ranks of those before it, and of those that are the same or come after. */
  rankOf(name: string): number {
    const at = this.#place(name)
    const text = this.#sorted[at]
    if (text !== undefined && this.#collator.compare(this.#segment.names[text]!, name) === 0) return this.ranks[text]!
    const [before, after] = [this.#sorted[at - 1], text]
    if (before === undefined) return -1
    return after === undefined ? this.ranks[before]! + 0.5 : (this.ranks[before]! + this.ranks[after]!) / 2
  }

  add(text: number): void {
    if (text >= this.ranks.length) {
      const grown = new Float64Array(text + (text >> 2) + 16)
      grown.set(this.ranks)
      this.ranks = grown
    }
    const name = this.#segment.names[text]!
    const at = this.#place(name)
    const [before, after] = [this.#sorted[at - 1], this.#sorted[at]]
    this.#sorted.splice(at, 0, text)
    const same = after !== undefined && this.#collator.compare(this.#segment.names[after]!, name) === 0
    const low = before === undefined ? -1 : this.ranks[before]!
    const high = after === undefined ? low + 2 : this.ranks[after]!
    this.ranks[text] = same ? high : (low + high) / 2
    if (!same && (this.ranks[text] === low || this.ranks[text] === high)) this.#spread(text)
  }

  /** The first place whose name is not before this one. */
  #place(name: string): number {
    let [low, high] = [0, this.#sorted.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#collator.compare(this.#segment.names[this.#sorted[middle]!]!, name) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Names that are the same have one rank: then the id decides. */
  async #rank(turn: () => Promise<void>): Promise<void> {
    this.ranks = new Float64Array(this.#sorted.length)
    let rank = 0
    for (const [at, text] of this.#sorted.entries()) {
      if (at > 0 && !this.#isSame(this.#sorted[at - 1]!, text)) rank += 1
      this.ranks[text] = rank
      if (at % TURN === TURN - 1) await turn()
    }
  }

  /** Makes room between ranks. Which names are the same is known of all but the one that has come. */
  #spread(added: number): void {
    let [rank, last] = [0, Number.NaN]
    for (let at = 0; at < this.#sorted.length; at++) {
      const text = this.#sorted[at]!
      const own = this.ranks[text]!
      const before = this.#sorted[at - 1]
      const isSame = before === undefined || (text === added || before === added ? this.#isSame(before, text) : own === last)
      if (!isSame) rank += 1
      last = own
      this.ranks[text] = rank
    }
  }

  #isSame(a: number, b: number): boolean {
    return this.#collator.compare(this.#segment.names[a]!, this.#segment.names[b]!) === 0
  }

  /** Merges runs that grow, in turns. */
  async #sort(texts: Array<number>, turn: () => Promise<void>): Promise<Array<number>> {
    const { names } = this.#segment
    const isBefore = (a: number, b: number): boolean => this.#collator.compare(names[a]!, names[b]!) <= 0
    let [from, to] = [texts, [...texts]]
    let compared = 0
    for (let width = 1; width < texts.length; width *= 2) {
      for (let start = 0; start < texts.length; start += 2 * width) {
        const middle = Math.min(start + width, texts.length)
        const end = Math.min(start + 2 * width, texts.length)
        for (let left = start, right = middle, at = start; at < end; at++) {
          to[at] = left < middle && (right >= end || isBefore(from[left]!, from[right]!)) ? from[left++]! : from[right++]!
          if (++compared % TURN === 0) await turn()
        }
      }
      ;[from, to] = [to, from]
    }
    return from
  }
}
