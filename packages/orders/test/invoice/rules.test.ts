import { checkInvoice, type Invoice, type InvoiceFragment, invoiceRules, type TaxCategory, toUbl } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { company, seller } from "./office.ts"
import { isInSchematron, missing, schematronErrors } from "./validators.ts"

/** What is known by which prefix of rules, and at which rate it is here. */
const categories: ReadonlyArray<readonly [prefix: string, category: TaxCategory, rate: number | undefined]> = [
  ["S", "S", 21],
  ["Z", "Z", 0],
  ["E", "E", 0],
  ["AE", "AE", 0],
  ["IC", "K", 0],
  ["G", "G", 0],
  ["O", "O", undefined],
  ["AF", "L", 7],
  ["AG", "M", 4]
]

const untaxed = ["E", "AE", "K", "G", "O"]

/** A right invoice of one category: a line of 100, an allowance of 10 and a charge of 20, all that may be there being there. */
const right = (category: TaxCategory, rate: number | undefined): Invoice => {
  const percent = rate === undefined ? {} : { percent: String(rate) }
  const taxed = { scheme: "VAT", category, ...percent } as const
  const tax = (110 * (rate ?? 0)) / 100
  const { vatId: _, ...sellerOutside } = seller
  const { vatId: _1, ...buyerOutside } = company
  return {
    specification: "urn:cen.eu:en16931:2017",
    number: "1",
    type: "380",
    issueDate: "2026-07-15",
    dueDate: "2026-08-15",
    documentCurrency: "EUR",
    preceding: [{ number: "0", issueDate: "2026-07-01" }],
    seller: category === "O" ? sellerOutside : seller,
    buyer: category === "O" ? buyerOutside : company,
    payee: { name: "Factor Bank", id: { id: "FB1" } },
    ...(category === "O"
      ? {}
      : { taxRepresentative: { name: "Gestor, S.L.", vatId: "ESB87654321", address: { country: "ES", lines: ["Calle Menor 2"] } } }),
    delivery: { date: "2026-07-14", address: { country: "DE", lines: ["Hauptstraße 5"] } },
    period: { start: "2026-07-01", end: "2026-07-31" },
    paymentMeans: [{ code: "58", account: { id: "ES9121000418450200051332" } }],
    allowancesAndCharges: [
      { charge: false, amount: "10.00", reason: "Rebate", ...taxed },
      { charge: true, amount: "20.00", reason: "Freight", ...taxed }
    ],
    taxTotals: [
      {
        amount: tax.toFixed(2),
        currency: "EUR",
        subtotals: [
          { taxable: "110.00", tax: tax.toFixed(2), ...taxed, ...(untaxed.includes(category) ? { exemptionReason: "Not taxed" } : {}) }
        ]
      }
    ],
    totals: {
      lineTotal: "100.00",
      allowanceTotal: "10.00",
      chargeTotal: "20.00",
      taxExclusive: "110.00",
      taxInclusive: (110 + tax).toFixed(2),
      prepaid: "5.00",
      payable: (105 + tax).toFixed(2)
    },
    lines: [
      {
        id: "1",
        name: "Shaver",
        quantity: "1",
        unit: "C62",
        price: "101.00",
        period: { start: "2026-07-01", end: "2026-07-31" },
        allowancesAndCharges: [
          { charge: false, amount: "2.00", reason: "Loyalty" },
          { charge: true, amount: "1.00", reason: "Wrapping" }
        ],
        net: "100.00",
        ...taxed
      }
    ]
  }
}

type Path = ReadonlyArray<string | number>

/** The same with another value somewhere; without it when there is none. */
const put = <T>(of: T, [first, ...rest]: Path, value: unknown): T => {
  if (first === undefined) return value as T
  const inner = put((of as Readonly<Record<string | number, unknown>>)[first], rest, value)
  if (Array.isArray(of)) return of.map((one: unknown, i) => (i === first ? inner : one)) as T
  const { [first]: _, ...others } = of as Readonly<Record<string | number, unknown>>
  return (inner === undefined ? others : { ...others, [first]: inner }) as T
}

/** What to change of a right invoice so that a rule is broken: where, and what is there then. */
type Break = readonly [path: string, value?: unknown]
type Case = readonly [rule: string, ...breaks: ReadonlyArray<Break>]

const changed = (invoice: Invoice, breaks: ReadonlyArray<Break>): InvoiceFragment =>
  breaks.reduce<InvoiceFragment>(
    (of, [path, value]) =>
      put(
        of,
        path.split(".").map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
        value
      ),
    invoice
  )

const [part, row, line] = ["allowancesAndCharges", "taxTotals.0.subtotals.0", "lines.0"]

const general: ReadonlyArray<Case> = [
  ["BR-01", ["specification"]],
  ["BR-02", ["number", " "]],
  ["BR-03", ["issueDate"]],
  ["BR-04", ["type"]],
  ["BR-05", ["documentCurrency"]],
  ["BR-06", ["seller.name", ""]],
  ["BR-07", ["buyer.name", ""]],
  ["BR-08", ["seller.address"]],
  ["BR-09", ["seller.address.country"]],
  ["BR-10", ["buyer.address"]],
  ["BR-11", ["buyer.address.country"]],
  ["BR-12", ["totals.lineTotal"]],
  ["BR-13", ["totals.taxExclusive"]],
  ["BR-14", ["totals.taxInclusive"]],
  ["BR-15", ["totals.payable"]],
  ["BR-16", ["lines", []]],
  ["BR-17", ["payee.name"]],
  ["BR-18", ["taxRepresentative.name", ""]],
  ["BR-19", ["taxRepresentative.address"]],
  ["BR-20", ["taxRepresentative.address.country"]],
  ["BR-21", [`${line}.id`]],
  ["BR-22", [`${line}.quantity`]],
  ["BR-23", [`${line}.unit`]],
  ["BR-24", [`${line}.net`]],
  ["BR-25", [`${line}.name`]],
  ["BR-26", [`${line}.price`]],
  ["BR-27", [`${line}.price`, "-1.00"]],
  ["BR-29", ["period.end", "2026-06-30"]],
  ["BR-30", [`${line}.period.end`, "2026-06-30"]],
  ["BR-31", [`${part}.0.amount`]],
  ["BR-32", [`${part}.0.category`]],
  ["BR-33", [`${part}.0.reason`]],
  ["BR-36", [`${part}.1.amount`]],
  ["BR-37", [`${part}.1.category`]],
  ["BR-38", [`${part}.1.reason`]],
  ["BR-41", [`${line}.allowancesAndCharges.0.amount`]],
  ["BR-42", [`${line}.allowancesAndCharges.0.reason`]],
  ["BR-43", [`${line}.allowancesAndCharges.1.amount`]],
  ["BR-44", [`${line}.allowancesAndCharges.1.reason`]],
  ["BR-45", [`${row}.taxable`]],
  ["BR-46", [`${row}.tax`]],
  ["BR-47", [`${row}.category`]],
  ["BR-48", [`${row}.percent`]],
  ["BR-49", ["paymentMeans.0.code"]],
  ["BR-50", ["paymentMeans.0.account.id", ""]],
  ["BR-53", ["taxCurrency", "USD"]],
  ["BR-55", ["preceding.0.number"]],
  ["BR-56", ["taxRepresentative.vatId"]],
  ["BR-57", ["delivery.address.country"]],
  ["BR-61", ["paymentMeans.0.account"]],
  ["BR-62", ["seller.electronicAddress.scheme"]],
  ["BR-63", ["buyer.electronicAddress.scheme"]],
  ["BR-CO-04", [`${line}.category`]],
  ["BR-CO-09", ["buyer.vatId", "123456789"]],
  ["BR-CO-10", ["totals.lineTotal", "100.01"]],
  ["BR-CO-11", ["totals.allowanceTotal", "10.01"]],
  ["BR-CO-12", ["totals.chargeTotal", "20.01"]],
  ["BR-CO-13", ["totals.taxExclusive", "110.01"]],
  ["BR-CO-14", ["taxTotals.0.amount", "23.11"]],
  ["BR-CO-15", ["totals.taxInclusive", "133.11"]],
  ["BR-CO-16", ["totals.payable", "128.11"]],
  ["BR-CO-17", [`${row}.tax`, "24.10"]],
  ["BR-CO-18", ["taxTotals", []]],
  ["BR-CO-19", ["period", {}]],
  ["BR-CO-20", [`${line}.period`, {}]],
  ["BR-CO-21", [`${part}.0.reason`]],
  ["BR-CO-22", [`${part}.1.reason`]],
  ["BR-CO-23", [`${line}.allowancesAndCharges.0.reason`]],
  ["BR-CO-24", [`${line}.allowancesAndCharges.1.reason`]],
  ["BR-CO-25", ["dueDate"]],
  ["BR-CO-26", ["seller.vatId"], ["seller.legalId"]]
]

/** Nobody who has to be identified is, or who must not be is. */
const unidentified = (category: TaxCategory): ReadonlyArray<Break> =>
  category === "O"
    ? [["seller.vatId", "ESB12345674"]]
    : [["seller.vatId"], ["seller.taxNumber"], ["taxRepresentative"], ["buyer.vatId"], ["buyer.legalId"]]

const ofCategory = ([prefix, category, rate]: (typeof categories)[number]): ReadonlyArray<Case> => {
  const id = (n: string): string => `BR-${prefix}-${n}`
  // Another category in the other two places, so that it is this place alone that asks for it.
  const elsewhere = (...places: ReadonlyArray<string>): ReadonlyArray<Break> =>
    places.map((place) => [`${place}.category`, category === "Z" ? "S" : "Z"])
  const wrongRate = rate === undefined ? "0" : rate > 0 ? (prefix === "S" ? "0" : "-1") : "5"
  return [
    [id("01"), [`${row}.category`, category === "S" ? "Z" : "S"]],
    [id("02"), ...unidentified(category), ...elsewhere(`${part}.0`, `${part}.1`)],
    [id("03"), ...unidentified(category), ...elsewhere(line, `${part}.1`)],
    [id("04"), ...unidentified(category), ...elsewhere(line, `${part}.0`)],
    [id("05"), [`${line}.percent`, wrongRate]],
    [id("06"), [`${part}.0.percent`, wrongRate]],
    [id("07"), [`${part}.1.percent`, wrongRate]],
    [id("08"), [`${row}.taxable`, "112.00"]],
    [id("09"), [`${row}.tax`, "30.00"]],
    [id("10"), untaxed.includes(category) ? [`${row}.exemptionReason`] : [`${row}.exemptionReason`, "None"]]
  ]
}

const own: ReadonlyArray<readonly [TaxCategory, Case]> = [
  ["K", ["BR-IC-11", ["delivery.date"], ["period"]]],
  ["K", ["BR-IC-12", ["delivery.address.country"]]],
  ["O", ["BR-O-11", ["taxTotals.0.subtotals.1", undefined]]],
  ["O", ["BR-O-12", [`${line}.category`, "S"]]],
  ["O", ["BR-O-13", [`${part}.0.category`, "S"]]],
  ["O", ["BR-O-14", [`${part}.1.category`, "S"]]]
]

const cases: ReadonlyArray<readonly [base: Invoice, Case]> = [
  ...general.map((one) => [right("S", 21), one] as const),
  ...categories.flatMap((law) => ofCategory(law).map((one) => [right(law[1], law[2]), one] as const)),
  ...own.map(([category, one]) => {
    const base = right(category, category === "O" ? undefined : 0)
    if (one[0] !== "BR-O-11") return [base, one] as const
    const other = { taxable: "0.00", tax: "0.00", scheme: "VAT", category: "Z", percent: "0" } as const
    const [total] = base.taxTotals
    return [base, [one[0], ["taxTotals", [{ ...total, subtotals: [...total!.subtotals, other] }]]] satisfies Case] as const
  })
]

describe("each rule", () => {
  it("is kept by a right invoice of each category, with everything that may be there", () => {
    for (const [, category, rate] of categories) assert.deepEqual([category, checkInvoice(right(category, rate))], [category, []])
  })

  it("has a case here, and has one alone", () => {
    assert.deepEqual(cases.map(([, [rule]]) => rule).sort(), invoiceRules.map(({ id }) => id).sort())
  })

  it.each(cases.map(([base, one]) => [one[0], base, one.slice(1) as ReadonlyArray<Break>] as const))(
    "%s is named when it is broken, with the field",
    (rule, base, breaks) => {
      const found = checkInvoice(changed(base, breaks)).filter((one) => one.rule === rule)
      assert.isNotEmpty(found)
      for (const { field, expected, got, says } of found) {
        assert.match(field, /^[a-z][A-Za-z]*(\.[A-Za-z0-9]+)*$/)
        assert.notEqual(expected, got)
        assert.match(says, /\.$/)
      }
    }
  )
})

describe.skipIf(missing !== undefined)("each rule that the schematron of EN 16931 has as well", () => {
  it("is broken there by the same documents", { timeout: 1_800_000 }, () => {
    const wrong: Array<string> = []
    let both = 0
    // Each takes two seconds: all of them when somebody names the folder, some when it is just there.
    const asked = cases.filter((_, i) => process.env["OMNI_EN16931"] !== undefined || i % 20 === 0)
    for (const [base, [rule, ...breaks]] of asked) {
      // A period without start and end is not written.
      if (!isInSchematron(rule) || rule === "BR-CO-19" || rule === "BR-CO-20") continue
      const xml = written(changed(base, breaks) as Invoice)
      // What cannot be written at all cannot be judged there.
      if (xml === undefined) continue
      both++
      const theirs = schematronErrors(xml).flatMap((error) => /^(BR-[A-Z0-9-]+)/.exec(error)?.[1] ?? [])
      if (!theirs.includes(rule)) wrong.push(`${rule}: they say ${[...new Set(theirs)].join(", ")}`)
    }
    console.log(`rules that both break: ${both - wrong.length} of ${both}; of ${asked.length} asked`)
    assert.deepEqual(wrong, [])
  })
})

const written = (invoice: Invoice): string | undefined => {
  try {
    return toUbl(invoice)
  } catch {
    return undefined
  }
}
