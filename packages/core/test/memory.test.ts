import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { Sorted } from "../src/memory/sorted.ts"
import { compareText, utf8Length } from "../src/memory/text.ts"

const text = fc.string({ unit: fc.constantFrom("", "a", "b", "\u0001", "é", "\uffee", "\ufffd", "😀", "\u{10ffff}"), maxLength: 5 })
const whole = fc.oneof(text, fc.string({ unit: "binary", maxLength: 5 }))

describe("text", () => {
  it("is compared as its UTF-8 bytes are", () => {
    fc.assert(
      fc.property(whole, whole, (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      })
    )
  })

  it("is measured in UTF-8 bytes", () => {
    fc.assert(
      fc.property(whole, (a) => {
        expect(utf8Length(a)).toBe(Buffer.byteLength(a))
      })
    )
  })
})

describe("Sorted", () => {
  const numbers = (a: number, b: number) => a - b
  const change = fc.record({ add: fc.boolean(), value: fc.nat(3000) })

  it("is a sorted set: against an array that is sorted again each time, over chunk borders", () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3000, size: "max" }), fc.nat(3000), (changes, from) => {
        const sorted = new Sorted<number>(numbers)
        const naive = new Set<number>()
        for (const { add, value } of changes) {
          if (add) sorted.add(value)
          else sorted.delete(value)
          if (add) naive.add(value)
          else naive.delete(value)
        }
        const all = [...naive].sort(numbers)
        expect([...sorted.up(-1)]).toEqual(all)
        expect([...sorted.down(9999)]).toEqual(all.toReversed())
        expect([...sorted.up(from)]).toEqual(all.filter((value) => value >= from))
        expect([...sorted.down(from)]).toEqual(all.filter((value) => value <= from).toReversed())
      }),
      { numRuns: 60 }
    )
  })
})
