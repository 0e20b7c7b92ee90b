import { catalog, CategoryCycle, type CategoryNode, CategoryMoved } from "@omni/catalog"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt, openCatalog, told } from "./shop.ts"

const ids = ["a", "b", "c", "d", "e", "f"]
const id = fc.constantFrom(...ids)
const move = fc.record({ category: id, parent: fc.option(id), position: fc.nat(6) })

const flat = (nodes: ReadonlyArray<CategoryNode>, above: ReadonlyArray<string> = []): ReadonlyArray<ReadonlyArray<string>> =>
  nodes.flatMap(({ category, children }) => [[...above, category.id], ...flat(children, [...above, category.id])])

const withCategories = async (store = memory()) => {
  const opened = openCatalog({}, clockAt(0), store)
  for (const category of ids) await opened.shop.putCategory({ id: category, name: { de: category } })
  return opened
}

it("stays a tree, with each category in it once, whatever is moved at the same time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 15 }), fc.boolean(), async (moves, atOnce) => {
      const store = memory()
      const { omni, shop } = await withCategories(store)
      // Two apps over one store: neither knows what the other one is about to do.
      const other = createOmni({ store, modules: { catalog: catalog() } })
      const apps = [shop, other.catalog]
      if (atOnce) await Promise.all(moves.map((one, at) => apps[at % 2]!.safe.moveCategory(one)))
      else for (const one of moves) await shop.safe.moveCategory(one)
      const paths = flat(await shop.categoryTree({}))
      assert.sameMembers(
        paths.map((path) => path.at(-1)),
        ids
      )
      for (const path of paths) {
        const found = await shop.category({ category: path.at(-1)! })
        assert.deepEqual(
          found?.path.map((one) => one.id),
          path
        )
      }
      await omni.close()
    }),
    { numRuns: 60 }
  )
})

it("puts a category where it was told to, or refuses a circle and changes nothing", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(move, { maxLength: 10 }), move, async (moves, last) => {
      const { omni, shop } = await withCategories()
      for (const one of moves) await shop.safe.moveCategory(one)
      const before = flat(await shop.categoryTree({}))
      const isCircle = last.parent !== null && before.find((path) => path.at(-1) === last.parent)!.includes(last.category)
      const moved = await shop.safe.moveCategory(last)
      assert.equal(moved.ok, !isCircle)
      const after = flat(await shop.categoryTree({}))
      if (!moved.ok) {
        assert.instanceOf(moved.error, CategoryCycle)
        assert.deepEqual(after, before)
      } else {
        const path = after.find((one) => one.at(-1) === last.category)!
        assert.equal(path.at(-2) ?? null, last.parent)
        const siblings = after.filter((one) => one.length === path.length && (one.at(-2) ?? null) === last.parent)
        assert.equal(siblings.indexOf(path), Math.min(last.position, siblings.length - 1))
      }
      await omni.close()
    }),
    { numRuns: 60 }
  )
})

it("lists products of a category and those below it, each once, in pages that add up", async () => {
  const product = fc.record({ id: fc.stringMatching(/^[a-f\u{1f600}]{1,3}$/u), categories: fc.uniqueArray(id) })
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(product, { selector: (one) => one.id, maxLength: 25 }),
      fc.array(move, { maxLength: 8 }),
      id,
      fc.integer({ min: 1, max: 7 }),
      async (products, moves, category, limit) => {
        const { omni, shop } = await withCategories()
        for (const one of products) await shop.putProduct({ ...one, name: { de: one.id } })
        for (const one of moves) await shop.safe.moveCategory(one)
        const below = flat(await shop.categoryTree({ root: category })).map((path) => path.at(-1)!)
        const wanted = products.filter(({ categories }) => [category, ...below].some((one) => categories.includes(one)))
        const found: Array<string> = []
        for (let after: { after?: string } = {}; ;) {
          const page = await shop.list({ category, subcategories: true, limit, ...after })
          found.push(...page.items.map((item) => item.id))
          assert.isAtMost(page.items.length, limit)
          if (page.cursor === undefined) break
          after = { after: page.cursor }
        }
        assert.equal(new Set(found).size, found.length)
        assert.sameMembers(
          found,
          wanted.map((one) => one.id)
        )
        await omni.close()
      }
    ),
    { numRuns: 50 }
  )
})

it("orders, removes and tells", async () => {
  const { omni, shop, time } = await withCategories()
  await shop.moveCategory({ category: "b", parent: "a" })
  await shop.moveCategory({ category: "c", parent: "a" })
  await shop.orderCategories({ parent: "a", order: ["c", "b"] })
  assert.deepEqual(
    (await shop.category({ category: "a" }))?.children.map((one) => one.id),
    ["c", "b"]
  )
  const wrong = await shop.safe.orderCategories({ parent: "a", order: ["c", "c"] })
  assert.isTrue(!wrong.ok && wrong.error._tag === "InvalidInput" && wrong.error.issues[0]?.path === "order")
  const full = await shop.safe.removeCategory({ category: "a" })
  assert.isTrue(!full.ok && full.error._tag === "CategoryNotEmpty" && full.error.children.length === 2)
  await shop.removeCategory({ category: "c" })
  assert.isUndefined(await shop.category({ category: "c" }))
  assert.deepEqual((await told(omni, CategoryMoved))[0], { category: "b", to: "a", path: ["a", "b"] })
  const hidden = { id: "a", name: { de: "a" }, channels: { till: { visibility: "hidden" as const } } }
  await shop.putCategory(hidden)
  assert.notInclude(flat(await shop.categoryTree({ channel: "till" })).flat(), "b", "what lies below goes with it")
  assert.include(flat(await shop.categoryTree({ channel: "web" })).flat(), "b")
  const later = { id: "d", name: { de: "d" }, channels: { web: { from: time.clock.now() + 1 } } }
  await shop.putCategory(later)
  assert.notInclude(flat(await shop.categoryTree({ channel: "web" })).flat(), "d")
  time.set(1)
  assert.include(flat(await shop.categoryTree({ channel: "web" })).flat(), "d")
  const nowhere = await shop.safe.putCategory({ id: "x", name: { de: "x" }, parent: "nowhere" })
  assert.isTrue(!nowhere.ok && nowhere.error._tag === "CategoryNotFound")
})

it("lists more products than it looks at in one go, of several categories, none twice and none left out", async () => {
  const { shop } = await withCategories()
  await shop.moveCategory({ category: "b", parent: "a" })
  const rows = Array.from({ length: 402 }, (_, at) => {
    const product = {
      id: `p${String(at).padStart(3, "0")}`,
      name: { de: "P" },
      categories: at % 3 === 0 ? ["a", "b"] : at % 3 === 1 ? ["a"] : ["b"]
    }
    return { product: at % 2 === 0 ? product : { ...product, assortment: ["till"] } }
  })
  for (let from = 0; from < rows.length; from += 100) await shop.loadProducts({ rows: rows.slice(from, from + 100) })
  const all = async (where: { readonly channel?: string }, limit: number) => {
    const found: Array<string> = []
    for (let after: { after?: string } = {}; ;) {
      const page = await shop.list({ category: "a", subcategories: true, limit, ...where, ...after })
      found.push(...page.items.map((item) => item.id))
      if (page.cursor === undefined) return found
      after = { after: page.cursor }
    }
  }
  const ids = rows.map(({ product }) => product.id)
  for (const limit of [200, 201, 401, 402, 999]) assert.deepEqual(await all({}, limit), ids, `${limit} a page`)
  for (const limit of [50, 200, 201])
    assert.deepEqual(
      await all({ channel: "web" }, limit),
      ids.filter((_, at) => at % 2 === 0),
      `${limit} a page on the web`
    )
})
