import {
  checkDigit,
  digitalLink,
  elementString,
  inStoreCode,
  InStoreScheme,
  InvalidGs1,
  parseDigitalLink,
  parseElementString
} from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { openCatalog } from "./shop.ts"

const now = Date.UTC(2026, 10, 28)
const gtinOf = (length: number) =>
  fc
    .array(fc.integer({ min: 0, max: 9 }), { minLength: length - 1, maxLength: length - 1 })
    .map((body) => body.join(""))
    .map((body) => body + String(checkDigit(body)))
const gtins = fc.constantFrom(8, 12, 13, 14).chain(gtinOf)
const texts = fc.array(fc.constantFrom(..."ABCxyz0123456789-_./+%&()"), { minLength: 1, maxLength: 20 }).map((chars) => chars.join(""))
const lots = texts.filter((text) => !/\(\d{2,4}\)/.test(text))
const scale = InStoreScheme.parse({ pattern: "22IIIIIWWWWWC", decimals: 3 })
const priced = InStoreScheme.parse({ pattern: "02IIIIIVPPPPC", decimals: 2 })

it("finds a variant by every form of its codes, with lot, serial number and date", async () => {
  await fc.assert(
    fc.asyncProperty(gtins, lots, lots, fc.nat(99_999), fc.nat(99_999), async (gtin, lot, serial, item, grams) => {
      const { omni, shop } = openCatalog({ inStoreCodes: [scale, priced] })
      const label = `22${String(item).padStart(5, "0")}`
      fc.pre(gtin.padStart(14, "0") !== inStoreCode(scale, label, grams).padStart(14, "0"))
      await shop.putVariant({ id: "v", product: "p", sku: "SKU 1", gtin, codes: ["https://shop.example/q/17", label] })
      await shop.putProduct({ id: "p", name: { de: "P" } })
      const full = gtin.padStart(14, "0")
      const written = `(01)${full}(10)${lot}(17)270100(21)${serial}`
      const raw = elementString({ "01": full, "10": lot, "17": "270100", "21": serial })
      const link = digitalLink("https://id.example/", gtin, { lot, serial, expiry: "270100" })
      for (const code of [written, raw, `]d2${raw}`, `]C1${raw}`, `\u001d${raw}`, link]) {
        const found = await shop.scan({ code })
        assert.equal(found?.variant.id, "v", code)
        assert.deepInclude(found!.read, { gtin: full, lot, serial, expiry: "2027-01-31" }, code)
      }
      for (const code of ["SKU 1", gtin, full, "https://shop.example/q/17", `(01)${full}`, digitalLink("https://id.example", gtin)])
        assert.equal((await shop.scan({ code }))?.variant.id, "v", code)
      const weighed = await shop.scan({ code: inStoreCode(scale, label, grams) })
      assert.equal(weighed?.variant.id, "v")
      assert.equal(weighed?.read.measure?.value, (grams / 1000).toFixed(3))
      await omni.close()
    }),
    { numRuns: 40 }
  )
})

it("reads prices from UPC labels of 12 digits", () => {
  const code = inStoreCode(priced, "0212345", 1299)
  assert.equal(code.length, 13)
  assert.equal(code[0], "0")
  const { shop } = openCatalog({ inStoreCodes: [priced] })
  return shop
    .putVariant({ id: "cheese", product: "p", sku: "C", codes: ["0212345"] })
    .then(() => shop.putProduct({ id: "p", name: { de: "Käse" } }))
    .then(() => shop.scan({ code: code.slice(1) }))
    .then((found) => assert.deepInclude(found?.read, { form: "in-store", price: "12.99" }))
})

it("takes a number that was given to a variant as a whole for no label", async () => {
  const { shop } = openCatalog({ inStoreCodes: [{ pattern: "22IIIIIWWWWWC", decimals: 3 }] })
  const code = inStoreCode(scale, "2200001", 500)
  await shop.putProduct({ id: "p", name: { de: "P" } })
  await shop.putVariant({ id: "weighed", product: "p", sku: "w", codes: ["2200001"] })
  assert.deepInclude((await shop.scan({ code }))?.read, { form: "in-store", measure: { value: "0.500", unit: "kg" } })
  await shop.putVariant({ id: "whole", product: "p", sku: "x", gtin: code })
  const found = await shop.scan({ code })
  assert.equal(found?.variant.id, "whole")
  assert.deepEqual(found?.read, { form: "gtin", keys: [`0${code}`], gtin: `0${code}` })
})

it("reads what the standard gives as examples", () => {
  const read = parseElementString("]C10195012345678903310300012515091231", now)
  assert.deepInclude(read, { gtin: "95012345678903", measure: { value: "0.125", unit: "kg" }, bestBefore: "2009-12-31" })
  assert.deepInclude(parseElementString("(01)09506000134352(3922)1099(30)6", now), { price: "10.99", count: 6 })
  const link = parseDigitalLink("https://example.com/some/path/01/09506000134352/10/ABC%2F1/21/12345?17=180426&linkType=pip", now)
  assert.deepInclude(link, { gtin: "09506000134352", lot: "ABC/1", serial: "12345", expiry: "2018-04-26" })
  assert.isUndefined(parseElementString("4006381333931", now))
  assert.isUndefined(parseElementString("0100000000000000000000", now), "16 digits and more are not a code of GS1 unless they are right")
})

it("takes the year next to now, and day 00 for the last of the month", () => {
  const dateAt = (year: number, text: string) => parseElementString(`(01)09506000134352(17)${text}`, Date.UTC(year, 5, 1))?.expiry
  assert.equal(dateAt(2026, "280200"), "2028-02-29")
  assert.equal(dateAt(2026, "760101"), "2076-01-01")
  assert.equal(dateAt(2026, "770101"), "1977-01-01")
  assert.equal(dateAt(2080, "100101"), "2110-01-01")
})

it("says which part of a code is wrong", () => {
  const wrong: ReadonlyArray<readonly [string, string | undefined]> = [
    ["(01)09506000134353", "01"],
    ["(01)09506000134352(17)271301", "17"],
    ["(01)09506000134352(17)27", "17"],
    ["(01)09506000134352(10)", "10"],
    ["]d2010950600013435217271301", "17"],
    ["(01)09506000134352(10)A(10)B", "10"],
    ["(01)09506000134352(310)1", undefined],
    [`(01)09506000134352(10)${"A".repeat(91)}`, "10"]
  ]
  for (const [text, ai] of wrong) {
    try {
      parseElementString(text, now)
      assert.fail(text)
    } catch (error) {
      assert.instanceOf(error, InvalidGs1, text)
      assert.equal((error as InvalidGs1).ai, ai, text)
    }
  }
})

it("never throws at a scanner, whatever it reads", async () => {
  const { shop } = openCatalog({ inStoreCodes: [scale] })
  const nasty = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.string({ minLength: 1, unit: fc.constantFrom("(", ")", "0", "1", "7", "\u001d", "]", "d", "2", "%", "/") }),
    fc.constantFrom("https://x/01/123", "https://x/01/09506000134352/10/%zz", "]d2", "(01)", "(99999)", "__proto__", "0".repeat(2000))
  )
  await fc.assert(
    fc.asyncProperty(nasty, async (code) => {
      assert.isUndefined(await shop.scan({ code }))
    }),
    { numRuns: 300 }
  )
})

it("refuses schemes that are none", () => {
  for (const pattern of ["22IIIIIWWWWW", "12IIIIIWWWWWC", "22IIIIIWWPPPC", "IIIIIIIWWWWWC", "22WWWWWIIIIIC", ""])
    assert.isFalse(InStoreScheme.safeParse({ pattern }).success, pattern)
})

it("reads a label by the scheme whose prefix it has, whichever comes first", async () => {
  const { shop } = openCatalog({ inStoreCodes: [scale, priced] })
  await shop.putProduct({ id: "p", name: { de: "P" } })
  await shop.putVariant({ id: "v", product: "p", sku: "v", codes: ["2200001", "0200001"] })
  assert.equal((await shop.scan({ code: inStoreCode(scale, "2200001", 250) }))?.read.measure?.value, "0.250")
  assert.equal((await shop.scan({ code: inStoreCode(priced, "0200001", 250) }))?.read.price, "2.50")
  assert.isUndefined(await shop.scan({ code: `23${"0".repeat(10)}${checkDigit(`23${"0".repeat(10)}`)}` }))
})
