import { createOmni, operation } from "@omni/core"
import { memory } from "@omni/core/memory"
import { AvailabilityRequest, availabilityOf, inventory, type StockLine } from "@omni/inventory"
import { assert, it } from "vitest"
import * as z from "zod"

import { clockAt } from "./clock.ts"

const NOW = 1_800_000_000_000

const line = (sku: string, quantity: number, location: string): StockLine => ({ sku, location, quantity })

const shop = async (...stock: ReadonlyArray<StockLine>) => {
  const omni = createOmni({ store: memory(), modules: { inventory: inventory() }, clock: clockAt(NOW) })
  await omni.inventory.defineLocation({ location: "lyon", name: "Lyon Bellecour", pools: ["shops"] })
  await omni.inventory.defineLocation({ location: "paris", name: "Paris Bastille", pools: ["shops", "web"] })
  if (stock.length > 0) await omni.inventory.receive({ lines: [...stock], reason: "opening" })
  return omni
}

it("says how many are here, where else it is, and why not", async () => {
  const omni = await shop(
    line("shaver", 2, "lyon"),
    line("shaver", 4, "paris"),
    line("shaver", 9, "depot"),
    line("case", 1, "paris"),
    line("brush", 3, "lyon")
  )
  await omni.inventory.hold({ lines: [line("brush", 3, "lyon")] })
  const [shaver, few, case_, brush, ghost] = await omni.inventory.availability({
    items: [{ sku: "shaver", quantity: 2 }, { sku: "shaver", quantity: 3 }, { sku: "case" }, { sku: "brush" }, { sku: "ghost" }],
    location: "lyon"
  })
  assert.deepEqual(shaver, {
    sku: "shaver",
    requested: 2,
    available: 2,
    isAvailable: true,
    promisable: 2,
    availableAt: NOW,
    later: [],
    here: [{ location: "lyon", name: "Lyon Bellecour", available: 2 }],
    elsewhere: [
      { location: "depot", available: 9 },
      { location: "paris", name: "Paris Bastille", available: 4 }
    ],
    pickup: [{ location: "lyon", name: "Lyon Bellecour", today: false, code: "no-pickup", sentence: "Nothing can be collected here." }],
    reason: {
      code: "in-stock",
      facts: { requested: 2, available: 2, onHand: 2, reserved: 0, allocated: 0 },
      sentence: "2 of shaver can be had here."
    }
  })
  assert.deepEqual(
    [few, case_, brush, ghost].map((answer) => [answer!.isAvailable, answer!.reason.code, answer!.reason.sentence]),
    [
      [false, "insufficient", "Only 2 of shaver can be had here, not 3. 9 at depot."],
      [false, "not-kept-here", "case is not kept here. 1 at Paris Bastille."],
      [false, "reserved", "3 of brush are here, but all are reserved for others."],
      [false, "unknown-sku", "ghost is not kept anywhere."]
    ]
  )
})

it("adds up the locations of a channel's pool, and everywhere when no place is named", async () => {
  const omni = await shop(line("shaver", 2, "lyon"), line("shaver", 4, "paris"), line("shaver", 9, "depot"))
  const available = async (request: { readonly pool?: string }) =>
    (await omni.inventory.availability({ items: [{ sku: "shaver", quantity: 6 }], ...request }))[0]!
  assert.deepEqual(
    (await available({ pool: "shops" })).here.map(({ location }) => location),
    ["paris", "lyon"]
  )
  assert.deepEqual([(await available({ pool: "shops" })).isAvailable, (await available({ pool: "web" })).isAvailable], [true, false])
  assert.deepEqual((await available({})).available, 15)
  const nowhere = await available({ pool: "none" })
  assert.deepEqual([nowhere.reason.code, nowhere.elsewhere.length], ["not-kept-here", 3])
})

it("says that something is sold out, also after it was oversold", async () => {
  const omni = await shop(line("shaver", 1, "lyon"))
  await omni.inventory.sell({ lines: [line("shaver", 1, "lyon")] })
  const of = async () => (await omni.inventory.availability({ items: [{ sku: "shaver" }], location: "lyon" }))[0]!
  assert.deepEqual([(await of()).reason.code, (await of()).available], ["out-of-stock", 0])
  await omni.inventory.sell({ lines: [line("shaver", 2, "lyon")] }, { asOf: { time: 1_700_000_000_000 } })
  assert.deepEqual([(await of()).reason.code, (await of()).available, (await of()).reason.facts.onHand], ["out-of-stock", 0, -2])
})

it("can be asked inside an operation", async () => {
  const ask = operation("test.ask", z.object({ request: AvailabilityRequest }), function* (tx, { request }) {
    return availabilityOf(tx, request).map(({ available }) => available)
  })
  const omni = await shop(line("shaver", 2, "lyon"), line("shaver", 4, "paris"))
  assert.deepEqual(await omni.transact(ask, { request: { items: [{ sku: "shaver" }], pool: "shops" } }), [6])
})
