import { canonicalCode, catalog, gtin14 } from "@omni/catalog"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 })

/** The check digit as a shop assistant would work it out: from the right, three times every other digit. */
const checked = (body: ReadonlyArray<number>): string => {
  const sum = [...body].reverse().reduce((sofar, digit, at) => sofar + digit * (at % 2 === 0 ? 3 : 1), 0)
  return [...body, (10 - (sum % 10)) % 10].join("")
}

it("knows a GTIN by its check digit, and every single wrong digit", () => {
  fc.assert(
    fc.property(digits, fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, at, by) => {
      const gtin = checked(body)
      assert.equal(gtin14(gtin), `0${gtin}`)
      const wrong = [...gtin].map((digit, index) => (index === at ? String((Number(digit) + by) % 10) : digit)).join("")
      assert.isUndefined(gtin14(wrong))
    })
  )
})

it("reads a code the same however often it is made canonical", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), digits.map(checked)), (code) => canonicalCode(canonicalCode(code)) === canonicalCode(code)))
})

it("never has a code name two variants, whatever is put in whatever order", async () => {
  const code = fc.constantFrom("A", "B", "C", "4006381333931", "04006381333931")
  const put = fc.record({ id: fc.constantFrom("v1", "v2", "v3"), sku: code, codes: fc.array(code, { maxLength: 3 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(put, { maxLength: 12 }), async (puts) => {
      const omni = createOmni({ store: memory(), modules: { catalog: catalog() } })
      await omni.catalog.putProduct({ id: "p", name: { en: "P" } })
      for (const variant of puts) await omni.catalog.safe.putVariant({ ...variant, product: "p" })
      const found = await omni.catalog.product({ product: "p" })
      const codes = (found?.variants ?? []).flatMap(({ id, sku, codes: more }) =>
        [...new Set([sku, ...more].map(canonicalCode))].map((c) => [c, id] as const)
      )
      assert.equal(new Set(codes.map(([c]) => c)).size, codes.length)
      for (const [c, id] of codes) assert.equal((await omni.catalog.scan({ code: c }))?.variant.id, id)
      await omni.close()
    }),
    { numRuns: 50 }
  )
})
