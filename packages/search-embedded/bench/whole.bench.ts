import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

/**
 * What a shopper waits for: a question to the index, and its answer held against the rows, in one process with 100,000 products (2,000 unless `--long`), also while
 * prices change and the index follows them; and how long a process takes from its start to its first answer.
 */
import { catalog, importPrices, importProducts } from "@omni/catalog"
import { openSearch, search } from "@omni/catalog/search"
import { createOmni } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import { sqlite } from "@omni/storage-sqlite"

import { compare, isLong, millisOf } from "../../../scripts/bench/harness.ts"
import { rows } from "./products.ts"
import { type Question, questionsOf } from "./questions.ts"

const web = { id: "web", name: "Web", kind: "web", currency: "USD", locale: "en", timeZone: "America/New_York" } as const
const all = isLong ? rows() : rows().filter((_, at) => at % 50 === 0)

const directory = mkdtempSync(join(tmpdir(), "omni-search-"))
const module = search({ channels: [web] })
const omni = createOmni({ store: sqlite(join(directory, "shop.db")), modules: { catalog: catalog({ channels: [web] }), search: module } })
await omni.catalog.putPriceList({ id: "retail", name: "Retail", currency: "USD" })
for (const id of new Set(all.map(({ department }) => department))) await omni.catalog.putCategory({ id, name: { en: id } })
const products = all.map(({ id, name, brand, department, category }) => ({
  product: { id, name: { en: name }, brand, categories: [department], attributes: { kind: category } },
  variants: [{ id, product: id, sku: `SKU-${id}` }]
}))
await importProducts(omni.catalog, products)
await importPrices(
  omni.catalog,
  "retail",
  all.map(({ id }, at) => ({ variant: id, amount: 99 + ((at * 7_919) % 5_000) }))
)
const finder = openSearch(omni, module, { driver: embedded() })
const made = await millisOf(() => finder.drain())

const questions = questionsOf(all, isLong ? 300 : 60)
/** What 99 of 100 take at most, and half of them. */
const timesOf = async (asked: ReadonlyArray<Question>) => {
  const times: Array<number> = []
  for (const question of asked) times.push(await millisOf(() => finder.find(question)))
  const sorted = times.toSorted((a, b) => a - b)
  return { half: sorted[times.length >> 1]!, worst: sorted[Math.floor(times.length * 0.99)]! }
}

const bench = "search"
const of = `${all.length.toLocaleString("en")} products`
const figure = async (name: string, unit: string, ours: () => Promise<number>) =>
  compare({ bench, case: `${name}, ${of}`, unit, better: "lower", rounds: 1, ours, peers: {} })

for (const [kind, asked] of Object.entries(questions)) await figure(`p99 of find: ${kind}`, "ms", async () => (await timesOf(asked)).worst)
const mixed = Object.values(questions).flat()
await figure("p50 of find: all of them", "ms", async () => (await timesOf(mixed)).half)
await figure("p99 of find: all of them", "ms", async () => (await timesOf(mixed)).worst)

for (const rate of [1, 50]) {
  await figure(`p99 of find: all of them, ${rate} prices a second set`, "ms", async () => {
    const stop = finder.run()
    let isOver = false
    const write = async (): Promise<void> => {
      for (let at = 0; !isOver; at++) {
        const variant = all[(at * 7_919) % all.length]!.id
        await omni.catalog.setPrices({ list: "retail", prices: [{ variant, amount: 99 + ((at * 31) % 5_000) }] })
        await setTimeout(1_000 / rate)
      }
    }
    const writing = write()
    const { worst } = await timesOf(mixed)
    isOver = true
    await writing
    await stop()
    return worst
  })
}
await compare({ bench, case: `made from the rows, ${of}`, unit: "s", better: "lower", rounds: 1, ours: () => made / 1_000, peers: {} })
await finder.close()
await omni.close()
rmSync(directory, { recursive: true })
