import { addCivilDays, addCivilMonths, type CivilDate, Decimal } from "@omni/core"
import * as z from "zod"

const Days = z.int().min(0).max(3650)

const termsFields = z.object({
  /** Days from the issue date, or from the end of its month. */
  days: Days,
  from: z.enum(["issue", "end-of-month"]).exactOptional(),
  /** Due only at the end of the month that the days lead to. */
  endOfMonth: z.boolean().exactOptional(),
  /** So many per cent off when it is paid within so many days of issue (early-payment discount, Skonto). */
  discounts: z
    .array(z.object({ percent: Decimal, days: Days }))
    .max(5)
    .exactOptional(),
  /** As the document words them; a plain English sentence unless told. */
  text: z.string().min(1).max(1000).exactOptional()
})
/** When a document is to be paid, and what is off it when it is paid sooner. */
export interface PaymentTerms extends z.infer<typeof termsFields> {}

/** See the type `PaymentTerms`. */
export const PaymentTerms: z.ZodType<PaymentTerms, PaymentTerms> = termsFields

const endOfMonth = (date: CivilDate): CivilDate => addCivilDays(`${addCivilMonths(date, 1).slice(0, 8)}01`, -1)

/** The day by which it is to be paid. */
export const dueDate = (issued: CivilDate, { days, from, endOfMonth: atEnd }: PaymentTerms): CivilDate => {
  const due = addCivilDays(from === "end-of-month" ? endOfMonth(issued) : issued, days)
  return atEnd === true ? endOfMonth(due) : due
}

/** The best discount that somebody who pays on a day may still take, in per cent; none when it is too late for all. */
export const discountOn = (issued: CivilDate, paid: CivilDate, { discounts = [] }: PaymentTerms): string | undefined =>
  discounts
    .filter(({ days }) => paid <= addCivilDays(issued, days))
    .map(({ percent }) => percent)
    .sort((a, b) => Number(b) - Number(a))[0]

/** The terms as a sentence. */
export const termsText = (issued: CivilDate, terms: PaymentTerms): string =>
  terms.text ??
  [
    `Payable by ${dueDate(issued, terms)}.`,
    ...(terms.discounts ?? []).map(({ percent, days }) => `${percent} % discount if paid by ${addCivilDays(issued, days)}.`)
  ].join(" ")
