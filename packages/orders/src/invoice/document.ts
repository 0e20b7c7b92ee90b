import { CivilDate, Currency, Decimal, Id, PostalAddress } from "@omni/core"
import * as z from "zod"

const text = z
  .string()
  .min(1)
  .max(2000)
  .refine((value) => !/[\p{Cs}\0]/u.test(value), { error: "No lone surrogates and no U+0000" })

/** An identifier with the scheme that it is of, a code of ISO 6523 such as "0088" for a GLN, where there is one. */
export const SchemedId = z.object({ id: Id, scheme: Id.exactOptional() })
export type SchemedId = z.infer<typeof SchemedId>

const partySchema = z.object({
  name: text,
  tradingName: text.exactOptional(),
  /** With its country's prefix: "ESB12345678" (BT-31, BT-48). */
  vatId: Id.exactOptional(),
  /** A tax number that is not for VAT across borders (BT-32). */
  taxNumber: Id.exactOptional(),
  /** In the register of companies (BT-30, BT-47). */
  legalId: SchemedId.exactOptional(),
  ids: z.array(SchemedId).max(20).exactOptional(),
  /** Where electronic documents reach it; its scheme is a code of the EAS list, as "9920" or "EM" (BT-34, BT-49). */
  electronicAddress: SchemedId.exactOptional(),
  address: PostalAddress,
  contact: z.object({ name: text.exactOptional(), phone: text.exactOptional(), email: text.exactOptional() }).exactOptional()
})
/** Seller, buyer, payee: who they are before the law and the tax office, and where (EN 16931-1, BG-4, BG-7). */
export interface Party extends z.infer<typeof partySchema> {}

/** See the type `Party`. */
export const Party: z.ZodType<Party, Party> = partySchema

/**
 * A category of tax (UNCL 5305): `S` standard or reduced rate, `Z` zero rate, `E` exempt, `AE` reverse charge, `K` intra-community supply,
 * `G` export, `O` outside the scope, `L` IGIC (Canary Islands), `M` IPSI (Ceuta and Melilla).
 */
export const TaxCategory = z.enum(["S", "Z", "E", "AE", "K", "G", "O", "L", "M"])
export type TaxCategory = z.infer<typeof TaxCategory>

const taxed = {
  /** The tax that category and rate are of; always "VAT" in EN 16931, IGIC and IPSI too. */
  scheme: z.literal("VAT"),
  category: TaxCategory,
  /** Per cent; absent for `O` only. */
  percent: Decimal.exactOptional()
}

const allowanceOrCharge = {
  charge: z.boolean(),
  amount: Decimal,
  /** What `percent` is of. */
  base: Decimal.exactOptional(),
  multiplier: Decimal.exactOptional(),
  reason: text.exactOptional(),
  /** Of UNCL 5189 for an allowance, UNCL 7161 for a charge. */
  reasonCode: Id.exactOptional()
}

const lineAllowanceFields = z.object(allowanceOrCharge)

/** Something off a line or on top of it (BG-27, BG-28). */
export interface LineAllowanceCharge extends z.infer<typeof lineAllowanceFields> {}

const LineAllowanceCharge: z.ZodType<LineAllowanceCharge, LineAllowanceCharge> = lineAllowanceFields

/** Something off the document or on top of it, with the tax it carries (BG-20, BG-21). */
const AllowanceCharge = z.object({ ...allowanceOrCharge, ...taxed })

const Period = z.object({ start: CivilDate.exactOptional(), end: CivilDate.exactOptional() })

/** The fields of a line of an invoice (BG-25). */
export const lineFields = z.object({
  id: Id,
  name: text,
  description: text.exactOptional(),
  note: text.exactOptional(),
  /** The seller's number of the article (BT-155). */
  sku: Id.exactOptional(),
  gtin: Id.exactOptional(),
  orderLine: Id.exactOptional(),
  quantity: Decimal,
  /** Of UN/ECE recommendation 20: "C62" pieces, "KGM" kilogrammes, "HUR" hours. */
  unit: Id,
  /** Of `priceBase` units, without tax. Any number of decimals, never below zero. */
  price: Decimal,
  priceBase: Decimal.exactOptional(),
  period: Period.exactOptional(),
  allowancesAndCharges: z.array(LineAllowanceCharge).max(200),
  /** `price × quantity / priceBase`, less allowances, plus charges; without tax (BT-131). */
  net: Decimal,
  ...taxed
})

/** A line of an invoice (BG-25). */
export interface InvoiceLine extends z.infer<typeof lineFields> {}

const InvoiceLine: z.ZodType<InvoiceLine, InvoiceLine> = lineFields

const subtotalFields = z.object({
  taxable: Decimal,
  tax: Decimal,
  ...taxed,
  exemptionReason: text.exactOptional(),
  /** Of the VATEX list: "vatex-eu-ae". */
  exemptionCode: Id.exactOptional()
})

/** A row of the tax breakdown (BG-23). */
export interface TaxSubtotal extends z.infer<typeof subtotalFields> {}

const TaxSubtotal: z.ZodType<TaxSubtotal, TaxSubtotal> = subtotalFields

/** How it may be paid (BG-16): a code of UNCL 4461, "30" credit transfer, "58" SEPA credit transfer, "48" card. */
export const PaymentMeans = z.object({
  code: Id,
  label: text.exactOptional(),
  reference: Id.exactOptional(),
  account: z.object({ id: Id, name: text.exactOptional(), bank: Id.exactOptional() }).exactOptional()
})

/** The fields of an `Invoice`. */
export const invoiceFields = z.object({
  /** The specification that it follows (BT-24), and the process it is part of (BT-23). */
  specification: Id,
  process: Id.exactOptional(),
  number: Id,
  /** "380" invoice, "381" credit note, or another code of UNCL 1001. */
  type: z.string().regex(/^\d{2,3}$/),
  issueDate: CivilDate,
  dueDate: CivilDate.exactOptional(),
  taxPointDate: CivilDate.exactOptional(),
  documentCurrency: Currency,
  taxCurrency: Currency.exactOptional(),
  buyerReference: text.exactOptional(),
  purchaseOrder: Id.exactOptional(),
  salesOrder: Id.exactOptional(),
  contract: Id.exactOptional(),
  /** The delivery that it is about: a despatch advice (BT-16). */
  despatch: Id.exactOptional(),
  notes: z.array(text).max(50).exactOptional(),
  period: Period.exactOptional(),
  /** The invoices that a credit note or corrective invoice is about (BG-3). */
  preceding: z.array(z.object({ number: Id, issueDate: CivilDate.exactOptional() })).max(1000),
  seller: Party,
  buyer: Party,
  payee: z.object({ name: text, id: SchemedId.exactOptional() }).exactOptional(),
  taxRepresentative: z.object({ name: text, vatId: Id, address: PostalAddress }).exactOptional(),
  delivery: z
    .object({ date: CivilDate.exactOptional(), name: text.exactOptional(), address: PostalAddress.exactOptional() })
    .exactOptional(),
  paymentTerms: text.exactOptional(),
  paymentMeans: z.array(PaymentMeans).max(20),
  allowancesAndCharges: z.array(AllowanceCharge).max(1000),
  /** One in the document's currency; one more, without rows, in the currency that tax is accounted in. */
  taxTotals: z
    .array(z.object({ amount: Decimal, currency: Currency, subtotals: z.array(TaxSubtotal) }))
    .min(1)
    .max(2),
  /** Withheld by the buyer for the state; part of what counts as paid (`totals.prepaid`). */
  withheld: z
    .array(z.object({ code: Id, percent: Decimal, base: Decimal, amount: Decimal }))
    .max(20)
    .exactOptional(),
  totals: z.object({
    lineTotal: Decimal,
    allowanceTotal: Decimal.exactOptional(),
    chargeTotal: Decimal.exactOptional(),
    taxExclusive: Decimal,
    taxInclusive: Decimal,
    prepaid: Decimal.exactOptional(),
    rounding: Decimal.exactOptional(),
    /** What is due: `taxInclusive - prepaid + rounding`. */
    payable: Decimal
  }),
  lines: z.array(InvoiceLine).max(10_000)
})
/**
 * An invoice or a credit note as EN 16931-1 means it. Amounts are decimal texts in the major unit of the currency, as they are printed:
 * a price may have more decimals than money can be paid in.
 */
export interface Invoice extends z.infer<typeof invoiceFields> {}

/** See the type `Invoice`. */
export const Invoice: z.ZodType<Invoice, Invoice> = z.object(invoiceFields.shape)

type Fragment<T> = T extends string | number | boolean
  ? T
  : T extends ReadonlyArray<infer U>
    ? ReadonlyArray<Fragment<U>>
    : { readonly [K in keyof T]?: Fragment<T[K]> | undefined }

/** Any part of an invoice: what is not there is absent, not zero. */
export type InvoiceFragment = Fragment<Invoice>
