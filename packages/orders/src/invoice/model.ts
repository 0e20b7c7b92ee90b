import { CivilDate, collection, Currency, Decimal, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

import { invoiceFields, Party } from "./document.ts"
import { PaymentTerms } from "./terms.ts"

/** What a document says, but for what is somebody's own. */
const Impersonal = invoiceFields.omit({ buyer: true, delivery: true, buyerReference: true, notes: true })

const documentFields = z.object({
  id: Id,
  kind: z.enum(["invoice", "credit-note"]),
  legalEntity: Id,
  series: Id,
  /** Its place in the series, of the year where the series restarts. */
  sequence: z.int(),
  number: Id,
  issueDate: CivilDate,
  issuedAt: Instant,
  dueDate: CivilDate.exactOptional(),
  /** With tax. */
  total: Money,
  /** What is left to pay of it, or to give back. */
  payable: Money,
  company: Id.exactOptional(),
  customer: Id.exactOptional(),
  order: Id.exactOptional(),
  delivered: Id.exactOptional(),
  /** The invoice that a credit note is about. */
  credits: Id.exactOptional(),
  terms: PaymentTerms.exactOptional(),
  document: Impersonal,
  /** The tax that fell on each line and each allowance or charge, in their order. */
  lineTaxes: z.array(Decimal),
  partTaxes: z.array(Decimal),
  /** By what a credit note names an allowance or charge, in their order. */
  partIds: z.array(Id),
  retainUntil: CivilDate,
  subject: z.string().max(300).exactOptional(),
  buyer: Party.exactOptional(),
  delivery: invoiceFields.shape.delivery,
  buyerReference: invoiceFields.shape.buyerReference,
  notes: invoiceFields.shape.notes
})

/** A document as it was issued; see `Invoices`. */
export interface IssuedDocument extends z.infer<typeof documentFields> {}

const documentFieldsSchema: z.ZodType<IssuedDocument, IssuedDocument> = documentFields

/**
 * An invoice or a credit note as it was issued. It never changes; what is wrong with one is put right by a credit note.
 *
 * Where the buyer is a person, buyer, place of delivery, reference and notes are personal data of `subject`, which is not the customer: the
 * law that wants documents kept outlives the customer's wish to be forgotten (GDPR, article 17 (3) (b)). Once `retainUntil` is past, the
 * app erases `subject`, and figures alone are left.
 */
export const Invoices = collection("orders.invoices", {
  schema: documentFieldsSchema,
  indexes: {
    legalEntity: ["legalEntity", "issueDate"],
    company: ["company", "issueDate"],
    customer: ["customer", "issueDate"],
    order: ["order", "issueDate"],
    expiry: ["retainUntil"]
  },
  personal: { subject: ({ subject }) => subject, fields: ["buyer", "delivery", "buyerReference", "notes"] }
})

/** Which document has a number of a legal entity: what makes numbers unique. */
export const InvoiceNumbers = collection("orders.invoice-numbers", { schema: z.object({ document: Id }) })

/** What is without tax, and the tax on it. */
const Split = z.object({ net: Decimal, tax: Decimal })

const accountFields = z.object({
  invoice: Id,
  number: Id,
  legalEntity: Id,
  company: Id.exactOptional(),
  issueDate: CivilDate,
  dueDate: CivilDate,
  payable: Money,
  credited: Money,
  paid: Money,
  /** Early-payment discount that was taken. */
  discount: Money,
  /** `payable - credited - paid - discount`; below zero where money is to be given back. */
  open: Money,
  /** Units credited, by line; ids of allowances and charges credited. */
  creditedLines: z.record(Id, Decimal),
  /** Without tax. */
  creditedNet: Decimal,
  creditedParts: z.array(Id),
  /** What of each line, and of each allowance and charge, credit notes came to: by units, and by amount. */
  creditedAmounts: z.object({ lines: z.record(Id, Split), parts: z.record(Id, Split) }).exactOptional(),
  creditNotes: z.array(Id),
  /** How often it was told that it is overdue: once for each age. */
  overdue: z.int().exactOptional(),
  /** Whose it is while anything is open; and the legal entity, while anything is to be paid. */
  openOf: Id.exactOptional(),
  dueTo: Id.exactOptional()
})

/** What has become of an invoice. */
export interface InvoiceAccount extends z.infer<typeof accountFields> {}

const accountFieldsSchema: z.ZodType<InvoiceAccount, InvoiceAccount> = accountFields

/** What has become of an invoice: credited, paid, still open. */
export const InvoiceAccounts = collection("orders.invoice-accounts", {
  schema: accountFieldsSchema,
  indexes: { open: ["openOf", "dueDate"], due: ["dueTo", "dueDate"] }
})

/** How a company stands with a legal entity, in a currency: its balance, and the parts of it by the day they are due. */
export const CompanyAccounts = collection("orders.company-accounts", {
  schema: z.object({
    legalEntity: Id,
    company: Id,
    currency: Currency,
    balance: Money,
    /** How many entries it has. */
    entries: z.int(),
    due: z.array(z.object({ date: CivilDate, amount: Money }))
  })
})

/** What a company's invoices come to in a currency, whoever issued them, less credit notes and what was paid: what a credit limit is held against. */
export const CompanyBalances = collection("orders.company-balances", { schema: z.object({ balance: Money }) })

/** The key of what a company's invoices come to. */
export const balanceKey = (company: string, currency: string): string => `${encodeURIComponent(company)}/${currency}`

/** One line of a company's account: an invoice (above zero), a credit note, payment or discount (below), and the balance after it. */
export const AccountEntries = collection("orders.account-entries", {
  schema: z.object({
    account: Id,
    /** Its place among the entries of the account, from 1. */
    place: z.int(),
    at: Instant,
    date: CivilDate,
    kind: z.enum(["invoice", "credit-note", "payment", "discount"]),
    document: Id,
    number: Id,
    reference: Id.exactOptional(),
    amount: Money,
    balance: Money
  }),
  indexes: { account: ["account", "place"], date: ["account", "date"] }
})

/** A payment of an invoice, under its reference: what makes recording it again harmless. */
export const InvoicePayments = collection("orders.invoice-payments", {
  schema: z.object({ invoice: Id, reference: Id, amount: Money, date: CivilDate, discount: Money, at: Instant })
})

const SharePart = z.object({ invoice: Id, amount: z.int() })

/** What of an order is invoiced, and by which document: units by line, charges by their place, deliveries. */
export const OrderInvoices = collection("orders.order-invoices", {
  schema: z.object({
    lines: z.record(Id, z.array(z.object({ from: z.int(), count: z.int(), invoice: Id }))),
    charges: z.array(z.object({ at: z.int(), invoice: Id })),
    deliveries: z.record(Id, Id),
    invoices: z.array(Id),
    /** What each has of the order's money, in minor units; of fees that were kept; and of what somebody was let off. */
    money: z.array(SharePart).exactOptional(),
    kept: z.array(SharePart).exactOptional(),
    conceded: z.array(SharePart).exactOptional()
  })
})
export type OrderInvoice = z.infer<typeof OrderInvoices.schema>

const facts = {
  document: Id,
  number: Id,
  legalEntity: Id,
  series: Id,
  issueDate: CivilDate,
  dueDate: CivilDate.exactOptional(),
  total: Money,
  payable: Money,
  company: Id.exactOptional(),
  customer: Id.exactOptional(),
  order: Id.exactOptional()
}

/** An invoice was issued. Subject of this and the others: the document. */
export const InvoiceIssued = event("orders.InvoiceIssued", z.object({ ...facts, delivered: Id.exactOptional() }))

/** A credit note was issued; `credits` is the invoice, `complete`: nothing of it is left. */
export const CreditNoteIssued = event("orders.CreditNoteIssued", z.object({ ...facts, credits: Id, complete: z.boolean() }))

/** A payment of an invoice came in, or went back when below zero; `open` is what is left of the invoice. */
export const InvoicePaid = event(
  "orders.InvoicePaid",
  z.object({ document: Id, number: Id, reference: Id, amount: Money, discount: Money, open: Money, company: Id.exactOptional() })
)

/**
 * An invoice is not paid and was due: on the day after, and when it has been for 31, 61 and 91 days, by the days of the company's account, or
 * else of the legal entity. `open` is what is left of it.
 */
export const InvoiceOverdue = event(
  "orders.InvoiceOverdue",
  z.object({
    document: Id,
    number: Id,
    legalEntity: Id,
    company: Id.exactOptional(),
    customer: Id.exactOptional(),
    dueDate: CivilDate,
    days: z.int(),
    open: Money
  })
)
