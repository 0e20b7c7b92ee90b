import { collection, createOmni, module, operation, query } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

/** What a query finds by an index is what somebody finds who looks at every row. */

const Thing = z.object({
  n: z.number().optional(),
  s: z.string().optional(),
  b: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  secret: z.string().optional()
})
type Thing = z.output<typeof Thing>
const Things = collection("t.things", {
  schema: Thing,
  indexes: { n: ["n"], s: ["s"], b: ["b"], tags: ["tags"], both: ["s", "n"], secret: ["secret", "n"] },
  personal: { subject: () => "p", fields: ["secret"] }
})
const Change = z.object({ id: z.string(), thing: Thing.optional() })
const change = operation("t.change", Change, function* (tx, { id, thing }) {
  if (thing === undefined) tx.remove(Things, id)
  else tx.put(Things, id, thing)
})
const Ask = z.object({
  index: z.enum(["n", "s", "b", "tags", "both"]),
  equals: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  from: z.union([z.string(), z.number()]).optional(),
  to: z.union([z.string(), z.number()]).optional(),
  order: z.enum(["asc", "desc"]).optional()
})
const find = query("t.find", Ask, function* (view, { index, ...rest }) {
  return view.find(Things, index, { ...(JSON.parse(JSON.stringify(rest)) as object), limit: 1000 }).items.map(({ id }) => id)
})
const bySecret = query("t.bySecret", z.object({ secret: z.string() }), function* (view, { secret }) {
  return view.find(Things, "secret", { equals: [secret] }).items.map(({ id, row }) => [id, row.n] as const)
})
const open = () =>
  createOmni({ store: memory(), modules: { t: module("t", { operations: { change }, queries: { find, bySecret } }) }, verify: false })

const numbers = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
const strings = fc.oneof(
  fc.constantFrom("", "a", "a\u0001", "a\u0002", "a\u0001b", "a\u0002a", "\u0001", "ab", "b", "é", "\u{1F600}", "\uFFFD"),
  fc.string({ maxLength: 4 })
)
const optional = <A>(of: fc.Arbitrary<A>) => fc.option(of, { nil: undefined, freq: 4 })
const things = fc
  .record({
    n: optional(numbers),
    s: optional(strings),
    b: optional(fc.boolean()),
    tags: optional(fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 4 })),
    secret: optional(fc.constantFrom("anna", "bert"))
  })
  .map((thing): Thing => JSON.parse(JSON.stringify(thing)) as Thing)
const changes = fc.array(fc.record({ id: fc.constantFrom("1", "2", "3", "4", "5", "6"), thing: optional(things) }), {
  minLength: 1,
  maxLength: 14
})

/** By code points, as stores order text. */
const compare = (a: string | number, b: string | number): number =>
  typeof a === "number" && typeof b === "number" ? a - b : Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)))

const expected = (rows: ReadonlyMap<string, Thing>, index: "n" | "s", from: string | number, to: string | number): ReadonlyArray<string> =>
  [...rows]
    .flatMap(([id, row]) => (row[index] === undefined ? [] : [[row[index], id] as const]))
    .filter(([value]) => compare(value, from) >= 0 && compare(value, to) <= 0)
    .toSorted(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([, id]) => id)

it("equality, ranges, order and arrays agree with a scan of the rows, after any changes", () =>
  fc.assert(
    fc.asyncProperty(changes, numbers, numbers, strings, strings, async (list, n1, n2, s1, s2) => {
      const omni = open()
      const rows = new Map<string, Thing>()
      for (const { id, thing } of list) {
        await omni.t.change({ id, ...(thing === undefined ? {} : { thing }) })
        if (thing === undefined) rows.delete(id)
        else rows.set(id, thing)
      }
      const ids = (of: (row: Thing) => boolean) => [...rows].filter(([, row]) => of(row)).map(([id]) => id)
      const ask = (input: z.input<typeof Ask>) => omni.t.find(input)
      assert.deepEqual(await ask({ index: "n", from: n1, to: n2 }), expected(rows, "n", n1, n2))
      assert.deepEqual(await ask({ index: "s", from: s1, to: s2 }), expected(rows, "s", s1, s2))
      const downwards = await ask({ index: "n", order: "desc" })
      assert.deepEqual(downwards.toReversed(), expected(rows, "n", -Infinity, Infinity))
      for (const s of [s1, s2, ...ids(() => true).flatMap((id) => rows.get(id)!.s ?? [])]) {
        assert.sameMembers(
          [...(await ask({ index: "s", equals: [s] }))],
          ids((row) => row.s === s)
        )
        // Rows without the second field stand in the index by the first alone.
        assert.sameMembers(
          [...(await ask({ index: "both", equals: [s] }))],
          ids((row) => row.s === s)
        )
        assert.sameMembers(
          [...(await ask({ index: "both", equals: [s, n1] }))],
          ids((row) => row.s === s && row.n === n1)
        )
      }
      for (const b of [true, false])
        assert.sameMembers(
          [...(await ask({ index: "b", equals: [b] }))],
          ids((row) => row.b === b)
        )
      for (const tag of ["x", "y", "z"])
        assert.sameMembers(
          [...(await ask({ index: "tags", equals: [tag] }))],
          ids((row) => row.tags?.includes(tag) === true)
        )
      for (const secret of ["anna", "bert", "carl"])
        assert.sameDeepMembers(
          [...(await omni.t.bySecret({ secret }))],
          ids((row) => row.secret === secret).map((id) => [id, rows.get(id)!.n] as const)
        )
    }),
    { numRuns: 150 }
  ))
