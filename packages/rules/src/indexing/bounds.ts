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
 * first bound fits. New items wait in a short tail until it pays to sort them in.
 */
export const bounds = <Item>(): Bounds<Item> => {
  const rising = sorted<Item>()
  const falling = sorted<Item>()
  return {
    add: ({ high, low }, item) =>
      low === Number.NEGATIVE_INFINITY ? falling.add({ bound: -high, low, high, item }) : rising.add({ bound: low, low, high, item }),
    each: (at, use) => {
      rising.upTo(at, at, use)
      falling.upTo(-at, at, use)
    }
  }
}

const sorted = <Item>() => {
  let inOrder: Array<Bounded<Item>> = []
  let tail: Array<Bounded<Item>> = []
  return {
    add: (bounded: Bounded<Item>): void => {
      tail.push(bounded)
      if (tail.length < 32 + (inOrder.length >> 2)) return
      inOrder = inOrder.concat(tail).sort((left, right) => left.bound - right.bound)
      tail = []
    },
    upTo: (limit: number, at: number, use: (item: Item) => void): void => {
      for (const { bound, high, item, low } of inOrder) {
        if (bound > limit) break
        if (low <= at && at <= high) use(item)
      }
      for (const { high, item, low } of tail) if (low <= at && at <= high) use(item)
    }
  }
}
