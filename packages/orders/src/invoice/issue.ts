import { type CivilDate, type Currency, fail, moneyToDecimal, operation, type Tx } from "@omni/core"

import { accountKey, openAccount } from "./account.ts"
import { assemble } from "./assemble.ts"
import { LegalEntityNotFound, type SchemeNotFound, WrongCurrency } from "./errors.ts"
import { chainKey, FiscalChains } from "./fiscal.ts"
import { type IssueRequest, IssueRequest as Input, RECEIPTS } from "./issue-input.ts"
import { LegalEntities, type LegalEntity, Series } from "./legal-entity.ts"
import { CompanyAccounts, InvoiceIssued, type IssuedDocument } from "./model.ts"
import { seriesKey, takeNumber } from "./number.ts"
import { sourceOf } from "./source.ts"
import { dueDate, type PaymentTerms, termsText } from "./terms.ts"
import { writeDocument } from "./write-document.ts"

/** Registers a document with the national scheme of its legal entity, if it has one, in the same commit. */
export type Register = (tx: Tx, entity: LegalEntity, document: IssuedDocument) => Generator<SchemeNotFound, void, unknown>

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

/** What issues invoices. */
export const issueOperations = (register: Register) => ({
  /**
   * Issues an invoice: of an order, of units or a delivery of it, or of lines that are told. Its number is the next of the series, taken
   * in the same commit, so that there is no gap and none twice. An order's units are invoiced once.
   *
   * Errors: `LegalEntityNotFound`, `SeriesNotFound`, `IssueDateOutOfOrder`, `NumberTaken`, `OrderNotFound`, `NothingToInvoice`,
   * `DeliveryInvoiced`, `WrongCurrency`, `InvalidInvoice`, `SchemeNotFound`.
   */
  issueInvoice: operation("invoices.issueInvoice", { input: Input, personal: () => RECEIPTS }, function* (tx, request) {
    tx.prefetch(LegalEntities, [request.legalEntity])
    const source = yield* sourceOf(tx, request.of)
    const entity = yield* legalEntityOf(tx, request.legalEntity)
    const series = request.series ?? entity.invoices
    foresee(tx, entity, series, source.currency, request.company)
    const id = tx.newId("inv")
    const draft = source.draft(entity)
    source.note(tx, id)
    const { prepaid } = request
    if (prepaid !== undefined && prepaid.currency !== draft.currency) return yield* fail(wrongCurrency(draft.currency))
    const taken = yield* takeNumber(tx, entity, id, {
      series,
      ...(request.issueDate === undefined ? {} : { issueDate: request.issueDate })
    })
    const terms = request.terms ?? entity.terms
    const assembled = assemble({
      ...draft,
      ...(prepaid === undefined ? {} : { prepaid: moneyToDecimal(prepaid) }),
      ...(request.withheld === undefined ? {} : { withheld: request.withheld }),
      ...(request.payableIn === undefined ? {} : { payableIn: request.payableIn })
    })
    const document = yield* writeDocument(tx, entity, id, taken, assembled, {
      ...passedOn(request),
      ...source.document,
      ...datesOf(taken.issueDate, terms),
      kind: "invoice",
      type: "380",
      isPerson: isPerson(request),
      links: {
        ...source.links,
        ...(request.company === undefined ? {} : { company: request.company }),
        ...(request.customer === undefined ? {} : { customer: request.customer }),
        ...(terms === undefined ? {} : { terms })
      },
      partIds: draft.parts.map((part, i) => part.id ?? String(i + 1))
    })
    openAccount(tx, document, document.dueDate ?? document.issueDate)
    yield* register(tx, entity, document)
    const { delivered } = document
    tx.emit(InvoiceIssued, id, { ...documentFacts(document), ...(delivered === undefined ? {} : { delivered }) })
    return document
  })
})

const isPerson = ({ person, company, buyer }: IssueRequest): boolean =>
  person ?? (company === undefined && buyer.vatId === undefined && buyer.legalId === undefined)

/** Without terms it is due at once. */
const datesOf = (issued: CivilDate, terms: PaymentTerms | undefined) =>
  terms === undefined ? { dueDate: issued } : { dueDate: dueDate(issued, terms), paymentTerms: termsText(issued, terms) }

/** What goes into the document as it is told. */
const passedOn = (request: IssueRequest) => {
  const { legalEntity: _1, series: _2, issueDate: _3, of: _4, customer: _5, company: _6, person: _7, terms: _8, ...more } = request
  const { prepaid: _9, withheld: _10, payableIn: _11, ...passed } = more
  return passed
}

/** The error about money of another currency. */
export const wrongCurrency = (expected: string): WrongCurrency =>
  new WrongCurrency({ expected, message: `The document is in ${expected}; give the amount in it.` })
