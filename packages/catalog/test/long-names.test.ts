import { assert, it } from "vitest"

import { openCatalog } from "./shop.ts"

/** The longest ids there are, in letters that take most room when they are written. */
const longest = (letter: string) => letter.repeat(Math.floor(200 / letter.length))

it.each(["\\", '"', "é", "\u{1f600}"])(
  "keeps prices, options, slugs and codes whose names are as long as they may be: %s",
  async (letter) => {
    const { shop } = openCatalog()
    const [product, list] = [longest(letter), longest(letter)]
    const options = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${letter.repeat(20)}${at}`, letter.repeat(40)]))
    await shop.putProduct({ id: product, name: { de: "P" } })
    await shop.putVariant({ id: product, product, sku: longest(letter), options })
    const taken = await shop.safe.putVariant({ id: "other", product, sku: "other", options })
    assert.isTrue(!taken.ok && taken.error._tag === "CombinationTaken" && taken.error.variant === product)
    const { [`${letter.repeat(20)}19`]: _, ...fewer } = options
    assert.isTrue((await shop.safe.putVariant({ id: "other", product, sku: "other", options: fewer })).ok)
    await shop.putPriceList({ id: list, name: "L", currency: "EUR", groups: [longest(letter)] })
    await shop.setPrices({ list, prices: [{ variant: product, amount: 5 }] })
    const [found] = await shop.prices({ variants: [product], channel: "web", groups: [longest(letter)] })
    assert.deepEqual(
      found!.map(({ amount }) => amount),
      [5]
    )
    await shop.relate({ from: product, kind: "substitute", to: ["other"] })
    assert.equal((await shop.scan({ code: longest(letter) }))?.variant.id, product)
    await shop.archiveProduct({ product })
    await shop.deleteProduct({ product })
    assert.equal((await shop.deleted({ kind: "product", id: product }))?.kind, "product")
  }
)

it("keeps slugs of any script as long as they may be", async () => {
  const { shop } = openCatalog()
  const slug = "語".repeat(200)
  await shop.putProduct({ id: "p", name: { ja: "P" }, slugs: { ja: slug } })
  assert.equal((await shop.bySlug({ slug, locale: "ja", channel: "web" }))?.id, "p")
  assert.isUndefined(await shop.bySlug({ slug: "語".repeat(199), locale: "ja", channel: "web" }))
})

it("names an id that no store could keep", async () => {
  const { shop } = openCatalog()
  const put = await shop.safe.putProduct({ id: "語".repeat(200), name: { ja: "P" } })
  assert.isTrue(!put.ok && put.error._tag === "InvalidInput" && put.error.issues[0]?.path === "id")
  assert.isUndefined(await shop.scan({ code: "語".repeat(2_000) }))
})
