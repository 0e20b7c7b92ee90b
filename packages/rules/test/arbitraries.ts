import type { Json, Rule } from "@omni/rules"
import fc from "fast-check"

/** Texts and numbers that collide under coercion, and the names that lead from data to code. */
const text = fc.constantFrom("", "a", "b", "5", "5.0", " 5 ", "abc", "a.b", "length", "__proto__", "constructor", "toString")
const number = fc.constantFrom(0, 1, 5, -3, 2.5, 100, 1e300)
export const scalar: fc.Arbitrary<Json> = fc.oneof(fc.constant(null), fc.boolean(), number, text)

const key = fc.constantFrom("a", "b", "c", "list", "constructor", "length", "toString")

/** Facts in which the paths of `rule` often lead somewhere. */
export const facts: fc.Arbitrary<Json> = fc.letrec<{ value: Json; object: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthIdentifier: "facts" },
    scalar,
    fc.array(scalar, { maxLength: 4 }),
    tie("object"),
    fc.array(tie("object"), { maxLength: 3 })
  ),
  object: fc.dictionary(key, tie("value"), { maxKeys: 6 })
})).object

const path = fc.oneof(
  key,
  fc.tuple(key, key).map((keys) => keys.join(".")),
  fc.constantFrom("", "a.b.c", "list.0", "list.length")
)

const field: fc.Arbitrary<Rule> = fc.oneof(
  path.map((path) => ({ var: path })),
  fc.tuple(path, scalar).map(([path, other]) => ({ var: [path, other] })),
  fc.array(key, { maxLength: 3 }).map((keys) => ({ val: keys })),
  fc.nat(5).map((up) => ({ val: [[up], "a"] }))
)

const scalars = fc.array(scalar, { maxLength: 10 })

const operation = (operators: ReadonlyArray<string>, args: fc.Arbitrary<Rule>): fc.Arbitrary<Rule> =>
  fc.tuple(fc.constantFrom(...operators), args).map(([operator, args]) => ({ [operator]: args }))

const comparison = ["<", "<=", ">", ">=", "==", "!=", "===", "!=="]

/** A comparison of a field with something written out: what the compiler folds and the index looks up. */
export const simple: fc.Arbitrary<Rule> = fc.oneof(
  operation(comparison, fc.tuple(field, scalar)),
  operation(comparison, fc.tuple(scalar, field)),
  operation(["<", "<=", ">", ">="], fc.tuple(scalar, field, scalar)),
  operation(["in"], fc.tuple(field, scalars))
)

/** Rules of every operator, most of them valid on some facts. */
export const rule: fc.Arbitrary<Rule> = fc.letrec<{ rule: Rule; list: Rule }>((tie) => {
  const some = (minLength: number, maxLength = 4) => fc.array(tie("rule"), { minLength, maxLength })
  return {
    list: fc.oneof(field, scalars, some(0), operation(["merge"], some(0))),
    rule: fc.oneof(
      { maxDepth: 4, depthIdentifier: "rule" },
      scalar,
      field,
      simple,
      operation(["and", "or", "if", "?:", "??", "max", "min", "+", "*", "cat", "merge"], some(1, 7)),
      operation(["-", "/", "try", ...comparison], some(2, 3)),
      operation(["%", "in", "substr"], some(2, 2)),
      operation(["!", "!!"], some(1, 1)),
      operation(["!", "!!", "+", "cat", "merge", "try"], field),
      operation(["map", "filter", "all", "some", "none"], fc.tuple(tie("list"), fc.oneof(simple, field))),
      operation(["map", "all", "some"], fc.tuple(field, fc.oneof(simple, field))),
      operation(["reduce"], fc.tuple(field, operation(["+", "cat"], fc.constant([{ var: "accumulator" }, { var: "current" }])), scalar)),
      operation(["missing"], fc.array(path, { maxLength: 3 })),
      operation(["exists"], fc.array(key, { minLength: 1, maxLength: 3 })),
      operation(["throw"], text)
    )
  }
}).rule
