import { type CivilDate, type Currency, fail, type Money, money, moneyToDecimal, operation, parseMoney, reactor, type Tx } from "@omni/core"

import { foreseeOrder, recount } from "../account/commitments.ts"
import { AccountOrders, Accounts, Credits } from "../account/model.ts"
import { promiserOf } from "../account/on-account.ts"
import { tellOwed } from "../account/owed.ts"
import { PaymentCaptured, PaymentChargedBack, PaymentRefunded, PaymentRefundReversed } from "../payment/model.ts"
import { accountKey, openAccount } from "./account.ts"
import { assemble } from "./assemble.ts"
import type { Draft } from "./draft.ts"
import { BuyerUnknown, LegalEntityNotFound, type SchemeNotFound, type SchemeRefused, WrongCurrency } from "./errors.ts"
import { chainKey, FiscalChains } from "./fiscal.ts"
import { type IssueRequest, IssueRequest as Input, RECEIPTS } from "./issue-input.ts"
import { LegalEntities, type LegalEntity, Series } from "./legal-entity.ts"
import { balanceKey, CompanyAccounts, CompanyBalances, InvoiceIssued, type IssuedDocument } from "./model.ts"
import { seriesKey, takeNumber } from "./number.ts"
import { payInvoices } from "./order-money.ts"
import { type Source, sourceOf } from "./source.ts"
import { dueDate, type PaymentTerms, termsText } from "./terms.ts"
import { writeDocument } from "./write-document.ts"

/** Registers a document with the national scheme of its legal entity, if it has one, in the same commit. */
export type Register = (tx: Tx, entity: LegalEntity, document: IssuedDocument) => Generator<SchemeNotFound | SchemeRefused, void, unknown>

/** The legal entity of an id. Errors: `LegalEntityNotFound`. */
export function* legalEntityOf(tx: Tx, id: string): Generator<LegalEntityNotFound, LegalEntity, unknown> {
  const entity = tx.get(LegalEntities, id)
  return entity ?? (yield* fail(new LegalEntityNotFound({ legalEntity: id, message: `There is no legal entity "${id}". Save it first.` })))
}

/** Loads in one round trip what issuing a document will read, and before it asks what time it is. */
export const foresee = (tx: Tx, entity: LegalEntity, series: string, currency: Currency, company: string | undefined): void => {
  const account = company === undefined ? undefined : accountKey(entity.id, company, currency)
  const chain = entity.scheme === undefined ? undefined : chainKey(entity.scheme, entity.id)
  if (account !== undefined) tx.prefetch(CompanyAccounts, [account])
  if (company !== undefined) {
    tx.prefetch(CompanyBalances, [balanceKey(company, currency)])
    tx.prefetch(Credits, [company])
    tx.prefetch(Accounts, [company])
  }
  if (chain !== undefined) tx.prefetch(FiscalChains, [chain])
  tx.get(Series, seriesKey(entity.id, series))
  if (account !== undefined) tx.get(CompanyAccounts, account)
  if (chain !== undefined) tx.get(FiscalChains, chain)
}

/** What every event of a document says. */
export const documentFacts = (document: IssuedDocument) => {
  const { id, number, legalEntity, series, issueDate, total, payable, dueDate: due, company, customer, order } = document
  return {
    document: id,
    number,
    legalEntity,
    series,
    issueDate,
    total,
    payable,
    ...(due === undefined ? {} : { dueDate: due }),
    ...(company === undefined ? {} : { company }),
    ...(customer === undefined ? {} : { customer }),
    ...(order === undefined ? {} : { order })
  }
}

/** An invoice, credit note or payment has changed what accounts owe: the one that it names, and those that the order is on. */
export const creditMoved = (
  tx: Tx,
  { company, order }: Pick<IssuedDocument, "company" | "order">,
  reason: "invoiced" | "credited" | "paid",
  reference: string
): void => {
  const others = order === undefined ? [] : recount(tx, order)
  for (const account of new Set([...(company === undefined ? [] : [company]), ...others])) tellOwed(tx, account, reason, reference)
}

/** Whose an order's invoice is: the account's that has promised to pay it, or that it is for. */
const companyOf = (tx: Tx, ordered: Source["ordered"]): string | undefined =>
  ordered === undefined ? undefined : (promiserOf(tx, ordered.id) ?? ordered.account)

/** What an order and the account that it is for say of its invoices; what the request says comes first. */
function* aboutBuyer(tx: Tx, entity: LegalEntity, request: IssueRequest, ordered: Source["ordered"], company: string | undefined) {
  const account = company === undefined ? undefined : tx.get(Accounts, company)
  const buyer = request.buyer ?? account?.party ?? (yield* fail(BuyerUnknown.of(company)))
  const customer = request.customer ?? ordered?.customer
  const terms = request.terms ?? account?.terms ?? (account?.netDays === undefined ? entity.terms : { days: account.netDays })
  const purchaseOrder = request.purchaseOrder ?? ordered?.purchaseOrder
  const buyerReference = request.buyerReference ?? account?.reference
  return {
    terms,
    isPerson: request.person ?? (company === undefined && buyer.vatId === undefined && buyer.legalId === undefined),
    links: {
      ...(company === undefined ? {} : { company }),
      ...(customer === undefined ? {} : { customer }),
      ...(terms === undefined ? {} : { terms })
    },
    document: {
      buyer,
      ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
      ...(buyerReference === undefined ? {} : { buyerReference })
    }
  }
}

/** What issues invoices. */
export const issueOperations = (register: Register) => ({
  /**
   * Issues an invoice: of an order, of units or a delivery of it, or of lines that are told. Its number is the next of the series, taken
   * in the same commit, so that there is no gap and none twice. An order's units are invoiced once. Where the order is for an account, or
   * `company` is one, the account says who buys, what for (BT-10) and when it is due, and the order the purchase order (BT-13). The
   * delivery says when and where to (BT-72, BG-15). What is in hand of the order is paid already (BT-113), unless told; what somebody was let
   * off is an allowance, and charges are less what was given back of them. What the request says comes first.
   *
   * Errors: `BuyerUnknown`, `LegalEntityNotFound`, `SeriesNotFound`, `IssueDateOutOfOrder`, `NumberTaken`, `OrderNotFound`, `NothingToInvoice`,
   * `DeliveryInvoiced`, `WrongCurrency`, `InvalidInvoice`, `SchemeNotFound`, `SchemeRefused`.
   */
  issueInvoice: operation("invoices.issueInvoice", { input: Input, personal: () => RECEIPTS }, function* (tx, request) {
    tx.prefetch(LegalEntities, [request.legalEntity])
    const source = yield* sourceOf(tx, request.of)
    const entity = yield* legalEntityOf(tx, request.legalEntity)
    const series = request.series ?? entity.invoices
    if (source.ordered !== undefined) tx.prefetch(AccountOrders, [source.ordered.id])
    const company = request.company ?? companyOf(tx, source.ordered)
    foresee(tx, entity, series, source.currency, company)
    const about = yield* aboutBuyer(tx, entity, request, source.ordered, company)
    const { terms } = about
    const id = tx.newId("inv")
    const draft = source.draft(entity)
    const { prepaid: told } = request
    if (told !== undefined && told.currency !== draft.currency) return yield* fail(wrongCurrency(draft.currency))
    const taken = yield* takeNumber(tx, entity, id, {
      series,
      ...(request.issueDate === undefined ? {} : { issueDate: request.issueDate })
    })
    const whole: Draft = {
      ...draft,
      ...(request.withheld === undefined ? {} : { withheld: request.withheld }),
      ...(request.payableIn === undefined ? {} : { payableIn: request.payableIn })
    }
    const prepaid = told ?? prepaidOf(whole, source.money)
    const assembled = assemble(prepaid === undefined ? whole : { ...whole, prepaid: moneyToDecimal(prepaid) })
    source.note(tx, id, Math.min(source.money, Math.max(0, prepaid?.amount ?? 0)))
    const delivery = request.delivery ?? source.delivery(entity)
    const document = yield* writeDocument(tx, entity, id, taken, assembled, {
      ...passedOn(request),
      ...(delivery === undefined ? {} : { delivery }),
      ...source.document,
      ...about.document,
      ...datesOf(taken.issueDate, terms),
      kind: "invoice",
      type: "380",
      isPerson: about.isPerson,
      links: { ...source.links, ...about.links },
      partIds: draft.parts.map((part, i) => part.id ?? String(i + 1))
    })
    openAccount(tx, document, document.dueDate ?? document.issueDate)
    creditMoved(tx, document, "invoiced", id)
    yield* register(tx, entity, document)
    const { delivered } = document
    tx.emit(InvoiceIssued, id, { ...documentFacts(document), ...(delivered === undefined ? {} : { delivered }) })
    return document
  })
})

/** What of an order's money is there for a document: as much as it comes to. */
const prepaidOf = (draft: Draft, there: number): Money | undefined => {
  if (there === 0) return undefined
  const { amount } = parseMoney(assemble(draft).totals.payable, draft.currency)
  return amount <= 0 ? undefined : money(Math.min(amount, there), draft.currency)
}

/** What becomes of an order's money after it was invoiced its invoices hear of: what is captured later, given back, or lost in a dispute. */
export const payingInvoices = reactor(
  "invoices.followPayments",
  [PaymentCaptured, PaymentRefunded, PaymentRefundReversed, PaymentChargedBack],
  function* (tx, { data: { order, payment } }) {
    if (order !== undefined) moneyMoved(tx, order, payment)
  }
)

/** An order's money, or what is open of its invoices, has changed; and so has what orders are paid with that it was exchanged for. */
export const moneyMoved = (tx: Tx, id: string, reference: string): void => {
  foreseeOrder(tx, id)
  const replacements = tx.get(AccountOrders, id)?.replacements ?? []
  foreseeOrder(tx, ...replacements)
  for (const company of payInvoices(tx, id, reference)) creditMoved(tx, { company, order: id }, "paid", reference)
  for (const other of replacements) moneyMoved(tx, other, reference)
}

/** Without terms it is due at once. */
const datesOf = (issued: CivilDate, terms: PaymentTerms | undefined) =>
  terms === undefined ? { dueDate: issued } : { dueDate: dueDate(issued, terms), paymentTerms: termsText(issued, terms) }

/** What goes into the document as it is told. */
const passedOn = (request: IssueRequest) => {
  const {
    legalEntity: _1,
    series: _2,
    issueDate: _3,
    of: _4,
    customer: _5,
    company: _6,
    person: _7,
    terms: _8,
    buyer: _12,
    ...more
  } = request
  const { prepaid: _9, withheld: _10, payableIn: _11, ...passed } = more
  return passed
}

/** The error about money of another currency. */
export const wrongCurrency = (expected: string): WrongCurrency =>
  new WrongCurrency({ expected, message: `The document is in ${expected}; give the amount in it.` })
