import { days } from "@omni/core"
import { assert, it } from "vitest"

import { line, NOW, shop } from "./shop.ts"

const withShops = async () => {
  const opened = shop()
  const { stock } = opened
  await stock.defineLocation({ location: "lyon", name: "Lyon", pools: ["shops"] })
  await stock.defineLocation({ location: "depot", name: "Depot", pools: ["web"] })
  await stock.receive({ lines: [line("shaver", 4), line("shaver", 20, "depot")] })
  const sees = async (channel: string, quantity = 1, location?: string) =>
    (await stock.availability({ items: [{ sku: "shaver", quantity }], channel, ...(location === undefined ? {} : { location }) }))[0]!
  /** What a hold is refused for, and how much it may have instead. */
  const holds = async (channel: string, quantity: number, location = "depot") => {
    const answer = await stock.safe.hold({ lines: [line("shaver", quantity, location)], channel })
    if (answer.ok) return "held"
    return answer.error._tag === "InsufficientStock"
      ? answer.error.shortages.map(({ code, available }) => `${code} ${available}`).join()
      : answer.error._tag
  }
  return { ...opened, sees, holds }
}

it("shows a channel what it may see, and lets it hold no more", async () => {
  const { stock, sees, holds } = await withShops()
  await stock.defineChannel({ channel: "marketplace", pool: "web", buffer: 3, atMost: 5 })
  assert.deepInclude(await sees("marketplace"), {
    available: 5,
    promisable: 5,
    here: [{ location: "depot", name: "Depot", available: 5 }],
    elsewhere: []
  })
  assert.equal((await sees("marketplace", 6)).reason.sentence, "Only 5 of shaver can be had here, not 6.")
  assert.equal(await holds("marketplace", 6), "kept-back 5")
  assert.equal(await holds("marketplace", 1, "lyon"), "not-sold-from-here 0")
  await stock.sell({ lines: [line("shaver", 17, "depot")] })
  assert.deepInclude((await sees("marketplace")).reason, {
    code: "kept-back",
    sentence: "3 of shaver are here, but none for this channel."
  })
  assert.equal(await holds("marketplace", 1), "kept-back 0")
  assert.equal(await holds("web", 3), "held")
})

it("counts what a channel asks for from several locations together", async () => {
  const { stock } = await withShops()
  await stock.defineChannel({ channel: "marketplace", atMost: 5 })
  const hold = (here: number, there: number) =>
    stock.safe.hold({ lines: [line("shaver", here), line("shaver", there, "depot")], channel: "marketplace" })
  const refused = await hold(3, 3)
  assert.deepEqual(!refused.ok && refused.error._tag === "InsufficientStock" && refused.error.shortages, [
    { sku: "shaver", location: "depot", requested: 3, available: 2, code: "kept-back" }
  ])
  assert.isTrue((await hold(3, 2)).ok)
})

it("keeps a share for the shops, and lets an article say otherwise than its channel", async () => {
  const { stock, sees, holds } = await withShops()
  await stock.defineChannel({ channel: "web", buffer: 2 })
  await stock.defineStock({ sku: "shaver", location: "lyon", keep: { quantity: 3, channels: ["till"] }, channels: { web: { buffer: 0 } } })
  assert.equal((await sees("web", 1, "lyon")).available, 1)
  assert.equal((await sees("till", 1, "lyon")).available, 4)
  assert.equal((await sees("web", 1, "depot")).available, 18)
  assert.equal(await holds("web", 2, "lyon"), "kept-back 1")
  assert.equal(await holds("till", 4, "lyon"), "held")
})

it("lets only channels that may promise what is not there", async () => {
  const { stock, sees, holds } = await withShops()
  await stock.defineChannel({ channel: "till", pool: "shops", backorder: false })
  await stock.defineArticle({ sku: "shaver", backorder: 5 })
  assert.deepInclude(await sees("till", 5), { available: 4, promisable: 4 })
  assert.equal(await holds("till", 5, "lyon"), "insufficient 4")
  const web = await sees("web", 26)
  assert.deepInclude(web, { available: 24, isAvailable: false, promisable: 34 })
  assert.equal(web.reason.sentence, "24 of shaver can be had here now, and 26 can be ordered.")
  assert.equal(await holds("web", 25), "held")
})

it("takes orders before an article is out, so many", async () => {
  const { stock, clock } = shop()
  await stock.defineArticle({ sku: "game", preorder: { limit: 3, availableAt: NOW + days(10) } })
  await stock.defineStock({ sku: "game", location: "lyon", preorder: { limit: 3, availableAt: NOW + days(10) } })
  await stock.expectPurchase({ lines: [line("game", 10)], expectedAt: NOW + days(9) })
  const of = async (quantity: number) => (await stock.availability({ items: [{ sku: "game", quantity }], location: "lyon" }))[0]!
  assert.deepInclude(await of(2), { available: 0, promisable: 3, availableAt: NOW + days(9) })
  assert.equal((await of(2)).reason.sentence, "game is not out yet; 2 can be ordered beforehand. 10 can be had from 2027-01-24.")
  await stock.hold({ lines: [line("game", 3)], for: "order" })
  assert.isFalse((await stock.safe.hold({ lines: [line("game", 1)], for: "order" })).ok)
  assert.deepEqual((await of(7)).later, [{ at: NOW + days(9), quantity: 7 }])
  assert.deepInclude(await of(7), { availableAt: NOW + days(9) })
  assert.notProperty(await of(8), "availableAt")
  clock.advance(days(11))
  assert.equal((await of(1)).promisable, 0)
})
