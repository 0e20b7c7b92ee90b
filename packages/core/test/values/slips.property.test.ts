import { slipsBetween } from "@omni/core/values"
import * as fc from "fast-check"
import { assert, it } from "vitest"

const word = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 7 }).map((letters) => letters.join(""))

/** By its recurrence alone, without a bound. */
const counted = (a: string, b: string): number => {
  if (a === "" || b === "") return a.length + b.length
  const [i, j] = [a.length - 1, b.length - 1]
  const others = [
    counted(a.slice(0, i), b) + 1,
    counted(a, b.slice(0, j)) + 1,
    counted(a.slice(0, i), b.slice(0, j)) + (a[i] === b[j] ? 0 : 1)
  ]
  const isSwapped = i > 0 && j > 0 && a[i] === b[j - 1] && a[i - 1] === b[j]
  return Math.min(...others, isSwapped ? counted(a.slice(0, i - 1), b.slice(0, j - 1)) + 1 : Infinity)
}

it("counts the fewest slips, and no further than it is asked to", () => {
  fc.assert(
    fc.property(word, word, fc.nat(4), (a, b, most) => {
      const slips = counted(a, b)
      assert.equal(slipsBetween(a, b), slips)
      assert.equal(slipsBetween(a, b, most), Math.min(slips, most + 1))
    }),
    { numRuns: 40 }
  )
})
