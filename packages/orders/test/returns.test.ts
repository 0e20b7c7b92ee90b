import { days } from "@omni/core"
import { IllegalReturnChange, type NotReturnable, RefundDue, ReturnReceived } from "@omni/orders"
import { assert, it } from "vitest"

import { eur, line, request, shop, states } from "./shop.ts"

const errorOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => undefined).catch((error: unknown) => error)
const carryOut = { kind: "carry-out", location: "lyon" } as const
const ship = { kind: "ship", location: "lyon" } as const
const shipping = { code: "shipping", amount: eur(495) }

/** What is due by each fact so far: amount, reason. */
const due = async ({ events }: { events: Awaited<ReturnType<typeof shop>>["omni"]["events"] }) =>
  (await events({ types: [RefundDue] })).events.map(({ data }) => {
    const { amount, reason } = data as { readonly amount: { readonly amount: number }; readonly reason: string }
    return [reason, amount.amount]
  })

it("takes goods back from request to receipt: stock where its condition belongs, money by the unit", async () => {
  const put = new Map<string, unknown>() // an operation may run twice
  const { omni, stock } = await shop({
    putAway: function* (_tx, { lines, condition }) {
      put.set(condition, lines)
    }
  })
  const discounted = { ...line("shaver", 3, 1000), adjustments: [{ code: "promo", amount: eur(-1000) }] }
  const order = await omni.orders.place(request({ lines: [discounted], fulfilment: ship, charges: [shipping] }))
  await omni.orders.ship({ order: order.id })
  await omni.orders.deliver({ order: order.id })
  const asked = await omni.orders.requestReturn({
    order: order.id,
    lines: [{ line: "1", quantity: 2 }],
    reason: "too-small",
    location: "lyon"
  })
  assert.deepEqual([asked.status, asked.resolution], ["requested", "refund"])
  const soon = await errorOf(omni.orders.receiveReturn({ return: asked.id, lines: [{ line: "1", quantity: 1, condition: "sellable" }] }))
  assert.instanceOf(soon, IllegalReturnChange)
  assert.deepEqual([...(soon as IllegalReturnChange).allowed], ["approve", "reject", "cancel"])
  await omni.orders.approveReturn({ return: asked.id })
  const first = await omni.orders.receiveReturn({ return: asked.id, lines: [{ line: "1", quantity: 1, condition: "damaged" }] })
  assert.deepEqual([first.return.status, states(first.order)], ["approved", [["shaver", { returned: 1, delivered: 2 }]]])
  const more = await errorOf(omni.orders.receiveReturn({ return: asked.id, lines: [{ line: "1", quantity: 2, condition: "sellable" }] }))
  assert.deepEqual((more as NotReturnable).problems, [{ code: "not-expected", at: "1", possible: 1 }])
  const second = await omni.orders.receiveReturn({ return: asked.id, lines: [{ line: "1", quantity: 1, condition: "quality-control" }] })
  assert.deepEqual(second.return.lines[0]!.received, { damaged: 1, "quality-control": 1 })
  assert.equal(second.return.status, "received")
  assert.deepEqual(
    [...put],
    [
      ["damaged", [{ sku: "shaver", location: "lyon", quantity: 1 }]],
      ["quality-control", [{ sku: "shaver", location: "lyon", quantity: 1 }]]
    ]
  )
  assert.deepEqual(await stock("shaver"), [7, 0])
  const last = await omni.orders.takeBack({
    order: order.id,
    reason: "too-small",
    location: "lyon",
    lines: [{ line: "1", quantity: 1, condition: "sellable" }]
  })
  // 2000 in thirds: 666, 667, 667; the shipping comes back with the last of it.
  assert.deepEqual(await due(omni), [
    ["return", 666],
    ["return", 667],
    ["return", 667 + 495]
  ])
  assert.deepEqual([last.order.status, last.order.refunds], ["returned", { due: eur(2495), charges: eur(495) }])
  assert.sameDeepMembers(
    (await omni.orders.refundsOf({ order: order.id })).items.map(({ row }) => [row.goods.amount, row.charges.amount]),
    [
      [666, 0],
      [667, 0],
      [667, 495]
    ]
  )
  assert.equal((await omni.orders.returnsOf({ order: order.id })).items.length, 2)
})

it("puts what is sellable on the shelf, unless told otherwise", async () => {
  const { omni, stock } = await shop()
  const { id } = await omni.orders.place(request({ fulfilment: carryOut }))
  await omni.orders.takeBack({
    order: id,
    reason: "gift",
    location: "lyon",
    lines: [
      { line: "2", quantity: 1, condition: "sellable" },
      { line: "2", quantity: 1, condition: "damaged" }
    ]
  })
  assert.deepEqual(await stock("case"), [9, 0])
})

it("holds returns to the policy, names all that stands against them, and lets grace prevail", async () => {
  const { omni, clock } = await shop({
    returns: { window: days(14), excluded: ["case"], reasons: { "too-small": {}, defective: {} } }
  })
  const order = await omni.orders.place(request({ lines: [line("shaver", 2), line("case")], fulfilment: ship }))
  await omni.orders.ship({ order: order.id, lines: ["2", { line: "1", quantity: 1 }] })
  await omni.orders.deliver({ order: order.id })
  const ask = (reason: string, ...lines: ReadonlyArray<{ line: string; quantity: number }>) => ({
    order: order.id,
    reason,
    lines: [...lines]
  })
  const error = await errorOf(omni.orders.requestReturn(ask("whim", { line: "1", quantity: 2 }, { line: "2", quantity: 1 })))
  assert.deepEqual((error as NotReturnable).problems, [
    { code: "unknown-reason", at: "whim" },
    {
      code: "not-had",
      at: "1",
      possible: 1,
      state: "allocated",
      allowed: ["pick", "pack", "ship", "backorder", "unassign", "cancel", "edit"]
    },
    { code: "excluded", at: "2" }
  ])
  clock.advance(days(14))
  const open = await omni.orders.requestReturn(ask("too-small", { line: "1", quantity: 1 }))
  const twice = await errorOf(omni.orders.requestReturn(ask("too-small", { line: "1", quantity: 1 })))
  assert.deepEqual((twice as NotReturnable).problems, [
    {
      code: "not-had",
      at: "1",
      possible: 0,
      state: "allocated",
      allowed: ["pick", "pack", "ship", "backorder", "unassign", "cancel", "edit"]
    }
  ])
  await omni.orders.rejectReturn({ return: open.id, note: "worn" })
  clock.advance(1)
  const late = await errorOf(omni.orders.requestReturn(ask("too-small", { line: "1", quantity: 1 })))
  assert.deepEqual((late as NotReturnable).problems, [{ code: "window-over", at: "1", possible: 0 }])
  const grace = await omni.orders.requestReturn({ ...ask("whim", { line: "1", quantity: 1 }, { line: "2", quantity: 1 }), goodwill: true })
  const kept = await omni.orders.cancelReturn({ return: grace.id })
  assert.deepEqual([kept.status, (await omni.orders.returns({ status: "cancelled" })).items.length], ["cancelled", 1])
  assert.deepEqual(states(await omni.orders.order({ order: order.id })), [
    ["shaver", { delivered: 1, allocated: 1 }],
    ["case", { delivered: 1 }]
  ])
})

it("keeps an order to the terms that it was placed on, and its fees by reason", async () => {
  const fees = { restocking: "0.15", shipping: [eur(300)] }
  const { omni } = await shop({ returns: { window: 0 } })
  const terms = { window: "none", approval: "auto", fees, reasons: { defective: {}, whim: fees } } as const
  const order = await omni.orders.place(
    request({ lines: [line("shaver", 4, 1000)], fulfilment: carryOut, terms: structuredClone(terms) as never })
  )
  const back = (reason: string, quantity: number) =>
    omni.orders.takeBack({ order: order.id, reason, location: "lyon", lines: [{ line: "1", quantity, condition: "sellable" }] })
  assert.deepEqual((await back("defective", 1)).refund?.fees, [])
  const { refund } = await back("whim", 1)
  assert.deepEqual(refund?.fees, [
    { code: "restocking", amount: eur(150) },
    { code: "return-shipping", amount: eur(300) }
  ])
  assert.deepEqual([refund?.goods, refund?.amount], [eur(1000), eur(550)])
  const open = await omni.orders.requestReturn({ order: order.id, reason: "whim", lines: [{ line: "1", quantity: 2 }], location: "lyon" })
  assert.equal(open.status, "approved")
  const come = (deduction: number) =>
    omni.orders.receiveReturn({ return: open.id, deduction: eur(deduction), lines: [{ line: "1", quantity: 1, condition: "damaged" }] })
  assert.equal((await come(100)).refund?.amount.amount, 1000 - 100 - 150 - 300)
  assert.deepEqual((await come(5000)).refund?.amount, eur(0))
  assert.deepEqual(
    (await due(omni)).map(([, amount]) => amount),
    [1000, 550, 450]
  )
})

it("exchanges for as much, for more and for less: the linked order is placed in the same commit", async () => {
  const { omni, stock } = await shop()
  const order = await omni.orders.place(request({ lines: [line("shaver", 3, 1000)], fulfilment: carryOut }))
  const swap = (sku: string, unitPrice: number) =>
    omni.orders.takeBack({
      order: order.id,
      reason: "too-small",
      location: "lyon",
      lines: [{ line: "1", quantity: 1, condition: "sellable" }],
      replacement: { lines: [line(sku, 1, unitPrice)], fulfilment: carryOut }
    })
  const even = await swap("case", 1000)
  assert.deepEqual([even.refund?.amount, even.refund?.credited], [eur(0), eur(1000)])
  assert.deepInclude(even.replacement!, {
    status: "collected",
    customer: "ann",
    exchange: { order: order.id, return: even.return.id, credit: eur(1000) }
  })
  const more = await swap("case", 1500)
  assert.deepEqual(
    [more.refund?.amount, more.replacement?.exchange?.credit, more.replacement?.totals.total],
    [eur(0), eur(1000), eur(1500)]
  )
  const less = await swap("case", 400)
  assert.deepEqual([less.refund?.amount, less.replacement?.exchange?.credit], [eur(600), eur(400)])
  assert.deepEqual([states(less.order), less.order.status], [[["shaver", { exchanged: 3 }]], "exchanged"])
  assert.deepEqual(
    [await stock("shaver"), await stock("case")],
    [
      [10, 0],
      [7, 0]
    ]
  )
  const { events } = await omni.events({ types: [ReturnReceived] })
  assert.deepEqual(
    events.map(({ data }) => (data as { readonly replacement?: string }).replacement),
    [even, more, less].map(({ replacement }) => replacement?.id)
  )
  const none = await omni.orders.safe.takeBack({
    order: even.replacement!.id,
    reason: "too-small",
    location: "lyon",
    lines: [{ line: "1", quantity: 1, condition: "sellable" }],
    replacement: { lines: [line("razor")], fulfilment: ship }
  })
  assert.isTrue(!none.ok && none.error._tag === "InsufficientStock")
  assert.deepEqual(states(await omni.orders.order({ order: even.replacement!.id })), [["case", { collected: 1 }]])
})

it("gives back what was cancelled, and the charges with the last of it", async () => {
  for (const [policy, expected] of [
    ["all", [1000, 3495]],
    ["share", [1124, 3371]],
    ["never", [1000, 3495]]
  ] as const) {
    const { omni } = await shop({ returns: { charges: policy } })
    const { id } = await omni.orders.place(request({ lines: [line("shaver", 4, 1000)], fulfilment: ship, charges: [shipping] }))
    await omni.orders.cancel({ order: id, lines: [{ line: "1", quantity: 1 }] })
    await omni.orders.cancel({ order: id })
    assert.deepEqual(
      (await due(omni)).map(([, amount]) => amount),
      [...expected]
    )
  }
  const { omni } = await shop({ returns: { charges: "never" } })
  const { id } = await omni.orders.place(request({ lines: [line("shaver", 2, 1000)], fulfilment: ship, charges: [shipping] }))
  await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 1 }] })
  await omni.orders.cancel({ order: id })
  await omni.orders.takeBack({ order: id, reason: "late", location: "lyon", lines: [{ line: "1", quantity: 1, condition: "sellable" }] })
  assert.deepEqual(
    (await due(omni)).map(([, amount]) => amount),
    [1000, 1000]
  )
})

it("gives up what nobody collects in time", async () => {
  const { omni, stock, clock } = await shop()
  const pickup = { kind: "pickup", location: "lyon", keptFor: days(7) } as const
  const { id, fulfilments } = await omni.orders.place(request({ fulfilment: pickup }))
  const { pickupCode = "" } = await omni.orders.ready({ order: id, lines: ["1"] })
  clock.advance(days(3))
  await omni.orders.ready({ order: id, lines: ["2"] })
  assert.equal((await omni.orders.fulfilment({ fulfilment: fulfilments[0]! })).collectBy, clock.now() + days(4))
  await omni.orders.collect({ order: id, code: pickupCode, lines: ["1"] })
  clock.advance(days(4))
  await omni.drain()
  assert.deepEqual(states(await omni.orders.order({ order: id })), [
    ["shaver", { collected: 1 }],
    ["case", { cancelled: 2 }]
  ])
  assert.deepEqual([await due(omni), await stock("case")], [[["no-show", 3000]], [10, 0]])
  const again = await omni.orders.safe.byPickupCode({ location: "lyon", code: pickupCode })
  assert.isTrue(!again.ok && again.error._tag === "OrderNotFound")
  assert.deepEqual((await omni.deadLetters()).items, [])
})
