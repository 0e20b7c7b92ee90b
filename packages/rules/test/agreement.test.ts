import { compile, explain, type Json, type Rule, RuleError, ruleIndex } from "@omni/rules"
import { describe, expect, it } from "vitest"

const written: ReadonlyArray<Json> = [null, true, false, 0, 1, 5, -2.5, "", "0", "5", "5.0", " 5 ", "abc", "Infinity", "1e3", 1_000]

const found: ReadonlyArray<unknown> = [...written, undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, [], [5], {}, "infinity"]

const orders = ["<", "<=", ">", ">="]
const operators = [...orders, "==", "!=", "===", "!=="]

const field: Rule = { var: "a" }

const outcome = (rule: Rule, facts: unknown): unknown => {
  try {
    return compile(rule).evaluate(facts)
  } catch (error) {
    if (error instanceof RuleError) return error.type
    throw error
  }
}

/** A folded comparison, the same one in its single steps, and an index that has only this rule, say the same of a value. */
const expectAgreement = (rule: Rule): void => {
  const index = ruleIndex()
  index.add("rule", rule)
  // A rule beside many others is looked up and not just tried.
  for (let other = 0; other < 40; other++) index.add(`other ${other}`, { and: [{ "===": [field, `word ${other}`] }, rule] })
  for (const a of found) {
    const folded = outcome(rule, { a })
    const proof = explain(rule, { a })
    expect([a, proof.error ?? proof.value]).toEqual([a, folded])
    expect([a, index.match({ a })]).toEqual([a, folded === true ? ["rule"] : []])
  }
}

describe("a comparison of a field", () => {
  it.each(operators)("with %s is the same however it is evaluated", (operator) => {
    for (const value of written) {
      expectAgreement({ [operator]: [field, value] })
      expectAgreement({ [operator]: [value, field] })
    }
  })

  it.each(orders)("between two by %s is the same however it is evaluated", (operator) => {
    for (const low of written) for (const high of [0, 5, 1_000, "5"]) expectAgreement({ [operator]: [low, field, high] })
  })

  it("with a list of values is the same however it is evaluated", () => {
    expectAgreement({ in: [field, written] })
    expectAgreement({ in: [field, []] })
    for (const value of written) expectAgreement({ in: [field, [value, "other"]] })
  })
})

describe("and, or", () => {
  it("stop at the part that decides, however many there are", () => {
    for (let length = 1; length <= 17; length++) {
      expect(compile({ and: Array.from({ length }, (_, at) => at + 1) }).evaluate({})).toBe(length)
      for (let decisive = 0; decisive < length; decisive++) {
        const parts = (before: Json, at: Json): Rule =>
          Array.from({ length }, (_, place) => (place < decisive ? before : place === decisive ? at : { throw: "not lazy" }))
        expect(compile({ and: parts(1, "") }).evaluate({})).toBe("")
        expect(compile({ or: parts(0, "x") }).evaluate({})).toBe("x")
      }
    }
  })
})
