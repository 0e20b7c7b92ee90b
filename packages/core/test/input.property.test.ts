import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { checkInput, checkKnown } from "../src/client/input.ts"

/** A schema, inputs that its type allows, and the places in them that take no further field. */
interface Case {
  readonly schema: z.ZodType
  readonly input: unknown
  /** Where a field can be put that nobody knows. */
  readonly closed: ReadonlyArray<ReadonlyArray<string>>
}

const leaf: fc.Arbitrary<Case> = fc.constantFrom<Case>(
  { schema: z.string(), input: "text", closed: [] },
  { schema: z.int().brand<"Count">(), input: 3, closed: [] },
  { schema: z.boolean().default(false), input: true, closed: [] },
  { schema: z.string().trim().toLowerCase(), input: " Text ", closed: [] },
  { schema: z.coerce.number(), input: "3", closed: [] },
  { schema: z.enum(["a", "b"]).nullable(), input: null, closed: [] },
  { schema: z.json(), input: { any: [{ thing: 1 }] }, closed: [] },
  { schema: z.unknown(), input: { any: [{ thing: 1 }] }, closed: [] },
  { schema: z.custom<object>((value) => typeof value === "object"), input: { any: 1 }, closed: [] },
  { schema: z.date(), input: new Date(0), closed: [] },
  { schema: z.record(z.string(), z.unknown()), input: { any: { thing: 1 } }, closed: [] },
  { schema: z.map(z.string(), z.int()), input: new Map([["a", 1]]), closed: [] },
  { schema: z.preprocess((text) => ({ a: text }), z.object({ a: z.string() })), input: "1", closed: [] }
)

const within = (key: string, { closed }: Case) => closed.map((path) => [key, ...path])
const names = ["a", "b", "c", "toString"]

const { any } = fc.letrec<{ any: Case }>((tie) => {
  const inner = tie("any")
  const fields = fc.uniqueArray(fc.tuple(fc.constantFrom(...names), inner), { maxLength: 3, selector: ([name]) => name })
  const shapeOf = (parts: ReadonlyArray<readonly [string, Case]>) => Object.fromEntries(parts.map(([name, { schema }]) => [name, schema]))
  const inputOf = (parts: ReadonlyArray<readonly [string, Case]>) => Object.fromEntries(parts.map(([name, { input }]) => [name, input]))
  const closedOf = (parts: ReadonlyArray<readonly [string, Case]>) => parts.flatMap(([name, part]) => within(name, part))
  const object = fields.map((parts): Case => ({
    schema: z.object(shapeOf(parts)),
    input: inputOf(parts),
    closed: [[], ...closedOf(parts)]
  }))
  return {
    any: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      object,
      object.map((of) => ({ ...of, schema: (of.schema as z.ZodObject).strict() })),
      fields.map((parts): Case => ({
        schema: z.looseObject(shapeOf(parts)),
        input: { ...inputOf(parts), more: { yet: 1 } },
        closed: closedOf(parts)
      })),
      fc.tuple(fields, inner).map(([parts, rest]): Case => ({
        schema: z.object(shapeOf(parts)).catchall(rest.schema),
        input: { ...inputOf(parts), more: rest.input },
        closed: [...closedOf(parts), ...within("more", rest)]
      })),
      inner.map((of): Case => ({
        schema: z.array(of.schema).readonly(),
        input: [of.input, of.input],
        closed: [...within("0", of), ...within("1", of)]
      })),
      fc.tuple(inner, inner).map(([first, rest]): Case => ({
        schema: z.tuple([first.schema], rest.schema),
        input: [first.input, rest.input],
        closed: [...within("0", first), ...within("1", rest)]
      })),
      inner.map((of): Case => ({ schema: z.record(z.string(), of.schema), input: { x: of.input }, closed: within("x", of) })),
      inner.map((of): Case => ({
        schema: z.partialRecord(z.enum(["x", "y"]), of.schema),
        input: { y: of.input },
        closed: [[], ...within("y", of)]
      })),
      inner.map((of): Case => ({ ...of, schema: z.lazy(() => of.schema) })),
      inner.map((of): Case => ({ ...of, schema: of.schema.exactOptional() })),
      inner.map((of): Case => ({ ...of, schema: of.schema.optional().default({} as never) })),
      inner.map((of): Case => ({ ...of, schema: of.schema.nullable().catch(null) })),
      inner.map((of): Case => ({ ...of, schema: of.schema.brand<"Brand">() })),
      inner.map((of): Case => ({ ...of, schema: of.schema.transform(() => "made") })),
      inner.map((of): Case => ({
        ...of,
        schema: of.schema.transform((value) => ({ value, odd: 1 })).pipe(z.object({ value: z.unknown(), odd: z.int() }))
      })),
      // Which alternative is meant is seen at its kind, or not at all: then both may take it.
      fc.tuple(object, object, fc.boolean()).map(([meant, other, isFirst]): Case => {
        const [left, right] = [
          (meant.schema as z.ZodObject).safeExtend({ kind: z.literal("meant") }),
          (other.schema as z.ZodObject).safeExtend({ kind: z.literal("other") })
        ]
        return {
          ...meant,
          schema: z.discriminatedUnion("kind", isFirst ? [left, right] : [right, left]),
          input: { ...(meant.input as object), kind: "meant" }
        }
      }),
      fc.tuple(inner, inner, fc.boolean()).map(([meant, other, isFirst]): Case => ({
        ...meant,
        closed: [],
        schema: z.union(isFirst ? [meant.schema, other.schema] : [other.schema, meant.schema])
      })),
      fc.tuple(object, object).map(([meant, other]): Case => ({
        ...meant,
        closed: [[]],
        schema: z.union([other.schema, meant.schema])
      })),
      object.map((of): Case => {
        const schema = of.schema as z.ZodObject
        return { ...of, schema: z.intersection(schema, z.object({ also: schema })), input: { ...(of.input as object), also: of.input } }
      })
    )
  }
})

/** The same value with something put into the object at a place. */
const withField = (value: unknown, [step, ...path]: ReadonlyArray<string>, name: string, field: unknown): unknown => {
  if (step === undefined) return { ...(value as object), [name]: field }
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === step ? withField(item, path, name, field) : (item as unknown)))
  return { ...(value as object), [step]: withField((value as Record<string, unknown>)[step], path, name, field) }
}

const options = { numRuns: 1000 }

describe("for schemas of all kinds", () => {
  it("an input that its type allows is never refused", () => {
    fc.assert(
      fc.property(any, ({ schema, input }) => {
        if (!schema.safeParse(input).success) return fc.pre(false)
        const checked = checkInput("t.any", schema, input)
        assert.isTrue(checked.ok, checked.ok ? "" : checked.error.message)
        assert.deepEqual(checked, checkKnown("t.any", schema, input))
      }),
      options
    )
  })

  it("a field that no alternative knows is always refused, with its place", () => {
    fc.assert(
      fc.property(any, fc.nat(), fc.constantFrom(1, "text", { deep: [1] }), ({ schema, input, closed }, at, field) => {
        fc.pre(closed.length > 0)
        const path = closed[at % closed.length]!
        const checked = checkInput("t.any", schema, withField(input, path, "nobody's", field))
        assert.isFalse(checked.ok)
        if (!checked.ok)
          assert.include(
            checked.error.issues.map((issue) => issue.path),
            [...path, "nobody's"].join(".")
          )
      }),
      options
    )
  })

  it("what is undefined is not there", () => {
    fc.assert(
      fc.property(any, fc.nat(), ({ schema, input, closed }, at) => {
        fc.pre(closed.length > 0 && schema.safeParse(input).success)
        const told = withField(input, closed[at % closed.length]!, "nobody's", undefined)
        assert.isTrue(checkInput("t.any", schema, told).ok)
      }),
      options
    )
  })
})
