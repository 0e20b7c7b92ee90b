import { searchCause } from "@omni/catalog/search"
import { event, module, operation } from "@omni/core"
import { embedded } from "@omni/search-embedded"
import fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

import { openShop } from "./shop.ts"

const products = ["p0", "p1", "p2"]
const variants = ["v0", "v1", "v2", "v3"]
const categories = ["c0", "c1", "c2"]
const words = ["vaso", "taza", "plato"]

const product = fc.constantFrom(...products)
const category = fc.constantFrom(...categories)
const word = fc.constantFrom(...words)

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("product" as const),
      product,
      word,
      categories: fc.subarray(categories),
      type: fc.boolean(),
      color: fc.constantFrom("r", "g"),
      hidden: fc.boolean()
    })
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("variant" as const),
      variant: fc.constantFrom(...variants),
      product,
      archived: fc.boolean(),
      amount: fc.constantFrom(100, 200)
    })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("type" as const), word }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("category" as const), category, word }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("move" as const), category, parent: fc.option(category, { nil: null }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("remove" as const), category }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("archive" as const), product, archived: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("delete" as const), product }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("deleteVariant" as const), variant: fc.constantFrom(...variants) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("price" as const), variant: fc.constantFrom(...variants), amount: fc.constantFrom(50, 150) })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("list" as const), active: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("available" as const),
      variant: fc.constantFrom(...variants),
      where: fc.subarray(["north", "south"])
    })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drain" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rebuild" as const) }) }
)

const question = {
  locale: "es",
  languages: ["es"],
  now: Date.UTC(2026, 10, 28),
  prefix: false,
  values: {},
  ranges: {},
  price: {},
  prices: [["list:l"], ["own:EUR"]],
  facets: ["color", "category", "available"],
  rangeFacets: {},
  priceRanges: [],
  sort: "price",
  limit: 100
} as const

const Moved = event("test.Moved", z.object({ variant: z.string() }))

it("is after every change what it would be if it were made anew", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
      const stock = new Map<string, ReadonlyArray<string>>()
      const tell = operation("test.move", z.object({ variant: z.string() }), function* (tx, { variant }) {
        tx.emit(Moved, variant, { variant })
      })
      const options = {
        facets: { color: "values" as const },
        availability: (_: unknown, of: ReadonlyArray<{ readonly id: string }>) => of.map(({ id }) => stock.get(id) ?? []),
        causes: [searchCause(Moved, ({ data }) => ({ variants: [data.variant] }))]
      }
      const { omni, shop, finder, driver, reopened } = openShop(options, {
        extra: module("test", { events: [Moved], operations: { tell } })
      })
      for (const id of categories) await shop.putCategory({ id, name: { es: id } })
      await shop.putPriceList({ id: "l", name: "l", currency: "EUR" })
      await shop.defineProductType({ id: "t", name: { es: "t" }, attributes: [], open: true })
      for (const [at, id] of products.entries()) {
        await shop.putProduct({ id, name: { es: "vaso" }, categories: [categories[at]!], type: "t" })
        await shop.putVariant({ id: variants[at]!, product: id, sku: variants[at]! })
      }
      await finder.drain()
      for (const now of steps) {
        switch (now.do) {
          case "product":
            await shop.safe.putProduct({
              id: now.product,
              name: { es: now.word },
              categories: now.categories,
              attributes: { color: now.color },
              ...(now.type ? { type: "t" } : {}),
              ...(now.hidden ? { channels: { web: { visibility: "hidden" } } } : {})
            })
            break
          case "variant":
            await shop.safe.putVariant({
              id: now.variant,
              product: now.product,
              sku: now.variant,
              prices: [{ amount: now.amount, currency: "EUR" }],
              ...(now.archived ? { archived: true } : {})
            })
            break
          case "type": {
            const values = ["r", "g"].map((id) => ({ id, name: { es: `${now.word} ${id}` } }))
            await shop.defineProductType({
              id: "t",
              name: { es: "t" },
              attributes: [{ code: "color", name: { es: "c" }, value: { type: "enum", values } }]
            })
            break
          }
          case "category":
            await shop.putCategory({ id: now.category, name: { es: now.word } })
            break
          case "move":
            await shop.safe.moveCategory({ category: now.category, parent: now.parent })
            break
          case "remove":
            await shop.safe.removeCategory({ category: now.category })
            break
          case "archive":
            await shop.safe.archiveProduct({ product: now.product, archived: now.archived })
            break
          case "delete":
            await shop.safe.deleteProduct({ product: now.product })
            break
          case "deleteVariant":
            await shop.safe.deleteVariant({ variant: now.variant })
            break
          case "price":
            await shop.safe.setPrices({ list: "l", prices: [{ variant: now.variant, amount: now.amount }] })
            break
          case "list":
            await shop.putPriceList({ id: "l", name: "l", currency: "EUR", active: now.active })
            break
          case "available":
            stock.set(now.variant, now.where)
            await omni.extra.tell({ variant: now.variant })
            break
          case "rebuild":
            await finder.rebuild()
            break
          case "drain":
            await finder.drain()
        }
      }
      await finder.drain()
      const other = embedded()
      await reopened(other).drain()
      // The indexes themselves: what is held against the rows would hide what they have missed.
      const answer = async (of: typeof driver, text: string, channel: string) =>
        (await of.open("default", { version: 0, synonyms: {} })).search({ ...question, view: `${channel}/es`, channel, text, code: text })
      for (const text of ["", ...words, "g", ...categories, ...variants]) {
        for (const channel of ["web", "till"])
          assert.deepEqual(await answer(driver, text, channel), await answer(other, text, channel), text)
      }
    }),
    { numRuns: 30 }
  )
}, 60_000)
