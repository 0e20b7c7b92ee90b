import { catalog, choosePrice } from "@omni/catalog"
import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { price, selectPrice } from "@omni/pricing"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { channels, clockAt } from "./shop.ts"

const amount = fc.integer({ min: 0, max: 3 }).map((one) => one * 100)
const some = <T>(...all: ReadonlyArray<T>) => fc.option(fc.constantFrom(...all), { nil: undefined })
const whole = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }

const list = fc.record({
  kind: fc.constantFrom<"base" | "sale" | "override">("base", "sale", "override"),
  channels: some<ReadonlyArray<string>>(["web"], ["app"], ["web", "app"]),
  countries: some<ReadonlyArray<"DE" | "AT">>(["DE"], ["AT"]),
  groups: some<ReadonlyArray<string>>(["vip"], ["staff"]),
  companies: some<ReadonlyArray<string>>(["acme"]),
  from: some(1, 2),
  until: some(3, 4),
  priority: fc.integer({ min: -1, max: 1 }),
  amount,
  tier: some(100, 0)
})

const own = fc.record({ amount, currency: fc.constant("EUR" as const), channel: some("web", "app") }).map(whole)

const buyer = fc.record({
  channel: fc.constantFrom("web", "app"),
  country: some("DE" as const, "AT" as const),
  groups: fc.subarray(["vip", "staff"]),
  company: some("acme", "other"),
  at: fc.integer({ min: 1, max: 4 })
})

it("chooses in the catalog, which knows no pricing, the price that is asked for at the checkout", async () => {
  let chosen = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(list, { maxLength: 5 }),
      fc.array(own, { maxLength: 3 }),
      buyer,
      fc.boolean(),
      async (lists, prices, who, net) => {
        const tax = net ? "net" : "gross"
        const { clock } = clockAt(0)
        const omni = createOmni({ store: memory(), clock, modules: { catalog: catalog({ channels }) } })
        await omni.catalog.putVariant({ id: "v", product: "p", sku: "v", prices })
        for (const [at, { amount: one, tier, ...terms }] of lists.entries()) {
          await omni.catalog.putPriceList({ ...whole(terms), id: `l${at}`, name: "L", currency: "EUR", tax })
          const tiers = tier === undefined ? [] : [{ from: 2, amount: tier }]
          await omni.catalog.setPrices({ list: `l${at}`, prices: [{ variant: "v", amount: one, tiers }] })
        }
        const [candidates] = await omni.catalog.prices({ variants: ["v"], ...whole(who) })
        const { channel, country, groups, company, at: now } = who
        const audience = whole({ country, customerGroup: groups, company })
        const facts = { now, currency: "EUR", channel, audience }
        const ours = choosePrice(candidates!, facts)
        assert.equal(ours, selectPrice(candidates!, facts).chosen)
        if (ours !== undefined) {
          chosen++
          const line = { id: "1", variant: "v", quantity: 1, taxCategory: "standard", prices: candidates! }
          const priced = price({ lines: [line] }, { ...facts, currency: "EUR", audience, tax: { entry: tax, rates: { standard: "19" } } })
          assert.deepEqual([priced.lines[0]!.unitPrice.amount, priced.lines[0]!.price.list], [ours.amount, ours.list?.id])
        }
        await omni.close()
      }
    ),
    { numRuns: 200 }
  )
  assert.isAbove(chosen, 50, "many of them have a price")
})
