import { createOmni, type InvalidInput, module, operation, query } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, expect, it } from "vitest"
import * as z from "zod"

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
    assert.equal((await refused(round)).issues[0]?.path, "name")
  })
})
