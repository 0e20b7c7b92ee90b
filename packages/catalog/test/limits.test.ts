import type { CategoryNode } from "@omni/catalog"
import { days } from "@omni/core"
import { assert, it } from "vitest"

import type * as treeFile from "../src/categories/tree.ts"
import { clockAt, openCatalog } from "./shop.ts"

// Not public, so it is reached by its address: 20,000 calls would take long.
const { TREE, Trees }: typeof treeFile = await import(new URL("../src/categories/tree.ts", import.meta.url).href)

it("has room for 1,000 lists for one company, and takes that of lists which nobody asks for any more", async () => {
  const time = clockAt(0)
  const { shop } = openCatalog({}, time)
  const list = (at: number) => ({
    id: `l${at}`,
    name: "L",
    currency: "EUR" as const,
    companies: ["acme"],
    ...(at % 2 === 0 ? { until: 10 } : {})
  })
  for (let at = 0; at < 1_000; at++) await shop.putPriceList(list(at))
  const refused = await shop.safe.putPriceList(list(1_001))
  assert.isTrue(!refused.ok && refused.error._tag === "TooManyPriceLists" && refused.error.limit === 1_000)
  assert.isTrue((await shop.safe.putPriceList({ ...list(1_001), companies: ["other"] })).ok)
  time.set(days(401))
  await shop.putPriceList(list(1_003))
  await shop.setPrices({ list: "l1003", prices: [{ variant: "v", amount: 5 }] })
  await shop.setPrices({ list: "l1", prices: [{ variant: "v", amount: 6 }] })
  const [found] = await shop.prices({ variants: ["v"], channel: "web", company: "acme" })
  assert.sameMembers(
    found!.map(({ amount }) => amount),
    [5, 6],
    "those that hold are still there"
  )
})

it("has room for 2,000 variants of a product, and deletes them all in one commit", async () => {
  const { shop } = openCatalog()
  const variant = (at: number) => ({ id: `v${at}`, product: "p", sku: `v${at}`, options: { number: String(at) } })
  for (let from = 0; from < 2_000; from += 500) {
    const variants = Array.from({ length: 500 }, (_, at) => variant(from + at))
    const taken = await shop.loadProducts({
      rows: [{ product: { id: "p", name: { de: "P" }, ...(from === 1_500 ? { archived: true } : {}) }, variants }]
    })
    assert.deepEqual(taken.refused, [])
  }
  const refused = await shop.safe.putVariant(variant(2_000))
  assert.isTrue(!refused.ok && refused.error._tag === "TooManyVariants")
  assert.equal((await shop.product({ product: "p" }))?.variants.length, 2_000)
  await shop.deleteProduct({ product: "p" })
  assert.isUndefined(await shop.scan({ code: "v1999" }))
  assert.equal((await shop.deleted({ kind: "variant", id: "v7" }))?.kind, "variant")
})

it("looks at no more variants than it can on a page of what is incomplete, and misses none", async () => {
  const { shop } = openCatalog()
  for (const product of ["p0", "p1", "p2"])
    for (const half of [0, 1]) {
      const ids = Array.from({ length: 400 }, (_, at) => `${product} ${half} ${at}`)
      const variants = ids.map((id) => ({ id, product, sku: id }))
      await shop.loadProducts({ rows: [{ product: { id: product, name: { de: "P" } }, variants }] })
    }
  const pages: Array<ReadonlyArray<string>> = []
  for (let after: { after?: string } = {}; ;) {
    const page = await shop.incomplete({ channel: "web", locale: "de", ...after })
    pages.push(page.items.map(({ product }) => product.id))
    if (page.cursor === undefined) break
    after = { after: page.cursor }
  }
  assert.deepEqual(pages, [["p0", "p1"], ["p2"]])
})

it("goes as many levels deep into a tree as it is asked to, however deep that is", async () => {
  const { shop } = openCatalog()
  const ids = Array.from({ length: 300 }, (_, at) => `c${at}`)
  for (const [at, id] of ids.entries()) await shop.putCategory({ id, name: { de: id }, ...(at === 0 ? {} : { parent: ids[at - 1]! }) })
  const depthOf = (nodes: ReadonlyArray<CategoryNode>): number =>
    nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map((one) => depthOf(one.children)))
  for (const depth of [1, 2, 100]) assert.equal(depthOf(await shop.categoryTree({ depth })), depth)
  assert.equal(depthOf(await shop.categoryTree({ root: "c297" })), 2)
  assert.equal((await shop.category({ category: "c299" }))?.path.length, 300)
  await shop.putProduct({ id: "p", name: { de: "P" }, categories: ["c299"] })
  assert.equal((await shop.list({ category: "c0", subcategories: true })).items.length, 1)
  const circle = await shop.safe.moveCategory({ category: "c0", parent: "c299" })
  assert.isTrue(!circle.ok && circle.error._tag === "CategoryCycle")
})

it("has room for 20,000 categories, and moves them about", async () => {
  const { omni, shop } = openCatalog()
  const parents = Array.from({ length: 20 }, (_, at) => `p${at}`)
  for (const id of parents) await shop.putCategory({ id, name: { de: id } })
  const below = (parent: string) => Array.from({ length: 999 - (parent === "p0" ? 1 : 0) }, (_, at) => `${parent} ${at}`)
  const children = Object.fromEntries([["", parents], ...parents.map((parent) => [parent, below(parent)] as const)])
  await omni.transact(function* (tx) {
    tx.put(Trees, TREE, { children })
  })
  await shop.putCategory({ id: "last", name: { de: "last" }, parent: "p0" })
  const refused = await shop.safe.putCategory({ id: "one more", name: { de: "x" }, parent: "p0" })
  assert.isTrue(!refused.ok && refused.error._tag === "TooManyCategories" && refused.error.limit === 20_000)
  await shop.moveCategory({ category: "p1", parent: "last" })
  assert.deepEqual(
    (await shop.category({ category: "p1" }))?.path.map(({ id }) => id),
    ["p0", "last", "p1"]
  )
  await shop.orderCategories({ parent: null, order: parents.filter((id) => id !== "p1").toReversed() })
  assert.equal((await shop.categoryTree({ depth: 1 }))[0]?.category.id, "p19")
  await shop.removeCategory({ category: "last" }).catch((error: { readonly _tag: string }) => assert.equal(error._tag, "CategoryNotEmpty"))
})
