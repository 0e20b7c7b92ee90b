import { canonicalCode, catalog, gtin14, readCode, upcE } from "@omni/catalog"
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

it("knows a UPC-E by the UPC-A that it stands for, whose zeros it leaves out", () => {
  // Manufacturer, article: each rule of the specification with what it abbreviates.
  const known: ReadonlyArray<readonly [string, string]> = [
    ["04252614", "042100005264"],
    ["01234505", "012000003455"],
    ["01234558", "012345000058"],
    ["06543217", "065100004327"],
    ["01278907", "012000007897"]
  ]
  for (const [short, full] of known) assert.equal(upcE(short), `00${full}`, short)
  const digit = fc.integer({ min: 0, max: 9 })
  fc.assert(
    fc.property(fc.array(digit, { minLength: 6, maxLength: 6 }), digit, ([a = 0, b = 0, c = 0, d = 0, e = 0, last = 0], check) => {
      const [isShortest, body] =
        last <= 2
          ? [true, [a, b, last, 0, 0, 0, 0, c, d, e]]
          : last === 3
            ? [c > 2, [a, b, c, 0, 0, 0, 0, 0, d, e]]
            : last === 4
              ? [d > 0, [a, b, c, d, 0, 0, 0, 0, 0, e]]
              : [e > 0, [a, b, c, d, e, 0, 0, 0, 0, last]]
      const full = isShortest ? gtin14([0, ...body, check].join("")) : undefined
      assert.equal(upcE([0, a, b, c, d, e, last, check].join("")), full)
    })
  )
  for (const text of ["24252614", "14252611", "04252615", "0425261", "4006381333931", ""]) assert.isUndefined(upcE(text), text)
})

it("takes no two UPC-E for one number, nor numbers of a shop's own that only look like them", async () => {
  const digits = ["0", "1", "2", "3", "9"]
  const bodies = digits.flatMap((a) =>
    digits.flatMap((b) => digits.flatMap((c) => digits.flatMap((d) => digits.map((e) => a + b + c + d + e))))
  )
  const all = bodies.flatMap((body) => Array.from({ length: 100 }, (_, end) => `0${body}${String(end).padStart(2, "0")}`))
  const known = all.map(upcE).filter((full) => full !== undefined)
  assert.isAbove(known.length, 10_000)
  assert.equal(new Set(known).size, known.length)
  const omni = createOmni({ store: memory(), modules: { catalog: catalog() } })
  await omni.catalog.putProduct({ id: "p", name: { en: "P" } })
  for (const sku of ["12604635", "12604605", "13007405", "13007435"]) await omni.catalog.putVariant({ id: sku, product: "p", sku })
})

it("takes a number as scanners send it, as it is printed and as ISBNs are written for the same", async () => {
  const omni = createOmni({ store: memory(), modules: { catalog: catalog() } })
  await omni.catalog.putProduct({ id: "p", name: { en: "P" } })
  await omni.catalog.putVariant({ id: "soap", product: "p", sku: "S", gtin: "042100005264", codes: ["14006381333938"] })
  await omni.catalog.putVariant({ id: "book", product: "p", sku: "B", gtin: "9783161484100", codes: ["https://shop.example/b"] })
  const of = async (code: string) => (await omni.catalog.scan({ code }))?.variant.id
  for (const code of [
    "042100005264",
    "04252614",
    "]E00042100005264",
    "]E004252614",
    "0 42100 00526 4",
    "]I114006381333938",
    "]A0S",
    "]C0S"
  ])
    assert.equal(await of(code), "soap", code)
  for (const code of ["978-3-16-148410-0", "9 783161 484100", "]E09783161484100", "]Q1https://shop.example/b", "]d1B"])
    assert.equal(await of(code), "book", code)
  for (const code of ["978-3-16-148410-1", "]E0", "]", "97831614-84100", "4 006381 333932"]) assert.isUndefined(await of(code), code)
  // In both readings its check digit is right: the shop's own number goes first.
  const both = Array.from({ length: 1_000_000 }, (_, at) => String(at).padStart(8, "0")).find(
    (text) => gtin14(text) !== undefined && upcE(text) !== undefined && gtin14(text) !== upcE(text)
  )!
  assert.deepEqual<ReadonlyArray<unknown>>(readCode(both, { now: 0 }).keys, [gtin14(both), upcE(both)])
  await omni.catalog.putVariant({ id: "gum", product: "p", sku: "G", gtin: upcE(both)!.slice(2) })
  const gum = await omni.catalog.scan({ code: both })
  assert.deepEqual([gum?.variant.id, gum?.read.gtin], ["gum", upcE(both)], "what is told is what was found")
  await omni.catalog.putVariant({ id: "own", product: "p", sku: "O", gtin: both })
  const own = await omni.catalog.scan({ code: both })
  assert.deepEqual([own?.variant.id, own?.read.gtin], ["own", gtin14(both)])
})
