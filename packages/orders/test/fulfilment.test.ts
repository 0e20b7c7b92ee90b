import { days, hours } from "@omni/core"
import { FulfilmentChanged, IllegalFulfilmentChange, IllegalTransition, OrderShipped, unitsWhere, worthOf } from "@omni/orders"
import { assert, it } from "vitest"

import { eur, line, NOON, request, shop, states } from "./shop.ts"

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error)

const ship = { kind: "ship", location: "lyon" } as const

it("picks, packs, ships and delivers in parts: a line is in several states at once", async () => {
  const { omni, stock } = await shop()
  const { id } = await omni.orders.place(request({ lines: [line("shaver", 6)], fulfilment: ship }))
  await omni.orders.pick({ order: id, lines: [{ line: "1", quantity: 4 }] })
  await omni.orders.pack({ order: id, lines: [{ line: "1", quantity: 2 }] })
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 3 }], carrier: "la poste", tracking: "6A1" })
  await omni.orders.deliver({ order: id, lines: [{ line: "1", quantity: 1 }] })
  const order = await omni.orders.order({ order: id })
  assert.deepEqual(states(order), [["shaver", { delivered: 1, shipped: 2, picked: 1, allocated: 2 }]])
  assert.deepEqual([order.status, await stock("shaver")], ["allocated", [7, 3]])
  const [row] = await omni.orders.fulfilmentsOf({ order: id })
  assert.deepInclude(row!, { status: "in-progress", location: "lyon", workAt: "lyon", worth: order.totals })
  assert.deepEqual(row!.lines[0]!.states, { delivered: 1, shipped: 2, picked: 1, allocated: 2 })
  assert.deepEqual(row!.parcels, [{ carrier: "la poste", tracking: "6A1", at: NOON }])
  await omni.orders.ship({ order: id })
  assert.equal((await omni.orders.fulfilment({ fulfilment: row!.id })).status, "closed")
  const done = await omni.orders.deliver({ order: id })
  assert.deepEqual([done.status, await stock("shaver")], ["delivered", [4, 0]])
  const { events } = await omni.events({ types: [OrderShipped] })
  assert.deepEqual(
    events.map(({ data }) => {
      const { complete, worth, lines } = data as { complete: boolean; worth: { total: unknown }; lines: ReadonlyArray<{ units?: unknown }> }
      return [complete, worth.total, lines[0]!.units]
    }),
    [
      [
        false,
        eur(3000),
        [
          { from: 0, count: 2 },
          { from: 2, count: 1 }
        ]
      ],
      [
        true,
        eur(3000),
        [
          { from: 3, count: 1 },
          { from: 4, count: 2 }
        ]
      ]
    ]
  )
})

it("names how many could be taken when so many cannot", async () => {
  const { omni } = await shop()
  const { id } = await omni.orders.place(request({ lines: [line("shaver", 6)], fulfilment: ship }))
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 4 }] })
  const error = await errorOf(omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 3 }] }))
  assert.instanceOf(error, IllegalTransition)
  assert.deepInclude(error as object, { line: "1", requested: 3, possible: 2, attempted: "ship", state: "allocated" })
  const wrong = await errorOf(omni.orders.ready({ order: id }))
  assert.deepEqual([...(wrong as IllegalTransition).allowed], ["pick", "pack", "ship", "backorder", "unassign", "cancel", "edit"])
})

it("shares an order out to several locations, and tells each what to pick", async () => {
  const { omni, stock } = await shop()
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "paris", quantity: 5 }] })
  const order = await omni.orders.place(
    request({
      lines: [line("shaver", 6), line("case", 2)],
      fulfilments: [
        { kind: "ship", location: "paris", lines: [{ line: "1", quantity: 4 }] },
        { kind: "pickup", location: "lyon", lines: [{ line: "1" }, { line: "2", quantity: 1 }] }
      ]
    })
  )
  assert.deepEqual(states(order), [
    ["shaver", { allocated: 6 }],
    ["case", { allocated: 1, placed: 1 }]
  ])
  assert.deepEqual(
    [await stock("shaver", "paris"), await stock("shaver"), await stock("case")],
    [
      [5, 4],
      [10, 2],
      [10, 1]
    ]
  )
  const [paris, lyon] = order.fulfilments
  assert.deepEqual(await omni.orders.pickList({ location: "lyon" }), [
    { sku: "shaver", quantity: 2, for: [{ fulfilment: lyon!, order: order.id, line: "1", quantity: 2 }] },
    { sku: "case", quantity: 1, for: [{ fulfilment: lyon!, order: order.id, line: "2", quantity: 1 }] }
  ])
  await omni.orders.pick({ order: order.id, fulfilment: paris! })
  assert.deepEqual(await omni.orders.pickList({ location: "paris" }), [])
  const later = await omni.orders.assign({ order: order.id, fulfilment: { kind: "ship", location: "lyon" } })
  assert.deepEqual([later.fulfilments.length, states(later)[1]], [3, ["case", { allocated: 2 }]])
  const worth = (await omni.orders.fulfilmentsOf({ order: order.id })).map((row) => row.worth.total.amount)
  assert.deepEqual(worth, [4000, 3000, 1000])
})

it("is not touched while it is on hold, and goes on when every reason is gone", async () => {
  const { omni } = await shop()
  const { id, fulfilments } = await omni.orders.place(request({ fulfilment: ship }))
  const fulfilment = fulfilments[0]!
  await omni.orders.holdFulfilment({ order: id, fulfilment, reason: "fraud-check" })
  await omni.orders.holdFulfilment({ order: id, fulfilment, reason: "address", note: "no number" })
  const error = await errorOf(omni.orders.pick({ order: id, fulfilment }))
  assert.instanceOf(error, IllegalFulfilmentChange)
  assert.deepInclude(error as object, { status: "on-hold", attempted: "work" })
  assert.deepEqual([...(error as IllegalFulfilmentChange).allowed], ["hold", "release", "move", "split", "reschedule", "book", "close"])
  assert.instanceOf(await errorOf(omni.orders.ship({ order: id })), IllegalTransition)
  assert.deepEqual(await omni.orders.pickList({ location: "lyon" }), [])
  await omni.orders.releaseFulfilment({ order: id, fulfilment, reason: "address" })
  assert.equal((await omni.orders.fulfilment({ fulfilment })).status, "on-hold")
  await omni.orders.releaseFulfilment({ order: id, fulfilment })
  assert.equal((await omni.orders.ship({ order: id })).status, "shipped")
})

it("moves to another location with its stock, splits and merges", async () => {
  const { omni, stock } = await shop()
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "paris", quantity: 5 }] })
  const { id, fulfilments } = await omni.orders.place(request({ lines: [line("shaver", 4)], fulfilment: ship }))
  const first = fulfilments[0]!
  const second = (await omni.orders.splitFulfilment({ order: id, fulfilment: first, lines: [{ line: "1", quantity: 3 }] })).fulfilments[1]!
  const moved = await omni.orders.moveFulfilment({ order: id, fulfilment: second, to: "paris" })
  assert.deepEqual([moved.location, await stock("shaver"), await stock("shaver", "paris")], [undefined, [10, 1], [5, 3]])
  const differ = await omni.orders.safe.mergeFulfilments({ order: id, fulfilment: second, into: first })
  assert.isTrue(!differ.ok && differ.error._tag === "FulfilmentsDiffer")
  const back = await omni.orders.moveFulfilment({ order: id, fulfilment: second, to: "lyon" })
  assert.equal(back.location, "lyon")
  await omni.orders.mergeFulfilments({ order: id, fulfilment: second, into: first })
  assert.equal((await omni.orders.fulfilment({ fulfilment: second })).status, "cancelled")
  const done = await omni.orders.ship({ order: id, fulfilment: first })
  assert.deepEqual([states(done), await stock("shaver")], [[["shaver", { shipped: 4 }]], [6, 0]])
  const begun = await omni.orders.safe.moveFulfilment({ order: id, fulfilment: first, to: "paris" })
  assert.isTrue(!begun.ok && begun.error._tag === "IllegalFulfilmentChange")
  const { events } = await omni.events({ types: [FulfilmentChanged] })
  assert.deepEqual(
    events.map(({ data }) => (data as { readonly change: string }).change),
    ["split", "moved", "moved", "merged"]
  )
})

it("is given up by a location, and assigned to another", async () => {
  const { omni, stock } = await shop()
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "paris", quantity: 5 }] })
  const { id, fulfilments } = await omni.orders.place(request({ lines: [line("shaver", 4)], fulfilment: ship }))
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 1 }] })
  await omni.orders.pick({ order: id, lines: [{ line: "1", quantity: 1 }] })
  const left = await omni.orders.closeFulfilment({ order: id, fulfilment: fulfilments[0]!, reason: "closing early" })
  assert.deepEqual([states(left), await stock("shaver")], [[["shaver", { shipped: 1, placed: 3 }]], [9, 0]])
  assert.equal((await omni.orders.fulfilment({ fulfilment: fulfilments[0]! })).status, "incomplete")
  await omni.orders.assign({ order: id, fulfilment: { kind: "ship", location: "paris" } })
  assert.equal((await omni.orders.ship({ order: id })).status, "shipped")
  assert.deepEqual(await stock("shaver", "paris"), [2, 0])
})

it("delivers one order on many days, in parts: what each delivery is worth adds up to it", async () => {
  const { omni, stock, clock } = await shop()
  await omni.inventory.receive({ lines: [{ sku: "blade", location: "lyon", quantity: 1000 }] })
  const day = (n: number) => NOON + days(n)
  const part = (n: number, quantity: number) => ({
    kind: "delivery" as const,
    location: "lyon",
    on: day(n),
    opens: day(n - 1),
    allocate: "due" as const,
    lines: [{ line: "1", quantity }]
  })
  const order = await omni.orders.place({
    currency: "EUR",
    taxIncluded: false,
    lines: [
      {
        ...line("blade", 1000, 333),
        adjustments: [{ code: "contract", amount: eur(-10_007) }],
        taxes: [{ code: "vat", rate: "0.2", amount: eur(64_599) }]
      }
    ],
    charges: [{ code: "freight", amount: eur(9999), taxes: [{ code: "vat", rate: "0.2", amount: eur(2000) }] }],
    fulfilments: [part(10, 333), part(20, 333), part(30, 334)]
  })
  assert.deepEqual([states(order), await stock("blade")], [[["blade", { placed: 1000 }]], [1000, 0]])
  const rows = await omni.orders.fulfilmentsOf({ order: order.id })
  assert.deepEqual(
    rows.map(({ status, on }) => [status, on]),
    [10, 20, 30].map((n) => ["scheduled" as const, day(n)])
  )
  const sum = (of: "total" | "tax" | "charges" | "adjustments") => rows.reduce((all, { worth }) => all + worth[of].amount, 0)
  for (const of of ["total", "tax", "charges", "adjustments"] as const) assert.equal(sum(of), order.totals[of].amount)

  clock.advance(days(9))
  await omni.drain()
  assert.deepEqual(await stock("blade"), [1000, 333])
  await omni.orders.ship({ order: order.id, fulfilment: order.fulfilments[0]! })
  await omni.orders.reschedule({ order: order.id, fulfilment: order.fulfilments[1]!, opens: day(24), on: day(25) })
  const early = await omni.orders.splitFulfilment({
    order: order.id,
    fulfilment: order.fulfilments[2]!,
    lines: [{ line: "1", quantity: 100 }],
    opens: day(14),
    on: day(15)
  })
  clock.advance(days(5) + hours(1))
  await omni.drain()
  assert.deepEqual(states(await omni.orders.order({ order: order.id })), [["blade", { shipped: 333, placed: 567, allocated: 100 }]])
  const all = await omni.orders.fulfilmentsOf({ order: order.id })
  assert.equal(early.fulfilments.length, 4)
  assert.equal(
    all.reduce((total, { worth }) => total + worth.total.amount, 0),
    order.totals.total.amount
  )
  clock.advance(days(60))
  await omni.drain()
  await omni.orders.ship({ order: order.id })
  const shipped = (await omni.events({ types: [OrderShipped] })).events
  const told = shipped.reduce((total, { data }) => total + (data as { worth: { total: { amount: number } } }).worth.total.amount, 0)
  assert.equal(told, order.totals.total.amount)
  const whole = worthOf(
    order,
    order.lines.map((one) => ({ line: one, units: unitsWhere([one], () => true) }))
  )
  assert.deepEqual(whole.totals, order.totals)
})

it("opens by hand before its day, and is rescheduled to now", async () => {
  const { omni } = await shop()
  const later = { ...ship, opens: NOON + days(2) }
  const { id, fulfilments } = await omni.orders.place(
    request({
      lines: [line("shaver"), line("case")],
      fulfilments: [
        { ...later, lines: [{ line: "1" }] },
        { ...later, lines: [{ line: "2" }] }
      ]
    })
  )
  const early = await errorOf(omni.orders.pick({ order: id, fulfilment: fulfilments[0]! }))
  assert.deepInclude(early as object, { status: "scheduled" })
  await omni.orders.open({ order: id, fulfilment: fulfilments[0]! })
  await omni.orders.reschedule({ order: id, fulfilment: fulfilments[1]!, opens: NOON })
  assert.equal((await omni.orders.ship({ order: id })).status, "shipped")
  const twice = await omni.orders.safe.open({ order: id, fulfilment: fulfilments[0]! })
  assert.isTrue(!twice.ok && twice.error._tag === "IllegalFulfilmentChange")
})
