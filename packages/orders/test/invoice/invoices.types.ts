import { type ErrorOf, type InputOf } from "@omni/core"
import { type invoices, type InvoiceFragment } from "@omni/orders"

/** Fails to compile unless both types are one. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false
const holds = <_T extends true>(): void => {}

type Operations = ReturnType<typeof invoices>["operations"]

holds<
  Same<
    ErrorOf<Operations["issueCreditNote"]>["_tag"],
    | "InvoiceNotFound"
    | "NotAnInvoice"
    | "CreditExceedsInvoice"
    | "WrongCurrency"
    | "BuyerErased"
    | "LegalEntityNotFound"
    | "SeriesNotFound"
    | "IssueDateOutOfOrder"
    | "NumberTaken"
    | "InvalidInvoice"
    | "SchemeNotFound"
    | "SchemeRefused"
  >
>()
holds<
  Same<
    ErrorOf<Operations["recordPayment"]>["_tag"],
    "InvoiceNotFound" | "NotAnInvoice" | "PaymentMismatch" | "WrongCurrency" | "LegalEntityNotFound"
  >
>()

/** Any part of an invoice can be judged. */
export const part: InvoiceFragment = { lines: [{ net: "1.00" }], seller: {} }

// @ts-expect-error: an invoice is of an order or of lines
export const nothing: InputOf<Operations["issueInvoice"]>["of"] = {}
