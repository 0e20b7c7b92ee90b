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
  const pages = async (limit: number): Promise<ReadonlyArray<string>> => {
    const all: Array<string> = []
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const page = await find({ limit, ...(after === undefined ? {} : { after }) })
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
  for (const limit of [3, 4, 5, 100]) {
    const rest = plain.filter((id) => !["g3", "g0", "g5"].includes(id))
    assert.deepEqual(await pages(limit), ["plate", "g3", "g0", ...rest], `pages of ${limit}`)
  }
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
