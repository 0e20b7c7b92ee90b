import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory, OrderNotCovered, stockLinesOf } from "@omni/inventory"
import { assert, describe, expect, it } from "vitest"

import { fewThenNear, lyon, order, paris, rules } from "./france.ts"

describe("on a store", () => {
  const shop = async () => {
    const store = memory()
    const apps = [store, store.shared()].map((one) => createOmni({ store: one, modules: { inventory: inventory() } }))
    await apps[0]!.inventory.defineLocation({ location: "lyon", name: "Lyon", pools: ["web"] })
    await apps[0]!.inventory.receive({
      lines: [
        { sku: "a", location: "lyon", quantity: 30 },
        { sku: "a", location: "paris", quantity: 25 },
        { sku: "b", location: "paris", quantity: 55 }
      ]
    })
    return apps
  }
  const ab = { order: order(["a", 1], ["b", 1]), rules: fewThenNear, locations: [lyon, paris] }

  it("plans from what is free, in a pool if one is named", async () => {
    const [omni] = await shop()
    const plan = await omni!.inventory.sourcing(ab)
    assert.equal(plan.sentence, "1 parcel, from Paris.")
    const web = await omni!.inventory.sourcing({ ...ab, pool: "web" })
    assert.equal(web.sentence, "1 parcel, from Lyon. 1 piece cannot be had.")
    const kept = await omni!.inventory.sourcing({ ...ab, floors: { paris: 25 } })
    assert.equal(kept.sentence, "2 parcels, from Lyon, Paris.")
  })

  it("holds what it plans: many at once take all there is, and no more", async () => {
    const apps = await shop()
    const wanted = Array.from({ length: 70 }, (_, i) => apps[i % 2]!.inventory.safe.sourceAndHold({ ...ab, reference: `order ${i}` }))
    const answers = await Promise.all(wanted)
    assert.equal(answers.filter(({ ok }) => ok).length, 55)
    for (const answer of answers) {
      if (answer.ok)
        assert.deepEqual(
          stockLinesOf(answer.value.plan),
          answer.value.hold.lines.map(({ sku, location, quantity }) => ({ sku, location, quantity }))
        )
      else expect(answer.error).toBeInstanceOf(OrderNotCovered)
    }
    const levels = await Promise.all(["lyon", "paris"].map((location) => apps[1]!.inventory.levels({ location })))
    assert.deepEqual(
      levels.flatMap(({ items }) => items.map(({ row }) => row.available)),
      [0, 0, 0]
    )
  })

  it("refuses an order that stock does not cover, with the plan, unless a part is accepted", async () => {
    const [omni] = await shop()
    const asked = { ...ab, order: order(["a", 60], ["b", 1]) }
    const refused = await omni!.inventory.safe.sourceAndHold(asked)
    assert.isFalse(refused.ok)
    if (!refused.ok && refused.error instanceof OrderNotCovered) {
      assert.equal(refused.error.message, "Stock does not cover the order: 5 of a cannot be had. Ask for less, or accept a part of it.")
      assert.equal(refused.error.plan.lines[0]!.short, 5)
    }
    const part = await omni!.inventory.sourceAndHold({ ...asked, accept: "part" })
    assert.equal(
      part.hold.lines.reduce((sum, { held }) => sum + held, 0),
      56
    )
  })

  it("sees what a channel sees, kits by their components, and what may be backordered; holds all of it", async () => {
    const [omni] = await shop()
    const stock = omni!.inventory
    await stock.defineArticle({ sku: "kit", components: [{ sku: "a", quantity: 4 }] })
    await stock.defineChannel({ channel: "market", buffer: 2 })
    const of = (sku: string, quantity: number, more: object = {}) => ({ ...ab, order: order([sku, quantity, more]) })
    // 30 and 25 of a are 7 and 6 kits, or 7 and 5 of 28 and 23.
    assert.isTrue((await stock.sourcing(of("kit", 13))).covered)
    const seen = await stock.sourcing({ ...of("kit", 13), channel: "market" })
    assert.equal(seen.lines[0]!.short, 1)
    const held = await stock.sourceAndHold({ ...of("kit", 13), channel: "market", accept: "part" })
    assert.deepEqual(
      held.hold.lines.map(({ location, quantity }) => [location, quantity]),
      [
        ["lyon", 7],
        ["paris", 5]
      ]
    )
    await stock.defineStock({ sku: "b", location: "paris", backorder: 10 })
    const more = await stock.sourceAndHold(of("b", 60, { backorder: true }))
    assert.deepEqual(more.plan.lines[0]!.backordered, [{ location: "paris", quantity: 5 }])
    assert.equal(more.hold.lines[0]!.held, 60)
    assert.isFalse((await stock.safe.sourceAndHold(of("b", 6, { backorder: true }))).ok)
  })

  it("hands nothing over where nothing can be collected", async () => {
    const [omni] = await shop()
    const asked = { ...ab, order: { ...order(["a", 1]), pickup: "lyon" }, rules: rules(["pickup-first"]) }
    assert.equal((await omni!.inventory.sourcing(asked)).parcels[0]!.location, "paris")
    await omni!.inventory.defineLocation({ location: "lyon", name: "Lyon", pickup: { timeZone: "Europe/Paris", hours: {} } })
    assert.equal((await omni!.inventory.sourcing(asked)).parcels[0]!.location, "lyon")
  })
})
