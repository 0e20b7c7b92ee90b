import { choosePrice } from "@omni/catalog"
import fc from "fast-check"
import { assert, it } from "vitest"

import { clockAt, openShop } from "./shop.ts"

const START = 1_000_000

const list = fc.record(
  {
    kind: fc.constantFrom("base", "sale", "override"),
    priority: fc.integer({ min: 0, max: 2 }),
    channels: fc.constantFrom(["web"], ["till"]),
    groups: fc.constant(["vip"]),
    companies: fc.constant(["acme"]),
    from: fc.integer({ min: START - 100, max: START + 100 }),
    active: fc.boolean()
  },
  { requiredKeys: ["priority"] }
)
const amount = fc.integer({ min: 1, max: 5 }).map((times) => times * 100)
const lists = ["l0", "l1", "l2"]
const variants = ["a-1", "a-2", "b-1"]

it("prices, sorts and filters by what the buyer pays, as price selection has it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(list, { minLength: 3, maxLength: 3 }),
      fc.array(fc.record({ list: fc.constantFrom(...lists), variant: fc.constantFrom(...variants), amount }), { maxLength: 8 }),
      fc.array(fc.option(amount, { nil: undefined }), { minLength: 3, maxLength: 3 }),
      fc.record({ groups: fc.subarray(["vip"]), company: fc.constant("acme") }, { requiredKeys: [] }),
      fc.record({ from: amount, until: fc.constant(undefined) }),
      async (terms, prices, own, buyer, { from }) => {
        const time = clockAt(START)
        const { shop, finder } = openShop({}, { time })
        for (const id of ["a", "b"]) await shop.putProduct({ id, name: { es: id } })
        for (const [at, id] of variants.entries()) {
          const base = own[at]
          const mine =
            base === undefined
              ? []
              : [
                  { amount: base, currency: "EUR" as const },
                  { amount: base + 50, currency: "EUR" as const, channel: "web" }
                ]
          await shop.putVariant({ id, product: id[0]!, sku: id, prices: mine })
        }
        for (const [at, one] of terms.entries())
          await shop.putPriceList({ id: lists[at]!, name: "List", currency: "EUR", ...(one as { readonly priority: number }) })
        await finder.drain()
        for (const { list: to, ...price } of prices) await shop.setPrices({ list: to, prices: [price] })
        await finder.drain()
        // Lists that begin meanwhile change nothing in the index, and hold all the same.
        time.set(START + 50)
        const candidates = await shop.prices({ variants, channel: "web", ...buyer })
        const facts = { now: START + 50, currency: "EUR", channel: "web", audience: {} }
        const costs = variants.map((_, at) => choosePrice(candidates[at]!, facts)?.amount)
        const costOf = (product: string, least = 0) =>
          Math.min(...costs.flatMap((cost, at) => (variants[at]![0] === product && cost !== undefined && cost >= least ? [cost] : [])))
        const { hits } = await finder.find({ channel: "web", sort: "price", ...buyer })
        const expected = ["a", "b"].toSorted((a, b) => (costOf(a) < costOf(b) ? -1 : costOf(a) > costOf(b) ? 1 : a < b ? -1 : 1))
        assert.deepEqual(
          hits.map(({ product, price }) => ({ product, price: price ?? Infinity })),
          expected.map((id) => ({ product: id, price: costOf(id) }))
        )
        const dear = await finder.find({ channel: "web", price: { from }, sort: "price", ...buyer })
        assert.deepEqual(
          dear.hits.map(({ product, price }) => ({ product, price })),
          expected
            .filter((id) => costOf(id, from) < Infinity)
            .map((id) => ({ product: id, price: costOf(id, from) }))
            .toSorted((a, b) => a.price - b.price || (a.product < b.product ? -1 : 1))
        )
      }
    ),
    { numRuns: 30 }
  )
}, 60_000)
