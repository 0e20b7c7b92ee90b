import { addMoney, fail, moneyToDecimal, operation, type Tx } from "@omni/core"

import { less, saveAccount } from "./account.ts"
import { assemble } from "./assemble.ts"
import { type CreditDraft, type CreditedUnits, draftOfAmount, draftOfUnits } from "./credit-draft.ts"
import { grossLeft, leftOf } from "./credit-left.ts"
import { BuyerErased, CreditExceedsInvoice, InvoiceNotFound, NotAnInvoice, type WrongCurrency } from "./errors.ts"
import { compare, exact, magnitude, minus, plus, textOf } from "./exact.ts"
import { type CreditRequest, CreditRequest as Input, RECEIPTS } from "./issue-input.ts"
import { creditMoved, documentFacts, foresee, legalEntityOf, moneyMoved, type Register, wrongCurrency } from "./issue.ts"
import { CreditNoteIssued, type InvoiceAccount, InvoiceAccounts, Invoices, type IssuedDocument, OrderInvoices } from "./model.ts"
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
   * Credits an invoice: all that is left of it, or units of its lines and whole allowances and charges, or an amount (goodwill, a price that
   * was corrected). Units are credited with their part of what is left of their line; an amount by the breakdown of the invoice, so that each
   * unit is worth less from then on. All credit notes of an invoice add up to it to the last minor unit, and never to more.
   *
   * What of an order an invoice was about can be invoiced anew once all of the invoice is credited, but not when the last of it was by amount.
   *
   * Errors: `InvoiceNotFound`, `NotAnInvoice`, `CreditExceedsInvoice`, `WrongCurrency`, `BuyerErased`, `LegalEntityNotFound`, `SeriesNotFound`,
   * `IssueDateOutOfOrder`, `NumberTaken`, `InvalidInvoice`, `SchemeNotFound`, `SchemeRefused`.
   */
  issueCreditNote: operation("invoices.issueCreditNote", { input: Input, personal: () => RECEIPTS }, function* (tx, request) {
    const { invoice, account } = yield* invoiceWithAccount(tx, request.invoice)
    const entity = yield* legalEntityOf(tx, invoice.legalEntity)
    const { buyer } = invoice
    if (buyer === undefined) return yield* fail(erased(invoice.id))
    const series = request.series ?? entity.creditNotes
    foresee(tx, entity, series, account.open.currency, invoice.company)
    const { draft, after, complete, parts } = yield* drafted(invoice, account, request)
    const id = tx.newId("crn")
    const taken = yield* takeNumber(tx, entity, id, {
      series,
      ...(request.issueDate === undefined ? {} : { issueDate: request.issueDate })
    })
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
      partIds: parts.map((at) => invoice.partIds[at]!)
    })
    const { payable, number, issueDate: date } = document
    const account2 = { ...account, ...after, credited: addMoney(account.credited, payable), creditNotes: [...account.creditNotes, id] }
    saveAccount(tx, account2, [less({ kind: "credit-note", document: id, number, date, amount: payable })])
    // What somebody was let off is not invoiced anew.
    if (complete && request.amount === undefined) freeUnits(tx, invoice)
    if (order !== undefined) noteConceded(tx, order, invoice.id, request.amount?.amount ?? 0)
    creditMoved(tx, document, "credited", id)
    if (order !== undefined) moneyMoved(tx, order, id)
    yield* register(tx, entity, document)
    tx.emit(CreditNoteIssued, id, { ...documentFacts(document), credits: invoice.id, complete })
    return document
  })
})

/** What somebody is let off by a credit note is not taken off the next invoice of the order once more. */
const noteConceded = (tx: Tx, order: string, invoice: string, amount: number): void => {
  const row = amount === 0 ? undefined : tx.get(OrderInvoices, order)
  if (row !== undefined) tx.put(OrderInvoices, order, { ...row, conceded: [...(row.conceded ?? []), { invoice, amount }] })
}

/** The credit note that is asked for. */
function* drafted(
  invoice: IssuedDocument,
  account: InvoiceAccount,
  request: CreditRequest
): Generator<CreditExceedsInvoice | WrongCurrency, CreditDraft, unknown> {
  const { amount } = request
  if (amount === undefined) return draftOfUnits(invoice, account, yield* whatToCredit(invoice, account, request))
  const { documentCurrency: currency } = invoice.document
  if (amount.currency !== currency) return yield* fail(wrongCurrency(currency))
  const draft = draftOfAmount(invoice, account, exact(moneyToDecimal(amount)), request.reason ?? "Credit")
  return draft ?? (yield* fail(exceeds(invoice.id, "all", textOf(grossLeft(invoice, leftOf(invoice, account))))))
}

function* whatToCredit(
  invoice: IssuedDocument,
  account: InvoiceAccount,
  request: CreditRequest
): Generator<CreditExceedsInvoice, CreditedUnits, unknown> {
  const { lines } = invoice.document
  const before = (id: string): string => account.creditedLines[id] ?? "0"
  const all = request.lines === undefined && request.parts === undefined
  const units = new Map<string, string>()
  for (const { line, quantity } of request.lines ?? []) units.set(line, textOf(plus(exact(units.get(line) ?? "0"), exact(quantity))))
  if (all)
    for (const { id, quantity } of lines)
      if (compare(exact(quantity), exact(before(id))) !== 0) units.set(id, textOf(minus(exact(quantity), exact(before(id)))))
  const credited: Array<CreditedUnits["lines"][number]> = []
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
