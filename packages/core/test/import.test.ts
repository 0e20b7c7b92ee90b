import { type ImportedRows, importRows, type RejectedRow } from "@omni/core"
import * as fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

const Row = z.object({ id: z.string(), size: z.int().exactOptional() })
type Row = z.infer<typeof Row>

/** Takes rows into a list, refuses those of size 0. */
const shelf = () => {
  const kept: Array<Row> = []
  const commits: Array<ReadonlyArray<string>> = []
  const take = async (rows: ImportedRows<Row>) => {
    commits.push(rows.map(({ value }) => value.id))
    const refused = rows.flatMap(({ value }, at) => (value.size === 0 ? [{ at, issues: [{ path: "size", message: "None" }] }] : []))
    kept.push(...rows.flatMap(({ value }) => (value.size === 0 ? [] : [value])))
    return { counts: { kept: rows.length - refused.length }, refused }
  }
  return { kept, commits, about: { schema: Row, about: ({ id }: Row) => id, counts: ["kept"] as const, take } }
}

const rows = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ id: fc.constantFrom("a", "b", "c", "d", "e", "f"), size: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, "nonsense", { id: 5 }, { id: "a", size: 0.5 }) }
  ),
  { maxLength: 30 }
)

it("takes or rejects every row once, in order, no two about the same in one commit, wherever it goes on from", async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 5 }), fc.nat(10), async (all, chunk, from) => {
      const { kept, commits, about } = shelf()
      const rejected: Array<RejectedRow> = []
      const steps: Array<number> = []
      const done = await importRows(all, about, {
        chunk,
        from,
        onReject: (one) => rejected.push(one),
        onProgress: ({ next }) => steps.push(next)
      })
      const meant = all.map((value, row) => ({ row, value })).slice(from)
      const good = meant.filter(({ value }) => Row.safeParse(value).success && (value as Row).size !== 0)
      assert.deepEqual(
        kept,
        good.map(({ value }) => value as Row)
      )
      const bad = meant.filter((one) => !good.includes(one)).map(({ row }) => row)
      assert.sameMembers(
        rejected.map(({ row }) => row),
        bad
      )
      assert.isTrue(rejected.every(({ row, value }) => value === all[row] && rejected.filter((one) => one.row === row).length === 1))
      assert.deepEqual(done, { next: all.length, kept: good.length, rejected: bad.length })
      assert.equal(steps.at(-1), all.length)
      for (const commit of commits) assert.isTrue(commit.length <= chunk && new Set(commit).size === commit.length)
    })
  )
})

it("reads no further ahead than the chunk behind the one that is written", async () => {
  let read = 0
  let taken = 0
  let ahead = 0
  const source = function* () {
    for (let at = 0; at < 1_000; at++) {
      read++
      ahead = Math.max(ahead, read - taken)
      yield { id: String(at) }
    }
  }
  const take = async (part: ImportedRows<Row>) => {
    await new Promise((resolve) => setImmediate(resolve))
    taken += part.length
    return { counts: { kept: part.length } }
  }
  await importRows(source(), { ...shelf().about, take }, { chunk: 10 })
  assert.isAtMost(ahead, 21)
})

it("closes its source when a commit fails, and says what failed", async () => {
  let closed = false
  const source = function* () {
    try {
      for (let at = 0; ; at++) yield { id: String(at) }
    } finally {
      closed = true
    }
  }
  const take = () => Promise.reject(new Error("no room"))
  const failed = await importRows(source(), { ...shelf().about, take }, { chunk: 3 }).catch((error: Error) => error.message)
  assert.equal(failed, "no room")
  assert.isTrue(closed)
})

it("takes what is undefined for what is not there, and refuses chunks without rows", async () => {
  const { kept, about } = shelf()
  await importRows([{ id: "a", size: undefined }], about)
  assert.deepEqual(kept, [{ id: "a" }])
  for (const chunk of [0, -1, 0.5, Number.NaN, Infinity]) {
    const refused = await importRows([], about, { chunk }).catch((error: unknown) => error)
    assert.instanceOf(refused, RangeError)
  }
})
