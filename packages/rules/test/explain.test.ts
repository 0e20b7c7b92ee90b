import { explain, InvalidRule, type Proof, type Rule, where } from "@omni/rules"
import { describe, expect, it } from "vitest"

interface Facts {
  readonly cart: { readonly total: number; readonly lines: ReadonlyArray<{ readonly sku: string }> }
  readonly customer: { readonly tier: string; readonly age?: number }
}

const { all, any, between, eq, gte, not, oneOf, some } = where<Facts>()

const facts: Facts = {
  cart: { total: 4_200, lines: [{ sku: "B" }, { sku: "A" }, { sku: "C" }] },
  customer: { tier: "silver" }
}

const outline = ({ children, operator, value }: Proof): unknown => [operator, value, ...children.map(outline)]

describe("a proof", () => {
  it("has what was evaluated, in order, with values and paths", () => {
    const proof = explain(
      any(
        gte("cart.total", 5_000),
        some("cart.lines", (line) => line.eq("sku", "A")),
        not(eq("customer.tier", "x"))
      ),
      facts
    )
    expect(outline(proof)).toEqual([
      "or",
      true,
      [">=", false, ["var", 4_200]],
      ["some", true, ["var", facts.cart.lines], ["===", false, ["var", "B"]], ["===", true, ["var", "A"]]]
    ])
    expect(proof.children[1]?.children[2]?.path).toEqual(["or", 1, "some", 1])
  })

  it.each<[string, Rule, string]>([
    ["a threshold", gte("cart.total", 5_000), "cart.total (4200) is not at least 5000"],
    ["all, stopped by one", all(eq("customer.tier", "silver"), gte("cart.total", 5_000)), "cart.total (4200) is not at least 5000"],
    [
      "all that hold",
      all(eq("customer.tier", "silver"), gte("cart.total", 1)),
      'customer.tier ("silver") is exactly "silver", and cart.total (4200) is at least 1'
    ],
    [
      "none of any",
      any(eq("customer.tier", "gold"), gte("cart.total", 9_000)),
      'customer.tier ("silver") is not exactly "gold", and cart.total (4200) is not at least 9000'
    ],
    ["a negation", not(gte("cart.total", 5_000)), "cart.total (4200) is not at least 5000"],
    ["a range", between("cart.total", 1, 9), "1 <= cart.total (4200) <= 9 does not hold"],
    ["a choice", oneOf("customer.tier", ["gold"]), 'customer.tier ("silver") is not in ["gold"]'],
    ["an element", some("cart.lines", (line) => line.eq("sku", "A")), 'an element of cart.lines fits: sku ("A") is exactly "A"'],
    ["no element", some("cart.lines", (line) => line.eq("sku", "Z")), "no element of cart.lines fits"],
    ["what is absent", { "<": [{ var: "customer.age" }, 18] }, "customer.age (absent) is less than 18"],
    ["a field alone", { var: "customer.age" }, "customer.age is absent"],
    ["a decision", { if: [gte("cart.total", 5_000), "free", "paid"] }, 'cart.total (4200) is not at least 5000, so "paid"'],
    ["a literal", true, "true"]
  ])("says %s in a sentence", (_name, rule, sentence) => {
    expect(explain(rule, facts).sentence).toBe(sentence)
  })

  it("shows where a rule failed", () => {
    const proof = explain({ and: [true, { ">": [{ "+": [{ var: "customer.tier" }, 1] }, 3] }] }, facts)
    expect(proof).toMatchObject({ value: null, error: "NaN", sentence: '+ of customer.tier ("silver"), 1 fails with "NaN"' })
    expect(proof.children[0]).toMatchObject({ operator: ">", error: "NaN", path: ["and", 1] })
    expect(proof.children[0]?.children[0]).toMatchObject({ operator: "+", error: "NaN" })
  })

  it("keeps the first hundred elements of a long list", () => {
    const proof = explain({ map: [{ var: "list" }, { var: "" }] }, { list: Array.from({ length: 500 }, (_, at) => at) })
    expect(proof.children).toHaveLength(100)
    expect(proof.value).toHaveLength(500)
  })

  it("refuses an invalid rule", () => {
    expect(() => explain({ nope: 1 }, {})).toThrow(InvalidRule)
  })
})
