import { checkInvoice, type InvoiceFragment, invoiceOf, invoiceRules } from "@omni/orders"
import { assert, it } from "vitest"

import { office } from "./office.ts"

it("says of a broken rule what it says, where, what is expected and what is there", () => {
  const broken = checkInvoice({ totals: { taxInclusive: "1200.78", prepaid: "100", rounding: "0.22", payable: "1100.78" } }, ["BR-CO-16"])
  assert.deepEqual(broken, [
    {
      rule: "BR-CO-16",
      says: "What is due is the total with tax, less what is paid, plus rounding.",
      source: "EN 16931-1: BT-115 = BT-112 - BT-113 + BT-114",
      field: "totals.payable",
      expected: "1101.00",
      got: "1100.78"
    }
  ])
})

it("has each rule once, with a sentence and a source, and the ranges of the norm", () => {
  const ids = invoiceRules.map(({ id }) => id)
  assert.equal(new Set(ids).size, ids.length)
  for (const { says, source } of invoiceRules) assert.match(`${says} ${source}`, /^[A-Z].*\. EN 16931-1: B[GT]-\d/)
  const range = (prefix: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => `${prefix}-${String(from + i).padStart(2, "0")}`)
  assert.includeMembers(ids, range("BR-CO", 10, 26))
  for (const category of ["S", "Z", "E", "AE", "IC", "G", "O", "AF", "AG"]) assert.includeMembers(ids, range(`BR-${category}`, 1, 10))
  assert.includeMembers(ids, range("BR", 1, 16))
})

it("finds every rule that has to hold something broken in an empty invoice, and throws at nothing", () => {
  const broken = checkInvoice({}).map(({ rule }) => rule)
  assert.includeMembers(broken, [
    "BR-01",
    "BR-02",
    "BR-03",
    "BR-04",
    "BR-05",
    "BR-06",
    "BR-07",
    "BR-08",
    "BR-10",
    "BR-12",
    "BR-13",
    "BR-14",
    "BR-15",
    "BR-16",
    "BR-CO-18",
    "BR-CO-26"
  ])
  const nonsense: InvoiceFragment = {
    totals: { lineTotal: "ten", payable: "1e9", taxInclusive: "" },
    lines: [{}],
    allowancesAndCharges: [{}],
    taxTotals: [{ subtotals: [{}] }]
  }
  assert.isNotEmpty(checkInvoice(nonsense))
})

it("notices any amount of a right invoice that is a cent off", async () => {
  const { omni, issue } = await office()
  const invoice = invoiceOf(await issue({ prepaid: { amount: 100, currency: "EUR" } }))!
  assert.deepEqual(checkInvoice(invoice), [])
  for (const field of ["lineTotal", "taxExclusive", "taxInclusive", "prepaid", "payable"] as const) {
    const off = (Number(invoice.totals[field]) + 0.01).toFixed(2)
    assert.isNotEmpty(checkInvoice({ ...invoice, totals: { ...invoice.totals, [field]: off } }), field)
  }
  await omni.close()
})
