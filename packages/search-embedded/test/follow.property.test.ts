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
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("available" as const),
      variant: fc.constantFrom(...variants),
      where: fc.subarray(["north", "south"])
    })
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("drain" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("rebuild" as const) }) }
)

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
      const { omni, shop, finder, reopened } = openShop(options, { extra: module("test", { events: [Moved], operations: { tell } }) })
      for (const id of categories) await shop.putCategory({ id, name: { es: id } })
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
      const anew = reopened(embedded())
      await anew.drain()
      const facets = ["color", "category", "available"]
      for (const text of ["", ...words, "vaso r", ...categories, ...variants]) {
        for (const sort of ["relevance", "price"] as const) {
          const asked = { channel: "web", text, sort, facets, prefix: false } as const
          assert.deepEqual(await finder.find(asked), await anew.find(asked), text)
        }
      }
    }),
    { numRuns: 30 }
  )
}, 60_000)
