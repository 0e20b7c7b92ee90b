import { catalog, type SalesChannel } from "@omni/catalog"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { channel, openCatalog } from "./shop.ts"

type Shop = ReturnType<typeof openCatalog>["shop"]
type Put = (
  shop: Shop["safe"],
  on: string
) => Promise<{ readonly ok: true } | { readonly ok: false; readonly error: { readonly _tag: string } }>

const product = { id: "p", name: { de: "P" } }
const variant = { id: "v", product: "p", sku: "v" }
const list = { id: "l", name: "L", currency: "EUR" as const }

const puts: ReadonlyArray<readonly [string, Put]> = [
  ["assortment.1", (shop, on) => shop.putProduct({ ...product, assortment: ["web", on] })],
  ["channels.wbe", (shop, on) => shop.putProduct({ ...product, channels: { [on]: { visibility: "hidden" } } })],
  ["media.0.channels.0", (shop, on) => shop.putProduct({ ...product, media: [{ url: "/a.jpg", channels: [on] }] })],
  ["prices.0.channel", (shop, on) => shop.putVariant({ ...variant, prices: [{ amount: 1, currency: "EUR", channel: on }] })],
  ["channels.wbe", (shop, on) => shop.putCategory({ id: "c", name: { de: "C" }, channels: { [on]: {} } })],
  ["media.0.channels.0", (shop, on) => shop.putCategory({ id: "c", name: { de: "C" }, media: [{ url: "/a.jpg", channels: [on] }] })],
  ["to.0.channels.0", (shop, on) => shop.relate({ from: "p", kind: "substitute", to: [{ product: "q", channels: [on] }] })],
  ["channels.0", (shop, on) => shop.putPriceList({ ...list, channels: [on] })],
  [
    "attributes.0.required.0",
    (shop, on) =>
      shop.defineProductType({
        id: "t",
        name: { de: "T" },
        attributes: [{ code: "a", name: { de: "A" }, value: { type: "boolean" }, required: [on] }]
      })
  ]
]

it.each(puts)("refuses a channel that the module was not given, at %s, and says which there are", async (path, put) => {
  const { shop } = openCatalog()
  const refused = await put(shop.safe, "wbe")
  assert.isTrue(!refused.ok && refused.error._tag === "InvalidInput")
  if (refused.ok) return
  assert.deepEqual("issues" in refused.error && refused.error.issues, [
    { path, message: 'There is no channel "wbe". The module was given: web, till.' }
  ])
  assert.isTrue((await put(shop.safe, "web")).ok)
  // Who has declared none has an app that knows them.
  assert.isTrue((await put(openCatalog({ channels: [] }).shop.safe, "wbe")).ok)
})

it("refuses a customer group that was not declared, where some were", async () => {
  const { shop } = openCatalog({ groups: ["vip", "staff"] })
  const refused = await shop.safe.putPriceList({ ...list, groups: ["staff", "vpi"] })
  assert.isTrue(!refused.ok && refused.error._tag === "InvalidInput")
  assert.deepEqual(!refused.ok && refused.error._tag === "InvalidInput" && refused.error.issues, [
    { path: "groups.1", message: 'There is no customer group "vpi". The module was given: vip, staff.' }
  ])
  assert.isTrue((await shop.safe.putPriceList({ ...list, groups: ["staff"] })).ok)
  assert.isTrue((await openCatalog().shop.safe.putPriceList({ ...list, groups: ["vpi"] })).ok)
})

it("refuses the row of an import that names an unknown channel, and no other", async () => {
  const { shop } = openCatalog()
  const { changed, refused } = await shop.loadProducts({
    rows: [
      { product, variants: [variant] },
      { product: { ...product, id: "q", assortment: ["wbe"] } },
      { variants: [{ ...variant, id: "w", sku: "w", prices: [{ amount: 1, currency: "EUR", channel: "wbe" }] }] }
    ]
  })
  assert.equal(changed, 2)
  assert.deepEqual(
    refused.map(({ at, code, issues }) => [at, code, issues?.[0]?.path]),
    [
      [1, "InvalidInput", "product.assortment.0"],
      [2, "InvalidInput", "variants.0.prices.0.channel"]
    ]
  )
})

it("answers nothing about a channel that there is not", async () => {
  const { shop } = openCatalog()
  const asked = [
    shop.safe.list({ channel: "wbe" }),
    shop.safe.categoryTree({ channel: "wbe" }),
    shop.safe.related({ product: "p", channel: "wbe" })
  ]
  for (const answer of await Promise.all(asked)) assert.isTrue(!answer.ok && answer.error._tag === "ChannelNotFound")
})

it("lets go of a product whose channel is closed, but takes no new word of it", async () => {
  const store = memory()
  const before = openCatalog({}, undefined, store).shop
  const sold = { ...product, assortment: ["till"] }
  await before.putProduct(sold)
  const { shop } = openCatalog({ channels: [channel("web")] }, undefined, store)
  assert.isTrue((await shop.safe.archiveProduct({ product: "p" })).ok)
  assert.isFalse((await shop.safe.putProduct({ ...sold, name: { de: "Q" } })).ok)
})

it("refuses channels that are none when the app is put together", () => {
  const open = (...channels: ReadonlyArray<SalesChannel>) => catalog({ channels })
  assert.throws(() => open(channel("web"), channel("web")), /id of its own/)
  assert.throws(() => open(channel("web", { locale: "no language!" })), /BCP 47/)
  assert.throws(() => open(channel("web", { currency: "EURO" as "EUR" })))
  assert.throws(() => open(channel("web", { country: "XX" as "DE" })))
  assert.throws(() => open(channel("web", { fallbacks: { de: ["no language!"] } })), /BCP 47/)
})

it("knows languages however they are written", async () => {
  const { shop } = openCatalog({ channels: [channel("web", { locale: "de-at", locales: ["de-at"], fallbacks: { "DE-at": ["EN"] } })] })
  await shop.putProduct({ id: "p", name: { "DE-AT": "Sackerl" }, description: { en: "A bag" } })
  const shown = await shop.content({ product: "p", channel: "web", locale: "de-AT" })
  assert.deepEqual([shown?.name?.value, shown?.description?.value], ["Sackerl", "A bag"])
  const missing = await shop.completeness({ product: "p", channel: "web", locale: "de-AT" })
  assert.notInclude(
    missing.map(({ code }) => code),
    "language"
  )
})
