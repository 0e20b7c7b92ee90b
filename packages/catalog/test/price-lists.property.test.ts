import { adjusted, choosePrice, type PriceCandidate, PriceListChanged, PricesChanged } from "@omni/catalog"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { given, openCatalog, told } from "./shop.ts"

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

it("changes by per cent exactly, and to the nearest price of the ending", () => {
  const ending = fc.integer({ min: 1, max: 500 }).chain((step) => fc.record({ step: fc.constant(step), ending: fc.nat(step - 1) }))
  fc.assert(
    fc.property(fc.nat(2_000), fc.integer({ min: -9_999, max: 20_000 }), ending, (of, hundredths, { step: every, ending: end }) => {
      const percent = `${hundredths < 0 ? "-" : ""}${Math.floor(Math.abs(hundredths) / 100)}.${String(Math.abs(hundredths) % 100).padStart(2, "0")}`
      // In hundredths of a hundredth of a minor unit, so that nothing is lost.
      const exact = of * (10_000 + hundredths)
      assert.equal(adjusted(of, percent), Math.floor((exact + 5_000) / 10_000))
      const all = Array.from({ length: Math.ceil(exact / 10_000 / every) + 3 }, (_, k) => k * every + end)
      const off = (one: number) => Math.abs(one * 10_000 - exact)
      const to = (how: "nearest" | "up" | "down") => adjusted(of, percent, { step: every, ending: end, to: how })
      assert.equal(off(to("nearest")), Math.min(...all.map(off)))
      assert.equal(
        to("up"),
        all.find((one) => one * 10_000 >= exact)
      )
      assert.equal(to("down"), all.findLast((one) => one * 10_000 <= exact) ?? end)
    })
  )
})

it("chooses the same price whatever the order of the candidates", () => {
  const candidate = fc.record({
    id: fc.string({ minLength: 1, maxLength: 2 }),
    amount: fc.nat(3),
    currency: fc.constant("EUR" as const),
    list: maybe(
      fc.record({
        id: fc.constant("l"),
        name: fc.constant("L"),
        priority: fc.nat(1),
        entry: fc.constant("gross" as const),
        for: fc.constantFrom({}, { country: "DE" }, { country: "DE", channel: "web" })
      })
    )
  })
  const facts = { now: 0, currency: "EUR", audience: {} }
  fc.assert(
    fc.property(fc.uniqueArray(candidate, { selector: ({ id }) => id, minLength: 1 }), fc.infiniteStream(fc.nat()), (all, random) => {
      const candidates = all.map(given) as ReadonlyArray<PriceCandidate>
      const shuffled = candidates.map((one) => [random.next().value, one] as const).sort(([a], [b]) => a - b)
      const chosen = choosePrice(candidates, facts)
      assert.deepEqual(
        choosePrice(
          shuffled.map(([, one]) => one),
          facts
        ),
        chosen
      )
      const isListed = candidates.some(({ list: of }) => of !== undefined)
      assert.equal(chosen?.list !== undefined, isListed)
    })
  )
})

it("tells what changed, and nothing when nothing did", async () => {
  const { omni, shop } = openCatalog()
  await shop.putPriceList({ id: "A", name: "A", currency: "EUR" })
  await shop.putPriceList({ id: "A", name: "A", currency: "EUR" })
  await shop.putPriceList({ id: "A", name: "B", currency: "EUR", kind: "sale" })
  const prices = [
    { variant: "v", amount: 100, tiers: [{ from: 10, amount: 90 }] },
    { variant: "w", amount: 5 }
  ]
  assert.deepEqual(await shop.setPrices({ list: "A", prices }), { changed: 2 })
  assert.deepEqual(await shop.setPrices({ list: "A", prices }), { changed: 0 })
  await shop.setPrices({ list: "A", prices: [{ variant: "v" }] })
  assert.deepEqual(await told(omni, PriceListChanged), [
    { list: "A", change: "created", fields: ["active", "currency", "id", "kind", "name", "priority", "tax"] },
    { list: "A", change: "updated", fields: ["kind", "name"] }
  ])
  assert.deepEqual(await told(omni, PricesChanged), [
    {
      list: "A",
      prices: [
        { variant: "v", amount: 100 },
        { variant: "w", amount: 5 }
      ]
    },
    { list: "A", prices: [{ variant: "v", before: 100 }] }
  ])
  assert.deepEqual(
    (await shop.prices({ variants: ["v", "w"], channel: "web" })).map((all) => all.length),
    [0, 1]
  )
  assert.equal((await shop.variantPrices({ variant: "v" })).items.length, 1)
})

it("counts prices in minor units of their currency, whatever those are, and gives nobody a price in another", async () => {
  const { shop } = openCatalog()
  const amounts = { JPY: 1_980, EUR: 1_980, KWD: 1_980, USD: 0 } as const
  const currencies = Object.keys(amounts) as Array<keyof typeof amounts>
  const prices = currencies.map((currency) => ({ amount: amounts[currency] + 1, currency }))
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices })
  for (const currency of currencies) {
    await shop.putPriceList({ id: currency, name: currency, currency })
    await shop.setPrices({ list: currency, prices: [{ variant: "v", amount: amounts[currency] }] })
    await shop.adjustPrices({ from: currency, to: currency, variants: ["v"], percent: "-33.33" })
    const [found] = await shop.prices({ variants: ["v"], channel: "web", currency })
    const expected = Math.round(amounts[currency] * 0.6667)
    assert.deepEqual(
      found!.map((one) => [one.id, one.amount, one.currency]),
      [
        ["base", amounts[currency] + 1, currency],
        [currency, expected, currency]
      ]
    )
    assert.equal((await shop.lowestPrice({ variant: "v", channel: "web", currency })).amount, expected)
  }
  assert.deepEqual(await shop.prices({ variants: ["v", "none"], channel: "web", currency: "CHF" }), [[], []])
})

it("holds from its first moment until before its last, and not for whom it was before", async () => {
  const { shop } = openCatalog()
  const list = { id: "A", name: "A", currency: "EUR" as const, companies: ["acme"], from: 100, until: 200 }
  await shop.putPriceList(list)
  await shop.setPrices({ list: "A", prices: [{ variant: "v", amount: 0 }] })
  const given = async (company: string, at: number) => (await shop.prices({ variants: ["v"], channel: "web", company, at }))[0]!.length
  assert.deepEqual(await Promise.all([99, 100, 199, 200].map((at) => given("acme", at))), [0, 1, 1, 0])
  await shop.putPriceList({ ...list, companies: ["other"] })
  assert.deepEqual([await given("acme", 150), await given("other", 150)], [0, 1])
  await shop.putPriceList({ ...list, companies: ["other"], active: false })
  assert.equal(await given("other", 150), 0)
})

it("tells of tiers that are new where the price of one stays, and copies no prices with tax into a list without", async () => {
  const { omni, shop } = openCatalog()
  await shop.putPriceList({ id: "A", name: "A", currency: "EUR" })
  await shop.putPriceList({ id: "net", name: "Net", currency: "EUR", tax: "net" })
  await shop.setPrices({ list: "A", prices: [{ variant: "v", amount: 100 }] })
  const tiers = [{ from: 10, amount: 90 }]
  assert.deepEqual(await shop.setPrices({ list: "A", prices: [{ variant: "v", amount: 100, tiers }] }), { changed: 1 })
  assert.deepEqual((await shop.prices({ variants: ["v"], channel: "web" }))[0]?.[0]?.tiers, tiers)
  assert.deepEqual((await told(omni, PricesChanged)).at(-1), { list: "A", prices: [{ variant: "v", before: 100, amount: 100 }] })
  const mixed = await shop.safe.adjustPrices({ from: "A", to: "net", variants: ["v"] })
  assert.isTrue(!mixed.ok && mixed.error._tag === "InvalidInput" && mixed.error.issues[0]?.path === "to")
})
