import { compile, InvalidRule, type Json, type Rule, RuleError, ruleIndex } from "@omni/rules"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { facts, rule, simple } from "./arbitraries.ts"

const holds = (rule: Rule, facts: unknown): boolean => {
  try {
    return compile(rule).test(facts)
  } catch (error) {
    if (error instanceof RuleError) return false
    throw error
  }
}

/** The index written the obvious way. */
const linear = () => {
  const rules = new Map<number, Rule>()
  return {
    rules,
    match: (facts: unknown) => [...rules].filter(([, rule]) => holds(rule, facts)).map(([id]) => id)
  }
}

const isValid = (rule: Rule): boolean => {
  try {
    compile(rule)
    return true
  } catch (error) {
    if (error instanceof InvalidRule) return false
    throw error
  }
}

const conjunction: fc.Arbitrary<Rule> = fc
  .array(fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: rule }), { minLength: 1, maxLength: 5 })
  .map((rules): Rule => ({ and: rules }))

const filedRule = fc.oneof({ weight: 5, arbitrary: conjunction }, { weight: 1, arbitrary: simple }, rule).filter(isValid)

type Step = { readonly add: number; readonly rule: Rule } | { readonly remove: number } | { readonly match: Json }

const id = fc.nat(60)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ add: id, rule: filedRule }) },
  { weight: 2, arbitrary: fc.record({ remove: id }) },
  { weight: 1, arbitrary: fc.record({ match: facts }) }
)

describe("an index over rules", () => {
  it("matches what trying every rule matches, in the same order, whatever was added and removed before", () => {
    let matched = 0
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
        const index = ruleIndex<unknown, number>()
        const oracle = linear()
        for (const step of steps) {
          if ("add" in step) {
            index.add(step.add, step.rule)
            oracle.rules.delete(step.add)
            oracle.rules.set(step.add, step.rule)
          } else if ("remove" in step) {
            expect(index.remove(step.remove)).toBe(oracle.rules.delete(step.remove))
          } else {
            const found = index.match(step.match)
            expect(found).toEqual(oracle.match(step.match))
            matched += found.length
          }
          expect(index.size).toBe(oracle.rules.size)
        }
      }),
      { numRuns: 100 }
    )
    expect(matched).toBeGreaterThan(500)
  })

  it("finds rules by ranges, among many that share everything else", () => {
    const range = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }), fc.constantFrom(0, 1, 2, 3))
    const ruleOf = (low: number, high: number, kind: number): Rule => {
      const total = { var: "total" }
      const bounds: ReadonlyArray<Rule> = [
        { "<=": [low, total, high] },
        { ">": [total, low] },
        { ">": [high, total] },
        { and: [{ ">=": [total, low] }, { "<": [{ var: "age" }, high] }] }
      ]
      return { and: [{ "==": [{ var: "type" }, "order"] }, bounds[kind] ?? null] }
    }
    fc.assert(
      fc.property(fc.array(range, { minLength: 50, maxLength: 300, size: "max" }), fc.integer({ min: -60, max: 60 }), (ranges, at) => {
        const index = ruleIndex<unknown, number>()
        const oracle = linear()
        ranges.forEach(([low, high, kind], id) => {
          index.add(id, ruleOf(low, high, kind))
          oracle.rules.set(id, ruleOf(low, high, kind))
        })
        for (const total of [at, String(at), null, "x", true]) {
          const facts = { type: "order", total, age: at }
          expect(index.match(facts)).toEqual(oracle.match(facts))
        }
      }),
      { numRuns: 100 }
    )
  })

  it("tells which rules failed, and goes on", () => {
    const index = ruleIndex()
    index.add("fails", { ">": [{ var: "a" }, { var: "b" }] })
    index.add("holds", { "==": [{ var: "a" }, "x"] })
    const failed: Array<string> = []
    expect(index.match({ a: "x", b: 1 }, (id, { type }) => failed.push(`${id}: ${type}`))).toEqual(["holds"])
    expect(failed).toEqual(["fails: NaN"])
  })

  it("keeps the rule that is there when its successor is invalid", () => {
    const index = ruleIndex()
    index.add("a", true)
    expect(() => index.add("a", { nope: 1 })).toThrow(InvalidRule)
    expect(index.match({})).toEqual(["a"])
  })
})
