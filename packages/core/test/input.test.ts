import { createOmni, type InvalidInput, module, operation, query } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, expect, it } from "vitest"
import * as z from "zod"

import { checkInput } from "../src/client/input.ts"
import { nearest } from "../src/client/nearest.ts"

const By = z.union([z.object({ order: z.string() }), z.object({ lines: z.array(z.object({ sku: z.string(), price: z.string() })) })])
const Input = z.object({
  name: z.string(),
  customer: z.string().exactOptional(),
  by: By.exactOptional(),
  ttl: z.union([z.literal("none"), z.int()]).exactOptional()
})

const echo = operation("t.echo", Input, function* (_, input) {
  return input
})
const ask = query("t.ask", Input, function* (_, input) {
  return input
})
const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { echo }, queries: { ask } }) } })

const refused = async (input: unknown): Promise<InvalidInput> => {
  const answer = await omni.t.safe.echo(input as never)
  assert.isFalse(answer.ok)
  return (answer as { readonly error: unknown }).error as InvalidInput
}

describe("the input of an operation or query", () => {
  it("has no property that is undefined, as JSON has none", async () => {
    const given = { name: "a", customer: undefined, by: { lines: [{ sku: "x", price: "1", note: undefined }] } } as never
    const taken = { name: "a", by: { lines: [{ sku: "x", price: "1" }] } }
    assert.deepEqual(await omni.t.echo(given), taken)
    assert.deepEqual(await omni.t.ask(given), taken)
  })

  it("that misses what is needed is refused, also when it is there as undefined", async () => {
    assert.deepEqual((await refused({ name: undefined })).issues, [
      { path: "name", message: "Invalid input: expected string, received undefined" }
    ])
  })

  it("tells of a union what does not fit in the alternative that comes closest", async () => {
    const { issues } = await refused({ name: "a", by: { lines: [{ sku: "x", price: 1 }] } })
    assert.deepEqual(issues, [{ path: "by.lines.0.price", message: "Invalid input: expected string, received number" }])
  })

  it("tells of a union what would fit, when nothing comes close", async () => {
    const { issues, message } = await refused({ name: "a", by: 1, ttl: Number.NaN })
    assert.deepEqual(issues, [
      { path: "by", message: "Invalid input: expected object, received number" },
      { path: "ttl", message: 'Invalid input: expected "none", or Invalid input: expected number, received NaN' }
    ])
    expect(message).toContain('The input of "t.echo" does not fit: by: ')
  })

  it("that holds itself is refused like any other", async () => {
    const round: Record<string, unknown> = {}
    round["round"] = round
    assert.deepEqual(
      (await refused(round)).issues.map(({ path }) => path),
      ["round", "name"]
    )
  })
})

describe("a field that nobody knows", () => {
  const Line = z.object({ sku: z.string(), quantity: z.int() }).readonly()
  const Deep = z.object({
    lines: z.array(Line).readonly().default([]),
    by: z
      .discriminatedUnion("kind", [z.object({ kind: z.literal("a"), one: z.int() }), z.object({ kind: z.literal("b") })])
      .exactOptional(),
    either: z.union([z.object({ day: z.string() }), z.object({ week: z.string() })]).exactOptional(),
    names: z.record(z.string(), Line).exactOptional(),
    both: z.intersection(z.object({ x: z.int() }), z.object({ y: z.int() })).exactOptional(),
    pair: z.tuple([Line, z.string()]).exactOptional(),
    strict: z.strictObject({ depth: z.int() }).exactOptional(),
    loose: z.looseObject({ line: Line }).exactOptional(),
    data: z.json().exactOptional(),
    made: z
      .object({ from: z.int() })
      .transform(({ from }) => ({ since: from }))
      .exactOptional()
  })
  const deep = operation("d.deep", Deep, function* (_, input) {
    return input
  })
  const some = query("d.some", Deep, function* (_, input) {
    return input
  })
  const app = createOmni({ store: memory(), modules: { d: module("d", { operations: { deep }, queries: { some } }) } })
  const issuesOf = async (input: unknown) => {
    const [told, asked] = [await app.d.safe.deep(input as never), await app.d.safe.some(input as never)]
    const [first, second] = [told, asked].map((answer) => (!answer.ok && answer.error._tag === "InvalidInput" ? answer.error.issues : []))
    assert.deepEqual(first, second)
    return first?.map(({ path, message }) => `${path}: ${message}`)
  }
  const line = { sku: "a", quantity: 1 }

  it("is refused, wherever it is, and the one that was meant is named", async () => {
    const cases = [
      [{ lnies: [] }, 'lnies: There is no such field. Did you mean "lines"?'],
      [{ lines: [line, { ...line, Sku: "b" }] }, 'lines.1.Sku: There is no such field. Did you mean "sku"?'],
      [{ lines: [{ ...line, colour: "red" }] }, "lines.0.colour: There is no such field. There are: sku, quantity."],
      [{ by: { kind: "a", one: 1, ones: 2 } }, 'by.ones: There is no such field. Did you mean "one"?'],
      [{ by: { kind: "b", one: 1 } }, "by.one: There is no such field. There are: kind."],
      [{ either: { week: "1", day0: "x" } }, "either.day0: There is no such field. There are: week."],
      [{ names: { any: { ...line, sku2: "" } } }, 'names.any.sku2: There is no such field. Did you mean "sku"?'],
      [{ both: { x: 1, y: 2, z: 3 } }, "both.z: There is no such field. There are: x, y."],
      [{ pair: [{ ...line, quantiy: 2 }, ""] }, 'pair.0.quantiy: There is no such field. Did you mean "quantity"?'],
      [{ strict: { depth: 1, dpeth: 1 } }, 'strict.dpeth: There is no such field. Did you mean "depth"?'],
      [{ loose: { line: { ...line, sky: "" }, more: 1 } }, 'loose.line.sky: There is no such field. Did you mean "sku"?'],
      [{ made: { from: 1, form: 2 } }, 'made.form: There is no such field. Did you mean "from"?']
    ] as const
    for (const [input, issue] of cases) assert.deepEqual(await issuesOf(input), [issue])
  })

  it("is found in a schema that holds itself", async () => {
    const Tree = z.object({
      leaf: z.int(),
      get below() {
        return z.array(Tree).exactOptional()
      }
    })
    const grow = operation("t.grow", Tree, function* () {})
    const trees = createOmni({ store: memory(), modules: { t: module("t", { operations: { grow } }) } })
    await trees.t.grow({ leaf: 1, below: [{ leaf: 2, below: [{ leaf: 3, below: [] }] }] })
    const wrong = await trees.t.safe.grow({ leaf: 1, below: [{ leaf: 2, below: [{ leaf: 3, lef: 4 } as never] }] })
    expect(wrong).toMatchObject({ ok: false, error: { _tag: "InvalidInput", issues: [{ path: "below.0.below.0.lef" }] } })
  })

  it("is told of together with what is missing because of it", async () => {
    assert.deepEqual(await issuesOf({ lines: [{ sku: "a", quantitiy: 1 }] }), [
      'lines.0.quantitiy: There is no such field. Did you mean "quantity"?',
      "lines.0.quantity: Invalid input: expected number, received undefined"
    ])
    assert.deepEqual(await issuesOf({ by: { kind: "a", on: 1 } }), [
      'by.on: There is no such field. Did you mean "one"?',
      "by.one: Invalid input: expected number, received undefined"
    ])
  })

  it("is none where the schema takes anything, where it is undefined, or where what is known is made into something else", async () => {
    const taken = { loose: { line, more: 1 }, data: { any: { thing: [1] } }, names: { a: line }, made: { from: 1 }, lnies: undefined }
    assert.deepEqual(await issuesOf(taken), [])
  })

  it("is one that no alternative of a union knows, and no side of an intersection", () => {
    const One = z.object({ a: z.int(), c: z.int().exactOptional() })
    const Either = z.object({ of: z.union([One, z.object({ a: z.int(), b: z.int() })]) })
    const Both = z.intersection(z.object({ of: z.object({ a: z.int() }) }), z.object({ of: z.object({ b: z.int() }) }))
    const pathsOf = (schema: z.ZodType, of: object) => {
      const checked = checkInput("t.any", schema, { of })
      return checked.ok ? [] : checked.error.issues.map(({ path }) => path)
    }
    assert.deepEqual(pathsOf(Either, { a: 1, b: 2 }), [])
    assert.deepEqual(pathsOf(Both, { a: 1, b: 2 }), [])
    assert.deepEqual(pathsOf(Both, { a: 1, b: 2, d: 3 }), ["of.d"])
    // No alternative takes what is undefined where it is only optional: it is not there.
    assert.deepEqual(pathsOf(Either, { a: 1, c: undefined, d: 3 }), ["of.d"])
  })

  it("is refused though something else is made of what holds it, and though a schema makes a field of that name", () => {
    const Price = z.object({ amount: z.int() }).transform(({ amount }) => ({ amount, currency: "EUR" }))
    const Amount = z.object({ amount: z.int() }).transform(({ amount }) => amount)
    for (const schema of [Price, Amount]) {
      assert.isTrue(checkInput("t.any", schema, { amount: 1 }).ok)
      assert.isFalse(checkInput("t.any", schema, { amount: 1, currency: "USD" }).ok)
    }
  })

  it("is named with those that there are, also of a record", () => {
    const checked = checkInput("t.any", z.object({ by: z.partialRecord(z.enum(["day", "week"]), z.int()) }), { by: { month: 1 } })
    assert.isTrue(!checked.ok && checked.error.message.endsWith("by.month: There is no such field. There are: day, week."))
  })

  it("is left out of a replay, which a newer release may have written", async () => {
    const told = await app.d.deep({ both: { x: 1, y: 2 }, later: 1 } as never, { asOf: { time: 1 } })
    assert.deepEqual(told, { lines: [], both: { x: 1, y: 2 } })
  })

  it("and the name that was meant is the one with the fewest slips, where they are few", () => {
    const meant = (name: string) => nearest(name, ["quantity", "currency", "at"])
    assert.deepEqual(["quantitiy", "qauntity", "QUANTITY", "curency", "ta", "colour", "x", ""].map(meant), [
      "quantity",
      "quantity",
      "quantity",
      "currency",
      "at",
      undefined,
      undefined,
      undefined
    ])
  })
})
