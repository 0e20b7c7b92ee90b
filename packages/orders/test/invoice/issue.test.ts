import { checkInvoice, invoiceOf, owedOf } from "@omni/orders"
import { assert, expect, it } from "vitest"

import { company, eur, freeLine, office, person, request } from "./office.ts"

it("numbers documents by series and year of their issue date, where the legal entity is", async () => {
  const { omni, clock, issue } = await office()
  assert.equal((await issue()).number, "INV-2026-000001")
  assert.equal((await issue()).number, "INV-2026-000002")
  clock.set("2026-12-31T22:59:59Z")
  assert.deepEqual([(await issue()).number, (await issue()).issueDate], ["INV-2026-000003", "2026-12-31"])
  clock.set("2026-12-31T23:00:00Z")
  assert.deepEqual([(await issue()).number, (await issue()).issueDate], ["INV-2027-000001", "2027-01-01"])
  const late = await omni.invoices.safe.issueInvoice(request({ issueDate: "2026-12-31" }))
  assert.equal(!late.ok && late.error._tag, "IssueDateOutOfOrder")
  const early = await omni.invoices.safe.issueInvoice(request({ issueDate: "2027-01-02" }))
  assert.equal(!early.ok && early.error._tag, "IssueDateOutOfOrder")
  assert.equal((await issue()).number, "INV-2027-000003")
  await omni.close()
})

it("takes no number for what is refused", async () => {
  const { omni, issue } = await office()
  const refused = await omni.invoices.safe.issueInvoice(
    request({ of: { currency: "EUR", taxIncluded: false, lines: [freeLine({ tax: { category: "E" } })] } })
  )
  assert.equal(!refused.ok && refused.error._tag, "InvalidInvoice")
  if (!refused.ok && refused.error._tag === "InvalidInvoice")
    assert.deepEqual(
      refused.error.broken.map(({ rule }) => rule),
      ["BR-E-10"]
    )
  assert.equal((await issue()).number, "INV-2026-000001")
  const two = { ...(await omni.invoices.legalEntity({ id: "omni-es" }))! }
  await omni.invoices.saveLegalEntity({ ...two, series: { ...two.series, other: two.series["invoices"]! } })
  const same = await omni.invoices.safe.issueInvoice(request({ series: "other" }))
  assert.equal(!same.ok && same.error._tag, "NumberTaken")
  await omni.close()
})

it("totals what EN 16931 totals, and keeps all its rules", async () => {
  const { omni, issue } = await office()
  const issued = await issue({
    of: {
      currency: "EUR",
      taxIncluded: false,
      lines: [
        freeLine({ quantity: "3", price: "9.995", allowancesAndCharges: [{ charge: false, percent: "10", reason: "Loyalty" }] }),
        freeLine({ name: "Book", price: "20", tax: { category: "S", percent: "4" } }),
        freeLine({ name: "Lesson", quantity: "1.5", unit: "HUR", price: "30", tax: { category: "E", exemptionReason: "Teaching" } })
      ],
      allowancesAndCharges: [
        { charge: true, amount: "4.95", reason: "Freight", tax: { category: "S", percent: "21.0" } },
        { charge: false, percent: "5", reason: "Rebate", tax: { category: "S", percent: "4" } }
      ]
    },
    prepaid: eur(1000),
    terms: { days: 30, discounts: [{ percent: "2", days: 10 }] }
  })
  const { totals, taxTotals } = issued.document
  // 29.99 - 3.00 = 26.99; 40.00; 45.00: 111.99. Charge 4.95; rebate 5 % of 111.99 = 5.60.
  assert.deepEqual(totals, {
    lineTotal: "111.99",
    allowanceTotal: "5.60",
    chargeTotal: "4.95",
    taxExclusive: "111.34",
    taxInclusive: "119.43",
    prepaid: "10.00",
    payable: "109.43"
  })
  assert.deepEqual(
    taxTotals[0]!.subtotals.map(({ category, percent, taxable, tax }) => [category, percent, taxable, tax]),
    [
      ["S", "21", "31.94", "6.71"],
      ["S", "4", "34.40", "1.38"],
      ["E", "0", "45.00", "0.00"]
    ]
  )
  assert.deepEqual(
    [issued.dueDate, issued.document.paymentTerms],
    ["2026-08-14", "Payable by 2026-08-14. 2 % discount if paid by 2026-07-25."]
  )
  assert.deepEqual(checkInvoice(invoiceOf(issued)!), [])
  assert.deepEqual([issued.total, issued.payable], [eur(11943), eur(10943)])
  await omni.close()
})

it("invoices an order once: by deliveries, each with its units, and the charges with the first", async () => {
  const { omni } = await office()
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 10 }] })
  const order = await omni.orders.place({
    customer: "ann",
    currency: "EUR",
    taxIncluded: true,
    lines: [
      {
        sku: "shaver",
        quantity: 3,
        unitPrice: eur(1000),
        adjustments: [{ code: "welcome", amount: eur(-500) }],
        taxes: [{ code: "vat", rate: "0.21", amount: eur(434) }]
      }
    ],
    charges: [{ code: "shipping", amount: eur(495), taxes: [{ code: "vat", rate: "0.21", amount: eur(86) }] }],
    fulfilment: { kind: "pickup", location: "lyon" }
  })
  const of = (more: object) => omni.invoices.safe.issueInvoice(request({ of: { order: order.id, ...more } }))
  const value = async (more: object) => {
    const issued = await of(more)
    if (!issued.ok) throw issued.error
    return issued.value
  }
  const first = await value({ lines: [{ line: "1", quantity: 1 }], delivery: "d1" })
  const again = await of({ lines: [{ line: "1", quantity: 1 }], delivery: "d1" })
  assert.equal(!again.ok && again.error._tag, "DeliveryInvoiced")
  const tooMany = await of({ lines: [{ line: "1", quantity: 3 }] })
  assert.equal(!tooMany.ok && tooMany.error._tag, "NothingToInvoice")
  const second = await value({ delivery: "d2" })
  const nothing = await of({})
  assert.equal(!nothing.ok && nothing.error._tag, "NothingToInvoice")
  assert.equal(first.total.amount + second.total.amount, order.totals.total.amount)
  const tax = (issued: typeof first) => Number(issued.document.taxTotals[0]!.amount)
  assert.closeTo(tax(first) + tax(second), 5.2, 1e-9)
  assert.deepEqual([first.document.despatch, first.document.salesOrder, first.delivered], ["d1", order.id, "d1"])
  assert.deepEqual(
    [first, second].flatMap((issued) => checkInvoice(invoiceOf(issued)!)),
    []
  )
  assert.deepEqual((await omni.invoices.documents({ by: { order: order.id } })).items.length, 2)
  await omni.close()
})

it("invoices each fulfilment of an order by itself, unit by unit as the order has it, and skips what was cancelled", async () => {
  const { omni } = await office()
  await omni.inventory.receive({ lines: ["lyon", "nice"].map((location) => ({ sku: "shaver", location, quantity: 100 })) })
  const order = await omni.orders.place({
    currency: "EUR",
    taxIncluded: false,
    lines: [
      {
        id: "1",
        sku: "shaver",
        quantity: 10,
        unitPrice: eur(999),
        adjustments: [{ code: "welcome", amount: eur(-777) }],
        taxes: [{ code: "vat", rate: "0.21", amount: eur(1935) }]
      }
    ],
    fulfilments: [
      { kind: "ship", location: "lyon", lines: [{ line: "1", quantity: 6 }] },
      { kind: "ship", location: "nice", lines: [{ line: "1", quantity: 4 }] }
    ]
  })
  const [lyon, nice] = order.fulfilments
  const invoice = (more: object) => omni.invoices.issueInvoice(request({ of: { order: order.id, ...more } }))
  const ofNice = await invoice({ delivery: nice })
  await omni.orders.cancel({ order: order.id, lines: [{ line: "1", quantity: 2 }] })
  const ofLyon = await invoice({ delivery: lyon })
  const nothing = await omni.invoices.safe.issueInvoice(request({ of: { order: order.id } }))
  assert.equal(!nothing.ok && nothing.error._tag, "NothingToInvoice")
  const after = await omni.orders.order({ order: order.id })
  assert.deepEqual(
    [ofNice, ofLyon].map(({ document }) => document.lines[0]?.quantity),
    ["4", "4"]
  )
  assert.equal(ofNice.total.amount + ofLyon.total.amount, owedOf(after).amount)
  await omni.close()
})

it("issues an invoice anew that was wrong and is credited, and none for what came back", async () => {
  const { omni } = await office()
  await omni.inventory.receive({ lines: [{ sku: "shaver", location: "lyon", quantity: 10 }] })
  const order = await omni.orders.place({
    currency: "EUR",
    taxIncluded: true,
    lines: [{ id: "1", sku: "shaver", quantity: 3, unitPrice: eur(1000) }],
    fulfilment: { kind: "ship", location: "lyon" }
  })
  const invoice = () => omni.invoices.safe.issueInvoice(request({ of: { order: order.id } }))
  const wrong = await invoice()
  if (!wrong.ok) throw wrong.error
  await omni.invoices.issueCreditNote({ invoice: wrong.value.id, reason: "Another address" })
  const right = await invoice()
  assert.equal(right.ok && right.value.total.amount, 3000)
  if (!right.ok) throw right.error
  await omni.invoices.issueCreditNote({ invoice: right.value.id })
  await omni.orders.ship({ order: order.id })
  const back = { order: order.id, reason: "x", location: "lyon", goodwill: true as const }
  await omni.orders.takeBack({ ...back, lines: [{ line: "1", quantity: 2, condition: "sellable" }] })
  const rest = await invoice()
  assert.equal(rest.ok && rest.value.total.amount, 1000)
  await omni.close()
})

it("asks for what categories ask for", async () => {
  const { omni, issue } = await office()
  const categories = [
    { category: "AE", exemptionReason: "Reverse charge" },
    { category: "K", exemptionReason: "Intra-community supply", exemptionCode: "VATEX-EU-IC" },
    { category: "G", exemptionReason: "Export", exemptionCode: "VATEX-EU-G" },
    { category: "Z" },
    { category: "L", percent: "7" },
    { category: "M", percent: "4" },
    { category: "S", percent: "21", surcharge: "5.2" }
  ] as const
  for (const tax of categories) {
    const issued = await issue({
      of: { currency: "EUR", taxIncluded: false, lines: [freeLine({ tax })] },
      delivery: { date: "2026-07-14", address: company.address }
    })
    assert.equal(issued.document.taxTotals[0]!.subtotals[0]!.category, tax.category)
  }
  const abroad = await omni.invoices.safe.issueInvoice(
    request({
      of: { currency: "EUR", taxIncluded: false, lines: [freeLine({ tax: { category: "K", exemptionReason: "IC" } })] },
      buyer: person
    })
  )
  const rules = !abroad.ok && abroad.error._tag === "InvalidInvoice" ? abroad.error.broken.map(({ rule }) => rule) : []
  assert.deepEqual(rules, ["BR-IC-02", "BR-IC-11", "BR-IC-12"])
  await omni.close()
})

it("withholds taxes and rounds to coins", async () => {
  const { omni, issue } = await office()
  const { document } = await issue({ withheld: [{ code: "IRPF", percent: "15" }] })
  assert.deepEqual([document.totals.taxInclusive, document.totals.prepaid, document.totals.payable], ["24.20", "3.00", "21.20"])
  const coins = await issue({ of: { currency: "EUR", taxIncluded: false, lines: [freeLine({ price: "9.99" })] }, payableIn: "0.05" })
  assert.deepEqual(
    [coins.document.totals.taxInclusive, coins.document.totals.rounding, coins.document.totals.payable],
    ["24.18", "0.02", "24.20"]
  )
  await omni.close()
})

it("keeps a person's data apart from the customer's, until the document has not to be kept any more", async () => {
  const { omni, clock, issue } = await office()
  const { company: _, ...toPerson } = request()
  const { id, subject } = await omni.invoices.issueInvoice(
    { ...toPerson, buyer: person, customer: "ann", notes: ["For Ann"] },
    { key: "once" }
  )
  assert.equal(subject, "invoices:2032-12-31:ann")
  await omni.erase("ann")
  assert.equal((await omni.invoices.invoice({ document: id })).buyer?.name, "Ann Example")
  assert.deepEqual((await omni.invoices.expiredBuyers({ on: "2032-12-31" })).subjects, [])
  clock.set("2033-01-02T10:00:00Z")
  const { subjects } = await omni.invoices.expiredBuyers({ on: "2033-01-01" })
  assert.deepEqual(subjects, [subject])
  for (const one of subjects) await omni.erase(one)
  const left = await omni.invoices.invoice({ document: id })
  assert.deepEqual([left.buyer, left.notes, left.total, left.number], [undefined, undefined, eur(2420), "INV-2026-000001"])
  await expect(omni.invoices.ubl({ document: id })).rejects.toMatchObject({ _tag: "BuyerErased" })
  await expect(omni.invoices.issueCreditNote({ invoice: id })).rejects.toMatchObject({ _tag: "BuyerErased" })
  assert.isDefined((await issue()).buyer)
  await omni.close()
})

it("numbers a thousand documents that are asked for at once, in few commits", { timeout: 30_000 }, async () => {
  const { omni, issue } = await office()
  const began = performance.now()
  const all = await Promise.all(Array.from({ length: 1000 }, () => issue()))
  const took = performance.now() - began
  assert.deepEqual(
    all.map(({ sequence }) => sequence).sort((a, b) => a - b),
    Array.from({ length: 1000 }, (_, i) => i + 1)
  )
  console.log(`1,000 invoices at once, each run twice to be compared: ${took.toFixed(0)} ms`)
  await omni.close()
})
