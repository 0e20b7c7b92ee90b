import { compile, explain, InvalidRule, type Rule, RuleError } from "@omni/rules"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { facts, rule } from "./arbitraries.ts"

type Outcome = { readonly value: unknown } | { readonly error: string } | { readonly invalid: string }

const outcome = (rule: Rule, data: unknown): Outcome => {
  try {
    return { value: compile(rule).evaluate(data) }
  } catch (error) {
    if (error instanceof RuleError) return { error: error.type }
    if (error instanceof InvalidRule) return { invalid: error.message }
    throw error
  }
}

/** The same data without the prototype that lets a compiled rule take its short cuts. */
const bare = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(bare)
  if (typeof data !== "object" || data === null) return data
  const entries = Object.entries(data).map(([key, value]) => [key, { value: bare(value), enumerable: true }] as const)
  return Object.create(null, Object.fromEntries(entries))
}

describe("a compiled rule", () => {
  it("gives the same with and without its short cuts, and as its proof says", () => {
    let failed = 0
    let given = 0
    fc.assert(
      fc.property(rule, facts, (rule, facts) => {
        const fast = outcome(rule, facts)
        if ("invalid" in fast) return
        if ("error" in fast) failed++
        else given++
        const proof = explain(rule, facts)
        const said: Outcome = proof.error === undefined ? { value: proof.value } : { error: proof.error }
        expect(said).toEqual(fast)
        const slow = outcome(rule, bare(facts))
        expect(JSON.stringify(slow)).toEqual(JSON.stringify(fast))
      }),
      { numRuns: 3_000 }
    )
    expect(given).toBeGreaterThan(500)
    expect(failed).toBeGreaterThan(100)
  })

  it("gives JSON, never undefined, for JSON", () => {
    fc.assert(
      fc.property(rule, facts, (rule, facts) => {
        const got = outcome(rule, facts)
        if (!("value" in got)) return
        expect(got.value).not.toBeUndefined()
        expect(JSON.parse(JSON.stringify(got.value))).toEqual(got.value)
      }),
      { numRuns: 1_000 }
    )
  })

  it("is what it was when it was compiled, and changes neither rule nor facts", () => {
    fc.assert(
      fc.property(rule, facts, (rule, facts) => {
        const before = JSON.stringify([rule, facts])
        const first = outcome(rule, facts)
        expect(JSON.stringify([rule, facts])).toBe(before)
        expect(outcome(JSON.parse(JSON.stringify(rule)), facts)).toEqual(first)
      }),
      { numRuns: 500 }
    )
  })
})
