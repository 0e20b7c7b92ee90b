import { days } from "@omni/core"
import { checkInvoice, InvoiceOverdue, invoiceOf } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { eur, person } from "../invoice/office.ts"
import { house } from "./house.ts"

const onAccount = { provider: "account", token: "muller" }

/** A shop whose orders are paid at the till, and invoiced. */
const till = async () => {
  const all = await house()
  const { omni, request, credit, clock } = all
  const pay = (order: string, amount: number, reference = "till") =>
    omni.payments.recordPayment({ order, provider: "cash", amount: eur(amount), reference })
  const giveBack = (order: string, amount: number, reference = "back") =>
    omni.payments.payOut({ order, provider: "cash", amount: eur(amount), reference })
  const invoice = (order: string, of: object = {}) => omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order, ...of } })
  const open = async (id: string) => {
    await omni.drain()
    return (await omni.invoices.account({ invoice: id })).open.amount
  }
  const overdue = async () => {
    clock.by(days(60))
    await omni.drain()
    return (await omni.events({ types: [InvoiceOverdue], limit: 100 })).events.length
  }
  const place = async (quantity: number, cents: number, more: object = {}) =>
    (await omni.orders.place({ ...request(quantity, cents), account: "muller", ...more })).id
  const owed = async () => {
    await omni.drain()
    return (await credit()).owed.amount
  }
  return { ...all, pay, giveBack, invoice, open, overdue, place, owed }
}

describe("the invoice of an order", () => {
  it("that is paid has nothing open, and nobody hears that it is overdue", async () => {
    const { omni, request, pay, open, overdue } = await till()
    const { id } = await omni.orders.place({ ...request(1, 10_000), customer: "joe" })
    await pay(id, 10_000)
    const invoice = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of: { order: id }, buyer: person })
    assert.deepEqual([invoice.total.amount, invoice.payable.amount, invoice.document.totals.prepaid], [10_000, 0, "100.00"])
    assert.deepEqual(checkInvoice(invoiceOf(invoice)!), [])
    assert.deepEqual([await open(invoice.id), await overdue()], [0, 0])
    await omni.close()
  })

  it("is owed for what was not paid otherwise, on account or not", async () => {
    const { omni, place, pay, invoice, owed } = await till()
    const id = await place(2, 5000)
    await pay(id, 5000)
    await omni.payments.payOrder({ order: id, tender: onAccount })
    assert.equal(await owed(), 5000)
    const one = await invoice(id, { lines: [{ line: "1", quantity: 1 }] })
    assert.deepEqual([one.payable.amount, await owed()], [0, 5000])
    const two = await invoice(id)
    assert.deepEqual([two.payable.amount, await owed()], [5000, 5000])
    await omni.close()
  })

  it("says what was prepaid as it is told, and the next one has the rest", async () => {
    const { omni, place, pay, invoice } = await till()
    const id = await place(2, 5000)
    await pay(id, 8000)
    const of = { order: id, lines: [{ line: "1", quantity: 1 }] }
    const one = await omni.invoices.issueInvoice({ legalEntity: "omni-es", of, prepaid: eur(1000) })
    const two = await invoice(id)
    assert.deepEqual([one.payable.amount, two.payable.amount], [4000, 0])
    await omni.close()
  })

  it("hears of money that comes, and goes, after it", async () => {
    const { omni, place, pay, giveBack, invoice, open, owed } = await till()
    const id = await place(1, 10_000)
    const { id: bill } = await invoice(id)
    assert.equal(await open(bill), 10_000)
    await pay(id, 7000)
    assert.equal(await open(bill), 3000)
    await pay(id, 3000, "rest")
    assert.deepEqual([await open(bill), await owed()], [0, 0])
    await giveBack(id, 1000)
    assert.equal(await open(bill), 1000)
    await omni.invoices.issueCreditNote({ invoice: bill, amount: eur(1000) })
    assert.deepEqual([await open(bill), await owed()], [0, 0])
    await omni.close()
  })

  it("that is credited lets its money go: for one that is issued anew, or to the customer", async () => {
    const { omni, place, pay, giveBack, invoice, open, owed } = await till()
    const id = await place(1, 10_000)
    await pay(id, 10_000)
    const first = await invoice(id)
    await omni.invoices.issueCreditNote({ invoice: first.id })
    const second = await invoice(id)
    assert.deepEqual([await open(first.id), second.payable.amount, await owed()], [0, 0, 0])
    await omni.orders.cancel({ order: id })
    await giveBack(id, 10_000)
    await omni.invoices.issueCreditNote({ invoice: second.id })
    assert.deepEqual([await open(first.id), await open(second.id), await owed()], [0, 0, 0])
    await omni.close()
  })

  it("has what somebody was let off before as an allowance, with the taxes of its lines, and once", async () => {
    const { omni, request, invoice, owed } = await till()
    const untaxed = { id: "2", sku: "course", quantity: 1, unitPrice: eur(10_000), stocked: false }
    const order = { ...request(1, 10_000), lines: [...request(1, 10_000).lines, untaxed] }
    const { order: id } = await omni.payments.openCheckout({ order, tenders: [onAccount] })
    await omni.payments.refund({ order: id!, amount: eur(6001) })
    assert.equal(await owed(), 13_999)
    const { id: bill, payable, document } = await invoice(id!)
    assert.deepEqual(
      document.allowancesAndCharges.map(({ charge, reason, category }) => [charge, reason, category]),
      [
        [false, "Concession", "S"],
        [false, "Concession", "Z"]
      ]
    )
    assert.deepEqual([payable.amount, await owed()], [13_999, 13_999])
    assert.deepEqual(checkInvoice(invoiceOf(await omni.invoices.invoice({ document: bill }))!), [])
    await omni.invoices.issueCreditNote({ invoice: bill })
    assert.equal(await owed(), 13_999)
    assert.equal((await invoice(id!)).payable.amount, 13_999)
    await omni.close()
  })

  it("has of its charges what was not given back, and of allowances what falls on what is left", async () => {
    const { omni, place, invoice } = await till()
    const charges = [
      { code: "freight", amount: eur(1000) },
      { code: "voucher", amount: eur(-501) }
    ]
    const id = await place(2, 5000, { charges, terms: { charges: "share" } })
    await omni.orders.cancel({ order: id, lines: [{ line: "1", quantity: 1 }] })
    const { owed } = await omni.payments.balance({ order: id })
    const { payable, document } = await invoice(id)
    assert.equal(payable.amount, owed.amount)
    assert.deepEqual(
      document.allowancesAndCharges.map(({ charge, amount }) => [charge, amount]),
      [
        [true, "5.00"],
        [false, "2.50"]
      ]
    )
    await omni.close()
  })
})

it("the invoices of an order come to what it costs, and are open for what of that nobody has paid", async () => {
  const step = fc.record({
    do: fc.constantFrom("pay", "pay", "back", "concede", "cancel", "invoice", "invoice", "part"),
    units: fc.integer({ min: 1, max: 3 }),
    cents: fc.integer({ min: 1, max: 8000 })
  })
  const shop = fc.record({
    quantity: fc.integer({ min: 1, max: 6 }),
    cents: fc.integer({ min: 1, max: 5000 }),
    freight: fc.nat({ max: 900 }),
    voucher: fc.nat({ max: 1 }),
    share: fc.boolean(),
    steps: fc.array(step, { maxLength: 8 })
  })
  await fc.assert(
    fc.asyncProperty(shop, async ({ quantity, cents, freight, voucher, share, steps }) => {
      const { omni, request, pay, giveBack, owed } = await till()
      const charges = [
        { code: "freight", amount: eur(freight) },
        { code: "voucher", amount: eur(-Math.min(voucher, quantity * cents)) }
      ]
      const terms = { charges: share ? ("share" as const) : ("all" as const) }
      const { id } = await omni.orders.place({ ...request(quantity, cents), account: "muller", charges, terms })
      const issued: Array<{ readonly id: string; readonly total: number }> = []
      let conceded = 0
      const issue = async (of: object) => {
        const done = await omni.invoices.safe.issueInvoice({ legalEntity: "omni-es", of: { order: id, ...of } })
        if (done.ok) issued.push({ id: done.value.id, total: done.value.total.amount })
        else assert.equal(done.error._tag, "NothingToInvoice")
      }
      for (const [n, { do: what, units, cents: some }] of steps.entries()) {
        const { captured, refunded, owed: cost } = await omni.payments.balance({ order: id })
        const hand = captured.amount - refunded.amount
        // What was paid too much, and what is let off once it is invoiced, is somebody's to settle.
        if (what === "pay" && cost.amount - conceded - hand > 0) await pay(id, Math.min(some, cost.amount - conceded - hand), `in ${n}`)
        else if (what === "concede" && issued.length === 0 && hand > 0 && cost.amount - conceded >= hand) {
          const amount = Math.min(some, hand)
          await omni.payments.payOut({ order: id, provider: "cash", amount: eur(amount), reference: `let off ${n}` })
          conceded += amount
        } else if (what === "cancel" && issued.length === 0)
          await omni.orders.safe.cancel({ order: id, lines: [{ line: "1", quantity: units }] })
        else if (what === "back" && hand > Math.max(0, cost.amount - conceded))
          await giveBack(id, hand - Math.max(0, cost.amount - conceded), `out ${n}`)
        else if (what === "invoice") await issue({})
        else if (what === "part") await issue({ lines: [{ line: "1", quantity: 1 }] })
        await omni.drain()
      }
      await issue({})
      await omni.drain()
      const { owed: cost, captured, refunded } = await omni.payments.balance({ order: id })
      const total = Math.max(0, cost.amount - conceded)
      assert.equal(
        issued.reduce((sum, one) => sum + one.total, 0),
        total
      )
      assert.equal(await owed(), Math.max(0, total - (captured.amount - refunded.amount)))
      await omni.close()
    }),
    { numRuns: 150 }
  )
}, 120_000)
