import { checkTypes, compile, type FactType, type Rule, RuleError, ruleIndex } from "@omni/rules"
import { assert, describe, expect, it } from "vitest"

import { tree } from "../src/indexing/buckets.ts"
import type { Predicate } from "../src/indexing/predicates.ts"

const thrownBy = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const words = (prefix: string, count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, i) => `${prefix}${i}`)

/** A list that counts how many of its elements are read. */
const watched = (items: ReadonlyArray<unknown>) => {
  const told = { read: 0 }
  const list = new Proxy(items, {
    get: (target, key, receiver) => {
      if (typeof key === "string" && /^\d+$/.test(key)) told.read++
      return Reflect.get(target, key, receiver)
    }
  })
  return { list, told }
}

describe("a run ends before it does what is over its limit of work", () => {
  it("merges nothing that would be too much", () => {
    const { list, told } = watched(words("a", 1_000))
    const rule = compile({ merge: [{ var: "list" }, { var: "list" }] }, { limits: { work: 1_999 } })
    expect(thrownBy(() => rule.evaluate({ list }))).toMatchObject({ type: "Limit Exceeded" })
    assert.equal(told.read, 0)
    expect(compile({ merge: [{ var: "list" }, [["x"]], 1] }, { limits: { work: 1_002 } }).evaluate({ list })).toHaveLength(1_002)
  })

  // Longer than a text can be: putting it together would be another error, and no rule's.
  const long = "x".repeat(1_000_000)
  it.each<[string, Rule]>([
    ["cat of many", { cat: Array.from({ length: 600 }, () => ({ var: "long" })) }],
    ["cat of a list", { cat: [{ map: [{ var: "list" }, { val: [[2], "long"] }] }] }],
    ["substr of a list", { substr: [{ map: [{ var: "list" }, { val: [[2], "long"] }] }, 0, 1] }]
  ])("makes no text that would be too much: %s", (_, rule) => {
    const error = thrownBy(() => compile(rule).evaluate({ long, list: Array.from({ length: 600 }, () => 0) }))
    expect(error).toBeInstanceOf(RuleError)
    expect(error).toMatchObject({ type: "Limit Exceeded" })
  })

  it("counts the text of a list with its commas, and starts anew with each run", () => {
    const text = compile({ substr: [{ cat: [{ var: "list" }, "-"] }, 0, 3] }, { limits: { work: 5 } })
    const part = compile({ substr: [{ var: "list" }, 1] }, { limits: { work: 5 } })
    for (let run = 0; run < 3; run++) {
      assert.equal(text.evaluate({ list: ["a", 1, null] }), "a,1")
      assert.equal(part.evaluate({ list: ["a", 1, "b"] }), ",1,b")
    }
    expect(thrownBy(() => text.evaluate({ list: ["a", 11, null] }))).toMatchObject({ type: "Limit Exceeded" })
  })
})

describe("an index takes room for what its rules say, and no more", () => {
  it("files a rule of several lists at about as many places as they have values", () => {
    const among = (field: number, values: number): Predicate => ({ kind: "one of", field, keys: words(`${field}-`, values) })
    const filed = [50, 200].map((values) => {
      let asked = 0
      const index = tree<number>(() => {
        asked++
        return 0.1
      })
      for (let item = 0; item < 20; item++) index.add(item, [among(0, values), among(1, values), among(2, values)])
      const found: Array<number> = []
      index.each(
        (field) => `${field}-7`,
        (item) => found.push(item)
      )
      assert.sameMembers(
        found,
        Array.from({ length: 20 }, (_, item) => item)
      )
      return asked
    })
    const [few = 0, many = 0] = filed
    assert.isAtMost(many, 6 * few)
    assert.isAtMost(many, 20 * 3 * 200 * 3)
  })

  it("files rules of very many values, and of very many fields, in time that grows with them", () => {
    const began = performance.now()
    const index = ruleIndex<unknown, number>({ limits: { size: 200_000 } })
    index.add(-1, { in: [{ var: "sku" }, [...words("sku", 100_000)]] })
    for (let i = 0; i < 40_000; i++) index.add(i, { "==": [{ var: `field${i}` }, "x"] })
    expect(index.match({ sku: "sku99999", field7: "x" })).toEqual([-1, 7])
    // Every value with every other, or every field with every other, would take tens of times as long.
    assert.isBelow(performance.now() - began, 6_000)
  }, 60_000)

  it("finds a value among many by one look", () => {
    const { list, told } = watched(words("k", 1_000))
    // A predicate that is asked for among the rest: the lists of the first field are filed, those of the second tried.
    const index = tree<number>(({ field }) => (field === 0 ? 0.1 : 0.9))
    for (let item = 0; item < 20; item++)
      index.add(item, [
        { kind: "one of", field: 0, keys: ["a"] },
        { kind: "one of", field: 1, keys: list as ReadonlyArray<string>, among: new Set(list as ReadonlyArray<string>) }
      ])
    told.read = 0
    let found = 0
    index.each(
      (field) => (field === 0 ? "a" : "k999"),
      () => found++
    )
    assert.equal(found, 20)
    assert.equal(told.read, 0)
  })
})

it("compares the types of an equality's parts with the facts among them, not each with each", () => {
  let read = 0
  const tiers = new Proxy(["gold", "silver"], {
    get: (target, key, receiver) => {
      if (typeof key === "string" && /^\d+$/.test(key)) read++
      return Reflect.get(target, key, receiver)
    }
  })
  const facts: FactType = { record: { tier: { oneOf: tiers }, name: "text" } }
  const many = (count: number): Rule => ({
    "===": Array.from({ length: count }, (_, i): Rule => (i % 2 === 0 ? { var: "tier" } : "silver"))
  })
  checkTypes(many(2_000), facts)
  assert.isAbove(read, 0)
  assert.isAtMost(read, 5_000)
  read = 0
  checkTypes({ in: [{ var: "tier" }, Array.from({ length: 2_000 }, () => "silver")] }, facts)
  assert.isAtMost(read, 10)
  expect(() => checkTypes({ "===": ["gold", { var: "name" }, { var: "tier" }, "bronze"] }, facts)).toThrow(/bronze/)
  expect(() => checkTypes({ in: [{ var: "tier" }, ["gold", "bronze"]] }, facts)).toThrow(/bronze/)
})
