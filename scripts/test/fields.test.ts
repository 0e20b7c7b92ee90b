import { describe, expect, it } from "vitest"
import * as z from "zod"

import { problemsOf } from "../fields/check.ts"
import { fieldsOf } from "../fields/input.ts"

const page = z.object({ limit: z.int().exactOptional(), after: z.string().exactOptional() })
const seats = {
  name: "seats",
  operations: {
    book: { input: z.object({ show: z.string(), count: z.int().default(1) }).readonly() },
    leave: { input: z.object({ show: z.string() }) }
  },
  queries: { shows: { input: page } }
}
const told = (...rows: ReadonlyArray<string>) =>
  ["*Part* is `limit?` and `after?`.", "", "| operation | fields | what it does |", "|---|---|---|", ...rows].join("\n")

describe("the fields of an input", () => {
  it("are those of an object, whatever is around it, and of alternatives all", () => {
    const either = z.union([z.object({ a: z.int(), b: z.int() }), z.object({ a: z.int(), c: z.int().optional() })])
    const both = z.intersection(page, z.object({ day: z.string() }))
    expect(fieldsOf(seats.operations.book.input)).toEqual(["show", "count?"])
    expect(fieldsOf(either.superRefine(() => {}))).toEqual(["a", "b?", "c?"])
    expect(fieldsOf(both)).toEqual(["limit?", "after?", "day"])
    expect(fieldsOf(z.string())).toEqual([])
  })
})

describe("the tables of a page", () => {
  it("are right when they name all that there is", () => {
    const each = told("| `book` | `show`, `count?` (of `seats`) | |", "| `leave` | `show` | |", "| `shows` | part | |")
    const together = told("| `book`, `leave` | `show`, `count?`; `show` | |", "| `shows` | `limit?`, `after?` | |")
    const alike = told("| `book`, `leave` | `show`, and `count?` for the first | |", "| `shows` | part | |")
    for (const page of [each, together, alike]) expect(problemsOf(page, [seats])).toEqual([])
  })

  it("are wrong when a name is missing, misspelt, or no longer there, or may be left out and is not said to", () => {
    const wrong = told("| `book` | `show`, `count`, `row?` | |", "| `leaf` | `show` | |", "| `shows` | `limit?` | |")
    expect(problemsOf(wrong, [seats])).toEqual([
      "5: book has no `count`",
      "5: book has no `row?`",
      "5: `count?` of book is not told",
      "6: there is no `leaf`",
      "7: `after?` of shows is not told",
      "`leave` of seats is in no table with fields"
    ])
  })

  it("are of the module that has most of what they name", () => {
    const stalls = { ...seats, name: "stalls", operations: { book: { input: z.object({ stall: z.string() }) } }, queries: {} }
    const two = `${told("| `book`, `leave` | `show`, `count?`; `show` | |", "| `shows` | part | |")}\n\n${told("| `book` | `stall` | |")}`
    expect(problemsOf(two, [seats, stalls])).toEqual([
      "12: book has no `stall`",
      "12: `show` of book is not told",
      "12: `count?` of book is not told",
      "`book` of stalls is in no table with fields"
    ])
  })
})
