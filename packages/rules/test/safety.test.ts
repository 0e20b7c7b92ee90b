import { compile, defaultLimits, explain, InvalidRule, type Json, type Rule, RuleError } from "@omni/rules"
import { afterEach, describe, expect, it } from "vitest"

const thrownBy = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const invalid = (rule: Rule, limits = {}) => {
  const error = thrownBy(() => compile(rule, { limits }))
  expect(error).toBeInstanceOf(InvalidRule)
  return error instanceof InvalidRule ? error : expect.unreachable()
}

const nested = (levels: number): Rule => {
  let rule: Json = { var: "a" }
  for (let level = 1; level < levels; level++) rule = { "!": [rule] }
  return rule
}

describe("prototypes are out of reach", () => {
  const dangerous = ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "isPrototypeOf"]
  const data: ReadonlyArray<unknown> = [{}, { a: {} }, [], [[]], "text", 5, null, () => 1, new (class A {})()]

  it.each(dangerous)("%s", (name) => {
    for (const facts of data) {
      for (const path of [name, `a.${name}`, `0.${name}`, `${name}.${name}`, `${name}.name`]) {
        expect(compile({ var: path }).evaluate(facts)).toBeNull()
        expect(compile({ var: [{ cat: [path] }] }).evaluate(facts)).toBeNull()
        expect(compile({ val: path.split(".") }).evaluate(facts)).toBeNull()
        expect(compile({ exists: path.split(".") }).evaluate(facts)).toBe(false)
        expect(compile({ missing: [path] }).evaluate(facts)).toEqual([path])
        expect(compile({ "==": [{ var: path }, null] }).test(facts)).toBe(true)
        expect(compile({ map: [[{}], { var: path }] }).evaluate(facts)).toEqual([null])
        expect(explain({ var: path }, facts).value).toBeNull()
      }
    }
  })

  it("not even when the data has properties of these names", () => {
    const facts: unknown = JSON.parse('{ "__proto__": { "a": 1 }, "constructor": 2, "prototype": 3 }')
    for (const path of ["__proto__", "__proto__.a", "constructor", "prototype"]) {
      expect(compile({ var: path }).evaluate(facts)).toBeNull()
    }
  })

  it("what data inherits is not there, at any depth", () => {
    const heir: unknown = Object.create({ vip: true })
    const instance = new (class Customer {
      get vip() {
        return true
      }
    })()
    for (const data of [heir, instance, Object.assign(Object.create(null), { a: heir })]) {
      expect(compile({ var: "vip" }).evaluate(data)).toBeNull()
      expect(compile({ var: "a.vip" }).evaluate({ a: data })).toBeNull()
      expect(compile({ var: "a.b.vip" }).evaluate({ a: { b: data } })).toBeNull()
      expect(compile({ map: [{ var: "a" }, { var: "vip" }] }).evaluate({ a: [data] })).toEqual([null])
    }
  })

  describe("with a polluted prototype", () => {
    afterEach(() => {
      Reflect.deleteProperty(Object.prototype, "isAdmin")
    })

    it("what is in it is not there", () => {
      const condition = compile({ "===": [{ var: "isAdmin" }, true] })
      const inside = compile({ "===": [{ var: "user.isAdmin" }, true] })
      expect(condition.test({ isAdmin: true })).toBe(true)
      Object.defineProperty(Object.prototype, "isAdmin", { value: true, writable: true, enumerable: true, configurable: true })
      expect(condition.test({})).toBe(false)
      expect(inside.test({ user: {} })).toBe(false)
      expect(condition.test({ isAdmin: true })).toBe(true)
      expect(compile({ var: "isAdmin" }).evaluate({})).toBeNull()
    })
  })

  it("a rule cannot write one either", () => {
    expect(invalid(JSON.parse('{ "preserve": { "__proto__": { "a": 1 } } }')).type).toBe("Not JSON")
  })
})

describe("limits", () => {
  it("refuses rules that are too deep or too large, before they cost anything", () => {
    const { depth, size } = defaultLimits
    expect(compile(nested(depth)).test({ a: 1 })).toBe(depth % 2 === 1)
    expect(invalid(nested(depth + 1)).type).toBe("Limit Exceeded")
    expect(invalid(nested(100_000)).type).toBe("Limit Exceeded")
    expect(invalid({ or: Array.from({ length: size }, () => 1) }).type).toBe("Limit Exceeded")
    expect(invalid({ and: [1, 2, 3] }, { size: 4 }).type).toBe("Limit Exceeded")
    expect(compile({ and: [1, 2, 3] }, { limits: { size: 5 } }).evaluate(null)).toBe(3)
  })

  it("refuses a rule that contains itself", () => {
    const rule: { and: Array<Json> } = { and: [] }
    rule.and.push(rule)
    expect(invalid(rule).type).toBe("Limit Exceeded")
  })

  it("ends a run that grows without end, and no try catches it", () => {
    const doubled = { cat: [{ var: "accumulator" }, { var: "accumulator" }] }
    const grow: Rule = { reduce: [{ var: "list" }, doubled, "xx"] }
    const facts = { list: Array.from({ length: 64 }, () => 0) }
    for (const rule of [
      grow,
      { try: [grow, "caught"] },
      { merge: [{ try: [{ map: [[1], { val: [[2], "list"] }] }, 1] }, { try: [grow, 1] }] }
    ]) {
      const error = thrownBy(() => compile(rule).evaluate(facts))
      expect(error).toBeInstanceOf(RuleError)
      expect(error).toMatchObject({ type: "Limit Exceeded" })
      expect(explain(rule, facts)).toMatchObject({ value: null, error: "Limit Exceeded" })
    }
  })

  it("counts the work of each run from the start", () => {
    const condition = compile({ some: [{ var: "list" }, { "==": [{ var: "" }, 3] }] }, { limits: { work: 3 } })
    for (let run = 0; run < 5; run++) expect(condition.test({ list: [1, 2, 3] })).toBe(true)
    expect(thrownBy(() => condition.test({ list: [1, 2, 4, 3] }))).toMatchObject({ type: "Limit Exceeded" })
  })
})

describe("an invalid rule", () => {
  it.each<[Rule, string, string]>([
    [{ and: [true, { ">": [1] }] }, "/and/1/>", "at least 2 arguments"],
    [{ if: "apple" }, "/if", "a list of arguments"],
    [{ map: [{ var: "a" }, null] }, "/map/1", "a rule for each element"],
    [{ filter: [null, true] }, "/filter/0", "a list to iterate over"],
    [{ or: [{ "=>": [1, 2] }] }, "/or/0", "an object with one known operator"],
    [{ "!": [{ ">": [1, 2], "<": [1, 2] }] }, "/!/0", "an object with one known operator"],
    [{ var: [true] }, "/var/0", "a dotted path or a number"],
    [{ "-": [] }, "/-", "at least 1 argument"],
    [{ in: ["a"] }, "/in", "2 arguments"]
  ])("%j says where and what was expected", (rule, path, expected) => {
    const error = invalid(rule)
    expect(`/${error.path.join("/")}`).toBe(path)
    expect(error.expected).toBe(expected)
    expect(error.message).toContain(path)
    expect(error.message).toContain(expected)
  })

  it.each([undefined, () => 1, Symbol("a"), 1n, Number.NaN, Number.POSITIVE_INFINITY, new Date(0), new Map()])(
    "refuses what is not JSON: %s",
    (value) => {
      const rule = JSON.parse('{ "==": [1, null] }')
      rule["=="][1] = value
      expect(invalid(rule)).toMatchObject({ type: "Not JSON", path: ["==", 1] })
    }
  )

  it("names no operator of the prototype", () => {
    for (const name of ["constructor", "toString", "hasOwnProperty"]) expect(invalid({ [name]: [] }).type).toBe("Unknown Operator")
  })
})

describe("a rule that fails", () => {
  it("throws what it was told to, with its whole value", () => {
    const error = thrownBy(() => compile({ throw: { val: "reason" } }).evaluate({ reason: { type: "sold out", sku: "A" } }))
    expect(error).toBeInstanceOf(RuleError)
    expect(error).toMatchObject({ type: "sold out", detail: { type: "sold out", sku: "A" } })
  })

  it("passes on what is not its failure", () => {
    const facts = {
      get broken(): never {
        throw new RangeError("of the facts")
      }
    }
    expect(() => compile({ try: [{ var: "broken" }, 1] }).evaluate(facts)).toThrow(RangeError)
  })
})

describe("the rule is a copy", () => {
  it("that later changes do not reach", () => {
    const rule = { in: [{ var: "a" }, ["x"]] }
    const condition = compile(rule)
    rule.in.length = 0
    expect(condition.test({ a: "x" })).toBe(true)
    expect(condition.rule).toEqual({ in: [{ var: "a" }, ["x"]] })
    expect(Object.isFrozen(condition.rule)).toBe(true)
  })
})
