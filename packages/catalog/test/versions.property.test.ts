import { VersionConflict, versionOf } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { openCatalog } from "./shop.ts"

/** What one editor does: reads, or saves what was read last with a change of one field. */
const step = fc.record({
  editor: fc.nat(2),
  does: fc.constantFrom("read", "save"),
  field: fc.constantFrom("brand", "slug"),
  n: fc.nat(3)
} as const)

it("nobody overwrites what somebody else has changed since it was read, whoever edits in whatever order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const { omni, shop } = openCatalog()
      const read = async () => (await shop.product({ product: "p" }))!.product
      await shop.putProduct({ id: "p", name: { de: "P" }, expected: "none" })
      const seen = await Promise.all([read(), read(), read()])
      for (const { editor, does, field, n } of steps) {
        if (does === "read") {
          seen[editor] = await read()
          continue
        }
        const before = await read()
        const base = seen[editor]!
        const edited = { ...base, ...(field === "brand" ? { brand: `B${n}` } : { description: { de: `D${n}` } }) }
        const saved = await shop.safe.putProduct({ ...edited, expected: versionOf(base) })
        const after = await read()
        if (saved.ok) {
          assert.deepEqual(after, edited)
          // What was there was what he had read, or already what he wanted.
          assert.isTrue(versionOf(before) === versionOf(base) || versionOf(before) === versionOf(edited))
          seen[editor] = after
        } else {
          assert.instanceOf(saved.error, VersionConflict)
          assert.deepEqual(after, before)
          assert.notEqual(versionOf(before), versionOf(base))
          assert.equal(saved.error.version, versionOf(before))
        }
      }
      await omni.close()
    }),
    { numRuns: 50 }
  )
})

it("of two who save at once one is told", async () => {
  const { shop } = openCatalog()
  const first = await shop.putProduct({ id: "p", name: { de: "P" } })
  const expected = versionOf(first)
  const saved = await Promise.all(["A", "B"].map((brand) => shop.safe.putProduct({ ...first, brand, expected })))
  assert.sameMembers(
    saved.map((one) => (one.ok ? "saved" : one.error._tag)),
    ["saved", "VersionConflict"]
  )
})

it("holds for variants, types, categories and price lists, also for what is to be new or is gone", async () => {
  const { shop } = openCatalog()
  await shop.putProduct({ id: "p", name: { de: "P" } })
  const puts = {
    variant: (sku: string, more: object) => shop.safe.putVariant({ id: "x", product: "p", sku, ...more }),
    "product-type": (name: string, more: object) => shop.safe.defineProductType({ id: "x", name: { de: name }, attributes: [], ...more }),
    category: (name: string, more: object) => shop.safe.putCategory({ id: "x", name: { de: name }, ...more }),
    "price-list": (name: string, more: object) => shop.safe.putPriceList({ id: "x", name, currency: "EUR", ...more })
  }
  for (const [kind, put] of Object.entries(puts)) {
    const early = await put("A", { expected: "0000" })
    assert.deepInclude(early, { ok: false }, kind)
    if (early.ok || !(early.error instanceof VersionConflict)) assert.fail(kind)
    assert.deepEqual([early.error.kind, early.error.id, early.error.version], [kind, "x", "none"])
    const made = await put("A", { expected: "none" })
    if (!made.ok) assert.fail(`${kind}: ${made.error.message}`)
    const again = await put("A", { expected: "none" })
    assert.isTrue(again.ok, `${kind}: the same again changes nothing`)
    const other = await put("B", { expected: "none" })
    assert.isTrue(!other.ok && other.error instanceof VersionConflict && other.error.message.includes("already"), kind)
    const changed = await put("B", { expected: versionOf(made.value) })
    if (!changed.ok) assert.fail(`${kind}: ${changed.error.message}`)
    const late = await put("C", { expected: versionOf(made.value) })
    assert.isTrue(!late.ok && late.error instanceof VersionConflict && late.error.version === versionOf(changed.value), kind)
    assert.isTrue((await put("D", {})).ok, `${kind}: without a version it is replaced`)
  }
})
