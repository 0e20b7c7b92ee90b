import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"

import * as fc from "fast-check"
import { assert, it } from "vitest"

import { readCsv } from "../src/import/csv.ts"
import { freshFolder } from "./places.ts"

const HEAD = ["first", "second", "third"]

/** What no line may hold, or what a reader takes for the end of one. */
const field = fc.string({ unit: "binary", maxLength: 12 }).map((text) => text.replaceAll(/[\r\n\uFEFF]|[\uD800-\uDFFF]/g, ""))
const row = fc.tuple(field, field, field)
const written = (fields: ReadonlyArray<string>): string => fields.map((one) => `"${one.replaceAll('"', '""')}"`).join(",")

/** Lines that are no rows of this file. */
const broken = fc.constantFrom('"open,2,3', 'a"b"",c,d"', '1,"2"x,3', "1,2", "1,2,3,4", '"')

const readAll = async (path: string) => {
  const rows: Array<{ line: number; fields: ReadonlyArray<string> }> = []
  const bad: Array<number> = []
  for await (const part of readCsv(path)) {
    rows.push(...part.rows.map(({ line, fields }) => ({ line, fields: HEAD.map((name) => fields[name] ?? "") })))
    bad.push(...part.bad.map(({ line }) => line))
  }
  return { rows, bad }
}

it("reads what was written, and a broken line spoils itself alone", async () => {
  const folder = freshFolder()
  const line = fc.oneof(
    { weight: 4, arbitrary: row.map((fields) => ({ text: written(fields), fields })) },
    broken.map((text) => ({ text }))
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.boolean(), fc.constantFrom("\n", "\r\n"), async (lines, zipped, end) => {
      const text = ["\uFEFFfirst,second,third", ...lines.map((one) => one.text), ""].join(end)
      const path = join(folder, zipped ? "t.csv.gz" : "t.csv")
      writeFileSync(path, zipped ? gzipSync(text) : text)
      const { bad, rows } = await readAll(path)
      const good = lines.flatMap((one, at) => ("fields" in one ? [{ line: at + 2, fields: one.fields }] : []))
      assert.deepEqual(rows, good)
      assert.deepEqual(
        bad,
        lines.flatMap((one, at) => ("fields" in one ? [] : [at + 2]))
      )
    }),
    { numRuns: 150 }
  )
})

it("reads a file of many parts without keeping them", async () => {
  const path = join(freshFolder(), "many.csv")
  const count = 25_000
  writeFileSync(path, ["first,second,third", ...Array.from({ length: count }, (_, i) => `${i},"a, b",${i % 7}`)].join("\n"))
  const { bad, rows } = await readAll(path)
  assert.deepEqual([rows.length, bad.length, rows.at(-1)?.line], [count, 0, count + 1])
  assert.isTrue(rows.every(({ fields }, i) => fields[0] === String(i) && fields[1] === "a, b"))
})
