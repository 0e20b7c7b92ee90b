import { fromIso } from "@omni/core"
import { checkInvoice, invoiceOf, InvoiceOverdue } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { company, eur, freeLine, person } from "../invoice/office.ts"
import { house, muller } from "./house.ts"

const told = async (omni: Awaited<ReturnType<typeof house>>["omni"]) =>
  (await omni.events({ types: [InvoiceOverdue], limit: 1000 })).events.map(
    ({ data }) => data as { readonly days: number; readonly open: { readonly amount: number } }
  )

describe("an order for an account", () => {
  it("takes account, buyer and purchase order onto its invoice, which the account's party, reference and days go onto as well", async () => {
    const { omni, order } = await house()
    const placed = await order(3, 1000, { purchaseOrder: "PO-9" })
    if (!placed.ok) throw placed.error
    const found = await omni.orders.order({ order: placed.value.order! })
    assert.deepInclude(found, { account: "muller", buyer: "ann", purchaseOrder: "PO-9" })
    const { items } = await omni.orders.ordersFor({ account: "muller" })
    assert.deepEqual(
      items.map(({ id }) => id),
      [found.id]
    )

    const invoice = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: found.id } })
    assert.deepInclude(invoice, { company: "muller", customer: "ann", buyerReference: "KST 4711", dueDate: "2026-08-29" })
    assert.deepEqual(invoice.buyer, company)
    assert.deepInclude(invoice.document, { purchaseOrder: "PO-9", paymentTerms: "Payable by 2026-08-29." })
    assert.isUndefined(invoice.subject)
    assert.deepEqual(checkInvoice(invoiceOf(invoice)!), [])
    const xml = await omni.invoices.ubl({ document: invoice.id })
    assert.include(xml, "<cbc:BuyerReference>KST 4711</cbc:BuyerReference>")
    assert.include(xml, "<cac:OrderReference><cbc:ID>PO-9</cbc:ID>")

    const note = await omni.invoices.issueCreditNote({ invoice: invoice.id })
    assert.deepInclude(note.document, { purchaseOrder: "PO-9" })
    assert.deepEqual([note.company, note.buyerReference], ["muller", "KST 4711"])
    await omni.close()
  })

  it("is the account's also when a tender on account paid it in a checkout, and when it replaces goods that came back", async () => {
    const { omni, request } = await house()
    const { order: id } = await omni.payments.openCheckout({
      order: { ...request(2, 1000), buyer: "ann", purchaseOrder: "PO-10" },
      tenders: [{ provider: "account", token: "muller" }]
    })
    const invoice = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id! } })
    assert.deepEqual([invoice.company, invoice.document.purchaseOrder], ["muller", "PO-10"])
    await omni.orders.ship({ order: id! })
    const { lines } = request(1, 1000)
    const back = await omni.orders.takeBack({
      order: id!,
      reason: "x",
      location: "lyon",
      goodwill: true,
      lines: [{ line: "1", quantity: 1, condition: "sellable" }],
      replacement: { lines, fulfilment: { kind: "ship", location: "lyon" } }
    })
    assert.deepInclude(back.replacement!, { account: "muller", buyer: "ann", purchaseOrder: "PO-10" })
    await omni.close()
  })

  it("leaves to the request what it says itself, and is refused without anybody who buys", async () => {
    const { omni, order } = await house()
    const placed = await order(1, 1000)
    if (!placed.ok) throw placed.error
    const told = await omni.invoices.issueInvoice({
      legalEntity: "omni-es",
      of: { order: placed.value.order! },
      buyer: { ...company, name: "Müller Berlin" },
      buyerReference: "KST 1",
      purchaseOrder: "PO-1",
      terms: { days: 7 }
    })
    assert.deepEqual(
      [told.buyer?.name, told.buyerReference, told.document.purchaseOrder, told.dueDate],
      ["Müller Berlin", "KST 1", "PO-1", "2026-07-22"]
    )
    const of = { currency: "EUR" as const, taxIncluded: true, lines: [freeLine()] }
    const nobody = await omni.invoices.safe.issueInvoice({ legalEntity: "omni-es", of })
    assert.equal(!nobody.ok && nobody.error._tag, "BuyerUnknown")
    const { party: _, ...bare } = muller
    await omni.accounts.defineAccount({ ...bare, account: "bare" })
    const noParty = await omni.invoices.safe.issueInvoice({ legalEntity: "omni-es", company: "bare", of })
    assert.equal(!noParty.ok && noParty.error._tag, "BuyerUnknown")
    const terms = { days: 30, endOfMonth: true, discounts: [{ percent: "2", days: 10 }] }
    await omni.accounts.defineAccount({ ...muller, terms })
    const richer = await omni.invoices.issueInvoice({ legalEntity: "omni-es", company: "muller", of })
    assert.equal(richer.dueDate, "2026-08-31")
    await omni.close()
  })

  it("is edited within the limit only", async () => {
    const { omni, order, credit } = await house({ creditLimit: 10_000 })
    const placed = await order(5, 1000)
    if (!placed.ok) throw placed.error
    const edit = { order: placed.value.order!, add: [{ sku: "course", quantity: 1, unitPrice: eur(5001), stocked: false }] }
    const refused = await omni.orders.safe.edit(edit)
    assert.equal(!refused.ok && refused.error._tag, "CreditExceeded")
    await omni.orders.edit({ ...edit, add: [{ ...edit.add[0]!, unitPrice: eur(5000) }] })
    assert.equal((await credit()).owed.amount, 10_000)
    await omni.close()
  })

  it("has its charges invoiced alone when all else is, and none that went with a cancellation", async () => {
    const { omni, request, credit } = await house()
    const asked = { ...request(2, 1000), charges: [{ code: "freight", amount: eur(500) }] }
    const place = async () => (await omni.accounts.requestOrder({ account: "muller", buyer: "ann", order: asked })).order!
    const [id, other] = [await place(), await place()]
    const goods = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id, charges: false } })
    const rest = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id } })
    assert.deepEqual([goods.total.amount, rest.total.amount, rest.document.lines[0]?.name], [2000, 500, "freight"])
    assert.equal((await credit()).owed.amount, 5000)
    await omni.orders.cancel({ order: other })
    await omni.drain()
    assert.equal((await credit()).owed.amount, 2500)
    const none = await omni.invoices.safe.issueInvoice({ legalEntity: "omni-es", of: { order: other } })
    assert.equal(!none.ok && none.error._tag, "NothingToInvoice")
    await omni.close()
  })
})

describe("invoices by delivery", () => {
  it("say when and where to each was delivered, and what is left, until nothing is", async () => {
    const { omni, clock, request } = await house()
    const { fulfilment: _, ...goods } = request(10, 1000)
    const address = { country: "DE" as const, lines: ["Hafen 3"], locality: "Hamburg" }
    const on = clock.now() + 86_400_000
    const { order } = await omni.accounts.requestOrder({
      account: "muller",
      buyer: "ann",
      order: {
        ...goods,
        charges: [{ code: "freight", amount: eur(500) }],
        fulfilments: [
          { kind: "delivery", location: "lyon", on, address, lines: [{ line: "1", quantity: 6 }] },
          { kind: "ship", location: "lyon", lines: [{ line: "1", quantity: 4 }] }
        ]
      }
    })
    const [first, second] = (await omni.orders.order({ order: order! })).fulfilments as [string, string]
    const left = () => omni.invoices.uninvoicedOf({ order: order! })
    assert.deepEqual(await left(), {
      lines: [{ line: "1", quantity: 10 }],
      charges: ["freight"],
      deliveries: [
        { delivery: first, lines: [{ line: "1", quantity: 6 }] },
        { delivery: second, lines: [{ line: "1", quantity: 4 }] }
      ],
      total: eur(10_500)
    })
    clock.by(12 * 3_600_000 + 1) // after midnight in Madrid
    await omni.orders.ship({ order: order!, fulfilment: first })
    const one = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: order!, delivery: first } })
    assert.deepEqual([one.delivery, one.document.despatch], [{ date: "2026-07-16", address }, first])
    assert.deepEqual(await left(), {
      lines: [{ line: "1", quantity: 4 }],
      charges: [],
      deliveries: [{ delivery: second, lines: [{ line: "1", quantity: 4 }] }],
      total: eur(4000)
    })
    const two = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: order!, delivery: second } })
    assert.isUndefined(two.delivery)
    assert.equal(one.total.amount + two.total.amount, 10_500)
    assert.deepInclude(await left(), { lines: [], deliveries: [], total: eur(0) })
    await omni.close()
  })
})

describe("what of an order is on no invoice", () => {
  it("is right however the order comes apart after it was invoiced", async () => {
    const { omni, order } = await house()
    const steps = ["ship", "cancel", "return"] as const
    const some = fc.record({ step: fc.constantFrom(...steps), quantity: fc.integer({ min: 1, max: 3 }) })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(some, { maxLength: 5 }), async (invoiced, history) => {
        const placed = await order(6, 100)
        if (!placed.ok) throw placed.error
        const id = placed.value.order!
        await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id, lines: [{ line: "1", quantity: invoiced }] } })
        for (const { step, quantity } of history) {
          const lines = [{ line: "1", quantity }]
          if (step === "ship") await omni.orders.safe.ship({ order: id, lines })
          else if (step === "cancel") await omni.orders.safe.cancel({ order: id, lines })
          else {
            const back = lines.map((one) => ({ ...one, condition: "sellable" as const }))
            await omni.orders.safe.takeBack({ order: id, reason: "x", location: "lyon", goodwill: true, lines: back })
          }
        }
        // Units are invoiced from the first on, and stand in their parts in their order.
        const { lines } = await omni.orders.order({ order: id })
        const open = lines[0]!.parts
          .flatMap(({ count, status }) => Array.from({ length: count }, () => status))
          .filter((status, unit) => unit >= invoiced && !["cancelled", "returned"].includes(status)).length
        const left = await omni.invoices.uninvoicedOf({ order: id })
        assert.deepEqual(left.lines, open === 0 ? [] : [{ line: "1", quantity: open }])
        await omni.orders.safe.cancel({ order: id })
      }),
      { numRuns: 40 }
    )
    await omni.close()
  })
})

describe("a statement", () => {
  it("opens with what was before, lists the days it is asked for with the balance after each, and closes with what the next one opens with", async () => {
    const { omni, clock } = await house()
    const where = { legalEntity: "omni-es", company: "muller", currency: "EUR" } as const
    const of = { currency: "EUR" as const, taxIncluded: true, lines: [freeLine({ quantity: "1", price: "100" })] }
    const invoice = await omni.invoices.issueInvoice({ legalEntity: "omni-es", company: "muller", of })
    await omni.invoices.recordPayment({ invoice: invoice.id, reference: "b1", amount: eur(3000), date: "2026-07-31" })
    clock.by(20 * 86_400_000) // the fourth of August
    await omni.invoices.issueCreditNote({ invoice: invoice.id, amount: eur(1000), reason: "Goodwill" })
    // The bank tells late of what was paid in July.
    await omni.invoices.recordPayment({ invoice: invoice.id, reference: "b2", amount: eur(2000), date: "2026-07-20" })
    const july = await omni.invoices.statement({ ...where, from: "2026-07-01", on: "2026-07-31" })
    const august = await omni.invoices.statement({ ...where, on: "2026-08-31" })
    const shown = ({ lines }: typeof july) => lines.map(({ date, kind, amount, balance }) => [date, kind, amount.amount, balance.amount])
    assert.deepEqual(shown(july), [
      ["2026-07-15", "invoice", 10_000, 10_000],
      ["2026-07-20", "payment", -2000, 8000],
      ["2026-07-31", "payment", -3000, 5000]
    ])
    assert.deepEqual(shown(august), [["2026-08-04", "credit-note", -1000, 4000]])
    assert.deepEqual(
      [july.opening, july.closing, august.opening, august.closing, august.balance].map(({ amount }) => amount),
      [0, 5000, 5000, 4000, 4000]
    )
    await omni.close()
  })

  it("counts what is on many pages of entries", { timeout: 60_000 }, async () => {
    const { omni } = await house()
    const of = { currency: "EUR" as const, taxIncluded: true, lines: [freeLine({ quantity: "1", price: "100" })] }
    const { id } = await omni.invoices.issueInvoice({ legalEntity: "omni-es", company: "muller", of })
    await Promise.all(
      Array.from({ length: 2100 }, (_, n) => omni.invoices.recordPayment({ invoice: id, reference: `b${n}`, amount: eur(1) }))
    )
    const { lines, closing, opening } = await omni.invoices.statement({
      legalEntity: "omni-es",
      company: "muller",
      currency: "EUR",
      on: "2026-07-31"
    })
    assert.deepEqual([lines.length, opening.amount, closing.amount], [2101, 0, 7900])
    await omni.close()
  })
})

describe("an overdue invoice", () => {
  it("is told of as the day after it was due begins where the company is, and again as it comes into each bucket, while anything is open", async () => {
    const { omni, clock } = await house({ timeZone: "Pacific/Auckland" })
    const to = async (iso: string) => {
      clock.by(fromIso(iso) - clock.now())
      await omni.drain()
      return (await told(omni)).map(({ days }) => days)
    }
    const of = { currency: "EUR" as const, taxIncluded: true, lines: [freeLine({ quantity: "1", price: "100" })] }
    const { id } = await omni.invoices.issueInvoice({ legalEntity: "omni-es", company: "muller", of, terms: { days: 10 } })
    const other = await omni.invoices.issueInvoice({ legalEntity: "omni-es", company: "muller", of, terms: { days: 10 } })
    await omni.invoices.recordPayment({ invoice: other.id, reference: "b", amount: eur(10_000) })
    // Due on the 25th: in Auckland the 26th begins at noon UTC of the day before.
    assert.deepEqual(await to("2026-07-25T11:59:59Z"), [])
    assert.deepEqual(await to("2026-07-25T12:00:00Z"), [1])
    assert.deepEqual(await to("2026-08-23T12:00:00Z"), [1])
    assert.deepEqual(await to("2026-08-24T12:00:00Z"), [1, 31])
    await omni.invoices.recordPayment({ invoice: id, reference: "b", amount: eur(10_000) })
    assert.deepEqual(await to("2026-09-24T12:00:00Z"), [1, 31])
    // The payment bounced.
    await omni.invoices.recordPayment({ invoice: id, reference: "b back", amount: eur(-4000) })
    assert.deepEqual(await to("2026-09-24T12:00:01Z"), [1, 31, 61])
    assert.equal((await told(omni)).at(-1)?.open.amount, 4000)
    assert.deepEqual(await to("2027-01-01T12:00:00Z"), [1, 31, 61, 91])
    await omni.close()
  })

  it("of somebody without an account is told of where the legal entity is", async () => {
    const { omni, clock } = await house()
    const of = { currency: "EUR" as const, taxIncluded: true, lines: [freeLine()] }
    const { id } = await omni.invoices.issueInvoice({ legalEntity: "omni-es", buyer: person, customer: "ann", of, terms: { days: 3 } })
    clock.by(fromIso("2026-07-18T21:59:59Z") - clock.now())
    await omni.drain()
    assert.isEmpty(await told(omni))
    clock.by(1000)
    await omni.drain()
    const { events } = await omni.events({ types: [InvoiceOverdue] })
    assert.deepInclude(events[0]?.data, { document: id, customer: "ann", dueDate: "2026-07-18", days: 1, legalEntity: "omni-es" })
    await omni.close()
  })
})
