import { type CivilDate, fail, moneyToDecimal, operation, type Tx } from "@omni/core"

import { OrderNotFound } from "../errors.ts"
import { type Order, Orders } from "../model.ts"
import { openAccount } from "./account.ts"
import { assemble } from "./assemble.ts"
import type { Draft } from "./draft.ts"
import { DeliveryInvoiced, LegalEntityNotFound, NothingToInvoice, type SchemeNotFound, WrongCurrency } from "./errors.ts"
import { draftLines, draftParts, type Units } from "./from-order.ts"
import { type IssueRequest, IssueRequest as Input, RECEIPTS } from "./issue-input.ts"
import { LegalEntities, type LegalEntity, Series } from "./legal-entity.ts"
import { InvoiceIssued, type IssuedDocument, OrderInvoices } from "./model.ts"
import { seriesKey, takeNumber } from "./number.ts"
import { dueDate, type PaymentTerms, termsText } from "./terms.ts"
import { writeDocument } from "./write-document.ts"

/** Registers a document with the national scheme of its legal entity, if it has one, in the same commit. */
export type Register = (tx: Tx, entity: LegalEntity, document: IssuedDocument) => Generator<SchemeNotFound, void, unknown>

/** The legal entity, with the row of its series on the way. */
export function* legalEntityOf(tx: Tx, id: string, series?: string): Generator<LegalEntityNotFound, LegalEntity, unknown> {
  if (series !== undefined) tx.prefetch(Series, [seriesKey(id, series)])
  const entity = tx.get(LegalEntities, id)
  return entity ?? (yield* fail(new LegalEntityNotFound({ legalEntity: id, message: `There is no legal entity "${id}". Save it first.` })))
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
    const entity = yield* legalEntityOf(tx, request.legalEntity, request.series)
    const id = tx.newId("inv")
    const { draft, links } =
      "order" in request.of ? yield* fromOrder(tx, entity, request.of, id) : { draft: freeDraft(request.of), links: {} }
    const { prepaid } = request
    if (prepaid !== undefined && prepaid.currency !== draft.currency) return yield* fail(wrongCurrency(draft.currency))
    const taken = yield* takeNumber(tx, entity, id, {
      series: request.series ?? entity.invoices,
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
      ...links.document,
      ...datesOf(taken.issueDate, terms),
      kind: "invoice",
      type: "380",
      isPerson: isPerson(request),
      links: {
        ...links.row,
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

interface Sourced {
  readonly draft: Draft
  readonly links: {
    readonly row?: Pick<IssuedDocument, "order" | "delivered">
    readonly document?: { readonly salesOrder?: string; readonly despatch?: string }
  }
}

const freeDraft = ({ allowancesAndCharges = [], ...draft }: Exclude<IssueRequest["of"], { readonly order: string }>): Draft => ({
  ...draft,
  parts: allowancesAndCharges
})

type OfOrder = Extract<IssueRequest["of"], { readonly order: string }>

/** What of an order is to be invoiced, noted in the same commit, so that it cannot be invoiced again. */
function* fromOrder(
  tx: Tx,
  entity: LegalEntity,
  of: OfOrder,
  invoice: string
): Generator<OrderNotFound | NothingToInvoice | DeliveryInvoiced, Sourced, unknown> {
  tx.prefetch(OrderInvoices, [of.order])
  const order = tx.get(Orders, of.order) ?? (yield* fail(OrderNotFound.of(of.order)))
  const before = tx.get(OrderInvoices, of.order) ?? { lines: {}, charges: [], deliveries: {}, invoices: [] }
  const { delivery } = of
  const known = delivery === undefined ? undefined : before.deliveries[delivery]
  if (delivery !== undefined && known !== undefined) return yield* fail(deliveryInvoiced(delivery, known))
  const units = yield* unitsToInvoice(order, of, before.lines)
  const open = of.charges === false ? [] : order.charges.flatMap((_charge, i) => (before.charges.includes(i) ? [] : [i]))
  if (units.length === 0 && open.length === 0) return yield* fail(nothing(order.id))
  tx.put(OrderInvoices, order.id, {
    lines: { ...before.lines, ...Object.fromEntries(units.map(({ line, to }) => [line.id, to])) },
    charges: [...before.charges, ...open],
    deliveries: delivery === undefined ? before.deliveries : { ...before.deliveries, [delivery]: invoice },
    invoices: [...before.invoices, invoice]
  })
  return {
    draft: {
      currency: order.currency,
      taxIncluded: order.taxIncluded,
      lines: draftLines(order, units, entity),
      parts: draftParts(
        open.map((i) => order.charges[i]!),
        entity
      )
    },
    links: {
      row: { order: order.id, ...(delivery === undefined ? {} : { delivered: delivery }) },
      document: { salesOrder: order.id, ...(delivery === undefined ? {} : { despatch: delivery }) }
    }
  }
}

function* unitsToInvoice(
  order: Order,
  { lines: named }: OfOrder,
  invoiced: Readonly<Record<string, number>>
): Generator<NothingToInvoice, ReadonlyArray<Units>, unknown> {
  const lines = order.lines.filter(({ status }) => status !== "cancelled")
  const done = (line: string): number => invoiced[line] ?? 0
  if (named === undefined)
    return lines.flatMap((line) => (done(line.id) < line.quantity ? [{ line, from: done(line.id), to: line.quantity }] : []))
  const wanted = new Map<string, number>()
  for (const { line, quantity } of named) wanted.set(line, (wanted.get(line) ?? 0) + quantity)
  const units: Array<Units> = []
  for (const [id, quantity] of wanted) {
    const line = lines.find((one) => one.id === id)
    const left = line === undefined ? 0 : line.quantity - done(id)
    if (line === undefined || quantity > left) return yield* fail(nothing(order.id, id, left))
    units.push({ line, from: done(id), to: done(id) + quantity })
  }
  return units
}

const nothing = (order: string, line?: string, left = 0): NothingToInvoice =>
  new NothingToInvoice({
    order,
    ...(line === undefined ? {} : { line }),
    message:
      line === undefined
        ? `Of the order "${order}" everything is invoiced or cancelled.`
        : `Of the line "${line}" of the order "${order}" ${left} units are left to invoice.`
  })

const deliveryInvoiced = (delivery: string, invoice: string): DeliveryInvoiced =>
  new DeliveryInvoiced({ delivery, invoice, message: `The delivery "${delivery}" is invoiced already, by "${invoice}".` })

/** The error about money of another currency. */
export const wrongCurrency = (expected: string): WrongCurrency =>
  new WrongCurrency({ expected, message: `The document is in ${expected}; give the amount in it.` })
