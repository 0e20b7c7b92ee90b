import * as fc from "fast-check"
import { assert, it } from "vitest"

import { Codes } from "../src/codes.ts"

/** Few letters, so that many begin alike; one outside of the basic plane, whose halves have an order of their own. */
const code = fc
  .array(fc.constantFrom("A", "B", "1", "\u{1F600}", "\u{FF5E}"), { minLength: 1, maxLength: 4 })
  .map((units) => units.join(""))
const step = fc.record({ code, product: fc.nat(5), isAdded: fc.boolean() })

it("knows the products of a code and of what begins so, whatever came and went", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), code, fc.constantFrom(0, 600, 3_000), (steps, begun, others) => {
      const codes = new Codes()
      const all = new Map<string, Set<number>>()
      // As many as it takes for those before and between them to be put in order.
      const addOthers = (from: number) => {
        for (let i = from; i < from + others; i++) {
          const other = `${"AB1"[i % 3]}-${i}`
          codes.add(other, i)
          all.set(other, new Set([i]))
        }
      }
      addOthers(10)
      for (const { code, product, isAdded } of steps) {
        const known = all.get(code) ?? new Set()
        if (isAdded) known.add(product)
        else known.delete(product)
        all.set(code, known)
        if (isAdded) codes.add(code, product)
        else codes.remove(code, product)
      }
      addOthers(10_000)
      for (const [code, products] of all) assert.deepEqual([...codes.of(code)].toSorted(), [...products].toSorted())
      const expected = new Set([...all].flatMap(([code, products]) => (code.startsWith(begun) ? [...products] : [])))
      assert.deepEqual([...codes.begunBy(begun)].toSorted(), [...expected].toSorted())
    })
  )
})
