import { addMoney, fail, operation, type Tx } from "@omni/core"

import { less, saveAccount } from "./account.ts"
import { assemble } from "./assemble.ts"
import type { Draft } from "./draft.ts"
import { CreditExceedsInvoice, InvoiceNotFound, NotAnInvoice } from "./errors.ts"
import { BuyerErased } from "./errors.ts"
import { compare, exact, magnitude, minus, percentOf, plus, round, share, sum, textOf } from "./exact.ts"
import { type CreditRequest, CreditRequest as Input, RECEIPTS } from "./issue-input.ts"
import { documentFacts, foresee, legalEntityOf, type Register } from "./issue.ts"
import { CreditNoteIssued, type InvoiceAccount, InvoiceAccounts, Invoices, type IssuedDocument } from "./model.ts"
import { takeNumber } from "./number.ts"
import { freeUnits } from "./source.ts"
import { writeDocument } from "./write-document.ts"

/** The invoice of an id, with its account; refused for what is none. */
export function* invoiceWithAccount(
  tx: Tx,
  id: string
): Generator<InvoiceNotFound | NotAnInvoice, { readonly invoice: IssuedDocument; readonly account: InvoiceAccount }, unknown> {
  tx.prefetch(InvoiceAccounts, [id])
  const invoice = tx.get(Invoices, id)
  const account = tx.get(InvoiceAccounts, id)
  if (invoice === undefined) return yield* fail(InvoiceNotFound.of(id))
  if (account === undefined)
    return yield* fail(
      new NotAnInvoice({ document: id, message: `The document "${id}" is a credit note. Name the invoice that it is about.` })
    )
  return { invoice, account }
}

/** What issues credit notes. */
export const creditOperations = (register: Register) => ({
  /**
   * Credits an invoice: all that is left of it, or units of its lines and whole allowances and charges. Each amount is the part of what was
   * invoiced that falls on those units, so that all credit notes of an invoice add up to it to the last minor unit, and never to more.
   *
   * What of an order an invoice was about can be invoiced anew once all of the invoice is credited.
   *
   * Errors: `InvoiceNotFound`, `NotAnInvoice`, `CreditExceedsInvoice`, `BuyerErased`, `LegalEntityNotFound`, `SeriesNotFound`,
   * `IssueDateOutOfOrder`, `NumberTaken`, `InvalidInvoice`, `SchemeNotFound`.
   */
  issueCreditNote: operation("invoices.issueCreditNote", { input: Input, personal: () => RECEIPTS }, function* (tx, request) {
    const { invoice, account } = yield* invoiceWithAccount(tx, request.invoice)
    const entity = yield* legalEntityOf(tx, invoice.legalEntity)
    const { buyer } = invoice
    if (buyer === undefined) return yield* fail(erased(invoice.id))
    const series = request.series ?? entity.creditNotes
    foresee(tx, entity, series, account.open.currency, invoice.company)
    const credited = yield* whatToCredit(invoice, account, request)
    const id = tx.newId("crn")
    const taken = yield* takeNumber(tx, entity, id, {
      series,
      ...(request.issueDate === undefined ? {} : { issueDate: request.issueDate })
    })
    const { draft, after, complete } = drafted(invoice, account, credited)
    const { document: of, company, customer, order, delivery, buyerReference } = invoice
    const document = yield* writeDocument(tx, entity, id, taken, assemble(draft), {
      kind: "credit-note",
      type: "381",
      buyer,
      isPerson: invoice.subject !== undefined,
      preceding: [{ number: invoice.number, issueDate: invoice.issueDate }],
      dueDate: taken.issueDate,
      ...(delivery === undefined ? {} : { delivery }),
      ...(buyerReference === undefined ? {} : { buyerReference }),
      ...(request.reason === undefined ? {} : { notes: [request.reason] }),
      ...(of.salesOrder === undefined ? {} : { salesOrder: of.salesOrder }),
      ...(of.purchaseOrder === undefined ? {} : { purchaseOrder: of.purchaseOrder }),
      ...(of.taxRepresentative === undefined ? {} : { taxRepresentative: of.taxRepresentative }),
      ...(of.period === undefined ? {} : { period: of.period }),
      links: {
        credits: invoice.id,
        ...(company === undefined ? {} : { company }),
        ...(customer === undefined ? {} : { customer }),
        ...(order === undefined ? {} : { order })
      },
      partIds: draft.parts.map((_part, n) => invoice.partIds[credited.parts[n]!]!)
    })
    const { payable, number, issueDate: date } = document
    const account2 = { ...account, ...after, credited: addMoney(account.credited, payable), creditNotes: [...account.creditNotes, id] }
    saveAccount(tx, account2, [less({ kind: "credit-note", document: id, number, date, amount: payable })])
    if (complete) freeUnits(tx, invoice)
    yield* register(tx, entity, document)
    tx.emit(CreditNoteIssued, id, { ...documentFacts(document), credits: invoice.id, complete })
    return document
  })
})

/** Which part of which lines, by index, from so many units credited before to so many; and which parts, by index. */
interface Credited {
  readonly lines: ReadonlyArray<{ readonly at: number; readonly from: string; readonly to: string }>
  readonly parts: ReadonlyArray<number>
}

function* whatToCredit(
  invoice: IssuedDocument,
  account: InvoiceAccount,
  request: CreditRequest
): Generator<CreditExceedsInvoice, Credited, unknown> {
  const { lines } = invoice.document
  const before = (id: string): string => account.creditedLines[id] ?? "0"
  const all = request.lines === undefined && request.parts === undefined
  const units = new Map<string, string>()
  for (const { line, quantity } of request.lines ?? []) units.set(line, textOf(plus(exact(units.get(line) ?? "0"), exact(quantity))))
  if (all)
    for (const { id, quantity } of lines)
      if (compare(exact(quantity), exact(before(id))) !== 0) units.set(id, textOf(minus(exact(quantity), exact(before(id)))))
  const credited: Array<Credited["lines"][number]> = []
  for (const [id, quantity] of units) {
    const at = lines.findIndex((line) => line.id === id)
    const invoiced = exact(lines[at]?.quantity ?? "0")
    const to = plus(exact(before(id)), exact(quantity))
    const isPart = exact(quantity).units !== 0n && exact(quantity).units > 0n === invoiced.units > 0n
    if (at < 0 || !isPart || compare(magnitude(to), magnitude(invoiced)) > 0)
      return yield* fail(exceeds(invoice.id, id, textOf(minus(invoiced, exact(before(id))))))
    credited.push({ at, from: before(id), to: textOf(to) })
  }
  const parts = all ? invoice.partIds.filter((id) => !account.creditedParts.includes(id)) : (request.parts ?? [])
  for (const [n, id] of parts.entries())
    if (!invoice.partIds.includes(id) || account.creditedParts.includes(id) || parts.indexOf(id) !== n)
      return yield* fail(exceeds(invoice.id, id, "nothing"))
  if (credited.length === 0 && parts.length === 0) return yield* fail(exceeds(invoice.id, "all", "nothing"))
  return { lines: credited, parts: parts.map((id) => invoice.partIds.indexOf(id)) }
}

const drafted = (invoice: IssuedDocument, account: InvoiceAccount, { lines, parts }: Credited) => {
  const { document } = invoice
  const cents = Math.max(...invoice.lineTaxes.map((tax) => exact(tax).scale), exact(document.totals.taxExclusive).scale)
  const part = (amount: string, { at, from, to }: Credited["lines"][number]): string => {
    const whole = exact(document.lines[at]!.quantity)
    const upto = (units: string) => share(exact(amount), exact(units), whole, cents, "half-up")
    return textOf(minus(upto(to), upto(from)))
  }
  const rows = document.taxTotals[0]!.subtotals
  const taxOf = ({ category, percent }: { readonly category: (typeof rows)[number]["category"]; readonly percent?: string }) => {
    const row = rows.find((one) => one.category === category)
    return {
      category,
      ...(percent === undefined ? {} : { percent }),
      ...(row?.exemptionReason === undefined ? {} : { exemptionReason: row.exemptionReason }),
      ...(row?.exemptionCode === undefined ? {} : { exemptionCode: row.exemptionCode })
    }
  }
  const creditedLines = { ...account.creditedLines, ...Object.fromEntries(lines.map(({ at, to }) => [document.lines[at]!.id, to])) }
  const creditedParts = [...account.creditedParts, ...parts.map((i) => invoice.partIds[i]!)]
  const complete =
    document.lines.every(({ id, quantity }) => compare(exact(creditedLines[id] ?? "0"), exact(quantity)) === 0) &&
    creditedParts.length === invoice.partIds.length
  const creditedPartsOf: Draft["parts"] = parts.map((i) => {
    const { charge, amount, reason, reasonCode, ...tax } = document.allowancesAndCharges[i]!
    return {
      charge,
      amount,
      ...(reason === undefined ? {} : { reason }),
      ...(reasonCode === undefined ? {} : { reasonCode }),
      tax: taxOf(tax),
      fixed: { net: amount, tax: invoice.partTaxes[i]! }
    }
  })
  // A document has a line at least (BR-16): where parts alone are credited, they are its lines.
  const asLines = lines.length === 0
  const draft: Draft = {
    currency: document.documentCurrency,
    taxIncluded: false,
    lines: asLines
      ? creditedPartsOf.map(asLine)
      : lines.map((units) => {
          const { net, allowancesAndCharges, scheme: _, category, percent, ...line } = document.lines[units.at]!
          return {
            ...line,
            quantity: textOf(minus(exact(units.to), exact(units.from))),
            allowancesAndCharges: allowancesAndCharges.map(({ base: _base, multiplier: _multiplier, ...one }) => ({
              ...one,
              amount: part(one.amount, units)
            })),
            tax: taxOf({ category, ...(percent === undefined ? {} : { percent }) }),
            fixed: { net: part(net, units), tax: part(invoice.lineTaxes[units.at]!, units) }
          }
        }),
    parts: asLines ? [] : creditedPartsOf,
    ...(complete && document.totals.rounding !== undefined ? { rounding: document.totals.rounding } : {})
  }
  const creditedNet = plus(exact(account.creditedNet), netOf(draft))
  const withheld = (document.withheld ?? []).map(({ code, percent }) => {
    const upto = (net: string) => round(percentOf(exact(percent), exact(net)), cents, "half-up")
    return { code, percent, amount: textOf(minus(upto(textOf(creditedNet)), upto(account.creditedNet))) }
  })
  return {
    draft: { ...draft, ...(withheld.length === 0 ? {} : { withheld }) },
    after: { creditedLines, creditedParts, creditedNet: textOf(creditedNet) },
    complete
  }
}

/** A charge as a line, and an allowance as one of minus one piece. */
const asLine = ({ charge, amount, reason, reasonCode, tax, fixed }: Draft["parts"][number]): Draft["lines"][number] => {
  const signed = (text: string): string => (charge ? text : textOf(minus(exact("0"), exact(text))))
  return {
    name: reason ?? reasonCode ?? "-",
    quantity: charge ? "1" : "-1",
    price: amount ?? "0",
    tax,
    fixed: { net: signed(fixed!.net), tax: signed(fixed!.tax) }
  }
}

const netOf = ({ lines, parts }: Draft) =>
  sum([
    ...lines.map(({ fixed }) => exact(fixed!.net)),
    ...parts.map(({ charge, fixed }) => (charge ? exact(fixed!.net) : minus(exact("0"), exact(fixed!.net))))
  ])

const exceeds = (invoice: string, line: string, left: string): CreditExceedsInvoice =>
  new CreditExceedsInvoice({
    invoice,
    line,
    left,
    message: `Of "${line}" of the invoice "${invoice}", ${left} is left to credit. Nothing is credited beyond what was invoiced.`
  })

/** The error about a document whose buyer was erased. */
export const erased = (invoice: string): BuyerErased =>
  new BuyerErased({ invoice, message: `The buyer of "${invoice}" was erased once it had not to be kept any more; its figures are left.` })
