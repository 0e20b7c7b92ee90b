import { lowestPrice } from "@omni/catalog"
import { assert, it } from "vitest"

import { channel, clockAt, openCatalog } from "./shop.ts"

const web = channel("web", { country: "DE" })

it("looks back from the announcement, and through steps of one reduction where that is allowed", () => {
  const timeline = [
    { from: 0, amount: 1000, kind: "base" as const },
    { from: 100, amount: 900, kind: "sale" as const, list: "s", announced: 95 },
    { from: 110, amount: 800, kind: "sale" as const, list: "s" },
    { from: 120, amount: 700, kind: "sale" as const, list: "s" },
    { from: 130, amount: 850, kind: "sale" as const, list: "s" }
  ]
  const rule = { window: 30 }
  const prior = (at: number, progressive = false) => lowestPrice(timeline, at, { ...rule, progressive }).reduction
  assert.deepEqual(prior(105), { announced: 95, amount: 900, list: "s", prior: 1000, knownFrom: 65 })
  assert.deepEqual(prior(125), { announced: 120, amount: 700, list: "s", prior: 800, knownFrom: 90 })
  assert.deepEqual(prior(125, true), { announced: 95, amount: 700, list: "s", prior: 1000, knownFrom: 65 })
  assert.deepEqual(prior(135, true)?.prior, 700, "one that is taken back is not one that is increased")
  assert.isUndefined(prior(50))
  assert.deepEqual(lowestPrice([{ from: 5, amount: 1, kind: "sale" }], 9, rule), {
    amount: 1,
    lowest: 1,
    reduction: { announced: 5, amount: 1 }
  })
  assert.deepEqual(lowestPrice([], 9), {})
})

it("compares prices before tax with none that have it in them", () => {
  const timeline = [
    { from: 0, amount: 840, kind: "base" as const, tax: "net" as const },
    { from: 10, amount: 1000, kind: "base" as const, tax: "gross" as const },
    { from: 20, amount: 900, kind: "sale" as const, tax: "gross" as const }
  ]
  assert.deepEqual(lowestPrice(timeline, 25, { window: 30 }), {
    amount: 900,
    lowest: 900,
    reduction: { announced: 20, amount: 900, prior: 1000, knownFrom: 10 }
  })
  assert.equal(lowestPrice(timeline, 12, { window: 30 }).lowest, 1000)
  // A variant's own price is as the shop's policy says.
  const own = [{ from: 0, amount: 840, kind: "base" as const }, ...timeline.slice(1)]
  assert.equal(lowestPrice(own, 25, { window: 30 }).reduction?.prior, 840)
})

it("lets a list be exempt, or look back less far, and tells that it is", async () => {
  const clock = clockAt(0)
  const { shop } = openCatalog({ channels: [web], priorPrice: { window: 100 } }, clock)
  const sale = { id: "S", name: "S", currency: "EUR" as const, kind: "sale" as const, from: 50 }
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices: [{ amount: 500, currency: "EUR" }] })
  await shop.putPriceList(sale)
  await shop.setPrices({ list: "S", prices: [{ variant: "v", amount: 400 }] })
  clock.set(20)
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices: [{ amount: 600, currency: "EUR" }] })
  clock.set(60)
  const reduction = async (priorPrice: object) => {
    await shop.putPriceList({ ...sale, priorPrice })
    return (await shop.lowestPrice({ variant: "v", channel: "web" })).reduction
  }
  const told = { announced: 50, amount: 400, list: "S" }
  assert.deepEqual(await reduction({}), { ...told, prior: 500, knownFrom: 0 })
  assert.deepEqual(await reduction({ window: 30 }), { ...told, prior: 600, knownFrom: 20 })
  assert.deepEqual(await reduction({ exempt: true }), { ...told, exempt: true }, "another rule is no other reduction")
  assert.isUndefined((await shop.prices({ variants: ["v"], channel: "web" }))[0]?.find(({ list: of }) => of !== undefined)?.lowest30)
})

it("forgets no price when its variant is archived, deleted or loses its price", async () => {
  const clock = clockAt(1_000)
  const { shop } = openCatalog({ channels: [web] }, clock)
  await shop.putProduct({ id: "p", name: { de: "P" } })
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices: [{ amount: 500, currency: "EUR" }] })
  clock.set(2_000)
  await shop.putVariant({ id: "v", product: "p", sku: "v", prices: [{ amount: 600, currency: "EUR" }], archived: true })
  clock.set(3_000)
  await shop.deleteVariant({ variant: "v" })
  assert.deepEqual(await shop.priceHistory({ variant: "v", channel: "web" }), [
    { from: 1_000, amount: 500, kind: "base" },
    { from: 2_000, amount: 600, kind: "base" },
    { from: 3_000 }
  ])
})

it("keeps prices for 400 days, and what held at that time", async () => {
  const day = 86_400_000
  const clock = clockAt(day)
  const { shop } = openCatalog({ channels: [web] }, clock)
  await shop.putPriceList({ id: "A", name: "A", currency: "EUR" })
  for (let at = 1; at <= 1_000; at += 100) {
    clock.set(at * day)
    await shop.setPrices({ list: "A", prices: [{ variant: "v", amount: at }] })
  }
  const [row] = (await shop.listPrices({ list: "A" })).items
  assert.deepEqual(
    row?.row.history.map(({ at }) => at / day),
    [501, 601, 701, 801, 901]
  )
})

it("keeps the moment next to one that is told late", () => {
  const clock = clockAt(3_000)
  const { omni, shop } = openCatalog({ channels: [web] }, clock)
  return shop
    .putPriceList({ id: "A", name: "A", currency: "EUR" })
    .then(() => shop.setPrices({ list: "A", prices: [{ variant: "v", amount: 300 }] }))
    .then(() => omni.catalog.setPrices({ list: "A", prices: [{ variant: "v", amount: 200 }] }, { asOf: { time: 2_999 } }))
    .then(() => shop.listPrices({ list: "A" }))
    .then(({ items }) =>
      assert.deepEqual(items[0]?.row.history, [
        { at: 2_999, amount: 200 },
        { at: 3_000, amount: 300 }
      ])
    )
})
