import { days } from "@omni/core"
import { assert, it } from "vitest"

import { issuesOf, line, NOW, shop } from "./shop.ts"

const milk = (quantity: number, lot: string, expires: number, location = "lyon") => ({
  ...line("milk", quantity, location),
  lots: [{ lot, quantity, expiresAt: NOW + days(expires) }]
})
const withMilk = async () => {
  const opened = shop()
  await opened.stock.defineArticle({ sku: "milk", tracking: "lot" })
  await opened.stock.receive({ lines: [milk(3, "late", 20), milk(3, "early", 5), milk(3, "old", 1)] })
  await opened.stock.receive({ lines: [milk(4, "early", 5, "paris")] })
  const lots = async (location = "lyon") =>
    (await opened.stock.lots({ sku: "milk" })).items
      .filter(({ row }) => row.location === location)
      .flatMap(({ row }) => row.lots.map(({ lot, state, quantity }) => `${quantity} ${lot} ${state}`))
      .sort()
  return { ...opened, lots }
}

it("sells the lot that expires first, and none that has expired", async () => {
  const { stock, clock, lots } = await withMilk()
  await stock.sell({ lines: [line("milk", 4)] })
  assert.deepEqual(await lots(), ["2 early on-hand", "3 late on-hand"])
  clock.advance(days(6))
  const { id } = await stock.hold({ lines: [line("milk", 3)] })
  await stock.commitHold({ hold: id })
  assert.deepEqual(await lots(), ["2 early on-hand"])
  const expired = await stock.safe.sell({ lines: [line("milk", 1)] })
  assert.deepEqual(issuesOf(expired), [["lines", "the lots of milk at lyon hold 0 in on-hand that can go, not 1"]])
  await stock.moveStock({ lines: [line("milk", 2)], from: "on-hand", to: "write-off", reason: "expired" })
  assert.deepEqual(await lots(), [])
})

it("takes the lots that are named, if they are there", async () => {
  const { stock, lots } = await withMilk()
  const { id } = await stock.hold({ lines: [line("milk", 2)] })
  await stock.commitHold({ hold: id, lines: [{ ...line("milk", 2), lots: [{ lot: "late", quantity: 2 }] }] })
  assert.include(await lots(), "1 late on-hand")
  const wrong = await stock.safe.sell({ lines: [{ ...line("milk", 2), lots: [{ lot: "late", quantity: 2 }] }] })
  assert.deepEqual(issuesOf(wrong), [["lines", "the lots of milk at lyon: there are 1 of lot late in on-hand, not 2"]])
  const unnamed = await stock.safe.receive({ lines: [line("milk", 2)] })
  assert.deepEqual(issuesOf(unnamed), [["lines", "the lots of milk at lyon have to be named of what comes in, for it is tracked by lot"]])
})

it("calls a lot back wherever it lies, and what comes in of it later", async () => {
  const { stock, lots } = await withMilk()
  assert.sameDeepMembers(
    [...(await stock.recallLot({ sku: "milk", lot: "early", reason: "spoilt" }))],
    [
      { location: "lyon", quantity: 3 },
      { location: "paris", quantity: 4 }
    ]
  )
  assert.deepEqual(await lots("paris"), ["4 early quality-control"])
  const [after] = await stock.receive({
    lines: [
      {
        ...milk(2, "early", 5),
        quantity: 3,
        lots: [
          { lot: "early", quantity: 2 },
          { lot: "new", quantity: 1 }
        ]
      }
    ]
  })
  assert.deepInclude(after, { onHand: 7, qualityControl: 5 })
  assert.deepEqual(await lots(), ["1 new on-hand", "3 late on-hand", "3 old on-hand", "5 early quality-control"])
  const traced = (await stock.trace({ sku: "milk", lot: "early" })).items.map(({ row }) => `${row.quantity} ${row.from} → ${row.to}`)
  assert.sameMembers(traced, [
    "3 supplier → on-hand@lyon",
    "4 supplier → on-hand@paris",
    "3 on-hand@lyon → quality-control@lyon",
    "4 on-hand@paris → quality-control@paris",
    "2 supplier → quality-control@lyon"
  ])
})

it("knows each piece by its number, and none twice", async () => {
  const { stock } = shop()
  await stock.defineArticle({ sku: "phone", tracking: "serial" })
  const phones = (location: string, ...serials: Array<string>) => ({ ...line("phone", serials.length, location), serials })
  await stock.receive({ lines: [phones("lyon", "p1", "p2")] })
  assert.deepEqual(issuesOf(await stock.safe.receive({ lines: [phones("paris", "p1")] })), [
    ["lines", "the serials of phone at paris: p1 is at lyon already (on-hand)"]
  ])
  assert.deepEqual(issuesOf(await stock.safe.receive({ lines: [{ ...phones("lyon", "p3"), quantity: 2 }] })), [
    ["lines", "the serials of phone at lyon name 1 pieces, and the line is of 2"]
  ])
  const { id } = await stock.hold({ lines: [line("phone", 1)] })
  assert.deepEqual(issuesOf(await stock.safe.commitHold({ hold: id })), [
    ["lines", "the serials of phone at lyon name 0 pieces, and the line is of 1"]
  ])
  await stock.commitHold({ hold: id, lines: [phones("lyon", "p2")] })
  assert.deepEqual(
    (await stock.serials({ sku: "phone", location: "lyon" })).items.map(({ row }) => row.serial),
    ["p1"]
  )
  assert.deepEqual(issuesOf(await stock.safe.sell({ lines: [phones("lyon", "p2")] })), [
    ["lines", "the serials of phone at lyon: p2 is not at lyon (on-hand)"]
  ])
  const sent = await stock.sendTransfer({
    from: "lyon",
    to: "paris",
    lines: [{ sku: "phone", quantity: 1, serials: ["p1"] }],
    expectedAt: NOW
  })
  await stock.receiveInbound({ inbound: sent.id, lines: [phones("paris", "p1")] })
  await stock.receive({ lines: [phones("paris", "p2")], from: "customer", reason: "returned" })
  assert.deepEqual(
    (await stock.serials({ sku: "phone", location: "paris" })).items.map(({ row }) => row.serial),
    ["p1", "p2"]
  )
})
