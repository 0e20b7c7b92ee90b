import { explainSkipped, InvalidContext, InvalidPromotion, price, type Promotion, tryPrice } from "@omni/pricing"
import { checkConditions, definePromotions } from "@omni/pricing/promotions"
import { Promotion as PromotionSchema } from "@omni/pricing/schema"
import { describe, expect, it } from "vitest"

const good: Promotion = { id: "p", name: "Offer", target: "line", value: { type: "percentage", percent: 10 } }

const refusal = (run: () => unknown): InvalidPromotion => {
  try {
    run()
  } catch (error) {
    if (error instanceof InvalidPromotion) return error
    throw error
  }
  return expect.unreachable("it was taken")
}

const context = { now: 0, currency: "EUR", tax: { entry: "gross", rates: { none: [] } } } as const

const nested = (levels: number): object => (levels === 0 ? { var: "now" } : { "!": [nested(levels - 1)] })

describe("a promotion that is none names itself and the field", () => {
  it.each<[string, object]>([
    ["name", { name: "" }],
    ["target", { target: "basket" }],
    ["rank", { rank: 0.5 }],
    ["maxQuantity", { maxQuantity: 0 }],
    ["value", { value: null }],
    ["value.type", { value: { type: "everything" } }],
    ["value.percent", { value: { type: "percentage", percent: -5 } }],
    ["value.percent", { value: { type: "percentage", percent: 0.1 } }],
    ["value.percent", { value: { type: "percentage", percent: "1e9" } }],
    ["value.amount", { value: { type: "fixed", amount: 1e21, currency: "EUR" } }],
    ["value.amounts.GBP", { value: { type: "fixed", amount: 1, currency: "EUR", amounts: { GBP: -1 } } }],
    ["value.currency", { value: { type: "price", amount: 1, currency: "euro" } }],
    ["value.buy.quantity", { value: { type: "buy-get", buy: { quantity: 0 }, get: { quantity: 1 } } }],
    ["value.get.quantity", { value: { type: "buy-get", buy: { quantity: 1 }, get: {} } }],
    ["value.buy.lines", { value: { type: "buy-get", buy: { quantity: 1, lines: { "=>": [1, 2] } }, get: { quantity: 1 } } }],
    ["value.steps", { value: { type: "tiers", by: "spend", steps: [] } }],
    ["value.steps.0.from", { value: { type: "tiers", by: "spend", steps: [{ from: 5, value: good.value }] } }],
    [
      "value.steps.0.value.percent",
      { value: { type: "tiers", by: "quantity", steps: [{ from: 5, value: { type: "percentage", percent: "x" } }] } }
    ],
    ["value.parts.0.quantity", { value: { type: "bundle", parts: [{ quantity: 1.5 }], price: { EUR: 1 } } }],
    ["value.price", { value: { type: "bundle", parts: [{ quantity: 1 }] } }],
    ["target", { target: "shipping", value: { type: "buy-get", buy: { quantity: 1 }, get: { quantity: 1 } } }],
    ["cap.EUR", { cap: { EUR: 0.5 } }],
    ["floor.eur", { floor: { eur: 1 } }],
    ["limits.budget.EUR", { limits: { budget: { EUR: "5" } } }],
    ["condition/and/1", { condition: { and: [true, { regexp: ["(a+)+$", "aaaa"] }] } }],
    ["products", { products: "all" }]
  ])("%s", (field, wrong) => {
    const error = refusal(() => definePromotions([{ ...good, ...wrong } as Promotion]))
    expect([error.promotion, error.field.startsWith(field)]).toEqual(["p", true])
    expect(error.message).toContain(field)
  })

  it("also one that is there twice, and more than can be", () => {
    expect(refusal(() => definePromotions([good, { ...good }])).field).toBe("id")
    const many = Array.from({ length: 5_001 }, (_, at) => ({ ...good, id: `p${at}` }))
    expect(refusal(() => definePromotions(many)).message).toContain("5000")
  })

  it("and rules that are too deep or too large", () => {
    expect(refusal(() => definePromotions([{ ...good, condition: nested(5_000) as never }])).message).toContain("100 levels")
    const large = { in: [{ var: "now" }, Array.from({ length: 20_000 }, (_, at) => at)] }
    expect(refusal(() => definePromotions([{ ...good, lines: large }])).message).toContain("10000 values")
  })

  it("reads nothing from a prototype", () => {
    const polluted: Promotion = JSON.parse(
      '{"id":"p","name":"x","target":"line","value":{"type":"fixed","amount":5,"currency":"EUR","amounts":{"__proto__":5}}}'
    )
    expect(refusal(() => definePromotions([polluted])).field).toContain("__proto__")
    const set = definePromotions([{ ...good, id: "constructor" }])
    const priced = price(
      { lines: [{ id: "a", quantity: 1, taxCategory: "none", prices: [{ amount: 100, currency: "EUR" }] }] },
      { ...context, promotions: set, remaining: {} }
    )
    expect(priced.totals.gross.amount).toBe(90)
  })
})

it("refuses a list that was not defined", () => {
  const result = tryPrice({ lines: [] }, { ...context, promotions: { promotions: [good] } })
  expect(result.ok ? undefined : result.error).toBeInstanceOf(InvalidContext)
})

describe("conditions are held against declared facts", () => {
  const facts = { customer: { tier: { oneOf: ["gold", "silver"] }, since: "instant" }, line: { colour: "text" } } as const

  it("and taken when they fit", () => {
    const fine: Promotion = {
      ...good,
      condition: {
        and: [
          { ">=": [{ var: "subtotal" }, { money: { EUR: 5000 } }] },
          { "===": [{ var: "customer.tier" }, "gold"] },
          { some: [{ var: "lines" }, { "===": [{ var: "colour" }, "red"] }] },
          { in: [{ local: [{ var: "now" }, "weekday", "Europe/Berlin"] }, [6, 7]] }
        ]
      },
      lines: { in: ["shoes", { var: "categories" }] }
    }
    expect(() => checkConditions([fine], facts)).not.toThrow()
    expect(() => definePromotions([fine])).not.toThrow()
  })

  it.each<[string, string, object]>([
    ["condition/>=/1", "money", { condition: { ">=": [{ var: "subtotal" }, 5000] } }],
    ["condition/===/0/var", "customer.teir", { condition: { "===": [{ var: "customer.teir" }, "gold"] } }],
    ["condition/===/1", "bronze", { condition: { "===": [{ var: "customer.tier" }, "bronze"] } }],
    ["condition/>/1", "instant", { condition: { ">": [{ var: "now" }, "2026-11-27"] } }],
    ["lines/===/0/var", "color", { lines: { "===": [{ var: "color" }, "red"] } }],
    [
      "value.buy.lines/>/1",
      "money",
      { value: { type: "buy-get", buy: { quantity: 1, lines: { ">": [{ var: "amount" }, 5] } }, get: { quantity: 1 } } }
    ]
  ])("%s", (field, named, wrong) => {
    const error = refusal(() => checkConditions([{ ...good, ...wrong } as Promotion], facts))
    expect([error.promotion, error.field]).toEqual(["p", field])
    expect(error.message).toContain(named)
  })
})

describe("why not", () => {
  const lines = [{ id: "a", quantity: 2, taxCategory: "none", prices: [{ amount: 2250, currency: "EUR" as const }] }]
  const shipping = [{ id: "post", amount: 490, currency: "EUR" as const, taxCategory: "none" }]

  const skipped = (condition: Promotion["condition"]) => {
    const free: Promotion = {
      id: "free",
      name: "Free shipping",
      target: "shipping",
      value: { type: "percentage", percent: 100 },
      ...(condition === undefined ? {} : { condition })
    }
    return price({ lines, shipping }, { ...context, promotions: definePromotions([free]) }).skipped[0]!
  }

  it("says how far away it is, when nothing else is in the way", () => {
    const near = skipped({ and: [{ ">=": [{ var: "subtotal" }, { money: { EUR: 5000 } }] }, { ">": [{ var: "quantity" }, 1] }] })
    expect(near).toMatchObject({ code: "condition", short: [{ fact: "subtotal", needed: 5000, actual: 4500, missing: 500, money: true }] })
    expect(explainSkipped(near, "en", "EUR")).toBe("€5.00 more of goods for “Free shipping”.")
    expect(explainSkipped(near, "de", "EUR")).toBe("Es fehlen 5,00\u00a0€ Einkaufswert für „Free shipping“.")
    expect(explainSkipped(skipped({ "<": [2, { var: "quantity" }] }))).toBe("1 more item for “Free shipping”.")
  })

  it("else why alone", () => {
    const far = skipped({ and: [{ ">=": [{ var: "subtotal" }, 5000] }, { "===": [{ var: "channel" }, "till"] }] })
    expect(far.short).toBeUndefined()
    expect(explainSkipped(far, "en", "EUR")).toBe("“Free shipping” was not given: its condition does not hold.")
    expect(skipped({ ">=": [{ var: "subtotal" }, { money: { GBP: 1 } }] }).code).toBe("other-currency")
  })
})

it("has a schema that takes what can be defined", () => {
  const all: ReadonlyArray<Promotion> = [
    good,
    { ...good, value: { type: "buy-get", buy: { quantity: 2, products: ["a"] }, get: { quantity: 1 }, pick: "dearest" } },
    { ...good, value: { type: "tiers", by: "spend", steps: [{ from: { EUR: 5 }, value: { type: "percentage", percent: 10 } }] } },
    {
      ...good,
      value: { type: "bundle", parts: [{ quantity: 1 }], price: { EUR: 100 } },
      cap: { EUR: 5 },
      group: "g",
      stacking: "exclusive"
    },
    {
      ...good,
      value: { type: "gift", product: "mug", quantity: 1, taxCategory: "none" },
      limits: { uses: 5, budget: { EUR: 100 }, short: "part" }
    }
  ]
  for (const promotion of all) expect(PromotionSchema.parse(promotion)).toEqual(promotion)
})
