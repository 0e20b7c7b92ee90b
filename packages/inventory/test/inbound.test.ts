import { days, fromIso, minutes } from "@omni/core"
import { InboundClosed, pickupToday, type PickupTerms } from "@omni/inventory"
import { assert, it } from "vitest"

import { level } from "./level.ts"
import { issuesOf, line, NOW, shop } from "./shop.ts"

it("counts on what was bought from when it is expected, less what is promised", async () => {
  const { stock, clock } = shop()
  await stock.receive({ lines: [line("shaver", 2), line("shaver", 1, "paris")] })
  await stock.defineStock({ sku: "shaver", location: "lyon", backorder: 4 })
  await stock.hold({ lines: [line("shaver", 5)], for: "order" })
  const first = await stock.expectPurchase({ lines: [line("shaver", 4)], expectedAt: NOW + days(2), reference: "po 1" })
  await stock.expectPurchase({ lines: [line("shaver", 6)], expectedAt: NOW + days(5) })
  const of = async (quantity: number) => (await stock.availability({ items: [{ sku: "shaver", quantity }], location: "lyon" }))[0]!
  assert.deepEqual((await of(3)).later, [
    { at: NOW + days(2), quantity: 1 },
    { at: NOW + days(5), quantity: 7 }
  ])
  assert.deepInclude(await of(3), { available: 0, availableAt: NOW + days(5) })
  assert.equal(
    (await of(3)).reason.sentence,
    "2 of shaver are here, but all are reserved for others. 7 can be had from 2027-01-20. 1 at paris."
  )
  await stock.rescheduleInbound({ inbound: first.id, expectedAt: NOW + days(9) })
  assert.deepEqual(
    (await of(3)).later.map(({ quantity }) => quantity),
    [3, 7]
  )
  // What is overdue is not counted on any more, until it has come.
  clock.advance(days(6))
  assert.deepEqual(
    (await of(3)).later.map(({ quantity }) => quantity),
    [1]
  )
  await stock.receiveInbound({ inbound: first.id })
  assert.deepInclude((await stock.levels({ location: "lyon" })).items[0]?.row, { onHand: 6, incoming: 6, available: 1 })
})

it("makes as many kits later as the slowest of their components allows", async () => {
  const { stock } = shop()
  await stock.defineArticle({
    sku: "set",
    components: [
      { sku: "cup", quantity: 4 },
      { sku: "pot", quantity: 1 }
    ]
  })
  await stock.receive({ lines: [line("cup", 4), line("pot", 3)] })
  await stock.expectPurchase({ lines: [line("cup", 8)], expectedAt: NOW + days(2) })
  await stock.expectPurchase({ lines: [line("cup", 8), line("pot", 1)], expectedAt: NOW + days(4) })
  const [set] = await stock.availability({ items: [{ sku: "set", quantity: 4 }] })
  assert.deepEqual(set?.later, [
    { at: NOW + days(2), quantity: 3 },
    { at: NOW + days(4), quantity: 4 }
  ])
})

it("sends goods from one location to another, in parts, and says what has not come", async () => {
  const { stock, omni } = shop()
  await stock.receive({ lines: [line("shaver", 10), line("case", 3)] })
  await stock.hold({ lines: [line("shaver", 4)] })
  const much = await stock.safe.sendTransfer({
    from: "lyon",
    to: "paris",
    lines: [{ sku: "shaver", quantity: 7 }],
    expectedAt: NOW + days(1)
  })
  assert.isTrue(!much.ok && much.error._tag === "InsufficientStock")
  const sent = await stock.sendTransfer({
    from: "lyon",
    to: "paris",
    lines: [
      { sku: "shaver", quantity: 6 },
      { sku: "case", quantity: 3 }
    ],
    expectedAt: NOW + days(1),
    reference: "van 7"
  })
  const paris = async () => (await stock.levels({ location: "paris" })).items.map(({ row }) => row)
  assert.deepEqual((await paris())[1], level({ sku: "shaver", location: "paris", onHand: 0, inTransit: 6, incoming: 6 }))
  const part = await stock.receiveInbound({ inbound: sent.id, lines: [line("shaver", 4, "paris"), line("case", 5, "paris")] })
  assert.deepInclude(part, { status: "open" })
  // Five cases came of the three that were sent: two were found.
  assert.deepEqual(await paris(), [
    level({ sku: "case", location: "paris", onHand: 5 }),
    level({ sku: "shaver", location: "paris", onHand: 4, inTransit: 2, incoming: 2 })
  ])
  assert.deepEqual(issuesOf(await stock.safe.receiveInbound({ inbound: sent.id, lines: [line("brush", 1, "paris")] })), [
    ["lines", `brush at paris is not announced by "${sent.id}"`]
  ])
  await stock.closeInbound({ inbound: sent.id })
  assert.deepEqual((await paris())[1], level({ sku: "shaver", location: "paris", onHand: 4 }))
  const [closed] = (await omni.events({ types: [InboundClosed] })).events
  assert.deepEqual((closed!.data as { discrepancies: unknown }).discrepancies, [
    { sku: "shaver", location: "paris", quantity: -2 },
    { sku: "case", location: "paris", quantity: 2 }
  ])
  assert.equal(issuesOf(await stock.safe.receiveInbound({ inbound: sent.id })), "AlreadyClosed")
  const back = await stock.sendTransfer({ from: "paris", to: "lyon", lines: [{ sku: "shaver", quantity: 4 }], expectedAt: NOW })
  await stock.closeInbound({ inbound: back.id, rest: "returned" })
  assert.deepEqual((await paris())[1], level({ sku: "shaver", location: "paris", onHand: 4 }))
})

const berlin: PickupTerms = {
  timeZone: "Europe/Berlin",
  hours: {
    friday: [
      { from: "10:00", to: "14:00" },
      { from: "15:00", to: "19:00" }
    ],
    saturday: [{ from: "22:00", to: "02:00" }],
    sunday: [{ from: "10:00", to: "12:00" }]
  },
  closed: ["2026-12-25"],
  cutOff: "17:30",
  preparation: minutes(45)
}

it("tells whether an order can be collected today, by the clock on the shop's own wall", () => {
  const at = (iso: string, terms = berlin) => {
    const { code, readyAt } = pickupToday(terms, fromIso(iso))
    return readyAt === undefined ? code : `${code} ${new Date(readyAt).toISOString().slice(11, 16)}`
  }
  // 4 December 2026 is a Friday; Berlin is an hour ahead of UTC.
  assert.equal(at("2026-12-04T06:00:00Z"), "ready-today 09:00")
  assert.equal(at("2026-12-04T12:30:00Z"), "ready-today 14:00")
  assert.equal(at("2026-12-04T15:00:00Z"), "ready-today 15:45")
  assert.equal(at("2026-12-04T16:30:00Z"), "past-cut-off")
  assert.equal(at("2026-12-04T17:30:00Z", { ...berlin, cutOff: "19:00" }), "closes-before")
  assert.equal(at("2026-12-25T09:00:00Z"), "closed-today")
  assert.equal(at("2026-12-07T09:00:00Z"), "closed-today")
  // Open over midnight: what is ordered on Sunday at half past twelve is ready in the same night.
  assert.equal(at("2026-12-05T23:30:00Z"), "ready-today 00:15")
  // The clocks go forward on 28 March 2027: ten o'clock is at eight.
  assert.equal(at("2027-03-28T06:00:00Z"), "ready-today 08:00")
})

it("says for each shop whether what is asked for can be collected there today", async () => {
  const { stock } = shop(fromIso("2026-12-04T09:00:00Z"))
  await stock.defineLocation({ location: "lyon", name: "Lyon", pickup: { ...berlin, timeZone: "Europe/Paris" } })
  await stock.defineLocation({ location: "mitte", name: "Mitte", pickup: berlin })
  await stock.defineLocation({ location: "depot", name: "Depot" })
  await stock.receive({ lines: [line("shaver", 2), line("shaver", 1, "mitte"), line("shaver", 9, "depot")] })
  const [shaver] = await stock.availability({ items: [{ sku: "shaver", quantity: 2 }] })
  assert.deepEqual(shaver?.pickup, [
    {
      location: "lyon",
      name: "Lyon",
      today: true,
      readyAt: fromIso("2026-12-04T09:00:00Z") + minutes(45),
      code: "ready-today",
      sentence: "It can be collected today from 10:45."
    },
    { location: "mitte", name: "Mitte", today: false, code: "not-enough", sentence: "1 are here, not 2." }
  ])
})
