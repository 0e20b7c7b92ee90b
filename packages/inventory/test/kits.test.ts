import { assert, it } from "vitest"

import { issuesOf, line, shop } from "./shop.ts"

const withKits = async () => {
  const opened = shop()
  const { stock } = opened
  await stock.defineArticle({
    sku: "set",
    components: [
      { sku: "cup", quantity: 4 },
      { sku: "pot", quantity: 1 }
    ]
  })
  await stock.receive({ lines: [line("cup", 10), line("pot", 5), line("cup", 40, "paris")] })
  return opened
}
const onHand = async ({ stock }: Awaited<ReturnType<typeof withKits>>) =>
  (await stock.levels({ location: "lyon" })).items.map(({ row }) => [row.sku, row.onHand, row.reserved])

it("sells a kit out of its components: held, committed, returned", async () => {
  const opened = await withKits()
  const { stock } = opened
  const of = async () => (await stock.availability({ items: [{ sku: "set", quantity: 3 }] }))[0]!
  assert.deepInclude(await of(), { available: 2, isAvailable: false, here: [{ location: "lyon", available: 2 }] })
  assert.equal((await of()).reason.sentence, "Only 2 of set can be had here, not 3.")
  const hold = await stock.hold({ lines: [line("set", 2), line("cup", 1)] })
  assert.deepEqual(await onHand(opened), [
    ["cup", 10, 9],
    ["pot", 5, 2]
  ])
  assert.equal((await of()).reason.code, "reserved")
  // What it is made of from now on is nothing to a hold that was made before.
  await stock.defineArticle({ sku: "set", components: [{ sku: "cup", quantity: 1 }] })
  await stock.commitHold({ hold: hold.id, lines: [line("set", 1)], rest: "keep" })
  assert.deepEqual(await onHand(opened), [
    ["cup", 6, 5],
    ["pot", 4, 1]
  ])
  await stock.releaseHold({ hold: hold.id })
  await stock.receive({ lines: [line("set", 3)], from: "customer", reason: "returned" })
  assert.deepEqual(await onHand(opened), [
    ["cup", 9, 0],
    ["pot", 4, 0]
  ])
})

it("refuses a kit whose components others have, with the component that is short", async () => {
  const { stock } = await withKits()
  await stock.hold({ lines: [line("pot", 5)] })
  const refused = await stock.safe.hold({ lines: [line("set", 1)] })
  assert.deepEqual(!refused.ok && refused.error._tag === "InsufficientStock" && refused.error.shortages, [
    { sku: "pot", location: "lyon", requested: 1, available: 0, code: "reserved" }
  ])
})

it("takes kits of kits, three deep, and none that holds itself", async () => {
  const { stock } = await withKits()
  const kit = (sku: string, ...components: ReadonlyArray<string>) =>
    stock.safe.defineArticle({ sku, components: components.map((one) => ({ sku: one, quantity: 2 })) })
  assert.isTrue((await kit("table", "set", "cup")).ok)
  assert.isTrue((await kit("party", "table")).ok)
  assert.deepEqual(issuesOf(await kit("fair", "party")), [["components", "kits of kits go 3 deep at most"]])
  assert.deepEqual(issuesOf(await kit("pot", "saucer")), [
    ["components", "kits of kits go 3 deep at most"],
    ["components", "cannot begin or end while it is in stock by itself"]
  ])
  assert.deepEqual(issuesOf(await kit("lid", "lid")), [["components", "lid would be a component of itself"]])
  await kit("saucer", "glass")
  assert.deepEqual(issuesOf(await kit("glass", "saucer")), [["components", "glass would be a component of itself"]])
  // A party is two tables, of two sets and two cups each: twenty cups and four pots.
  await stock.receive({ lines: [line("cup", 11)] })
  const [party] = await stock.availability({ items: [{ sku: "party" }] })
  assert.equal(party?.available, 1)
  await stock.hold({ lines: [line("party", 1)] })
  const reserved = (await stock.levels({ location: "lyon" })).items.map(({ row }) => [row.sku, row.reserved])
  assert.deepEqual(reserved, [
    ["cup", 20],
    ["pot", 4]
  ])
})

it("puts kits together beforehand, and takes them apart", async () => {
  const opened = await withKits()
  const { stock } = opened
  await stock.defineArticle({ sku: "box", components: [{ sku: "cup", quantity: 6 }], assembled: true })
  await stock.assembleKits({ lines: [line("box", 1)] })
  assert.deepEqual(await onHand(opened), [
    ["box", 1, 0],
    ["cup", 4, 0],
    ["pot", 5, 0]
  ])
  assert.isFalse((await stock.safe.assembleKits({ lines: [line("box", 1)] })).ok)
  await stock.assembleKits({ lines: [line("box", 1)], apart: true })
  assert.deepEqual((await onHand(opened))[1], ["cup", 10, 0])
  assert.deepEqual(issuesOf(await stock.safe.assembleKits({ lines: [line("set", 1)] })), [
    ["lines.0.sku", "set is no kit that is assembled beforehand"]
  ])
})
