import * as fc from "fast-check"

import type { Basket } from "../../src/promotions/basket.ts"
import type { Promotion } from "../../src/promotions/promotion.ts"
import { basketFrom } from "./arbitraries.ts"

/** Carts on which promotions stand in each other's way: kinds of them that are hard for a search, each alone and all together. */

type Offer = Omit<Promotion, "id" | "name" | "rank">

const kinds = ["a", "b", "c", "d", "e", "f", "g", "h"] as const

const some = (most: number) => fc.uniqueArray(fc.constantFrom(...kinds), { minLength: 1, maxLength: most })

const percentage = (most: number) => fc.integer({ min: 1, max: most }).map((percent) => ({ type: "percentage" as const, percent }))

const phase = fc.constantFrom("line" as const, "order" as const)

const count = fc.integer({ min: 1, max: 3 })

const offers: Readonly<Record<string, fc.Arbitrary<Offer>>> = {
  "of which one of a group is given": fc.record({
    target: phase,
    group: fc.constantFrom("one", "two", "three", "four"),
    value: percentage(40),
    products: some(4)
  }),
  "that want the same units": fc.record({
    target: fc.constant("line" as const),
    products: some(3),
    value: fc.record({
      type: fc.constant("buy-get" as const),
      buy: fc.record({ quantity: count, products: some(3) }, { requiredKeys: ["quantity"] }),
      get: fc.record({ quantity: fc.integer({ min: 1, max: 2 }) }),
      percent: fc.integer({ min: 30, max: 100 }),
      pick: fc.constantFrom("cheapest" as const, "dearest" as const)
    })
  }),
  "that bundle the same things": fc.record({
    target: fc.constant("line" as const),
    value: fc.record({
      type: fc.constant("bundle" as const),
      parts: fc.array(fc.record({ products: some(2), quantity: fc.integer({ min: 1, max: 2 }) }), { minLength: 1, maxLength: 3 }),
      price: fc.integer({ min: 500, max: 6000 }).map((EUR) => ({ EUR }))
    })
  }),
  "with a threshold that others may take away": fc.record({
    target: phase,
    products: some(5),
    condition: fc.integer({ min: 0, max: 300_000 }).map((EUR) => ({ ">=": [{ var: "subtotal" }, { money: { EUR } }] })),
    value: fc.oneof(
      percentage(30),
      fc.record({ type: fc.constant("fixed" as const), amount: fc.integer({ min: 100, max: 9000 }), currency: fc.constant("EUR" as const) })
    )
  }),
  "for what was not reduced, or still costs enough": fc.record({
    target: phase,
    products: some(5),
    lines: fc.oneof(
      fc.constant({ "===": [{ var: "discounted" }, false] }),
      fc.integer({ min: 100, max: 9000 }).map((bound) => ({ ">": [{ var: "amount" }, bound] })),
      fc.integer({ min: 100, max: 9000 }).map((bound) => ({ or: [{ "!": { var: "discounted" } }, { "<=": [bound, { var: "amount" }] }] })),
      fc.integer({ min: 100, max: 9000 }).map((bound) => ({ "<": [{ var: "amount" }, bound] }))
    ),
    value: percentage(40)
  }),
  "that are shared out unevenly": fc.record({ target: fc.constant("order" as const), products: some(5), value: percentage(30) }),
  "that put one price on all of it": fc.record({
    target: fc.constant("order" as const),
    products: some(4),
    value: fc.record({
      type: fc.constant("price" as const),
      amount: fc.integer({ min: 500, max: 60_000 }),
      currency: fc.constant("EUR" as const)
    })
  })
}

/** The names of the kinds, and one for all of them together. */
export const hardKinds: ReadonlyArray<string> = [...Object.keys(offers), "of all these kinds"]

const offerOf = (kind: string): fc.Arbitrary<Offer> => {
  const simple = fc.record({ target: fc.constant("line" as const), products: some(2), value: percentage(60) })
  const one = offers[kind] ?? fc.oneof(...Object.values(offers))
  return fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: simple })
}

/** So many promotions of a kind, with some simple ones among them. */
export const hardPromotions = (kind: string, length: number): fc.Arbitrary<ReadonlyArray<Promotion>> =>
  fc
    .array(fc.tuple(offerOf(kind), fc.integer({ min: 0, max: 3 })), { minLength: length, maxLength: length })
    .map((all) => all.map(([offer, rank], at) => ({ id: `p${String(at).padStart(2, "0")}`, name: "Offer", rank, ...offer })))

/** What discounts on the order are shared out by where that is what lines cost with tax, of two rates. */
const withTax = (row: number, amount: number): number => amount + Math.round(amount * (row % 2 === 0 ? 0.19 : 0.07))

const weights: ReadonlyArray<Basket["weightOf"]> = [undefined, undefined, undefined, withTax]

/** So many lines. */
export const hardBasket = (length: number, weightsOf = weights): fc.Arbitrary<Basket> =>
  fc
    .tuple(
      fc.array(
        fc.record({
          quantity: fc.integer({ min: 1, max: 5 }),
          unitPrice: fc.integer({ min: 99, max: 5_000 }),
          product: fc.constantFrom(...kinds)
        }),
        { minLength: length, maxLength: length }
      ),
      fc.constantFrom(...weightsOf)
    )
    .map(([lines, weightOf]) => ({
      ...basketFrom(
        lines.map((one, at) => ({ id: `line ${String(at).padStart(2, "0")}`, ...one })),
        490
      ),
      weightOf
    }))
