import { CivilDate, Currency, Decimal, Id, Money, PositiveCount } from "@omni/core"
import * as z from "zod"

import { invoiceFields, Party, PaymentMeans } from "./document.ts"
import { DraftLine, DraftPart, Withholding } from "./draft.ts"
import { PaymentTerms } from "./terms.ts"

/** What of an order is invoiced: all that is not yet, unless lines, units or a delivery are named. */
const OfOrder = z.object({
  order: Id,
  /** Units by line; all that are not invoiced and not cancelled unless told. */
  lines: z
    .array(z.object({ line: Id, quantity: PositiveCount }))
    .min(1)
    .max(1000)
    .exactOptional(),
  /** The delivery that it is for, by its id: each can be invoiced once. A fulfilment of the order brings its own units. */
  delivery: Id.exactOptional(),
  /** Whether the charges that are not invoiced yet come along: they do unless told. */
  charges: z.boolean().exactOptional()
})

/** What is invoiced beside or without an order. */
const Free = z.object({
  currency: Currency,
  /** Whether prices include their tax. */
  taxIncluded: z.boolean(),
  lines: z.array(DraftLine).min(1).max(10_000),
  allowancesAndCharges: z.array(DraftPart).max(1000).exactOptional()
})

const issueFields = z.object({
  legalEntity: Id,
  /** That of the legal entity unless told. */
  series: Id.exactOptional(),
  /** Today, where the legal entity is, unless told; never before the last one of the series, never in the future. */
  issueDate: CivilDate.exactOptional(),
  /** One of the two: an order, or lines that are told here. */
  of: z.union([OfOrder, Free]),
  /** Who buys; the party of the account unless told. */
  buyer: Party.exactOptional(),
  /** The buyer's profile id, and the account of the company that owes: those of the order unless told. */
  customer: Id.exactOptional(),
  company: Id.exactOptional(),
  /** Whether the buyer is a person: one without company, VAT id and legal id is, unless told. */
  person: z.boolean().exactOptional(),
  /** Those of the account, or else of the legal entity, unless told. */
  terms: PaymentTerms.exactOptional(),
  paymentMeans: z.array(PaymentMeans).max(20).exactOptional(),
  /** Paid already. */
  prepaid: Money.exactOptional(),
  withheld: z.array(Withholding).max(10).exactOptional(),
  /** What is due is rounded to a multiple: "0.05" where there is no smaller coin. */
  payableIn: Decimal.exactOptional(),
  delivery: invoiceFields.shape.delivery,
  period: invoiceFields.shape.period,
  buyerReference: invoiceFields.shape.buyerReference,
  purchaseOrder: invoiceFields.shape.purchaseOrder,
  contract: invoiceFields.shape.contract,
  taxPointDate: invoiceFields.shape.taxPointDate,
  taxRepresentative: invoiceFields.shape.taxRepresentative,
  payee: invoiceFields.shape.payee,
  notes: invoiceFields.shape.notes
})
/** All that an invoice is issued with. */
export interface IssueRequest extends z.infer<typeof issueFields> {}

/** See the type `IssueRequest`. */
export const IssueRequest: z.ZodType<IssueRequest, IssueRequest> = issueFields

const creditFields = z.object({
  invoice: Id,
  /** Units by line of the invoice. */
  lines: z
    .array(z.object({ line: Id, quantity: Decimal }))
    .max(1000)
    .exactOptional(),
  /** Allowances and charges of the document, by id. */
  parts: z.array(Id).max(1000).exactOptional(),
  /** So much, with tax, in place of lines and parts: what somebody is let off, or what was charged too much. */
  amount: Money.refine(({ amount }) => amount > 0, { error: "More than nothing" }).exactOptional(),
  series: Id.exactOptional(),
  issueDate: CivilDate.exactOptional(),
  /** Why: a note on the document, and the name of its lines where it is an amount. */
  reason: z.string().min(1).max(1000).exactOptional()
})
/** What a credit note is issued with: the invoice, and what of it, which is all that is left unless told. */
export interface CreditRequest extends z.infer<typeof creditFields> {}

/** See the type `CreditRequest`. */
export const CreditRequest: z.ZodType<CreditRequest, CreditRequest> = creditFields.refine(
  ({ amount, lines, parts }) => amount === undefined || (lines === undefined && parts === undefined),
  { error: "Give an amount, or lines and parts" }
)

/** The subject of receipts: they are sealed, but not with a customer's key, for a document may have to be issued after an erasure. */
export const RECEIPTS = "invoices:receipts"
