import { ChannelNotFound } from "@omni/catalog"
import { FacetNotFound, openSearch, SearchedInVain, SearchNotReady, SearchUnavailable, type VainSearch } from "@omni/catalog/search"
import { InvalidInput } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const open = async (names: ReadonlyArray<string> = ["Vaso", "Taza de té"]) => {
  const opened = openShop({ facets: { weight: "numbers" } })
  for (const [at, name] of names.entries()) {
    await opened.shop.putProduct({ id: `p${at}`, name: { es: name } })
    await opened.shop.putVariant({ id: `v${at}`, product: `p${at}`, sku: `S${at}`, prices: [{ amount: 100 * at, currency: "EUR" }] })
  }
  await opened.finder.drain()
  return opened
}

it("refuses what it cannot be asked, and says what there is", async () => {
  const { finder } = await open()
  const refused = async (more: object) => {
    const answer = await finder.safe.find({ channel: "web", ...more })
    return answer.ok ? undefined : answer.error
  }
  assert.instanceOf(await refused({ channel: "moon" }), ChannelNotFound)
  for (const more of [
    { facets: ["size"] },
    { filters: { weight: ["1"] } },
    { ranges: { brand: {} } },
    { facets: ["__proto__"] },
    { rangeFacets: { no: [{}] } }
  ]) {
    assert.instanceOf(await refused(more), FacetNotFound, JSON.stringify(more))
  }
  const wrong = [
    { limit: 0 },
    { limit: 1e9 },
    { limit: 1.5 },
    { text: "a".repeat(10_001) },
    { after: "nonsense" },
    { after: "x".repeat(3_000) },
    { sort: "best" },
    { locale: "not a locale" },
    { price: { from: 2, to: 1 } },
    { price: { from: Number.NaN } },
    { channel: "" },
    { filters: { brand: [] } },
    { filters: JSON.parse('{"__proto__":["x"]}') as object }
  ]
  for (const more of wrong) assert.instanceOf(await refused(more), InvalidInput, JSON.stringify(more).slice(0, 60))
  const suggested = await finder.safe.suggest({ channel: "web", text: "a", limit: 21 })
  assert.isTrue(!suggested.ok && suggested.error instanceof InvalidInput)
})

it("answers whatever is typed in little time", async () => {
  const { finder } = await open()
  for (const text of [
    "a".repeat(10_000),
    "(".repeat(9_999),
    `${"a".repeat(50)}!`.repeat(100),
    "^(a+)+$".repeat(500),
    "\u0000",
    "\ud800",
    "vaso ".repeat(2_000)
  ]) {
    const began = performance.now()
    const { total } = await finder.find({ channel: "web", text })
    assert.isAtMost(total, 2)
    assert.isBelow(performance.now() - began, 1_000, text.slice(0, 20))
  }
  assert.equal((await finder.find({ channel: "web", text: "vaso ".repeat(2_000) })).total, 1)
})

it("answers in a language that the channel sells in, whatever is asked for", async () => {
  const { finder } = await open()
  const spoken = async (locale: string) => (await finder.find({ channel: "web", locale, text: "vaso" })).locale
  assert.deepEqual([await spoken("es-MX"), await spoken("en-GB"), await spoken("ja")], ["es", "en", "es"])
})

it("says that an index is not there yet, or could not be asked", async () => {
  const fresh = openShop()
  assert.instanceOf(await fresh.finder.find({ channel: "web" }).catch((error: unknown) => error), SearchNotReady)
  const broken = openShop({}, { driver: { ...embedded(), open: () => Promise.reject(new Error("away")) } })
  assert.instanceOf(await broken.finder.find({ channel: "web" }).catch((error: unknown) => error), SearchUnavailable)
  assert.instanceOf(await broken.finder.drain().catch((error: unknown) => error), SearchUnavailable)
})

it("pages through all there is, each once, though some are hidden meanwhile", async () => {
  const { shop, finder } = await open(Array.from({ length: 30 }, (_, at) => `Vaso ${at}`))
  await shop.archiveProduct({ product: "p3" })
  const paged: Array<string> = []
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await finder.find({ channel: "web", text: "vaso", limit: 4, sort: "price", ...(after === undefined ? {} : { after }) })
    paged.push(...page.hits.map(({ product }) => product))
    after = page.cursor
  }
  assert.deepEqual(
    paged,
    Array.from({ length: 30 }, (_, at) => `p${at}`).filter((id) => id !== "p3")
  )
})

it("says where the words stand", async () => {
  const { finder } = await open(["Tazas de té verde", "Té"])
  const marked = async (text: string) => {
    const { hits } = await finder.find({ channel: "web", text })
    return hits.map(({ name, highlights }) => highlights.name.map(([start, end]) => name.slice(start, end)))
  }
  assert.deepEqual(await marked("taza de te"), [["Tazas", "té"]])
  assert.deepEqual(await marked("tazas verd"), [["Tazas", "verd"]])
  assert.deepEqual(await marked("tzaas"), [["Tazas"]])
})

it("marks and completes words with ñ that were typed with n, and those with a wrong letter", async () => {
  const { finder } = await open(["Cañería de baño", "Zapatillas"])
  const { completions, products } = await finder.suggest({ channel: "web", text: "caner" })
  assert.deepEqual([completions, products[0]?.highlights.name], [["cañería"], [[0, 5]]])
  assert.deepEqual((await finder.suggest({ channel: "web", text: "zapatilals" })).completions, ["zapatillas"])
  assert.deepEqual((await finder.suggest({ channel: "web", text: "zaptill" })).completions, ["zapatillas"])
})

it("suggests how what is typed may go on, by names that are shown", async () => {
  const { shop, finder } = await open(["Zapatillas", "Zapatos rojos", "Zapatero"])
  await shop.archiveProduct({ product: "p2" })
  const { completions, products } = await finder.suggest({ channel: "web", text: "rojos zapat" })
  assert.deepEqual(completions, ["rojos zapatos"])
  assert.deepEqual(
    products.map(({ product }) => product),
    ["p1"]
  )
  assert.deepEqual((await finder.suggest({ channel: "web", text: "Zap" })).completions.toSorted(), ["zapatillas", "zapatos"])
  assert.deepEqual(await finder.suggest({ channel: "web", text: " " }), { products: [], completions: [] })
})

it("tells what is looked for in vain in whole characters", async () => {
  const { omni, finder } = await open()
  for (const text of [`${"a".repeat(99)}\u{1f600} b`, "\u0000zzz"]) await finder.find({ channel: "web", text })
  await finder.drain()
  const { events } = await omni.events({ types: [SearchedInVain] })
  const queries = events.map(({ data }) => (data as { readonly query: string }).query)
  assert.deepEqual([queries.length, queries.every((query) => query.isWellFormed() && !query.includes("\0"))], [2, true])
})

it("tells what is looked for in vain, once for many, and nothing that is about a person", async () => {
  const { omni, finder } = await open()
  for (const text of ["Lámpara", "lampara ", "LAMPARA", "vaso", "", "ana@example.com", "tel 600 123 456", "612345678", "4006381333931"]) {
    await finder.find({ channel: "web", text })
  }
  await finder.find({ channel: "web", text: "vaso", price: { from: 1e6 } })
  for (let at = 0; at < 300; at++)
    await finder.find({
      channel: "till",
      text: `bot${"abcdefghij"[at % 10]}${"klmnopqrst"[Math.floor(at / 10) % 10]}${"uvw"[Math.floor(at / 100)]}`
    })
  await finder.drain()
  const told = (await omni.events({ types: [SearchedInVain], limit: 1_000 })).events.map(
    ({ data }) => data as { readonly query: string; readonly times: number }
  )
  assert.isAtMost(told.length, 100)
  assert.deepEqual(
    told.slice(0, 3).map(({ query, times }) => ({ query, times })),
    [
      { query: "lampara", times: 3 },
      { query: "tel #", times: 1 },
      { query: "4006381333931", times: 1 }
    ]
  )
  await finder.drain()
  assert.equal((await omni.events({ types: [SearchedInVain], limit: 1_000 })).events.length, told.length)
})

it("says which of the words nothing has, to who asked and to the shop", async () => {
  const { omni, finder } = await open(["Vaso azul", "Taza de té"])
  const unmatched = async (text: string, more: object = {}) => (await finder.find({ channel: "web", text, ...more })).unmatched
  assert.deepEqual(await unmatched("vaso Lámpara de zinc"), ["Lámpara", "zinc"])
  assert.deepEqual(await unmatched("lámpara"), ["lámpara"])
  assert.deepEqual(await unmatched("vaso té"), [], "each is somewhere, but not together")
  assert.isUndefined(await unmatched("vaso"))
  assert.isUndefined(await unmatched("lámpara", { price: { from: 1 } }), "it may be what was chosen")
  await finder.find({ channel: "web", text: "vaso 612345678 ana@example.com" })
  await finder.drain()
  const { events } = await omni.events({ types: [SearchedInVain] })
  assert.deepEqual(
    events.map(({ data }) => [(data as VainSearch).query, (data as VainSearch).unmatched]),
    [
      ["vaso lampara de zinc", ["lampara", "zinc"]],
      ["lampara", ["lampara"]],
      ["vaso te", undefined]
    ]
  )
})

it("says what was meant, in words of what was found", async () => {
  const { finder } = await open(["Zapatillas rojas", "Zapatillas azules", "Zapato rojo", "Cañería"])
  const meant = async (text: string, more: object = {}) => (await finder.find({ channel: "web", text, ...more })).meant
  assert.equal(await meant("zapatilals"), "zapatillas")
  assert.equal(await meant("  Zapatilals, rojsa ! "), "zapatillas, rojas !")
  assert.equal(await meant("zaptill"), "zapatillas")
  assert.equal(await meant("zaptillas roj"), "zapatillas roj")
  assert.equal(await meant("caneria"), undefined, "accents are no mistake")
  assert.equal(await meant("zapatillas"), undefined)
  assert.equal(await meant("xyzzy"), undefined)
  const told = openShop()
  await told.shop.putProduct({ id: "a", name: { es: "Vaso" }, description: { es: "De porcelana fina" } })
  await told.shop.putVariant({ id: "a-1", product: "a", sku: "A-1" })
  await told.finder.drain()
  const found = await told.finder.find({ channel: "web", text: "vaso porcelnaa" })
  assert.deepEqual([found.total, found.corrected, found.meant], [1, true, "vaso porcelana"], "and of descriptions")
})

it("tells the most frequent values of a facet, and those that are chosen", async () => {
  const { shop, finder } = openShop({ facets: { color: "values" } })
  for (let at = 0; at < 60; at++) {
    await shop.putProduct({ id: `p${at}`, name: { es: "Vaso" }, attributes: { color: `c${Math.floor(Math.sqrt(at))}` } })
    await shop.putVariant({ id: `v${at}`, product: `p${at}`, sku: `S${at}` })
  }
  await finder.drain()
  const counts = async (more: object) =>
    (await finder.find({ channel: "web", text: "vaso", facets: ["color"], ...more })).facets["color"]!.map(({ value, count }) => [
      value,
      count
    ])
  const all = await counts({})
  assert.deepEqual([all.length, all[0]], [8, ["c6", 13]])
  assert.deepEqual(await counts({ facetValues: 3 }), all.slice(0, 3))
  assert.deepEqual(await counts({ facetValues: 2, filters: { color: ["c0"] } }), [...all.slice(0, 2), ["c0", 1]])
})

it("says how else a facet can be asked for, and what makes one", async () => {
  const { finder } = await open()
  const told = async (more: object) => {
    const answer = await finder.safe.find({ channel: "web", ...more })
    return answer.ok ? "" : answer.error.message
  }
  assert.include(await told({ facets: ["weight"] }), "It is one of numbers: ask for `ranges` and `rangeFacets`.")
  assert.include(await told({ ranges: { brand: {} } }), "It is one of values: ask for `filters` and `facets`.")
  assert.include(await told({ filters: { available: ["madrid"] } }), "It is there where the search has the option `availability`.")
  assert.match(await told({ currency: "euro" }), /[^.]\.$/)
})

it("says which option gave no answer for each product or variant", async () => {
  for (const [options, said] of [
    [{ availability: async () => [["madrid"]] }, /`availability` gave a promise for 2 variants/],
    [{ availability: () => [["madrid"]] }, /`availability` gave 1 answers for 2 variants/],
    [{ boost: () => [1, 2, 3] }, /`boost` gave 3 answers for 2 products/]
  ] as const) {
    const { finder, shop } = openShop(options as never)
    for (const id of ["a", "b"]) {
      await shop.putProduct({ id, name: { es: id } })
      await shop.putVariant({ id: `${id}-1`, product: id, sku: id })
    }
    const failed = await finder.drain().catch((error: unknown) => error)
    assert.match(String(failed), said)
  }
})

it("is not opened without its module or a driver", () => {
  const { module, omni } = openShop({})
  assert.throws(() => openSearch({} as never, module, { driver: embedded() }), "The app has no module `search`")
  assert.throws(() => openSearch(omni, module, embedded() as never), "was given no driver")
})
