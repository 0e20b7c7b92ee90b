import { Country } from "@omni/core"

import { decimal, type Finding, type InvoiceRule, isThere, present, rule, shown } from "./rule.ts"
import { documentParts, subtotalsOf } from "./sums.ts"

type Reasoned = { readonly reason?: string | undefined; readonly reasonCode?: string | undefined }
type Dated = { readonly start?: string | undefined; readonly end?: string | undefined }

const reasoned = (field: string, { reason, reasonCode }: Reasoned): Finding | undefined =>
  present(`${field}.reason`, isThere(reason) ? reason : reasonCode, "a reason or a reason code")

const bounded = (field: string, { start, end }: Dated): Finding | undefined =>
  present(field, isThere(start) ? start : end, "a start or an end")

const forwards = (field: string, { start, end }: Dated): Finding | undefined =>
  start === undefined || end === undefined || end >= start ? undefined : { field: `${field}.end`, expected: `${start} or later`, got: end }

/** Greece and Northern Ireland give VAT ids under letters of their own. */
const VAT_ONLY = ["EL", "XI"]

const prefixed = (field: string, id: string | undefined): Finding | undefined => {
  const prefix = id?.slice(0, 2)
  if (prefix === undefined || VAT_ONLY.includes(prefix) || Country.safeParse(prefix).success) return undefined
  return { field, expected: "the code of a country in front", got: shown(id) }
}

/** BR-01 to BR-63: what an invoice, its parties, lines, allowances and charges have to hold. */
export const presenceRules: ReadonlyArray<InvoiceRule> = [
  rule("BR-01", "An invoice names the specification that it follows.", "BT-24", function* ({ specification }) {
    yield present("specification", specification)
  }),
  rule("BR-02", "An invoice has a number.", "BT-1", function* ({ number }) {
    yield present("number", number)
  }),
  rule("BR-03", "An invoice has an issue date.", "BT-2", function* ({ issueDate }) {
    yield present("issueDate", issueDate)
  }),
  rule("BR-04", "An invoice has a type code.", "BT-3", function* ({ type }) {
    yield present("type", type)
  }),
  rule("BR-05", "An invoice has a currency.", "BT-5", function* ({ documentCurrency }) {
    yield present("documentCurrency", documentCurrency)
  }),
  rule("BR-06", "The seller has a name.", "BT-27", function* ({ seller }) {
    yield present("seller.name", seller?.name)
  }),
  rule("BR-07", "The buyer has a name.", "BT-44", function* ({ buyer }) {
    yield present("buyer.name", buyer?.name)
  }),
  rule("BR-08", "The seller has a postal address.", "BG-5", function* ({ seller }) {
    yield present("seller.address", seller?.address)
  }),
  rule("BR-09", "The seller's address has a country.", "BT-40", function* ({ seller }) {
    if (seller?.address !== undefined) yield present("seller.address.country", seller.address.country)
  }),
  rule("BR-10", "The buyer has a postal address.", "BG-8", function* ({ buyer }) {
    yield present("buyer.address", buyer?.address)
  }),
  rule("BR-11", "The buyer's address has a country.", "BT-55", function* ({ buyer }) {
    if (buyer?.address !== undefined) yield present("buyer.address.country", buyer.address.country)
  }),
  rule("BR-12", "There is a sum of line net amounts.", "BT-106", function* ({ totals }) {
    yield present("totals.lineTotal", totals?.lineTotal)
  }),
  rule("BR-13", "There is a total without tax.", "BT-109", function* ({ totals }) {
    yield present("totals.taxExclusive", totals?.taxExclusive)
  }),
  rule("BR-14", "There is a total with tax.", "BT-112", function* ({ totals }) {
    yield present("totals.taxInclusive", totals?.taxInclusive)
  }),
  rule("BR-15", "There is an amount due.", "BT-115", function* ({ totals }) {
    yield present("totals.payable", totals?.payable)
  }),
  rule("BR-16", "An invoice has a line at least.", "BG-25", function* ({ lines = [] }) {
    if (lines.length === 0) yield { field: "lines", expected: "a line at least", got: "none" }
  }),
  rule("BR-17", "A payee that is not the seller has a name.", "BT-59", function* ({ payee }) {
    if (payee !== undefined) yield present("payee.name", payee.name)
  }),
  rule("BR-18", "The tax representative has a name.", "BT-62", function* ({ taxRepresentative: of }) {
    if (of !== undefined) yield present("taxRepresentative.name", of.name)
  }),
  rule("BR-19", "The tax representative has a postal address.", "BG-12", function* ({ taxRepresentative: of }) {
    if (of !== undefined) yield present("taxRepresentative.address", of.address)
  }),
  rule("BR-20", "The tax representative's address has a country.", "BT-69", function* ({ taxRepresentative: of }) {
    if (of?.address !== undefined) yield present("taxRepresentative.address.country", of.address.country)
  }),
  ...lineRules(),
  rule("BR-29", "A period ends on its start or later.", "BT-73, BT-74", function* ({ period }) {
    if (period !== undefined) yield forwards("period", period)
  }),
  rule("BR-30", "A line's period ends on its start or later.", "BT-134, BT-135", function* ({ lines = [] }) {
    for (const [i, { period }] of lines.entries()) if (period !== undefined) yield forwards(`lines.${i}.period`, period)
  }),
  ...partRules(),
  rule("BR-45", "A row of the breakdown has a base.", "BT-116", function* (invoice) {
    for (const { field, row } of subtotalsOf(invoice)) yield present(`${field}.taxable`, row.taxable)
  }),
  rule("BR-46", "A row of the breakdown has a tax.", "BT-117", function* (invoice) {
    for (const { field, row } of subtotalsOf(invoice)) yield present(`${field}.tax`, row.tax)
  }),
  rule("BR-47", "A row of the breakdown has a category.", "BT-118", function* (invoice) {
    for (const { field, row } of subtotalsOf(invoice)) yield present(`${field}.category`, row.category)
  }),
  rule("BR-48", "A row of the breakdown has a rate, unless it is outside the scope.", "BT-119", function* (invoice) {
    for (const { field, row } of subtotalsOf(invoice)) if (row.category !== "O") yield present(`${field}.percent`, row.percent)
  }),
  rule("BR-49", "A payment instruction says by what means.", "BT-81", function* ({ paymentMeans = [] }) {
    for (const [i, { code }] of paymentMeans.entries()) yield present(`paymentMeans.${i}.code`, code)
  }),
  rule("BR-50", "An account to pay to has an identifier.", "BT-84", function* ({ paymentMeans = [] }) {
    for (const [i, { account }] of paymentMeans.entries())
      if (account !== undefined) yield present(`paymentMeans.${i}.account.id`, account.id)
  }),
  rule("BR-53", "Where tax is accounted in another currency, there is a tax total in it.", "BT-6, BT-111", function* (invoice) {
    const { taxCurrency, taxTotals = [] } = invoice
    if (taxCurrency !== undefined && !taxTotals.some(({ currency }) => currency === taxCurrency))
      yield { field: "taxTotals", expected: `one in ${taxCurrency}`, got: "none" }
  }),
  rule("BR-55", "A reference to a preceding invoice has its number.", "BT-25", function* ({ preceding = [] }) {
    for (const [i, { number }] of preceding.entries()) yield present(`preceding.${i}.number`, number)
  }),
  rule("BR-56", "The tax representative has a VAT id.", "BT-63", function* ({ taxRepresentative: of }) {
    if (of !== undefined) yield present("taxRepresentative.vatId", of.vatId)
  }),
  rule("BR-57", "A delivery address has a country.", "BT-80", function* ({ delivery }) {
    if (delivery?.address !== undefined) yield present("delivery.address.country", delivery.address.country)
  }),
  rule("BR-61", "A credit transfer names the account.", "BT-84", function* ({ paymentMeans = [] }) {
    for (const [i, { code, account }] of paymentMeans.entries())
      if (code === "30" || code === "58") yield present(`paymentMeans.${i}.account.id`, account?.id)
  }),
  rule("BR-62", "The seller's electronic address has a scheme.", "BT-34", function* ({ seller }) {
    if (seller?.electronicAddress !== undefined) yield present("seller.electronicAddress.scheme", seller.electronicAddress.scheme)
  }),
  rule("BR-63", "The buyer's electronic address has a scheme.", "BT-49", function* ({ buyer }) {
    if (buyer?.electronicAddress !== undefined) yield present("buyer.electronicAddress.scheme", buyer.electronicAddress.scheme)
  }),
  rule("BR-CO-09", "A VAT id begins with the country that gave it.", "BT-31, BT-48, BT-63", function* (invoice) {
    for (const party of ["seller", "buyer", "taxRepresentative"] as const) yield prefixed(`${party}.vatId`, invoice[party]?.vatId)
  }),
  rule("BR-CO-18", "An invoice has a row of the tax breakdown at least.", "BG-23", function* (invoice) {
    if (subtotalsOf(invoice).length === 0) yield { field: "taxTotals", expected: "a row at least", got: "none" }
  }),
  rule("BR-CO-19", "A period has a start or an end.", "BT-73, BT-74", function* ({ period }) {
    if (period !== undefined) yield bounded("period", period)
  }),
  rule("BR-CO-20", "A line's period has a start or an end.", "BT-134, BT-135", function* ({ lines = [] }) {
    for (const [i, { period }] of lines.entries()) if (period !== undefined) yield bounded(`lines.${i}.period`, period)
  }),
  rule("BR-CO-25", "Where something is due, there is a due date or terms of payment.", "BT-9, BT-20", function* (invoice) {
    const { totals, dueDate, paymentTerms } = invoice
    if ((decimal(totals?.payable)?.units ?? 0n) > 0n)
      yield present("dueDate", isThere(dueDate) ? dueDate : paymentTerms, "a due date, or terms of payment")
  }),
  rule("BR-CO-26", "The seller has an identifier, a legal or a VAT one.", "BT-29, BT-30, BT-31", function* ({ seller }) {
    const ids = [seller?.vatId, seller?.legalId?.id, ...(seller?.ids ?? []).map(({ id }) => id)]
    if (!ids.some(isThere)) yield { field: "seller", expected: "vatId, legalId or one of ids", got: "none" }
  })
]

function lineRules(): ReadonlyArray<InvoiceRule> {
  const each = (id: string, says: string, terms: string, field: "id" | "quantity" | "unit" | "net" | "name" | "price" | "category") =>
    rule(id, says, terms, function* ({ lines = [] }) {
      for (const [i, line] of lines.entries()) yield present(`lines.${i}.${field}`, line[field])
    })
  return [
    each("BR-21", "A line has an id.", "BT-126", "id"),
    each("BR-22", "A line has a quantity.", "BT-129", "quantity"),
    each("BR-23", "A line's quantity has a unit.", "BT-130", "unit"),
    each("BR-24", "A line has a net amount.", "BT-131", "net"),
    each("BR-25", "A line names its article.", "BT-153", "name"),
    each("BR-26", "A line has a price.", "BT-146", "price"),
    rule("BR-27", "A price is not below zero.", "BT-146", function* ({ lines = [] }) {
      for (const [i, { price }] of lines.entries())
        if ((decimal(price)?.units ?? 0n) < 0n) yield { field: `lines.${i}.price`, expected: "0 or more", got: price! }
    }),
    each("BR-CO-04", "A line has a category of tax.", "BT-151", "category")
  ]
}

function partRules(): ReadonlyArray<InvoiceRule> {
  const ofDocument = (ids: ReadonlyArray<string>, charge: boolean): ReadonlyArray<InvoiceRule> => {
    const what = charge ? "A charge" : "An allowance"
    const [amount, category, reason, both] = ids as readonly [string, string, string, string]
    const each = (id: string, says: string, terms: string, check: (field: string, part: PartOf) => Finding | undefined) =>
      rule(id, says, terms, function* (invoice) {
        const { allowancesAndCharges: all = [] } = invoice
        for (const part of documentParts(invoice, charge)) yield check(`allowancesAndCharges.${all.indexOf(part)}`, part)
      })
    return [
      each(amount, `${what} of the document has an amount.`, charge ? "BT-99" : "BT-92", (at, part) =>
        present(`${at}.amount`, part.amount)
      ),
      each(category, `${what} of the document has a category of tax.`, charge ? "BT-102" : "BT-95", (at, part) =>
        present(`${at}.category`, part.category)
      ),
      each(reason, `${what} of the document has a reason or its code.`, charge ? "BT-104, BT-105" : "BT-97, BT-98", reasoned),
      each(both, `${what} of the document has a reason, its code, or both.`, charge ? "BT-104, BT-105" : "BT-97, BT-98", reasoned)
    ]
  }
  const ofLine = (ids: ReadonlyArray<string>, charge: boolean): ReadonlyArray<InvoiceRule> => {
    const what = charge ? "A charge" : "An allowance"
    const [amount, reason, both] = ids as readonly [string, string, string]
    const each = (
      id: string,
      says: string,
      terms: string,
      check: (field: string, part: Reasoned & { readonly amount?: string | undefined }) => Finding | undefined
    ) =>
      rule(id, says, terms, function* ({ lines = [] }) {
        for (const [i, { allowancesAndCharges = [] }] of lines.entries())
          for (const [j, part] of allowancesAndCharges.entries())
            if (part.charge === charge) yield check(`lines.${i}.allowancesAndCharges.${j}`, part)
      })
    const terms = charge ? "BT-144, BT-145" : "BT-139, BT-140"
    return [
      each(amount, `${what} of a line has an amount.`, charge ? "BT-141" : "BT-136", (at, part) => present(`${at}.amount`, part.amount)),
      each(reason, `${what} of a line has a reason or its code.`, terms, reasoned),
      each(both, `${what} of a line has a reason, its code, or both.`, terms, reasoned)
    ]
  }
  return [
    ...ofDocument(["BR-31", "BR-32", "BR-33", "BR-CO-21"], false),
    ...ofDocument(["BR-36", "BR-37", "BR-38", "BR-CO-22"], true),
    ...ofLine(["BR-41", "BR-42", "BR-CO-23"], false),
    ...ofLine(["BR-43", "BR-44", "BR-CO-24"], true)
  ]
}

type PartOf = ReturnType<typeof documentParts>[number]
