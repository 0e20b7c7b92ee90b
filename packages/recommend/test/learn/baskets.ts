import type { Basket } from "@omni/recommend"
import fc from "fast-check"

/** An instant that the baskets of the tests lie before. */
export const NOW = 1_700_000_000_000

const DAY = 86_400_000

/** Baskets of a few persons over a few items, with ids of their own. */
export const someBaskets: fc.Arbitrary<ReadonlyArray<Basket>> = fc
  .array(
    fc.record({
      kind: fc.constantFrom("order", "order", "order", "cart", "view"),
      person: fc.option(fc.constantFrom("ana", "bea", "cid", "dan", "eva"), { nil: undefined }),
      at: fc.integer({ min: 0, max: 400 }).map((days) => NOW - days * DAY),
      items: fc.array(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 6 })
    }),
    { maxLength: 40 }
  )
  .map((all) => all.map((basket, at) => ({ ...basket, id: `b${at}` })))

/** The same in another order. */
export const shuffled = <Item>(all: ReadonlyArray<Item>): fc.Arbitrary<ReadonlyArray<Item>> =>
  fc.shuffledSubarray([...all], { minLength: all.length, maxLength: all.length })
