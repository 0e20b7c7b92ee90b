import { compile, type Rule } from "@omni/rules"
import { describe, expect, it } from "vitest"

const gives = (rule: Rule, data: unknown = {}): unknown => compile(rule).evaluate(data)

describe("where JSONLogic leaves room", () => {
  it.each<[string, Rule, unknown, unknown]>([
    ["a dot in a key is escaped", { var: "a\\.b.c" }, { "a.b": { c: 1 } }, 1],
    ["so is a backslash", { var: "a\\\\.b" }, { "a\\": { b: 1 } }, 1],
    ["null at a path is no reason for the default", { var: ["a", 1] }, { a: null }, null],
    ["a default is a rule", { var: ["a", { var: "b" }] }, { b: 2 }, 2],
    ["null and the empty text are missing", { missing: ["a", "b", "c"] }, { a: null, b: "", c: 0 }, ["a", "b"]],
    ["a field with one list is one argument of !", { "!": { var: "list" } }, { list: [0] }, false],
    ["but the arguments of max", { max: { var: "list" } }, { list: [3, 5, 4] }, 5],
    ["reduce of nothing without a start", { reduce: [{ var: "list" }, { var: "current" }] }, { list: [] }, null],
    ["null is in no text", { in: [null, "null"] }, {}, false],
    ["nothing is in a number", { in: [1, 123] }, {}, false],
    ["no negative zero", { "*": [-1, 0] }, {}, 0],
    ["climbing beyond the outermost", { map: [[1], { val: [[9], "a"] }] }, { a: 1 }, [null]],
    ["the place of the outer element", { map: [[7, 8], { map: [[1], { val: [[3], "index"] }] }] }, {}, [[0], [1]]],
    ["the length of a text", { var: "name.length" }, { name: "four" }, 4],
    ["the whole of what is no object", { var: "" }, "text", "text"],
    ["a literal object", { preserve: { var: "a" } }, { a: 1 }, { var: "a" }]
  ])("%s", (_name, rule, data, value) => expect(gives(rule, data)).toEqual(value))

  it.each<[string, Rule, string]>([
    ["a sum that is too large for a number", { "*": [1e300, 1e300] }, "NaN"],
    ["the remainder of zero", { "%": [1, 0] }, "NaN"],
    ["a path that is a list of lists", { var: { preserve: [[1]] } }, "Invalid Arguments"],
    ["the text of an object", { cat: [{ var: "" }] }, "Invalid Arguments"],
    ["iterating over a text", { map: [{ cat: ["ab"] }, 1] }, "Invalid Arguments"]
  ])("%s fails", (_name, rule, type) => expect(() => gives(rule)).toThrow(expect.objectContaining({ type })))
})
