import { checkInvoice, type DraftLine, invoiceOf, type IssuedDocument } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { office, request } from "./office.ts"

const tax = fc.constantFrom({ category: "S", percent: "21" } as const, { category: "S", percent: "4" } as const, { category: "Z" } as const)
const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2))

const line: fc.Arbitrary<DraftLine> = fc.record({
  name: fc.constant("Thing"),
  quantity: fc.oneof(fc.integer({ min: 1, max: 9 }).map(String), cents(1, 900), fc.constant("-2")),
  price: fc.oneof(cents(0, 10_000), fc.constant("0.3333")),
  allowancesAndCharges: fc.array(fc.record({ charge: fc.boolean(), amount: cents(0, 300), reason: fc.constant("so") }), { maxLength: 2 }),
  tax
})
const part = fc.record({ charge: fc.boolean(), amount: cents(1, 500), reason: fc.constant("so"), tax })

const minor = (text: string): number => Math.round(Number(text) * 100)

/** What a document comes to, row by row. */
const rowsOf = ({ document }: IssuedDocument) =>
  document.taxTotals[0]!.subtotals.map(({ category, percent, taxable, tax: of }) => ({
    key: `${category} ${percent}`,
    taxable: minor(taxable),
    tax: minor(of)
  }))

it("credits of an invoice, by units in any order, add up to it row by row, and never come to more", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { minLength: 1, maxLength: 4 }),
      fc.array(part, { maxLength: 2 }),
      fc.boolean(),
      fc.array(fc.record({ at: fc.nat({ max: 3 }), share: fc.integer({ min: 1, max: 120 }), part: fc.option(fc.nat({ max: 2 })) }), {
        maxLength: 6
      }),
      async (lines, parts, taxIncluded, steps) => {
        const { omni } = await office()
        const issued = await omni.invoices.safe.issueInvoice(
          request({ of: { currency: "EUR", taxIncluded, lines, allowancesAndCharges: parts } })
        )
        if (!issued.ok) throw issued.error
        const invoice = issued.value
        assert.deepEqual(checkInvoice(invoiceOf(invoice)!), [])
        const notes: Array<IssuedDocument> = []
        const left = new Map(invoice.document.lines.map(({ id, quantity }) => [id, minor(quantity)]))
        const open = new Set(invoice.partIds)
        for (const step of steps) {
          const { id, quantity } = invoice.document.lines[step.at % lines.length]!
          const units = Math.trunc((minor(quantity) * step.share) / 100)
          const named = step.part === null ? undefined : invoice.partIds[step.part]
          const credited = await omni.invoices.safe.issueCreditNote({
            invoice: invoice.id,
            ...(units === 0 ? {} : { lines: [{ line: id, quantity: (units / 100).toFixed(2) }] }),
            ...(named === undefined ? (units === 0 ? { parts: [] } : {}) : { parts: [named] })
          })
          const may =
            (units === 0 || Math.abs(units) <= Math.abs(left.get(id)!)) &&
            (named === undefined || open.has(named)) &&
            !(units === 0 && named === undefined)
          assert.equal(credited.ok, may, JSON.stringify([step, credited]))
          if (!credited.ok) continue
          left.set(id, left.get(id)! - units)
          if (named !== undefined) open.delete(named)
          notes.push(credited.value)
        }
        const last = await omni.invoices.safe.issueCreditNote({ invoice: invoice.id })
        assert.equal(last.ok, open.size > 0 || [...left.values()].some((units) => units !== 0))
        if (last.ok) notes.push(last.value)
        for (const note of notes) assert.deepEqual(checkInvoice(invoiceOf(note)!), [])
        const sums = new Map<string, readonly [number, number]>()
        for (const { key, taxable, tax: of } of notes.flatMap(rowsOf)) {
          const [base, total] = sums.get(key) ?? [0, 0]
          sums.set(key, [base + taxable, total + of])
        }
        for (const { key, taxable, tax: of } of rowsOf(invoice)) assert.deepEqual(sums.get(key), [taxable, of], key)
        const account = await omni.invoices.account({ invoice: invoice.id })
        assert.deepEqual([account.open.amount, account.credited], [0, account.payable])
        assert.isFalse((await omni.invoices.safe.issueCreditNote({ invoice: invoice.id })).ok)
        await omni.close()
      }
    ),
    { numRuns: 150 }
  )
}, 60_000)
