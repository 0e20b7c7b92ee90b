import { catalog, CodeTaken } from "@omni/catalog"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

const open = async () => {
  const omni = createOmni({ store: memory(), modules: { catalog: catalog() } })
  await omni.catalog.putProduct({ id: "shaver", name: { en: "Shaver", de: "Rasierer" }, categories: ["bath", "men"] })
  await omni.catalog.putProduct({ id: "case", name: { en: "Travel case" }, categories: ["bath"] })
  await omni.catalog.putVariant({
    id: "shaver-black",
    product: "shaver",
    sku: "SH-B",
    gtin: "4006381333931",
    codes: ["https://shop.example/s/shaver"],
    prices: [{ amount: 9900, currency: "EUR" }]
  })
  return omni
}

it("finds a variant by SKU, GTIN of any length, QR payload and GS1 Digital Link", async () => {
  const omni = await open()
  const codes = [
    "SH-B",
    " SH-B ",
    "4006381333931",
    "04006381333931",
    "https://shop.example/s/shaver",
    "https://id.gs1.org/01/04006381333931?10=A"
  ]
  for (const code of codes) assert.equal((await omni.catalog.scan({ code }))?.variant.id, "shaver-black", code)
  assert.isUndefined(await omni.catalog.scan({ code: "4006381333932" }))
  assert.equal((await omni.catalog.bySku({ sku: "SH-B" }))?.product.name.de, "Rasierer")
  assert.isUndefined(await omni.catalog.bySku({ sku: "4006381333931" }))
})

it("refuses a code that names another variant, and leaves nothing", async () => {
  const omni = await open()
  const refused = await omni.catalog.safe.putVariant({ id: "case-1", product: "case", sku: "CASE", codes: ["04006381333931"] })
  assert.isFalse(refused.ok)
  if (!refused.ok) assert.instanceOf(refused.error, CodeTaken)
  assert.isUndefined(await omni.catalog.variant({ variant: "case-1" }))
  assert.isUndefined(await omni.catalog.scan({ code: "CASE" }))
})

it("gives a code free when its variant lets go of it", async () => {
  const omni = await open()
  await omni.catalog.putVariant({ id: "shaver-black", product: "shaver", sku: "SH-B2" })
  assert.isUndefined(await omni.catalog.scan({ code: "SH-B" }))
  await omni.catalog.putVariant({ id: "case-1", product: "case", sku: "SH-B" })
  assert.equal((await omni.catalog.scan({ code: "SH-B" }))?.variant.id, "case-1")
})

it("records nothing when the same is put again", async () => {
  const omni = await open()
  const before = (await omni.events()).events.length
  await omni.catalog.putProduct({ name: { de: "Rasierer", en: "Shaver" }, id: "shaver", categories: ["bath", "men"] })
  assert.equal((await omni.events()).events.length, before)
})

it("lists by category, in pages", async () => {
  const omni = await open()
  const first = await omni.catalog.list({ category: "bath", limit: 1 })
  const second = await omni.catalog.list({ category: "bath", limit: 5, after: first.cursor! })
  assert.sameMembers(
    [...first.items, ...second.items].map(({ id }) => id),
    ["shaver", "case"]
  )
  assert.deepEqual(
    (await omni.catalog.list({ category: "men" })).items.map(({ id }) => id),
    ["shaver"]
  )
  assert.equal((await omni.catalog.list({})).items.length, 2)
})

it("tells what goes with a product, without itself and what is archived", async () => {
  const omni = await open()
  await omni.catalog.putProduct({ id: "old", name: { en: "Old case" }, archived: true })
  await omni.catalog.relate({ from: "shaver", kind: "cross-sell", to: ["old", "case", "shaver", "case"] })
  await omni.catalog.relate({ from: "shaver", kind: "substitute", to: ["case"] })
  const all = await omni.catalog.related({ product: "shaver" })
  assert.deepEqual(
    all.map(({ kind, product }) => [kind, product.id]),
    [
      ["cross-sell", "case"],
      ["substitute", "case"]
    ]
  )
  assert.equal((await omni.catalog.related({ product: "shaver", kinds: ["up-sell"] })).length, 0)
})

it("refuses a GTIN whose check digit is wrong", async () => {
  const omni = await open()
  const refused = await omni.catalog.safe.putVariant({ id: "x", product: "case", sku: "X", gtin: "4006381333932" })
  assert.isTrue(!refused.ok && refused.error._tag === "InvalidInput")
})
