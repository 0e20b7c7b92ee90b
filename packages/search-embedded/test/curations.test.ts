import { ChannelNotFound } from "@omni/catalog"
import { InvalidInput } from "@omni/core"
import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

/** Eight glasses, the last the newest, and a plate. */
const open = async () => {
  const opened = openShop({ facets: { color: "values" } })
  const { shop } = opened
  for (let at = 0; at < 8; at++) {
    await shop.putProduct({ id: `g${at}`, name: { es: "Vaso" }, attributes: { color: at < 4 ? "azul" : "rojo" } })
    await shop.putVariant({ id: `g${at}-1`, product: `g${at}`, sku: `G-${at}` })
  }
  await shop.putProduct({ id: "plate", name: { es: "Plato" }, attributes: { color: "azul" } })
  await shop.putVariant({ id: "plate-1", product: "plate", sku: "PL-1" })
  await opened.finder.drain()
  const find = async (more: object = {}) => {
    const { hits, total, cursor } = await opened.finder.find({ channel: "web", text: "vaso", ...more })
    return { ids: hits.map(({ product }) => product), total, cursor }
  }
  const pages = async (...limits: ReadonlyArray<number>): Promise<ReadonlyArray<string>> => {
    const all: Array<string> = []
    for (let after: string | undefined, at = 0; at === 0 || after !== undefined; at++) {
      const page = await find({ limit: limits[at % limits.length]!, ...(after === undefined ? {} : { after }) })
      all.push(...page.ids)
      after = page.cursor
    }
    return all
  }
  return { ...opened, find, pages }
}

it("puts first what is pinned to a query, though it does not have its words, and leaves out what is hidden", async () => {
  const { omni, find } = await open()
  const plain = (await find()).ids
  await omni.search.putCuration({ query: " VÁSO ", pinned: ["plate", "g3"], hidden: ["g5"] })
  const rest = plain.filter((id) => id !== "g3" && id !== "g5")
  assert.deepEqual(await find(), { ids: ["plate", "g3", ...rest], total: 8, cursor: undefined })
  assert.deepEqual((await find({ sort: "newest" })).ids.includes("g5"), true, "whoever sorts has decided")
  assert.deepEqual((await find({ text: "vasos" })).ids, plain, "it is this query's")
  assert.deepEqual((await find({ text: "" })).ids.length, 9)
  await omni.search.removeCuration({ query: "vaso" })
  assert.deepEqual((await find()).ids, plain)
})

it("pins only what may be seen, and meets what is chosen", async () => {
  const { omni, shop, find } = await open()
  await omni.search.putCuration({ query: "vaso", pinned: ["nothing", "g2", "g7"] })
  assert.deepEqual((await find({ filters: { color: ["azul"] } })).ids[0], "g2")
  assert.notInclude((await find({ filters: { color: ["azul"] } })).ids, "g7")
  await shop.archiveProduct({ product: "g2" })
  assert.deepEqual((await find()).ids[0], "g7")
  assert.notInclude((await find()).ids, "g2")
})

it("pages through all of it, each once, however many a page holds", async () => {
  const { omni, find, pages } = await open()
  const plain = (await find()).ids
  await omni.search.putCuration({ query: "vaso", pinned: ["plate", "g3", "g0"], hidden: ["g5"] })
  for (const limits of [[1], [2], [3], [4], [5], [100], [2, 24], [4, 1], [1, 5, 2]]) {
    const rest = plain.filter((id) => !["g3", "g0", "g5"].includes(id))
    assert.deepEqual(await pages(...limits), ["plate", "g3", "g0", ...rest], `pages of ${limits.join(" and ")}`)
  }
})

it("goes on where a page ended though what is pinned has been taken back, or cannot be seen any more", async () => {
  const { omni, shop, find } = await open()
  const plain = (await find()).ids
  await omni.search.putCuration({ query: "vaso", pinned: ["g0", "g1", "g2"] })
  const { cursor } = await find({ limit: 2 })
  await shop.archiveProduct({ product: "g2" })
  assert.deepEqual((await find({ after: cursor, limit: 3 })).ids, plain.filter((id) => !["g0", "g1", "g2"].includes(id)).slice(0, 3))
  await omni.search.removeCuration({ query: "vaso" })
  assert.deepEqual(
    (await find({ after: cursor })).ids,
    plain.filter((id) => id !== "g2")
  )
})

it("counts nothing of what is hidden, on no page, and suggests none of it", async () => {
  const { omni, finder } = await open()
  await omni.search.putCuration({ query: "vaso", hidden: ["g1", "g5"] })
  const asked = { channel: "web", text: "vaso", facets: ["color"], limit: 2 }
  const first = await finder.find(asked)
  const counts = { total: first.total, facets: first.facets }
  assert.deepEqual(counts, {
    total: 6,
    facets: {
      color: [
        { value: "azul", count: 3 },
        { value: "rojo", count: 3 }
      ]
    }
  })
  const next = await finder.find({ ...asked, after: first.cursor! })
  assert.deepEqual({ total: next.total, facets: next.facets }, counts)
  const { products } = await finder.suggest({ channel: "web", text: "vaso", limit: 20 })
  assert.deepEqual(products.map(({ product }) => product).toSorted(), ["g0", "g2", "g3", "g4", "g6", "g7"])
})

it("holds on its channel, before what holds on all, and in its time", async () => {
  const { omni, find, time } = await open()
  const now = time.clock.now()
  await omni.search.putCuration({ query: "vaso", pinned: ["g1"] })
  await omni.search.putCuration({ query: "vaso", channel: "till", pinned: ["g2"], from: now + 10, until: now + 20 })
  const first = async (channel: string) => (await find({ channel })).ids[0]
  assert.deepEqual([await first("web"), await first("till")], ["g1", "g1"])
  time.set(now + 10)
  assert.deepEqual([await first("web"), await first("till")], ["g1", "g2"])
  time.set(now + 20)
  assert.deepEqual([await first("web"), await first("till")], ["g1", "g1"])
  assert.lengthOf((await omni.search.curations({})).items, 2)
})

it("refuses what cannot be meant", async () => {
  const { omni } = await open()
  const refused = async (more: object) => {
    const put = await omni.search.safe.putCuration({ query: "vaso", pinned: ["g1"], ...more })
    return put.ok ? undefined : put.error
  }
  assert.instanceOf(await refused({ channel: "moon" }), ChannelNotFound)
  for (const more of [
    { query: "" },
    { query: "!?" },
    { hidden: ["g1"] },
    { from: 2, until: 1 },
    { pinned: Array.from({ length: 51 }, String) }
  ])
    assert.instanceOf(await refused(more), InvalidInput, JSON.stringify(more))
})
