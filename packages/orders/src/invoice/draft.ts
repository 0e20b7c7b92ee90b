import { type Currency, Decimal, Id } from "@omni/core"
import * as z from "zod"

import { lineFields, TaxCategory } from "./document.ts"
import { type InvoiceRounding } from "./totals-model.ts"

const reason = z.string().min(1).max(500)

const draftTaxFields = z.object({
  category: TaxCategory,
  percent: Decimal.exactOptional(),
  /** A further rate on the same base (recargo de equivalencia): the document shows both rates as one, for it has room for one. */
  surcharge: Decimal.exactOptional(),
  exemptionReason: reason.exactOptional(),
  exemptionCode: Id.exactOptional()
})
/** The tax on a line, allowance or charge: category and rate, and why none falls due where that is so. */
export interface DraftTax extends z.infer<typeof draftTaxFields> {}

/** See the type `DraftTax`. */
export const DraftTax: z.ZodType<DraftTax, DraftTax> = draftTaxFields

const part = {
  charge: z.boolean(),
  /** An amount, or a percentage of the line or of all lines: one of the two. */
  amount: Decimal.exactOptional(),
  percent: Decimal.exactOptional(),
  reason: reason.exactOptional(),
  reasonCode: Id.exactOptional()
}

const draftLinePartFields = z
  .object(part)
  .refine(({ amount, percent }) => (amount === undefined) !== (percent === undefined), { error: "Give an amount or a percentage" })
/** Something off a line or on top of it. */
export interface DraftLinePart extends z.infer<typeof draftLinePartFields> {}

/** See the type `DraftLinePart`. */
export const DraftLinePart: z.ZodType<DraftLinePart, DraftLinePart> = draftLinePartFields

const draftPartFields = z
  .object({ ...part, id: Id.exactOptional(), tax: DraftTax })
  .refine(({ amount, percent }) => (amount === undefined) !== (percent === undefined), { error: "Give an amount or a percentage" })
/** Something off the document or on top of it; `id` names it in credit notes. */
export interface DraftPart extends z.infer<typeof draftPartFields> {}

/** See the type `DraftPart`. */
export const DraftPart: z.ZodType<DraftPart, DraftPart> = draftPartFields

const draftLineFields = lineFields
  .pick({
    name: true,
    description: true,
    note: true,
    sku: true,
    gtin: true,
    orderLine: true,
    quantity: true,
    price: true,
    priceBase: true,
    period: true
  })
  .extend({
    /** Its number in the document unless told. */
    id: Id.exactOptional(),
    /** Pieces ("C62") unless told. */
    unit: Id.exactOptional(),
    allowancesAndCharges: z.array(DraftLinePart).max(200).exactOptional(),
    tax: DraftTax
  })
/** A line as it is to be invoiced. */
export interface DraftLine extends z.infer<typeof draftLineFields> {}

/** See the type `DraftLine`. */
export const DraftLine: z.ZodType<DraftLine, DraftLine> = draftLineFields

/** Amounts that stand already, since they were paid so: what is net, and the tax on it. Decimal texts. */
export interface FixedAmounts {
  readonly net: string
  readonly tax: string
}

/** A tax that the buyer withholds, in per cent of the total without tax. */
export const Withholding = z.object({ code: Id, percent: Decimal })
export type Withholding = z.infer<typeof Withholding>

/** All that the figures of a document follow from. */
export interface Draft {
  readonly currency: Currency
  /** Whether prices, allowances and charges include their tax. */
  readonly taxIncluded: boolean
  readonly lines: ReadonlyArray<DraftLine & { readonly fixed?: FixedAmounts }>
  readonly parts: ReadonlyArray<DraftPart & { readonly fixed?: FixedAmounts }>
  /** Worked out of the total without tax, unless the amount stands. */
  readonly withheld?: ReadonlyArray<Withholding & { readonly amount?: string }>
  readonly prepaid?: string
  /** What is due is rounded to a multiple of this; or is so much more (less, below zero). */
  readonly payableIn?: string
  readonly rounding?: string
  readonly mode?: InvoiceRounding["mode"]
}
