import { checkTypes, compile, type FactType, InvalidRule, type Rule } from "@omni/rules"
import { describe, expect, it } from "vitest"

const facts: FactType = {
  record: {
    now: "instant",
    currency: "text",
    subtotal: "money",
    quantity: "number",
    channel: { maybe: { oneOf: ["web", "till"] } },
    coupons: { list: "text" },
    lines: { list: { record: { product: { maybe: "text" }, amount: "money", quantity: "number" }, open: true } },
    customer: { maybe: { record: { tier: { oneOf: ["gold", "silver"] }, since: "instant", orders: "number" } } }
  }
}

const refusal = (rule: Rule): InvalidRule => {
  try {
    checkTypes(rule, facts)
  } catch (error) {
    if (error instanceof InvalidRule) return error
    throw error
  }
  return expect.unreachable("it was taken")
}

describe("rules over declared facts", () => {
  it.each<[Rule]>([
    [{ ">=": [{ var: "subtotal" }, { money: { EUR: 5000, GBP: 4500 } }] }],
    [{ "<": [{ "-": [{ var: "now" }, { instant: "2026-01-01T00:00:00Z" }] }, { duration: "P30D" }] }],
    [{ "===": [{ var: "customer.tier" }, "gold"] }],
    [{ in: [{ var: "channel" }, ["web", "till"]] }],
    [{ in: ["WELCOME", { var: "coupons" }] }],
    [{ some: [{ var: "lines" }, { ">": [{ var: "amount" }, { money: { EUR: 100 } }] }] }],
    [{ some: [{ var: "lines" }, { "===": [{ var: "colour" }, "red"] }] }],
    [{ ">=": [{ "??": [{ var: "customer.orders" }, 0] }, 3] }],
    [{ ">=": [{ var: ["customer.orders", 0] }, 3] }],
    [{ "<=": ["17:00", { local: [{ var: "now" }, "time", "Europe/Berlin"] }, "18:59"] }],
    [{ in: [{ local: [{ var: "now" }, "weekday", "Europe/Berlin"] }, [6, 7]] }],
    [{ ">=": [{ var: "subtotal" }, { "*": [2, { money: { EUR: 5 } }] }] }],
    [{ ">": [{ var: "lines.length" }, 2] }]
  ])("%j is taken", (rule) => {
    expect(() => checkTypes(rule, facts)).not.toThrow()
    expect(() => compile(rule)).not.toThrow()
  })

  it.each<[Rule, string, string, string]>([
    [{ ">=": [{ var: "subtotl" }, 1] }, "/>=/0/var", "Unknown Fact", "subtotl"],
    [{ "===": [{ var: "customer.teir" }, "gold"] }, "/===/0/var", "Unknown Fact", "customer.teir"],
    [{ some: [{ var: "lines" }, { ">": [{ var: "product.name" }, 1] }] }, "/some/1/>/0/var", "Unknown Fact", "product.name"],
    [{ missing: ["customer.mail"] }, "/missing/0", "Unknown Fact", "customer.mail"],
    [{ and: [true, { ">=": [{ var: "subtotal" }, 5000] }] }, "/and/1/>=/1", "Wrong Type", "subtotal"],
    [{ "<": [5000, { var: "subtotal" }] }, "/</0", "Wrong Type", "subtotal"],
    [{ ">": [{ var: "now" }, "2026-01-01"] }, "/>/1", "Wrong Type", "instant"],
    [{ "===": [{ var: "customer.tier" }, "bronze"] }, "/===/1", "Wrong Type", "bronze"],
    [{ in: [{ var: "channel" }, ["web", "shop"]] }, "/in/1", "Wrong Type", "shop"],
    [{ in: [5, { var: "coupons" }] }, "/in/0", "Wrong Type", "coupons"],
    [{ ">=": [{ var: "customer.orders" }, 3] }, "/>=/0", "Wrong Type", "or nothing"],
    [{ "+": [{ var: "subtotal" }, { var: "quantity" }] }, "/+/1", "Wrong Type", "quantity"],
    [{ "+": [{ var: "now" }, { var: "now" }] }, "/+/1", "Wrong Type", "now"],
    [{ some: [{ var: "subtotal" }, true] }, "/some/0", "Wrong Type", "subtotal"],
    [{ local: [{ var: "quantity" }, "date", "Europe/Berlin"] }, "/local", "Wrong Type", "quantity"],
    [{ "<": [{ var: "coupons" }, 5] }, "/</0", "Wrong Type", "coupons"]
  ])("%j is refused", (rule, path, type, named) => {
    const error = refusal(rule)
    expect([`/${error.path.join("/")}`, error.type]).toEqual([path, type])
    expect(error.message).toContain(named)
  })

  it("knows no fact of the prototype", () => {
    expect(refusal({ var: "constructor" }).type).toBe("Unknown Fact")
    expect(refusal({ var: "customer.toString" }).type).toBe("Unknown Fact")
  })
})

describe("money", () => {
  const rule: Rule = { ">=": [{ var: "subtotal" }, { money: { EUR: 5000, GBP: 4500 } }] }

  it("is the amount in the currency of the facts, from any depth", () => {
    expect(compile(rule).test({ currency: "EUR", subtotal: 4999 })).toBe(false)
    expect(compile(rule).test({ currency: "GBP", subtotal: 4500 })).toBe(true)
    const inside = compile({ some: [{ var: "lines" }, { some: [{ var: "units" }, { ">": [{ var: "" }, { money: { GBP: 5 } }] }] }] })
    expect(inside.test({ currency: "GBP", lines: [{ currency: "EUR", units: [4, 6] }] })).toBe(true)
  })

  it("fails in another currency", () => {
    expect(() => compile(rule).test({ currency: "USD", subtotal: 9999 })).toThrow(expect.objectContaining({ type: "Other Currency" }))
    expect(() => compile(rule).test(null)).toThrow(expect.objectContaining({ type: "Other Currency" }))
  })

  it.each<[Rule]>([
    [{ money: {} }],
    [{ money: { eur: 1 } }],
    [{ money: { EUR: 1.5 } }],
    [{ money: { EUR: "1" } }],
    [{ money: 5 }],
    [{ money: [1, "EUR"] }]
  ])("%j is refused", (bad) => expect(() => compile(bad)).toThrow(InvalidRule))
})

describe("time", () => {
  const at = Date.UTC(2026, 9, 25, 0, 30)
  it.each<[Rule, unknown]>([
    [{ instant: "2026-10-25T02:30:00+02:00" }, at],
    [{ instant: ["2026-10-25T00:30Z"] }, at],
    [{ duration: "P1W2DT3H4M5S" }, ((9 * 24 + 3) * 60 + 4) * 60_000 + 5_000],
    [{ local: [at, "date", "America/New_York"] }, "2026-10-24"],
    [{ local: [at, "time", "Europe/Berlin"] }, "02:30"],
    [{ local: [at + 3_600_000, "time", "Europe/Berlin"] }, "02:30"],
    [{ local: [at, "weekday", "Europe/Berlin"] }, 7],
    [{ local: [at, "weekday", "America/New_York"] }, 6],
    [{ local: [at, "hour", "UTC"] }, 0],
    [{ local: [at, "month", "UTC"] }, 10]
  ])("%j", (rule, value) => expect(compile(rule).evaluate({})).toBe(value))

  it.each<[Rule]>([
    [{ instant: "2026-02-30T00:00:00Z" }],
    [{ instant: "2026-02-03T00:00:00" }],
    [{ instant: "2026-02-03" }],
    [{ instant: 5 }],
    [{ duration: "P" }],
    [{ duration: "PT" }],
    [{ duration: "P1M" }],
    [{ duration: "9".repeat(100_000) }],
    [{ local: [0, "week", "UTC"] }],
    [{ local: [0, "date", "Mars/Olympus"] }],
    [{ local: [0, "date"] }]
  ])("%j is refused", (bad) => expect(() => compile(bad)).toThrow(InvalidRule))

  it("fails for what is no moment", () => {
    for (const now of [null, "now", Number.NaN, 9e15]) {
      expect(() => compile({ local: [{ var: "now" }, "date", "UTC"] }).evaluate({ now })).toThrow(
        expect.objectContaining({ type: "Invalid Arguments" })
      )
    }
  })
})
