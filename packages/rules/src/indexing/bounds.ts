import type { Range } from "./predicates.ts"

interface Bounded<Item> {
  readonly bound: number
  readonly low: number
  readonly high: number
  readonly item: Item
}

/** Items by the range of numbers that they are about, found by a number. */
export interface Bounds<Item> {
  readonly add: (range: Range, item: Item) => void
  /** Calls with every item whose range includes the number. */
  readonly each: (at: number, use: (item: Item) => void) => void
}

/**
 * Items with a lower bound lie in its order, the others in the order of the upper one; a look-up goes through those whose
 * first bound fits, and skips whole blocks whose second ones do not. New items wait in a tail; the look-up that finds it
 * long sorts them in.
 */
export const bounds = <Item>(): Bounds<Item> => {
  const [rising, falling] = [sorted<Item>(), sorted<Item>()]
  return {
    add: ({ high, low }, item) =>
      low === Number.NEGATIVE_INFINITY ? falling.add({ bound: -high, low, high, item }) : rising.add({ bound: low, low, high, item }),
    each: (at, use) => {
      rising.upTo(at, at, use)
      falling.upTo(-at, at, use)
    }
  }
}

const none = new Float64Array()

/** So many items are skipped at once when no range among them reaches far enough. */
const block = 64

const sorted = <Item>() => {
  let inOrder: Array<Bounded<Item>> = []
  let tail: Array<Bounded<Item>> = []
  let reach = none
  const settle = (): void => {
    inOrder = inOrder.concat(tail).sort((left, right) => left.bound - right.bound)
    reach = reaches(inOrder)
    tail = []
  }
  return {
    add: (bounded: Bounded<Item>): void => {
      tail.push(bounded)
    },
    upTo: (limit: number, at: number, use: (item: Item) => void): void => {
      if (tail.length > 32 + Math.sqrt(inOrder.length)) settle()
      for (let one = 0; one < reach.length; one++) {
        const first = inOrder[one * block]
        if (first === undefined || first.bound > limit) break
        if ((reach[one] ?? at) >= at) within(inOrder, one * block, (one + 1) * block, at, use)
      }
      within(tail, 0, tail.length, at, use)
    }
  }
}

const reaches = (items: ReadonlyArray<Bounded<unknown>>): Float64Array<ArrayBuffer> => {
  const reach = new Float64Array(Math.ceil(items.length / block)).fill(Number.NEGATIVE_INFINITY)
  items.forEach(({ high }, at) => {
    const one = Math.floor(at / block)
    reach[one] = Math.max(reach[one] ?? high, high)
  })
  return reach
}

const within = <Item>(items: ReadonlyArray<Bounded<Item>>, start: number, end: number, at: number, use: (item: Item) => void): void => {
  for (let place = start; place < end; place++) {
    const one = items[place]
    if (one === undefined) return
    if (one.low <= at && at <= one.high) use(one.item)
  }
}
