import * as fc from "fast-check"

import type { Basket } from "../../src/promotions/basket.ts"
import type { Promotion } from "../../src/promotions/promotion.ts"

const products = ["a", "b", "c", "d"]

interface Line {
  readonly id: string
  readonly quantity: number
  readonly unitPrice: number
  readonly product: string
}

/** A basket of lines and one charge for shipping. */
export const basketFrom = (
  lines: ReadonlyArray<Line>,
  shipping: number,
  rounding: Basket["rounding"] = { level: "line", mode: "half-up" }
): Basket => ({
  currency: "EUR",
  now: 1_000,
  channel: undefined,
  customer: undefined,
  coupons: ["CODE"],
  lines: lines.length,
  rows: lines.length + 1,
  ids: [...lines.map(({ id }) => id), "post"],
  quantities: [...lines.map(({ quantity }) => quantity), 1],
  prices: [...lines.map(({ unitPrice }) => unitPrice), shipping],
  listed: [...lines.map(({ quantity, unitPrice }) => quantity * unitPrice), shipping],
  productOf: (row) => lines[row]?.product,
  categoriesOf: (row) => [(lines[row]?.product ?? "a") < "c" ? "first" : "last"],
  factsOf: (row) => ({ colour: lines[row]?.product === "a" ? "red" : "blue", name: "post" }),
  weightOf: undefined,
  rounding
})

const line = fc.record({
  quantity: fc.integer({ min: 1, max: 5 }),
  unitPrice: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 4000 })),
  product: fc.constantFrom(...products)
})

/** So many lines at most, some of them so cheap that every unit of rounding shows. */
export const linesOf = (most: number, least = 1): fc.Arbitrary<ReadonlyArray<Line>> =>
  fc.array(line, { minLength: least, maxLength: most }).map((lines) => lines.map((one, at) => ({ id: `line ${at}`, ...one })))

/** Baskets of so many lines at most. */
export const basketOf = (most: number): fc.Arbitrary<Basket> =>
  fc
    .tuple(
      linesOf(most),
      fc.integer({ min: 0, max: 900 }),
      fc.record({ level: fc.constantFrom("unit", "line"), mode: fc.constantFrom("half-up", "half-even", "down", "up") })
    )
    .map(([lines, shipping, rounding]) => basketFrom(lines, shipping, rounding))

const amount = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 3000 }))

const simple = fc.oneof(
  fc.record({
    type: fc.constant("percentage" as const),
    percent: fc.integer({ min: 0, max: 100 }),
    of: fc.constantFrom("remaining" as const, "original" as const)
  }),
  fc.record({
    type: fc.constant("fixed" as const),
    amount,
    currency: fc.constant("EUR" as const),
    per: fc.constantFrom("unit" as const, "line" as const)
  }),
  fc.record({ type: fc.constant("price" as const), amount, currency: fc.constant("EUR" as const) })
)

const selection = fc.record(
  { products: fc.uniqueArray(fc.constantFrom(...products), { minLength: 1 }), categories: fc.constantFrom(["first"], ["last"]) },
  { requiredKeys: [] }
)

const count = fc.integer({ min: 1, max: 3 })

const value: fc.Arbitrary<Promotion["value"]> = fc.oneof(
  { weight: 5, arbitrary: simple },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        type: fc.constant("buy-get" as const),
        buy: fc.tuple(count, selection).map(([quantity, rest]) => ({ quantity, ...rest })),
        get: count.map((quantity) => ({ quantity })),
        percent: fc.constantFrom(50, 100),
        pick: fc.constantFrom("cheapest" as const, "dearest" as const),
        times: fc.integer({ min: 1, max: 3 })
      },
      { requiredKeys: ["type", "buy", "get"] }
    )
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("bundle" as const),
      parts: fc.array(
        fc.tuple(count, selection).map(([quantity, rest]) => ({ quantity, ...rest })),
        { minLength: 1, maxLength: 2 }
      ),
      price: amount.map((EUR) => ({ EUR }))
    })
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("tiers" as const),
      by: fc.constant("quantity" as const),
      steps: fc.array(fc.record({ from: fc.integer({ min: 1, max: 8 }), value: simple }), { minLength: 1, maxLength: 3 })
    })
  },
  {
    weight: 1,
    arbitrary: amount.map((EUR) => ({ type: "gift" as const, product: "mug", quantity: 1, taxCategory: "standard", worth: { EUR } }))
  }
)

const condition = fc.oneof(
  fc.integer({ min: 0, max: 6000 }).map((bound) => ({ ">=": [{ var: "subtotal" }, { money: { EUR: bound } }] })),
  fc.integer({ min: 0, max: 10 }).map((bound) => ({ ">=": [{ var: "quantity" }, bound] }))
)

/** A promotion of any kind; `id` is to be made unique. */
export const promotionOf = (id: string): fc.Arbitrary<Promotion> =>
  fc
    .record(
      {
        value,
        target: fc.constantFrom("line" as const, "order" as const, "shipping" as const),
        rank: fc.integer({ min: 0, max: 2 }),
        selection,
        condition,
        lines: fc.constantFrom(
          { "===": [{ var: "colour" }, "red"] },
          { "===": [{ var: "discounted" }, false] },
          { ">": [{ var: "amount" }, 100] }
        ),
        allocation: fc.constantFrom("each" as const, "across" as const),
        maxQuantity: fc.integer({ min: 1, max: 3 }),
        earlier: fc.constantFrom("shared" as const, "first" as const),
        stacking: fc.constantFrom("stackable" as const, "stackable" as const, "stackable" as const, "exclusive" as const),
        group: fc.constantFrom("one", "two"),
        cap: amount.map((EUR) => ({ EUR })),
        floor: fc.integer({ min: 0, max: 30 }).map((EUR) => ({ EUR }))
      },
      { requiredKeys: ["value", "target"] }
    )
    .map(({ selection: chosen, target, ...rest }) => ({
      id,
      name: `Offer ${id}`,
      target: target === "shipping" && !["percentage", "fixed", "price"].includes(rest.value.type) ? ("line" as const) : target,
      ...rest,
      ...chosen
    }))

/** So many promotions at most. */
export const promotionsOf = (most: number): fc.Arbitrary<ReadonlyArray<Promotion>> =>
  fc.integer({ min: 0, max: most }).chain((length) => fc.tuple(...Array.from({ length }, (_, at) => promotionOf(`p${at}`))))
