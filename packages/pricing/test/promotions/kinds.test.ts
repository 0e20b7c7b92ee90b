import { explain, price, type PricedCart, type PricingContext, type Promotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import { describe, expect, it } from "vitest"

interface Line {
  readonly amount: number
  readonly quantity?: number
  readonly product?: string
  readonly categories?: ReadonlyArray<string>
  readonly facts?: Readonly<Record<string, string>>
}

const priced = (
  lines: Readonly<Record<string, Line>>,
  promotions: ReadonlyArray<Omit<Promotion, "name">>,
  more: Partial<PricingContext> & { readonly shipping?: number; readonly coupons?: ReadonlyArray<string> } = {}
): PricedCart => {
  const { shipping, coupons = [], ...context } = more
  const { currency = "EUR" } = context
  return price(
    {
      lines: Object.entries(lines).map(([id, { amount, quantity = 1, product = id, ...rest }]) => ({
        id,
        product,
        quantity,
        taxCategory: "none",
        prices: [{ amount, currency }],
        ...rest
      })),
      shipping: shipping === undefined ? [] : [{ id: "post", amount: shipping, currency, taxCategory: "none" }],
      coupons
    },
    {
      now: 0,
      currency,
      tax: { entry: "gross", rates: { none: [] } },
      ...context,
      promotions: definePromotions(promotions.map((promotion) => ({ name: promotion.id, ...promotion })))
    }
  )
}

/** What came off which line, by promotion. */
const off = ({ discounts }: PricedCart) =>
  Object.fromEntries(
    discounts.map(({ promotion, shares }) => [promotion, Object.fromEntries(shares.map(({ ref, amount }) => [ref, -amount]))])
  )

const buyGet = (more: object): Omit<Promotion, "name"> => ({
  id: "set",
  target: "line",
  value: { type: "buy-get", buy: { quantity: 2 }, get: { quantity: 1 }, ...more }
})

describe("buy some, get some", () => {
  const lines = { a: { amount: 1000, quantity: 3 }, b: { amount: 500, quantity: 2 }, c: { amount: 200 } }

  it("gives the cheapest of all, set after set", () => {
    expect(off(priced(lines, [buyGet({})]))).toEqual({ set: { b: 500, c: 200 } })
  })

  it("gives each set its own cheapest, where the dearest that are left are picked", () => {
    expect(off(priced(lines, [buyGet({ pick: "dearest" })]))).toEqual({ set: { a: 1000, c: 200 } })
  })

  it("as often as it may", () => {
    expect(off(priced(lines, [buyGet({ times: 1 })]))).toEqual({ set: { c: 200 } })
  })

  it("or takes a part off", () => {
    expect(off(priced(lines, [buyGet({ times: 1, percent: 50 })]))).toEqual({ set: { c: 100 } })
  })

  it("keeps what is only bought apart from what is given", () => {
    const promotion = { ...buyGet({ buy: { quantity: 1, products: ["a"] }, get: { quantity: 1 } }), products: ["b", "c"] }
    expect(off(priced(lines, [promotion]))).toEqual({ set: { b: 1000, c: 200 } })
  })

  it("leaves a unit that is given to one set out of every other, and dearer offers go first", () => {
    const one = { ...buyGet({ times: 1 }), id: "one" }
    const two = { ...buyGet({ buy: { quantity: 1 }, times: 1 }), id: "two" }
    const { discounts, combination } = priced({ a: { amount: 1000, quantity: 2 }, b: { amount: 500 } }, [one, two])
    expect(discounts.map(({ promotion }) => promotion)).toEqual(["one"])
    expect(combination.exact).toBe(true)
  })

  it("says how many are missing", () => {
    const { skipped } = priced({ a: { amount: 1000, quantity: 2 } }, [buyGet({})])
    expect(skipped).toMatchObject([{ code: "units-missing", short: [{ fact: "units", needed: 3, actual: 2, missing: 1 }] }])
  })

  it("with a billion units is as fast as with three", () => {
    const many = priced({ a: { amount: 3, quantity: 1_000_000_000 }, b: { amount: 2, quantity: 999_999_999 } }, [buyGet({})])
    expect(many.totals.discounts.amount).toBe(-666_666_666 * 2)
  })
})

describe("bundles", () => {
  const menu: Omit<Promotion, "name"> = {
    id: "menu",
    target: "line",
    value: {
      type: "bundle",
      parts: [
        { quantity: 1, categories: ["main"] },
        { quantity: 2, categories: ["side"] }
      ],
      price: { EUR: 1200 }
    }
  }
  const cart = {
    steak: { amount: 1500, categories: ["main"] },
    pasta: { amount: 900, categories: ["main"] },
    chips: { amount: 300, quantity: 3, categories: ["side"] },
    salad: { amount: 400, categories: ["side"] }
  }

  it("cost what they cost, and are made while that is less", () => {
    const { lines, totals } = priced(cart, [menu])
    expect(totals.gross.amount).toBe(2 * 1200)
    expect(lines.reduce((sum, { gross }) => sum + gross.amount, 0)).toBe(totals.gross.amount)
  })

  it("are not made where they would be dearer", () => {
    const { skipped } = priced(
      { pasta: { amount: 500, categories: ["main"] }, chips: { amount: 300, quantity: 2, categories: ["side"] } },
      [menu]
    )
    expect(skipped).toMatchObject([{ code: "units-missing" }])
  })
})

describe("tiers", () => {
  const tiers = (by: "spend" | "quantity", steps: ReadonlyArray<readonly [number, number]>): Omit<Promotion, "name"> => ({
    id: "tiers",
    target: "order",
    value: {
      type: "tiers",
      by,
      steps: steps.map(([from, percent]) => ({ from: by === "spend" ? { EUR: from } : from, value: { type: "percentage", percent } }))
    }
  })

  it("give the furthest step that is reached", () => {
    const steps = [
      [5000, 5],
      [20_000, 20],
      [10_000, 10]
    ] as const
    expect(priced({ a: { amount: 9_999 } }, [tiers("spend", steps)]).totals.discounts.amount).toBe(-500)
    expect(priced({ a: { amount: 10_000 } }, [tiers("spend", steps)]).totals.discounts.amount).toBe(-1000)
    expect(priced({ a: { amount: 10, quantity: 3 } }, [tiers("quantity", [[3, 10]])]).totals.discounts.amount).toBe(-3)
  })

  it("say how much is missing for the first", () => {
    expect(priced({ a: { amount: 4500 } }, [tiers("spend", [[5000, 5]])]).skipped).toMatchObject([
      { code: "tier-not-reached", short: [{ fact: "listed", missing: 500, money: true }] }
    ])
  })

  it("read a line as it was before any promotion, for what they are for and for how much of it there is", () => {
    const first: Omit<Promotion, "name"> = { id: "a", target: "line", products: ["a"], value: { type: "percentage", percent: 50 } }
    const untouched = { ...tiers("quantity", [[2, 10]]), lines: { "!": { var: "discounted" } } }
    expect(priced({ a: { amount: 100 }, b: { amount: 100 } }, [first, untouched]).discounts).toMatchObject([
      { promotion: "a", amount: -50 },
      { promotion: "tiers", amount: -15 }
    ])
  })
})

describe("limits of a promotion", () => {
  const half: Omit<Promotion, "name"> = { id: "half", target: "line", value: { type: "percentage", percent: 50 } }

  it("cap and floor hold, and what is left is shared out to the cent", () => {
    const lines = { a: { amount: 1000 }, b: { amount: 1000 }, c: { amount: 1001 } }
    expect(off(priced(lines, [{ ...half, cap: { EUR: 1000 } }]))).toEqual({ half: { a: 333, b: 333, c: 334 } })
    expect(off(priced(lines, [{ ...half, floor: { EUR: 900 } }]))).toEqual({ half: { a: 100, b: 100, c: 101 } })
    expect(off(priced(lines, [{ ...half, target: "order", floor: { EUR: 1000 } }]))).toEqual({ half: { c: 1 } })
  })

  it("is for so many units of a line", () => {
    expect(off(priced({ a: { amount: 1000, quantity: 5 } }, [{ ...half, maxQuantity: 2 }]))).toEqual({ half: { a: 1000 } })
  })

  it("takes off what was listed, where it says so", () => {
    const two = [half, { ...half, id: "more", value: { type: "percentage", percent: 30, of: "original" } }] as const
    expect(off(priced({ a: { amount: 1000 } }, two))).toEqual({ half: { a: 500 }, more: { a: 300 } })
  })

  it("has amounts for each currency, and is not given in one that it has none for", () => {
    const promotion: Omit<Promotion, "name"> = {
      id: "fixed",
      target: "order",
      value: { type: "fixed", amount: 500, currency: "EUR", amounts: { GBP: 450 } }
    }
    expect(priced({ a: { amount: 1000 } }, [promotion], { currency: "GBP" }).totals.discounts.amount).toBe(-450)
    expect(priced({ a: { amount: 1000 } }, [promotion], { currency: "USD" }).skipped).toMatchObject([{ code: "other-currency" }])
    expect(priced({ a: { amount: 1000 } }, [{ ...half, cap: { EUR: 5 } }], { currency: "USD" }).skipped).toMatchObject([
      { code: "other-currency" }
    ])
  })

  it("gives nothing once it is used up, and says what placing the cart uses", () => {
    const cart = { a: { amount: 1000 } }
    expect(priced(cart, [half], { remaining: { half: { uses: 0 } } }).skipped).toMatchObject([{ code: "limit-reached" }])
    expect(priced(cart, [half], { remaining: { half: { customer: 0 } } }).skipped).toMatchObject([{ code: "limit-reached" }])
    expect(priced(cart, [half], { remaining: { half: { budget: 499 } } }).skipped).toMatchObject([{ code: "budget-spent" }])
    expect(priced(cart, [{ ...half, limits: { short: "part" } }], { remaining: { half: { budget: 499 } } }).totals.discounts.amount).toBe(
      -499
    )
    expect(priced(cart, [{ ...half, coupon: "C" }], { coupons: ["C"], remaining: { half: { uses: 1, budget: 500 } } }).usage).toEqual([
      { promotion: "half", coupon: "C", uses: 1, amount: 500 }
    ])
  })
})

describe("stacking", () => {
  const percent = (id: string, amount: number, more: Partial<Promotion> = {}): Omit<Promotion, "name"> => ({
    id,
    target: "order",
    value: { type: "percentage", percent: amount },
    ...more
  })
  const cart = { a: { amount: 10_000 } }

  it("gives the best of a group, and says which stands in the place of another", () => {
    const { discounts, skipped } = priced(cart, [percent("ten", 10, { group: "g" }), percent("twenty", 20, { group: "g" })])
    expect(discounts.map(({ promotion }) => promotion)).toEqual(["twenty"])
    expect(skipped).toMatchObject([{ promotion: "ten", code: "group", by: "twenty" }])
  })

  it("gives an exclusive one alone, where that is better", () => {
    const alone = percent("alone", 25, { stacking: "exclusive" })
    expect(priced(cart, [percent("ten", 10), percent("twenty", 20), alone]).skipped).toMatchObject([
      { promotion: "alone", code: "exclusive" }
    ])
    expect(priced(cart, [percent("ten", 10), alone]).skipped).toMatchObject([{ promotion: "ten", code: "exclusive", by: "alone" }])
  })

  it("takes each in its turn, where that is the policy", () => {
    const alone = percent("alone", 25, { stacking: "exclusive" })
    const { discounts } = priced(cart, [percent("ten", 10, { rank: -1 }), alone], { combination: "ranked" })
    expect(discounts.map(({ promotion }) => promotion)).toEqual(["ten"])
  })

  it("leaves one out that would cost the customer a better one", () => {
    const free = {
      id: "free",
      target: "shipping",
      value: { type: "percentage", percent: 100 },
      condition: { ">=": [{ var: "subtotal" }, 9_500] }
    } as const
    const { discounts, skipped } = priced(cart, [percent("six", 6), free], { shipping: 700 })
    expect(discounts.map(({ promotion }) => promotion)).toEqual(["free"])
    expect(skipped).toMatchObject([{ promotion: "six", code: "combination" }])
  })

  it("says when the search ended before all was tried, and is no worse than greed", () => {
    const many = Array.from({ length: 20 }, (_, at) => percent(`p${at}`, 1 + at, { group: `g${at % 7}` }))
    const short = priced(cart, many, { searchSteps: 50 })
    expect(short.combination.exact).toBe(false)
    expect(short.totals.gross.amount).toBeLessThanOrEqual(priced(cart, many, { combination: "ranked" }).totals.gross.amount)
    expect(priced(cart, many).combination.exact).toBe(true)
  })
})

it("gives a gift beside the lines, at no cost", () => {
  const gift: Omit<Promotion, "name"> = {
    id: "mug",
    target: "order",
    value: { type: "gift", product: "mug", sku: "mug-blue", quantity: 1, taxCategory: "none" },
    condition: { ">=": [{ var: "subtotal" }, { money: { EUR: 3000 } }] }
  }
  const { gifts, totals, discounts } = priced({ a: { amount: 3000 } }, [gift])
  expect(gifts).toEqual([{ promotion: "mug", name: "mug", product: "mug", sku: "mug-blue", quantity: 1, taxCategory: "none" }])
  expect([totals.gross.amount, discounts]).toEqual([3000, []])
  const short = priced({ a: { amount: 2900 } }, [gift])
  expect(short.gifts).toEqual([])
  expect(short.skipped).toMatchObject([{ code: "condition", short: [{ missing: 100 }] }])
})

it("names every promotion in the trace of what it touched", () => {
  const { lines } = priced({ a: { amount: 1000, quantity: 3 } }, [buyGet({})])
  expect(lines[0]?.gross.trace).toMatchObject([
    { code: "price", amount: 3000 },
    { code: "promotion", amount: -1000, ref: "set" }
  ])
  expect(explain(lines[0]!.gross)).toBe("€20.00: 3 × €10.00 is €30.00; “set” takes off €10.00.")
})
