import { ProductChanged, ProductDeleted, RelationsChanged, VariantChanged, VariantDeleted } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { openCatalog, told } from "./shop.ts"

const size = { id: "size", name: { de: "Größe" }, values: ["s", "m", "l"].map((id) => ({ id, name: { de: id } })) }
const colour = { id: "colour", name: { de: "Farbe" }, values: ["red", "blue"].map((id) => ({ id, name: { de: id } })) }

const withShirt = async () => {
  const opened = openCatalog()
  await opened.shop.putProduct({ id: "shirt", name: { de: "Hemd" }, options: [size, colour] })
  return opened
}

it("says in its events what changed", async () => {
  const { omni, shop } = openCatalog()
  await shop.putProduct({ id: "p", name: { de: "P" } })
  await shop.putProduct({ id: "p", name: { de: "Q", en: "Q" }, brand: "B", attributes: { weight: 1 }, channels: { web: {} } })
  await shop.archiveProduct({ product: "p" })
  await shop.archiveProduct({ product: "p" })
  await shop.archiveProduct({ product: "p", archived: false })
  await shop.putVariant({ id: "v", product: "p", sku: "v" })
  await shop.putVariant({ id: "v", product: "p", sku: "v", gtin: "4006381333931", options: { size: "m" } })
  assert.deepEqual(await told(omni, ProductChanged), [
    { product: "p", change: "created", fields: ["categories", "id", "name.de", "taxCategory"] },
    { product: "p", change: "updated", fields: ["attributes.weight", "brand", "channels.web", "name.de", "name.en"] },
    { product: "p", change: "archived", fields: ["archived"] },
    { product: "p", change: "restored", fields: ["archived"] }
  ])
  assert.deepEqual((await told(omni, VariantChanged))[1], {
    product: "p",
    variant: "v",
    sku: "v",
    change: "updated",
    fields: ["gtin", "options.size"]
  })
})

it("has one variant for each choice of options, and says which can still be chosen", async () => {
  const { shop } = await withShirt()
  await shop.putVariant({ id: "sr", product: "shirt", sku: "sr", options: { size: "s", colour: "red" } })
  await shop.putVariant({ id: "mb", product: "shirt", sku: "mb", options: { colour: "blue", size: "m" } })
  const twice = await shop.safe.putVariant({ id: "x", product: "shirt", sku: "x", options: { colour: "red", size: "s" } })
  assert.isTrue(!twice.ok && twice.error._tag === "CombinationTaken" && twice.error.variant === "sr")
  const paths = async (options: Record<string, string>) => {
    const put = await shop.safe.putVariant({ id: "x", product: "shirt", sku: "x", options })
    return put.ok || put.error._tag !== "InvalidInput" ? [] : put.error.issues.map(({ path }) => path)
  }
  assert.deepEqual(await paths({ size: "s" }), ["options.colour"])
  assert.deepEqual(await paths({ size: "xl", colour: "red", cut: "slim" }), ["options.cut", "options.size"])
  const choices = await shop.choices({ product: "shirt", chosen: { size: "s" } })
  assert.deepEqual(
    choices.map(({ option, value, variants }) => [option, value, ...variants]),
    [
      ["size", "s", "sr"],
      ["size", "m", "mb"],
      ["size", "l"],
      ["colour", "red", "sr"],
      ["colour", "blue"]
    ]
  )
  await shop.archiveVariant({ variant: "sr" })
  await shop.putVariant({ id: "x", product: "shirt", sku: "x", options: { colour: "red", size: "s" } })
  const back = await shop.safe.archiveVariant({ variant: "sr", archived: false })
  assert.isTrue(!back.ok && back.error._tag === "CombinationTaken" && back.error.variant === "x")
})

it("never has two offered variants with one choice, whatever happens in whatever order", async () => {
  const choice = fc.record({ size: fc.constantFrom("s", "m"), colour: fc.constantFrom("red", "blue") })
  const id = fc.constantFrom("a", "b", "c")
  const step = fc.oneof(
    fc.record({ put: id, options: choice, product: fc.constantFrom("shirt", "other"), archived: fc.boolean() }),
    fc.record({ archive: id, archived: fc.boolean() }),
    fc.record({ remove: id })
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
      const { omni, shop } = await withShirt()
      for (const one of steps) {
        if ("put" in one)
          await shop.safe.putVariant({
            id: one.put,
            sku: one.put,
            product: one.product,
            options: one.options,
            ...(one.archived ? { archived: true } : {})
          })
        else if ("archive" in one) await shop.safe.archiveVariant({ variant: one.archive, archived: one.archived })
        else await shop.safe.deleteVariant({ variant: one.remove })
      }
      await shop.safe.putProduct({ id: "other", name: { de: "O" } })
      for (const product of ["shirt", "other"]) {
        const { variants } = (await shop.product({ product }))!
        assert.isTrue(variants.every((one) => one.product === product))
        const offered = variants.filter(({ archived }) => archived !== true).map(({ options }) => `${options["size"]} ${options["colour"]}`)
        assert.equal(new Set(offered).size, offered.length)
        // Every choice that nobody has is free.
        for (const [at, one] of ["s red", "s blue", "m red", "m blue"].entries()) {
          const [chosenSize = "", chosenColour = ""] = one.split(" ")
          const free = { id: `new ${at}`, sku: `new ${product} ${at}`, product, options: { size: chosenSize, colour: chosenColour } }
          assert.equal((await shop.safe.putVariant(free)).ok, !offered.includes(one))
          await shop.safe.archiveVariant({ variant: `new ${at}` })
          await shop.safe.deleteVariant({ variant: `new ${at}` })
        }
      }
      await omni.close()
    }),
    { numRuns: 40 }
  )
})

it("deletes what is archived, frees its codes, and keeps what it was", async () => {
  const { omni, shop } = await withShirt()
  await shop.putVariant({ id: "sr", product: "shirt", sku: "SR", codes: ["QR"], options: { size: "s", colour: "red" } })
  await shop.putVariant({ id: "mr", product: "shirt", sku: "MR", options: { size: "m", colour: "red" } })
  const early = await shop.safe.deleteProduct({ product: "shirt" })
  assert.isTrue(!early.ok && early.error._tag === "StillOffered" && early.error.kind === "product")
  const offered = await shop.safe.deleteVariant({ variant: "sr" })
  assert.isTrue(!offered.ok && offered.error._tag === "StillOffered")
  await shop.archiveVariant({ variant: "sr" })
  assert.equal((await shop.scan({ code: "QR" }))?.variant.id, "sr", "what was sold can still be scanned")
  await shop.deleteVariant({ variant: "sr" })
  assert.isUndefined(await shop.scan({ code: "QR" }))
  const kept = await shop.deleted({ kind: "variant", id: "sr" })
  assert.isTrue(kept?.kind === "variant" && kept.row.sku === "SR" && kept.at === Date.UTC(2026, 10, 28))
  await shop.archiveProduct({ product: "shirt" })
  await shop.deleteProduct({ product: "shirt" })
  assert.isUndefined(await shop.product({ product: "shirt" }))
  assert.isUndefined(await shop.variant({ variant: "mr" }))
  assert.equal((await shop.deleted({ kind: "product", id: "shirt" }))?.row.id, "shirt")
  assert.deepEqual(await told(omni, ProductDeleted), [{ product: "shirt" }])
  assert.deepEqual(
    (await told(omni, VariantDeleted)).map((data) => (data as { variant: string }).variant),
    ["sr", "mr"]
  )
  await shop.putVariant({ id: "new", product: "cap", sku: "MR", codes: ["QR", "SR"] })
  const gone = await shop.safe.archiveProduct({ product: "shirt" })
  assert.isTrue(!gone.ok && gone.error._tag === "ProductNotFound")
})

it("moves a variant from one product to another", async () => {
  const { shop } = await withShirt()
  await shop.putProduct({ id: "cap", name: { de: "Mütze" } })
  await shop.putVariant({ id: "v", product: "shirt", sku: "v", options: { size: "s", colour: "red" } })
  await shop.putVariant({ id: "v", product: "cap", sku: "v" })
  assert.deepEqual((await shop.product({ product: "shirt" }))?.variants, [])
  assert.equal((await shop.product({ product: "cap" }))?.variants.length, 1)
})

it("shows only what is visible on a channel in its lists", async () => {
  const { shop, time } = openCatalog()
  const now = Date.UTC(2026, 10, 28)
  const put = (id: string, more: object) => shop.putProduct({ id, name: { de: id }, categories: ["c"], ...more })
  await put("a", {})
  await put("b", { assortment: ["till"] })
  await put("c", { channels: { web: { visibility: "search-only" } } })
  await put("d", { channels: { web: { from: now + 10 } } })
  await put("e", { channels: { web: { until: now } } })
  await put("f", { archived: true })
  const shown = async (channel: string) => (await shop.list({ category: "c", channel })).items.map(({ id }) => id)
  assert.deepEqual(await shown("web"), ["a"])
  assert.deepEqual(await shown("till"), ["a", "b", "c", "d", "e"])
  time.set(now + 10)
  assert.deepEqual(await shown("web"), ["a", "d"])
  assert.equal((await shop.list({})).items.length, 6)
})

it("says of its content whether it is shown, and leads to nothing that is hidden", async () => {
  const { shop, time } = openCatalog()
  const now = Date.UTC(2026, 10, 28)
  const put = (id: string, more: object) => shop.putProduct({ id, name: { de: id }, ...more })
  await put("a", {})
  await put("b", { assortment: ["till"] })
  await put("c", { channels: { web: { visibility: "search-only" } } })
  await put("d", { channels: { web: { from: now + 10 } } })
  await shop.relate({ from: "a", kind: "accessory", to: ["b", "c", "d"] })
  const ids = async (where: { channel?: string }) => (await shop.related({ product: "a", ...where })).map(({ product }) => product.id)
  assert.deepEqual(await ids({ channel: "web" }), ["c"])
  assert.deepEqual(await ids({ channel: "till" }), ["b", "c", "d"])
  assert.deepEqual(await ids({}), ["b", "c", "d"])
  const shown = async (product: string) => {
    const content = await shop.content({ product, channel: "web", locale: "de" })
    return [content?.visibility, content?.reason]
  }
  assert.deepEqual(await shown("a"), ["visible", undefined])
  assert.deepEqual(await shown("b"), ["hidden", "not-in-assortment"])
  assert.deepEqual(await shown("c"), ["search-only", undefined])
  assert.deepEqual(await shown("d"), ["hidden", "not-yet-published"])
  time.set(now + 10)
  assert.deepEqual(await ids({ channel: "web" }), ["c", "d"])
  assert.deepEqual(await shown("d"), ["visible", undefined])
})

it("leads from a product that is deleted to nothing, nor from whom its id is given to", async () => {
  const { omni, shop } = openCatalog()
  for (const id of ["a", "b"]) await shop.putProduct({ id, name: { de: id } })
  await shop.relate({ from: "a", kind: "substitute", to: ["b"] })
  await shop.relate({ from: "b", kind: "cross-sell", to: ["a"] })
  await shop.archiveProduct({ product: "a" })
  assert.deepEqual(await shop.related({ product: "b" }), [])
  await shop.deleteProduct({ product: "a" })
  assert.deepInclude((await told(omni, RelationsChanged)).at(-1), { product: "a", removed: ["b"] })
  await shop.putProduct({ id: "a", name: { de: "another" } })
  assert.deepEqual(await shop.related({ product: "a" }), [])
  assert.equal((await shop.related({ product: "b" })).length, 1, "who leads to an id leads to what has it")
})

it("archives a variant that does not fit its product any more, and brings it back only when it does", async () => {
  const { shop } = await withShirt()
  await shop.putVariant({ id: "v", product: "shirt", sku: "v", options: { size: "s", colour: "red" } })
  const { product } = (await shop.product({ product: "shirt" }))!
  const { options: _, ...plain } = product
  const [first] = product.options!
  await shop.putProduct({ ...plain, options: [first!] } as typeof product)
  assert.isTrue((await shop.safe.archiveVariant({ variant: "v" })).ok)
  const back = await shop.safe.archiveVariant({ variant: "v", archived: false })
  assert.isTrue(!back.ok && back.error._tag === "InvalidInput" && back.error.issues[0]?.path === "options.colour")
  await shop.putProduct(product)
  assert.isTrue((await shop.safe.archiveVariant({ variant: "v", archived: false })).ok)
})
