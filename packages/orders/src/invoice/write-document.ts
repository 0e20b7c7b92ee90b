import { fail, type Money, scaledAmount, type Tx, currencyExponent, money, type CivilDate } from "@omni/core"

import type { Assembled } from "./assemble.ts"
import type { Invoice, Party } from "./document.ts"
import { InvalidInvoice } from "./errors.ts"
import { EN16931, type LegalEntity, retainUntil } from "./legal-entity.ts"
import { Invoices, type IssuedDocument } from "./model.ts"
import type { Taken } from "./number.ts"
import { checkInvoice } from "./rules/check.ts"

/** What a document is about, beside its figures. */
export interface Circumstances extends Partial<Omit<Invoice, keyof Assembled | "number" | "issueDate" | "seller" | "buyer">> {
  readonly kind: IssuedDocument["kind"]
  readonly type: string
  readonly buyer: Party
  readonly isPerson: boolean
  readonly links: Pick<IssuedDocument, "company" | "customer" | "order" | "delivered" | "credits" | "terms">
  readonly partIds: ReadonlyArray<string>
}

/** The document as EN 16931 means it; `undefined` when its buyer was erased. */
export const invoiceOf = ({ document, buyer, delivery, buyerReference, notes }: IssuedDocument): Invoice | undefined =>
  buyer === undefined
    ? undefined
    : {
        ...document,
        buyer,
        ...(delivery === undefined ? {} : { delivery }),
        ...(buyerReference === undefined ? {} : { buyerReference }),
        ...(notes === undefined ? {} : { notes })
      }

/** An amount of a document as money. */
const moneyOf = (amount: string, currency: Invoice["documentCurrency"]): Money =>
  money(scaledAmount(amount, currencyExponent(currency)), currency)

/** Writes a document under the number that it has taken. Errors: `InvalidInvoice`, with all the rules that it would break. */
export function* writeDocument(
  tx: Tx,
  entity: LegalEntity,
  id: string,
  taken: Taken,
  assembled: Assembled,
  about: Circumstances
): Generator<InvalidInvoice, IssuedDocument, unknown> {
  const { lineTaxes, partTaxes, ...figures } = assembled
  const { kind, buyer, isPerson, links, partIds, type, delivery, buyerReference, notes, ...circumstances } = about
  const until = retainUntil(entity, taken.issueDate)
  const currency = figures.taxTotals[0]!.currency
  const personal = {
    buyer,
    ...(delivery === undefined ? {} : { delivery }),
    ...(buyerReference === undefined ? {} : { buyerReference }),
    ...(notes === undefined ? {} : { notes })
  }
  const document: IssuedDocument["document"] = {
    preceding: [],
    paymentMeans: entity.paymentMeans ?? [],
    ...circumstances,
    specification: entity.specification ?? EN16931,
    ...(entity.process === undefined ? {} : { process: entity.process }),
    type,
    number: taken.number,
    issueDate: taken.issueDate,
    documentCurrency: currency,
    seller: entity.party,
    ...figures
  }
  const broken = checkInvoice({ ...document, ...personal })
  if (broken.length > 0) return yield* fail(InvalidInvoice.of(broken))
  return tx.put(Invoices, id, {
    id,
    kind,
    legalEntity: entity.id,
    series: taken.series,
    sequence: taken.sequence,
    number: taken.number,
    issueDate: taken.issueDate,
    issuedAt: tx.now,
    ...(document.dueDate === undefined ? {} : { dueDate: document.dueDate }),
    total: moneyOf(figures.totals.taxInclusive, currency),
    payable: moneyOf(figures.totals.payable, currency),
    ...links,
    document,
    lineTaxes: [...lineTaxes],
    partTaxes: [...partTaxes],
    partIds: [...partIds],
    retainUntil: until,
    ...(isPerson ? { subject: subjectOf(until, links.customer ?? id) } : {}),
    ...personal
  })
}

/** Whose personal data a document holds: one subject for what a customer bought and has to be kept until the same day. */
const subjectOf = (until: CivilDate, customer: string): string => `invoices:${until}:${customer}`
