import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { over } from "../../../scripts/test/over.ts"
import { clockAt, openCatalog } from "./shop.ts"

/** A store that counts the rows that are found by index. */
const counting = () => {
  let rows = 0
  const store = over(memory(), (scope) => ({
    read: async (...asked) => {
      const snapshot = await scope.read(...asked)
      for (const { items } of snapshot.pages) rows += items.length
      return snapshot
    }
  }))
  return { store, rows: () => rows }
}

/** A catalog of so many categories below one, and products that each lie in one or two of them. */
const shelves = async (categories: number, products: ReadonlyArray<{ readonly id: string; readonly at: ReadonlyArray<number> }>) => {
  const { store, rows } = counting()
  const { shop } = openCatalog({}, clockAt(0), store)
  await shop.putCategory({ id: "root", name: { de: "Alles" } })
  await Promise.all(Array.from({ length: categories }, (_, at) => shop.putCategory({ id: `c${at}`, name: { de: "C" }, parent: "root" })))
  const all = products.map(({ id, at }) => ({ product: { id, name: { de: "P" }, categories: at.map((one) => `c${one}`) } }))
  for (let from = 0; from < all.length; from += 100) await shop.loadProducts({ rows: all.slice(from, from + 100) })
  const walk = async (limit: number) => {
    const before = rows()
    const found: Array<string> = []
    let pages = 0
    for (let more: { readonly after?: string } | undefined = {}; more !== undefined; pages++) {
      const page: Awaited<ReturnType<typeof shop.list>> = await shop.list({ category: "root", subcategories: true, limit, ...more })
      found.push(...page.items.map(({ id }) => id))
      more = page.cursor === undefined ? undefined : { after: page.cursor }
    }
    return { found, pages, rows: rows() - before }
  }
  return { walk }
}

const name = (at: number): string => `p${String(at).padStart(5, "0")}`
const numbers = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, at) => at)

it("lists a category with those below it at the cost of what a page shows, however many products there are", async () => {
  const CATEGORIES = 20
  for (const count of [400, 1600]) {
    // The first half lies category by category, the second half anywhere, and some in two.
    const at = (i: number) => (i < count / 2 ? Math.floor((i * CATEGORIES) / count) : (i * 7919) % CATEGORIES)
    const products = numbers(count).map((i) => ({ id: name(i), at: i % 5 === 0 ? [at(i), (at(i) + 3) % CATEGORIES] : [at(i)] }))
    const { walk } = await shelves(CATEGORIES, products)
    const { found, pages, rows } = await walk(25)
    assert.deepEqual(
      found,
      products.map(({ id }) => id)
    )
    assert.isAtMost(pages, count / 25 + 1)
    assert.isAtMost(rows / count, 8)
  }
})

it("lists what lies in any of very many categories, and nothing else, without a look at each of them", async () => {
  const CATEGORIES = 600
  const products = numbers(1500).map((i) => ({ id: name(i), at: i % 3 === 0 ? [] : [i % CATEGORIES] }))
  const { walk } = await shelves(CATEGORIES, products)
  const { found, rows } = await walk(100)
  assert.deepEqual(
    found,
    products.flatMap(({ id, at }) => (at.length === 0 ? [] : [id]))
  )
  assert.isAtMost(rows, 3000)
})

it("goes on behind more products than a page looks at that no release like this one can read", async () => {
  const store = memory()
  const { shop } = openCatalog({}, clockAt(0), store)
  await shop.putCategory({ id: "root", name: { de: "Alles" } })
  await shop.putCategory({ id: "c0", name: { de: "C" }, parent: "root" })
  await shop.putProduct({ id: "zz", name: { de: "P" }, categories: ["c0"] })
  const scope = await store.open("default")
  const [page] = (
    await scope.read(
      [],
      [{ collection: "catalog.products", index: "", from: "", to: "\u{10ffff}", order: "asc", limit: 9, after: undefined }]
    )
  ).pages
  const [entry] = (
    await scope.read(
      [],
      [{ collection: "catalog.products", index: "category", from: "", to: "\u{10ffff}", order: "asc", limit: 9, after: undefined }]
    )
  ).pages[0]!.items
  const { value } = page!.items[0]!.row
  const writes = numbers(1500).map((i) => ({
    key: { collection: "catalog.products", id: name(i) },
    row: { schema: 99, value },
    add: [{ index: "category", value: entry!.value }],
    drop: [],
    due: undefined
  }))
  await scope.commit({ id: "newer", time: 1, retry: false, checks: [], writes, events: [] })
  const found: Array<string> = []
  for (let more: { readonly after?: string } | undefined = {}; more !== undefined;) {
    const listed: Awaited<ReturnType<typeof shop.list>> = await shop.list({ category: "root", subcategories: true, limit: 25, ...more })
    found.push(...listed.items.map(({ id }) => id))
    more = listed.cursor === undefined ? undefined : { after: listed.cursor }
  }
  assert.deepEqual(found, ["zz"])
})
