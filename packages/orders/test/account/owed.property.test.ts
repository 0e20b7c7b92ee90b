import * as fc from "fast-check"
import { assert, it } from "vitest"

import { eur, freeLine } from "../invoice/office.ts"
import { house, muller } from "./house.ts"

const step = fc.record({
  do: fc.constantFrom(
    "order",
    "order",
    "tender",
    "cancel",
    "return",
    "keep",
    "exchange",
    "exchange",
    "invoice",
    "invoice",
    "free",
    "credit",
    "amount",
    "rest",
    "pay",
    "refund",
    "settle"
  ),
  which: fc.nat({ max: 9 }),
  units: fc.integer({ min: 1, max: 5 }),
  cents: fc.integer({ min: 1, max: 30_000 })
})

/** An order as the oracle has it: pieces that no invoice has yet, at a price. */
interface Ordered {
  readonly id: string
  readonly cents: number
  open: number
  invoiced: number
  /** Fees that were kept of what came back, and no invoice has. */
  kept: number
  left?: boolean
}

/** An invoice as the oracle has it. */
interface Billed {
  readonly id: string
  readonly of: Ordered | undefined
  readonly units: number
  readonly kept: number
  open: number
}

it("what is owed is what invoices come to, and orders that no invoice has, less what was credited and paid; never ordered above the limit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 22 }), async (steps) => {
      const { omni, order, request, credit } = await house()
      const ordered: Array<Ordered> = []
      const billed: Array<Billed> = []
      let settled = 0
      const owed = () =>
        ordered.reduce((sum, { cents, open, kept }) => sum + cents * open + kept, 0) +
        billed.reduce((sum, { open }) => sum + open, 0) -
        settled
      for (const [n, { do: what, which, units, cents }] of steps.entries()) {
        const some = ordered[which % Math.max(1, ordered.length)]
        const bill = billed[which % Math.max(1, billed.length)]
        if (what === "order") {
          const may = units * cents <= Math.max(0, muller.creditLimit - owed())
          const done = await order(units, cents)
          assert.equal(done.ok, may)
          if (done.ok) ordered.push({ id: done.value.order!, cents, open: units, invoiced: 0, kept: 0 })
        } else if (what === "tender") {
          const may = units * cents <= Math.max(0, muller.creditLimit - owed())
          const tenders = [{ provider: "account", token: "muller" }]
          const done = await omni.payments.safe.openCheckout({ order: request(units, cents), tenders })
          assert.equal(done.ok, may)
          if (done.ok) ordered.push({ id: done.value.order!, cents, open: units, invoiced: 0, kept: 0 })
        } else if (what === "cancel" && some !== undefined && some.invoiced === 0 && some.open > 0 && some.left !== true) {
          const quantity = Math.min(units, some.open)
          await omni.orders.cancel({ order: some.id, lines: [{ line: "1", quantity }] })
          some.open -= quantity
        } else if (
          (what === "return" || what === "keep" || what === "exchange") &&
          some !== undefined &&
          some.invoiced === 0 &&
          some.open > 0
        ) {
          if (some.left !== true) await omni.orders.ship({ order: some.id })
          some.left = true
          const quantity = what === "exchange" ? 1 : Math.min(units, some.open)
          const kept = what === "keep" ? Math.min(cents, quantity * some.cents) : 0
          const lines = [{ line: "1", quantity, condition: "sellable" as const }]
          const replacement = { lines: request(1, some.cents).lines, fulfilment: { kind: "ship" as const, location: "lyon" } }
          const done = await omni.orders.takeBack({
            order: some.id,
            reason: "x",
            location: "lyon",
            goodwill: true,
            lines,
            ...(kept === 0 ? {} : { deduction: eur(kept) }),
            ...(what === "exchange" ? { replacement } : {})
          })
          some.open -= quantity
          some.kept += kept
          if (what === "exchange") ordered.push({ id: done.replacement!.id, cents: some.cents, open: 1, invoiced: 0, kept: 0 })
        } else if (what === "invoice" && some !== undefined) {
          const quantity = Math.min(units, some.open)
          const of = { order: some.id, lines: [{ line: "1", quantity: Math.max(1, quantity) }] }
          const done = await omni.invoices.safe.issueInvoice({ legalEntity: "omni-es", of })
          assert.equal(done.ok, quantity > 0)
          if (!done.ok) continue
          // Fees come with the first invoice.
          assert.equal(done.value.payable.amount, quantity * some.cents + some.kept)
          some.open -= quantity
          some.invoiced += quantity
          billed.push({ id: done.value.id, of: some, units: quantity, kept: some.kept, open: done.value.payable.amount })
          some.kept = 0
        } else if (what === "free") {
          const lines = [freeLine({ quantity: "1", price: (cents / 100).toFixed(2) })]
          const { id, payable } = await omni.invoices.issueInvoice({
            legalEntity: "omni-es",
            company: "muller",
            of: { currency: "EUR", taxIncluded: true, lines }
          })
          billed.push({ id, of: undefined, units: 1, kept: 0, open: payable.amount })
        } else if (bill !== undefined && (what === "credit" || what === "amount" || what === "rest")) {
          const ask = { credit: { lines: [{ line: "1", quantity: String(units) }] }, amount: { amount: eur(cents) }, rest: {} }[what]
          const note = await omni.invoices.safe.issueCreditNote({ invoice: bill.id, ...ask })
          if (!note.ok) continue
          bill.open -= note.value.payable.amount
          const { events } = await omni.events({ limit: 1000 })
          const told = events.find(({ type, subject }) => type === "orders.CreditNoteIssued" && subject === note.value.id)
          // What is credited as a whole can be invoiced anew, but not what somebody was let off.
          if ((told!.data as { readonly complete: boolean }).complete && what !== "amount" && bill.of !== undefined) {
            bill.of.open += bill.units
            bill.of.invoiced -= bill.units
            bill.of.kept += bill.kept
          }
        } else if (bill !== undefined && (what === "pay" || what === "refund")) {
          const amount = what === "pay" ? cents : -cents
          await omni.invoices.recordPayment({ invoice: bill.id, reference: `bank ${n}`, amount: eur(amount) })
          bill.open -= amount
        } else if (what === "settle") {
          await omni.accounts.settleCredit({ account: "muller", amount: eur(cents) })
          settled += cents
        }
        await omni.drain()
        const { owed: stated, ordered: before, invoiced, settled: paid, available } = await credit()
        assert.equal(stated.amount, owed(), what)
        assert.equal(before.amount + invoiced.amount - paid.amount, stated.amount)
        assert.equal(available.amount, Math.max(0, muller.creditLimit - owed()))
        const { balance } = await omni.invoices.statement({ legalEntity: "omni-es", company: "muller", currency: "EUR", on: "2026-07-31" })
        assert.deepEqual(balance, invoiced)
      }
      const { items } = await omni.accounts.creditEntries({ account: "muller", limit: 1000 })
      assert.equal(
        items.reduce((sum, { row }) => sum + row.amount, 0),
        owed()
      )
      await omni.close()
    }),
    { numRuns: 120 }
  )
}, 120_000)
