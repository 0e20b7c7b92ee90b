import { checkInvoice, type DraftLine, invoiceOf, type IssuedDocument } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { eur, freeLine, office, request } from "./office.ts"

const tax = fc.constantFrom(
  { category: "S", percent: "21" } as const,
  { category: "S", percent: "4" } as const,
  { category: "Z" } as const,
  { category: "E", exemptionReason: "Teaching" } as const
)
const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2))
const line: fc.Arbitrary<DraftLine> = fc.record({
  name: fc.constant("Thing"),
  quantity: fc.integer({ min: 1, max: 9 }).map(String),
  price: cents(0, 10_000),
  tax
})
const part = fc.record({ charge: fc.boolean(), amount: cents(1, 90), reason: fc.constant("so"), tax })
const step = fc.record({
  do: fc.constantFrom("amount", "amount", "units", "part"),
  at: fc.nat({ max: 3 }),
  units: fc.integer({ min: 1, max: 4 }),
  share: fc.integer({ min: 1, max: 130 })
})

const minor = (text: string): number => Math.round(Number(text) * 100)

/** What documents come to, row by row. */
const rowsOf = (documents: ReadonlyArray<IssuedDocument>): Map<string, readonly [taxable: number, tax: number]> => {
  const rows = new Map<string, readonly [number, number]>()
  for (const { category, percent, taxable, tax: of } of documents.flatMap(({ document }) => document.taxTotals[0]!.subtotals)) {
    const key = `${category} ${Number(percent)}`
    const [base, sum] = rows.get(key) ?? [0, 0]
    rows.set(key, [base + minor(taxable), sum + minor(of)])
  }
  return rows
}

it("credits by amount and by units, mixed in any order, add up to the invoice row by row, and never come to more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.array(part, { maxLength: 2 }),
      fc.boolean(),
      fc.boolean(),
      fc.array(step, { maxLength: 6 }),
      async (lines, parts, taxIncluded, withheld, steps) => {
        const { omni } = await office()
        const issued = await omni.invoices.safe.issueInvoice(
          request({
            of: { currency: "EUR", taxIncluded, lines, allowancesAndCharges: parts },
            payableIn: "0.05",
            ...(withheld ? { withheld: [{ code: "IRPF", percent: "15" }] } : {})
          })
        )
        if (!issued.ok) throw issued.error
        const invoice = issued.value
        const notes: Array<IssuedDocument> = []
        let left = invoice.total.amount
        for (const { do: what, at, units, share } of steps) {
          const amount = Math.max(1, Math.trunc((Math.max(0, left) * share) / 100))
          const asked =
            what === "amount"
              ? { amount: eur(amount), reason: "Goodwill" }
              : what === "units"
                ? { lines: [{ line: invoice.document.lines[at % lines.length]!.id, quantity: String(units) }] }
                : { parts: invoice.partIds.slice(at, at + 1) }
          const note = await omni.invoices.safe.issueCreditNote({ invoice: invoice.id, ...asked })
          if (what === "amount") {
            assert.equal(note.ok, amount <= left, JSON.stringify([amount, left]))
            if (note.ok) assert.equal(note.value.total.amount, amount)
            else assert.equal(note.error._tag, "CreditExceedsInvoice")
          }
          if (!note.ok) continue
          notes.push(note.value)
          left -= note.value.total.amount
        }
        const rest = await omni.invoices.safe.issueCreditNote({ invoice: invoice.id })
        if (rest.ok) notes.push(rest.value)
        for (const note of notes) {
          assert.deepEqual(checkInvoice(invoiceOf(note)!), [])
          assert.deepEqual([note.document.type, note.document.preceding[0]?.number], ["381", invoice.number])
        }
        const credited = rowsOf(notes)
        for (const [key, row] of rowsOf([invoice])) assert.deepEqual(credited.get(key) ?? [0, 0], row, key)
        assert.deepEqual(
          notes.map(({ sequence }) => sequence),
          notes.map((_, i) => i + 1)
        )
        const account = await omni.invoices.account({ invoice: invoice.id })
        assert.deepEqual([account.open.amount, account.credited], [0, account.payable])
        await omni.close()
      }
    ),
    { numRuns: 200 }
  )
}, 60_000)

it("splits an amount by what is left of each rate, and lowers what units are worth from then on", async () => {
  const { omni, issue } = await office()
  const invoice = await issue({
    of: {
      currency: "EUR",
      taxIncluded: true,
      lines: [
        freeLine({ quantity: "2", price: "60.50" }),
        freeLine({ name: "Book", quantity: "1", price: "379", tax: { category: "S", percent: "4" } })
      ]
    }
  })
  const good = await omni.invoices.issueCreditNote({ invoice: invoice.id, amount: eur(5000), reason: "Came late" })
  assert.deepEqual(
    good.document.lines.map(({ name, quantity, net, percent }) => [name, quantity, net, percent]),
    [
      ["Came late", "1", "10.00", "21"],
      ["Came late", "1", "36.44", "4"]
    ]
  )
  assert.deepEqual([good.document.totals.taxInclusive, good.total, good.notes], ["50.00", eur(5000), ["Came late"]])
  const xml = await omni.invoices.ubl({ document: good.id })
  assert.match(xml, /<CreditNote .*<cbc:CreditNoteTypeCode>381<.*<cac:BillingReference>.*INV-2026-000001/s)
  // A tenth of the first line was let off: each of its two pieces is worth nine tenths.
  const unit = await omni.invoices.issueCreditNote({ invoice: invoice.id, lines: [{ line: "1", quantity: "1" }] })
  assert.equal(unit.total.amount, 5445)
  const account = await omni.invoices.account({ invoice: invoice.id })
  assert.deepEqual([account.open.amount, account.creditNotes], [50_000 - 5000 - 5445, [good.id, unit.id]])
  await omni.close()
})

it("refuses an amount that is not left, of another currency, of nothing, or beside lines", async () => {
  const { omni, issue } = await office()
  const { id: invoice } = await issue()
  const refusal = async (asked: object) => {
    const done = await omni.invoices.safe.issueCreditNote({ invoice, ...asked })
    return done.ok ? undefined : [done.error._tag, "left" in done.error ? done.error.left : undefined]
  }
  await omni.invoices.issueCreditNote({ invoice, amount: eur(420) })
  assert.deepEqual(await refusal({ amount: eur(2001) }), ["CreditExceedsInvoice", "20.00"])
  assert.deepEqual(await refusal({ amount: { amount: 1, currency: "USD" } }), ["WrongCurrency", undefined])
  assert.deepEqual(await refusal({ amount: eur(0) }), ["InvalidInput", undefined])
  assert.deepEqual(await refusal({ amount: eur(1), parts: [] }), ["InvalidInput", undefined])
  const last = await omni.invoices.issueCreditNote({ invoice, amount: eur(2000) })
  assert.equal(last.number, "CN-2026-000002")
  assert.deepEqual(await refusal({ amount: eur(1) }), ["CreditExceedsInvoice", "0.00"])
  assert.deepEqual(await refusal({}), ["CreditExceedsInvoice", "nothing"])
  await omni.close()
})
