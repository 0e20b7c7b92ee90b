/** The most items of a chunk: a chunk is split in two beyond it, so that an insertion never moves more than this. */
const CHUNK = 512

/** A set kept in order, in chunks. Items that compare as 0 are the same item: the first one stays. */
export class Sorted<T> {
  readonly #chunks: Array<Array<T>> = []
  readonly #compare: (a: T, b: T) => number

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare
  }

  add(item: T): void {
    const at = this.#chunkOf(item)
    const chunk = this.#chunks[at]
    if (chunk === undefined) return void this.#chunks.push([item])
    const place = this.#placeIn(chunk, item)
    if (place < chunk.length && this.#compare(chunk[place]!, item) === 0) return
    chunk.splice(place, 0, item)
    if (chunk.length > CHUNK) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK >> 1))
  }

  delete(item: T): void {
    const at = this.#chunkOf(item)
    const chunk = this.#chunks[at]
    if (chunk === undefined) return
    const place = this.#placeIn(chunk, item)
    if (place === chunk.length || this.#compare(chunk[place]!, item) !== 0) return
    chunk.splice(place, 1)
    if (chunk.length === 0) this.#chunks.splice(at, 1)
  }

  /** From the first item at or after `from`, upwards. */
  *up(from: T): Generator<T, void> {
    let at = this.#chunkOf(from)
    if (at === this.#chunks.length) return
    for (let i = this.#placeIn(this.#chunks[at]!, from); at < this.#chunks.length; at++, i = 0) {
      const chunk = this.#chunks[at]!
      for (; i < chunk.length; i++) yield chunk[i]!
    }
  }

  /** From the last item at or before `from`, downwards. */
  *down(from: T): Generator<T, void> {
    let at = Math.min(this.#chunkOf(from), this.#chunks.length - 1)
    if (at < 0) return
    const first = this.#chunks[at]!
    const place = this.#placeIn(first, from)
    let i = place < first.length && this.#compare(first[place]!, from) === 0 ? place : place - 1
    for (; ; i = this.#chunks[at]!.length - 1) {
      for (; i >= 0; i--) yield this.#chunks[at]![i]!
      if (--at < 0) return
    }
  }

  /** The first chunk that ends at or after `item`; for adding, the last one takes what comes after all. */
  #chunkOf(item: T): number {
    const chunks = this.#chunks
    const at = first(chunks.length, (i) => this.#compare(chunks[i]!.at(-1)!, item) >= 0)
    return at === chunks.length && at > 0 ? at - 1 : at
  }

  #placeIn(chunk: ReadonlyArray<T>, item: T): number {
    return first(chunk.length, (i) => this.#compare(chunk[i]!, item) >= 0)
  }
}

/** The first index below `length` that holds, for a condition that stays true once it is; `length` if there is none. */
export const first = (length: number, holds: (index: number) => boolean): number => {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
