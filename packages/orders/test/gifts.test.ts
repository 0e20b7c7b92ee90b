import { checkInvoice, type FulfilmentRequest, invoiceOf, type LineRequest, OrderPlaced, RefundDue } from "@omni/orders"
import { assert, it } from "vitest"

import { office, person } from "./invoice/office.ts"
import { payShop } from "./payment/shop.ts"
import { eur, line, request, shop, states } from "./shop.ts"

/** Something for nothing, at the rate of 19 %. */
const gift = (sku: string, quantity = 1, id = `gift ${sku}`): LineRequest => ({
  id,
  sku,
  quantity,
  unitPrice: eur(0),
  gift: "spring",
  adjustments: [{ code: "spring", label: "Spring gift", amount: eur(0) }],
  taxes: [{ code: "standard", rate: "0.19", amount: eur(0) }]
})

const shaverAnd = (...gifts: ReadonlyArray<LineRequest>) => request({ lines: [line("shaver", 1, 9900), ...gifts] })

it("places a gift as a line that costs nothing, whose stock is kept like any other's", async () => {
  const { omni, stock } = await shop()
  const order = await omni.orders.place(shaverAnd(gift("case", 2)))
  assert.deepEqual(states(order), [
    ["shaver", { allocated: 1 }],
    ["case", { allocated: 2 }]
  ])
  assert.deepEqual([order.totals.total.amount, order.lines[1]?.gift, order.giftsMissing], [9900, "spring", undefined])
  assert.deepEqual(await stock("case"), [10, 2])
  const [placed] = (await omni.events({ types: [OrderPlaced] })).events
  assert.equal((placed!.data as { lines: ReadonlyArray<{ gift?: string }> }).lines[1]?.gift, "spring")
  await omni.close()
})

it("goes through without a gift that is not in stock, and says so", async () => {
  const { omni, stock } = await shop()
  const order = await omni.orders.place(shaverAnd(gift("case", 11), gift("shaver", 9), gift("none", 1)))
  assert.deepEqual(
    order.lines.map(({ sku }) => sku),
    ["shaver", "shaver"]
  )
  const missing = [
    { line: "gift none", sku: "none", quantity: 1, gift: "spring" },
    { line: "gift case", sku: "case", quantity: 11, gift: "spring" }
  ]
  assert.sameDeepMembers(order.giftsMissing ?? [], missing)
  const [placed] = (await omni.events({ types: [OrderPlaced] })).events
  assert.sameDeepMembers((placed!.data as { giftsMissing: Array<object> }).giftsMissing, missing)
  assert.deepEqual(await stock("shaver"), [10, 10])
  await omni.close()
})

it("gives up the gift for the sake of what is bought of the same article, and refuses nobody for a gift", async () => {
  const { omni } = await shop()
  const ten = await omni.orders.place(request({ lines: [line("shaver", 10), gift("shaver")] }))
  assert.deepEqual([ten.lines.length, ten.giftsMissing?.length], [1, 1])
  const more = await omni.orders.safe.place(request({ lines: [line("case", 11), gift("case"), gift("shaver")] }))
  if (more.ok || more.error._tag !== "InsufficientStock") assert.fail("There are no eleven")
  assert.deepEqual(
    more.error.shortages.map(({ sku, requested }) => [sku, requested]),
    [["case", 11]]
  )
  await omni.close()
})

it("goes with the fulfilment that names it, which is none where it is missing", async () => {
  const { omni } = await shop()
  const lines = [line("shaver"), gift("case", 1), gift("gone", 1, "other")]
  const at = (id: string): FulfilmentRequest => ({ kind: "pickup", location: "lyon", lines: [{ line: id }] })
  const order = await omni.orders.place(request({ lines, fulfilments: [at("1"), at("gift case"), at("other")] }))
  assert.equal(order.fulfilments.length, 2)
  assert.deepEqual(states(order), [
    ["shaver", { allocated: 1 }],
    ["case", { allocated: 1 }]
  ])
  const waiting = await omni.orders.place(request({ lines: [line("shaver"), gift("case", 20)], backorder: true }))
  assert.deepEqual(states(waiting)[1], ["case", { allocated: 9, backordered: 11 }])
  await omni.close()
})

it("does not stop an order that is sourced from wherever it is best served", async () => {
  const { omni } = await shop()
  await omni.inventory.defineLocation({
    location: "lyon",
    name: "Lyon",
    pools: ["web"],
    coordinates: { latitude: 45.764, longitude: 4.8357 }
  })
  const { fulfilment: _, ...asked } = shaverAnd(gift("case", 2), gift("case", 20, "many"), gift("none"))
  const place = (lines: ReadonlyArray<LineRequest>) =>
    omni.orders.safe.placeSourced({
      ...asked,
      lines: [...lines],
      by: { kind: "ship" },
      sourcing: { destination: { latitude: 43.3, longitude: 5.4 }, rules: { rank: ["fewest-parcels"] } }
    })
  const done = await place(asked.lines)
  if (!done.ok) assert.fail(done.error.message)
  assert.deepEqual(
    [done.value.lines.map(({ id }) => id), done.value.giftsMissing?.map(({ line: id }) => id)],
    [
      ["1", "gift case"],
      ["gift none", "many"]
    ]
  )
  const short = await place([line("shaver", 11), gift("case", 1)])
  assert.isTrue(!short.ok && short.error._tag === "OrderNotCovered")
  await omni.close()
})

it("is no gift where it costs something", async () => {
  const { omni } = await shop()
  const wrong = await omni.orders.safe.place(shaverAnd({ ...gift("case"), taxes: [{ code: "standard", rate: "0.19", amount: eur(1) }] }))
  if (wrong.ok || wrong.error._tag !== "InvalidOrder") assert.fail("It was placed")
  assert.deepEqual(wrong.error.problems, [{ code: "paid-gift", at: "gift case" }])
  await omni.close()
})

it("gives nothing back for a gift that returns, not of the charges either, and all of them for what was bought", async () => {
  const { omni } = await shop()
  const free = { ...line("shaver", 1, 9900), adjustments: [{ code: "all", amount: eur(-9900) }] }
  const order = await omni.orders.place(
    request({
      lines: [free, gift("case")],
      charges: [{ code: "shipping", amount: eur(490) }],
      terms: { window: 86_400_000, charges: "share" }
    })
  )
  await omni.orders.cancel({ order: order.id, lines: [{ line: "gift case" }] })
  const due = async () =>
    (await omni.events({ types: [RefundDue] })).events.map(({ data }) => (data as { amount: { amount: number } }).amount.amount)
  assert.deepEqual(
    (await due()).filter((amount) => amount !== 0),
    []
  )
  await omni.orders.cancel({ order: order.id })
  assert.deepEqual(
    (await due()).filter((amount) => amount !== 0),
    [490]
  )
  await omni.close()
})

it("is on a valid invoice, at whatever rate, in net and gross prices, and on the credit note when all comes back", async () => {
  for (const taxIncluded of [true, false]) {
    const { omni } = await office()
    const taxed = { ...line("shaver", 1, taxIncluded ? 11_900 : 10_000), taxes: [{ code: "standard", rate: "0.19", amount: eur(1_900) }] }
    const reduced = { ...gift("case", 2), taxes: [{ code: "reduced", rate: "0.07", amount: eur(0) }] }
    const free = { ...gift("card"), taxes: [{ code: "exempt", rate: "0", amount: eur(0) }] }
    const asked = { ...request({ lines: [taxed, reduced, free, gift("shaver")] }), taxIncluded, fulfilment: { kind: "carry-out" } as const }
    const { id } = await omni.orders.place(asked)
    const invoice = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id }, buyer: person })
    assert.deepEqual(checkInvoice(invoiceOf(invoice)!), [])
    assert.deepEqual(
      invoiceOf(invoice)!.lines.map(({ sku, quantity, net }) => [sku, quantity, net]),
      [
        ["shaver", "1", "100.00"],
        ["case", "2", "0.00"],
        ["card", "1", "0.00"],
        ["shaver", "1", "0.00"]
      ]
    )
    const credit = await omni.invoices.issueCreditNote({ invoice: invoice.id, reason: "All came back" })
    assert.deepEqual([checkInvoice(invoiceOf(credit)!), credit.total.amount], [[], invoice.total.amount])
    await omni.close()
  }
})

it("says of a gift that is missing when the checkout opens, and does without one that has gone when its money comes late", async () => {
  const { omni, card, clock, hook, stock } = await payShop()
  const order = { ...shaverAnd(gift("case", 11), gift("case", 1, "small")), cart: "cart" }
  const open = () => omni.payments.openCheckout({ order, tenders: [{ provider: "card" }] })
  const checkout = await open()
  const big = { line: "gift case", sku: "case", quantity: 11, gift: "spring" }
  const small = { line: "small", sku: "case", quantity: 1, gift: "spring" }
  // Both together are short: the last is given up first, and then there is still too little for the other.
  assert.deepEqual(checkout.giftsMissing, [small, big])
  assert.equal((await open()).as, "again")
  await omni.payments.cancelCheckout({ checkout: checkout.id })

  const second = await omni.payments.openCheckout({ order: { ...shaverAnd(gift("case", 1, "small")) }, tenders: [{ provider: "card" }] })
  assert.deepEqual([second.giftsMissing, await stock("case")], [undefined, [10, 1]])
  clock.by(31 * 60_000)
  await omni.drain()
  await omni.orders.place(request({ lines: [line("case", 10)] }))
  await hook(card.authorise(second.payments[0] ?? ""))
  const placed = (await omni.payments.checkout({ checkout: second.id })).order ?? ""
  const { lines, giftsMissing } = await omni.orders.order({ order: placed })
  assert.deepEqual([lines.map(({ sku }) => sku), giftsMissing], [["shaver"], [small]])
  await omni.close()
})
