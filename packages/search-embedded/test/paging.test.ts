import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

const open = async (count: number) => {
  const opened = openShop()
  const put = async (id: string, name: string): Promise<void> => {
    await opened.shop.putProduct({ id, name: { es: name } })
    await opened.shop.putVariant({ id: `${id}-1`, product: id, sku: id, prices: [{ amount: 100, currency: "EUR" }] })
  }
  for (let at = 0; at < count; at++) await put(`p${at}`, `Vaso ${at}`)
  await opened.finder.drain()
  return { ...opened, put }
}

it.each(["relevance", "price", "newest", "name"] as const)("gives each once by %s, though other products come meanwhile", async (sort) => {
  const { finder, put } = await open(20)
  const paged: Array<string> = []
  for (let after: string | undefined, page = 0; page === 0 || after !== undefined; page++) {
    const { hits, cursor } = await finder.find({ channel: "web", text: "vaso", sort, limit: 3, ...(after === undefined ? {} : { after }) })
    paged.push(...hits.map(({ product }) => product))
    after = cursor
    // Every text there is changes what a word says.
    for (let more = 0; more < 3; more++) await put(`other-${page}-${more}`, "Plato")
    await finder.drain()
  }
  assert.deepEqual(paged.toSorted(), Array.from({ length: 20 }, (_, at) => `p${at}`).toSorted())
})

it("goes on where it was when a price list begins to hold in between", async () => {
  const { finder, shop, time } = await open(10)
  await shop.putPriceList({ id: "night", name: "Night", currency: "EUR", from: Date.UTC(2026, 10, 28, 1) })
  const { cursor } = await finder.find({ channel: "web", text: "vaso", limit: 4 })
  time.set(Date.UTC(2026, 10, 28, 2))
  assert.equal((await finder.find({ channel: "web", text: "vaso", limit: 4, after: cursor! })).hits.length, 4)
})

it("keeps names in order, however many come between two others", async () => {
  const { finder, put } = await open(2)
  const named = async () => (await finder.find({ channel: "web", sort: "name", limit: 100 })).hits.map(({ name }) => name)
  assert.deepEqual(await named(), ["Vaso 0", "Vaso 1"])
  const between = Array.from({ length: 97 }, (_, at) => `Vaso 0 b ${at}`)
  for (const [at, name] of between.entries()) await put(`between-${at}`, name)
  await put("again", "Vaso 0 b 40")
  await finder.drain()
  assert.deepEqual(await named(), ["Vaso 0", ...between.slice(0, 41), ...between.slice(40), "Vaso 1"])
})
