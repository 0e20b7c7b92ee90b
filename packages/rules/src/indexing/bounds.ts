import type { Range } from "./predicates.ts"

interface Bounded<Item> {
  readonly range: Range
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
  const rising = sortedBy<Item>(({ low }) => low)
  const falling = sortedBy<Item>(({ high }) => -high)
  return {
    add: (range, item) => (range.low === Number.NEGATIVE_INFINITY ? falling : rising).add({ range, item }),
    each: (at, use) => {
      rising.upTo(at, at, use)
      falling.upTo(-at, at, use)
    }
  }
}

const sortedBy = <Item>(bound: (range: Range) => number) => {
  let sorted: Array<Bounded<Item>> = []
  let tail: Array<Bounded<Item>> = []
  return {
    add: (bounded: Bounded<Item>): void => {
      tail.push(bounded)
      if (tail.length < 32 + (sorted.length >> 2)) return
      sorted = [...sorted, ...tail].sort((left, right) => bound(left.range) - bound(right.range))
      tail = []
    },
    upTo: (limit: number, at: number, use: (item: Item) => void): void => {
      for (const { item, range } of sorted) {
        if (bound(range) > limit) break
        if (range.low <= at && at <= range.high) use(item)
      }
      for (const { item, range } of tail) if (range.low <= at && at <= range.high) use(item)
    }
  }
}
