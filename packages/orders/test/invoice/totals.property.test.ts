import { assemble, type AmountOrPercent, checkInvoice, type Draft, type DraftTax, invoiceTotals } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

const cents = (min: number, max: number) => fc.integer({ min, max }).map((n) => (n / 100).toFixed(2))
const percent = fc.constantFrom("0.5", "2.5", "10", "33.333")
const tax = fc.constantFrom(
  { category: "S", percent: "21" } as const,
  { category: "S", percent: "5.5" } as const,
  { category: "Z" } as const
)
const share: fc.Arbitrary<AmountOrPercent> = fc.oneof(
  cents(0, 5000).map((amount) => ({ amount })),
  percent.map((of) => ({ percent: of }))
)
const part = fc.record({ charge: fc.boolean(), of: share })
const line = fc.record({
  quantity: fc.oneof(fc.integer({ min: -5, max: 50 }).map(String), cents(1, 9999), fc.constant("0.333")),
  price: fc.oneof(
    cents(0, 100_000),
    fc.integer({ min: 0, max: 10 ** 7 }).map((n) => (n / 10_000).toFixed(4))
  ),
  parts: fc.array(part, { maxLength: 3 }),
  tax
})

interface Part {
  readonly charge: boolean
  readonly of: AmountOrPercent
}

interface Line {
  readonly quantity: string
  readonly price: string
  readonly parts: ReadonlyArray<Part>
  readonly tax: DraftTax
}

const reasoned = ({ charge, of }: Part) => ({ charge, ...of, reason: "so" })
const split = (parts: ReadonlyArray<Part>, charge: boolean): ReadonlyArray<AmountOrPercent> =>
  parts.filter((one) => one.charge === charge).map(({ of }) => of)
const on = ({ category, percent: rate }: { readonly category: string; readonly percent?: string }) => [
  { code: "VAT", percent: rate ?? "0", group: category }
]

const draftOf = (lines: ReadonlyArray<Line>, parts: ReadonlyArray<Part & { readonly tax: Line["tax"] }>, taxIncluded: boolean): Draft => ({
  currency: "EUR",
  taxIncluded,
  lines: lines.map(({ parts: own, ...rest }) => ({ ...rest, name: "x", allowancesAndCharges: own.map(reasoned) })),
  parts: parts.map((one) => ({ ...reasoned(one), tax: one.tax }))
})
const documentParts = fc.array(fc.record({ charge: fc.boolean(), of: share, tax }), { maxLength: 3 })

/** The rules that figures alone can break. */
const arithmetic = [
  "BR-CO-10",
  "BR-CO-11",
  "BR-CO-12",
  "BR-CO-13",
  "BR-CO-14",
  "BR-CO-15",
  "BR-CO-16",
  "BR-CO-17",
  "BR-S-01",
  "BR-S-08",
  "BR-S-09",
  "BR-Z-01",
  "BR-Z-08",
  "BR-Z-09",
  "BR-27"
]

it("a document keeps the rules of sums, whatever is drafted", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), documentParts, fc.boolean(), (lines, parts, taxIncluded) => {
      const { lineTaxes: _, partTaxes: __, ...document } = assemble(draftOf(lines, parts, taxIncluded))
      assert.deepEqual(checkInvoice({ ...document, documentCurrency: "EUR" }, arithmetic), [])
    }),
    { numRuns: 1_000 }
  )
})

it("a document without tax in its prices comes to what invoiceTotals says, which is worked out another way", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), documentParts, (lines, parts) => {
      const { totals, taxTotals } = assemble(draftOf(lines, parts, false))
      const other = invoiceTotals({
        currency: "EUR",
        lines: lines.map(({ parts: own, tax: of, ...rest }) => ({
          ...rest,
          allowances: split(own, false),
          charges: split(own, true),
          taxes: on(of)
        })),
        allowances: parts.filter(({ charge }) => !charge).map(({ of, tax: rate }) => ({ ...of, taxes: on(rate) })),
        charges: parts.filter(({ charge }) => charge).map(({ of, tax: rate }) => ({ ...of, taxes: on(rate) }))
      })
      assert.deepEqual(
        [totals.lineTotal, totals.taxExclusive, totals.taxInclusive, totals.payable, taxTotals[0]!.amount],
        [other.lineTotal, other.taxExclusive, other.taxInclusive, other.due, other.taxTotal]
      )
    }),
    { numRuns: 500 }
  )
})

it("a document with tax in its prices comes to exactly the prices", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 20 }).map(String), price: cents(0, 9999), tax }), {
        minLength: 1,
        maxLength: 12
      }),
      (lines) => {
        const {
          totals,
          lines: out,
          lineTaxes
        } = assemble({ currency: "EUR", taxIncluded: true, lines: lines.map((one) => ({ ...one, name: "x" })), parts: [] })
        const minor = (text: string): number => Math.round(Number(text) * 100)
        let paid = 0
        for (const [i, { quantity, price }] of lines.entries()) {
          paid += Number(quantity) * minor(price)
          assert.equal(minor(out[i]!.net) + minor(lineTaxes[i]!), Number(quantity) * minor(price))
        }
        assert.equal(minor(totals.taxInclusive), paid)
      }
    )
  )
})

it("at level `document` each figure is within half a unit of the exact one; nothing is lost to floating point", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 99 }), price: fc.integer({ min: 0, max: 10 ** 8 }) }), {
        minLength: 1,
        maxLength: 20
      }),
      (lines) => {
        const totals = invoiceTotals(
          {
            currency: "EUR",
            lines: lines.map(({ quantity, price }) => ({
              quantity: String(quantity),
              price: `${Math.floor(price / 10_000)}.${String(price % 10_000).padStart(4, "0")}`,
              taxes: [{ code: "VAT", percent: "21" }]
            }))
          },
          { level: "document", mode: "half-up" }
        )
        const units = lines.reduce((total, { quantity, price }) => total + BigInt(quantity) * BigInt(price), 0n)
        const half = (value: bigint, divisor: bigint): string => {
          const rounded = (2n * value + divisor) / (2n * divisor)
          return `${rounded / 100n}.${String(rounded % 100n).padStart(2, "0")}`
        }
        assert.equal(totals.taxExclusive, half(units, 100n))
        assert.equal(totals.lineTotal, half(units, 100n))
      }
    )
  )
  assert.equal(
    invoiceTotals({ currency: "JPY", lines: [{ quantity: "3", price: "99.5", taxes: [{ code: "CT", percent: "10" }] }] }).taxInclusive,
    "329"
  )
  assert.equal(invoiceTotals({ currency: "KWD", lines: [{ quantity: "1", price: "0.0005", taxes: [] }] }).payable, "0.001")
})
