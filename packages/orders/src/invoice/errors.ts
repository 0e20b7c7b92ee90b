import type { Money } from "@omni/core"
import * as Data from "effect/Data"

import type { BrokenRule } from "./rules/check.ts"

/** No legal entity has this id. */
export class LegalEntityNotFound extends Data.TaggedError("LegalEntityNotFound")<{
  readonly message: string
  readonly legalEntity: string
}> {}

/** The legal entity has no series of this name; `known` are those that it has. */
export class SeriesNotFound extends Data.TaggedError("SeriesNotFound")<{
  readonly message: string
  readonly series: string
  readonly known: ReadonlyArray<string>
}> {}

/** Issue dates of a series never go back, and none is in the future: `earliest` to `latest` is what may be. */
export class IssueDateOutOfOrder extends Data.TaggedError("IssueDateOutOfOrder")<{
  readonly message: string
  readonly issueDate: string
  readonly earliest: string | undefined
  readonly latest: string
}> {}

/** The legal entity has issued a document of this number already: two of its series make the same numbers. */
export class NumberTaken extends Data.TaggedError("NumberTaken")<{ readonly message: string; readonly number: string }> {}

/** The document would break rules of EN 16931; all that are broken are named, and nothing is issued. */
export class InvalidInvoice extends Data.TaggedError("InvalidInvoice")<{
  readonly message: string
  readonly broken: ReadonlyArray<BrokenRule>
}> {
  /** The error about broken rules. */
  static of(broken: ReadonlyArray<BrokenRule>): InvalidInvoice {
    const named = broken
      .slice(0, 5)
      .map(({ rule, says, field, expected, got }) => `${rule} (${says}) ${field}: expected ${expected}, got ${got}`)
    return new InvalidInvoice({ broken, message: `The document breaks rules of EN 16931. ${named.join("; ")}.` })
  }
}

/** Nobody said who buys: the request names no buyer, and no account with a `party`. */
export class BuyerUnknown extends Data.TaggedError("BuyerUnknown")<{ readonly message: string; readonly company: string | undefined }> {
  /** The error about an account, or about none. */
  static of(company: string | undefined): BuyerUnknown {
    const message =
      company === undefined
        ? "The invoice has no buyer: name `buyer`, or `company`, an account with a `party`."
        : `The account "${company}" has no \`party\`: give it one with \`defineAccount\`, or name the \`buyer\`.`
    return new BuyerUnknown({ company, message })
  }
}

/** There is nothing of the order left to invoice, or less than was asked for. */
export class NothingToInvoice extends Data.TaggedError("NothingToInvoice")<{
  readonly message: string
  readonly order: string
  readonly line?: string
}> {}

/** The delivery of the order was invoiced already. */
export class DeliveryInvoiced extends Data.TaggedError("DeliveryInvoiced")<{
  readonly message: string
  readonly delivery: string
  readonly invoice: string
}> {}

/** No document has this id or number. */
export class InvoiceNotFound extends Data.TaggedError("InvoiceNotFound")<{ readonly message: string; readonly invoice: string }> {
  /** The error about what was looked up. */
  static of(invoice: string): InvoiceNotFound {
    return new InvoiceNotFound({ invoice, message: `There is no document "${invoice}".` })
  }
}

/** Only an invoice can be credited or paid, and this is a credit note. */
export class NotAnInvoice extends Data.TaggedError("NotAnInvoice")<{ readonly message: string; readonly document: string }> {}

/** More would be credited than was invoiced; `left` is what still can be, units of the line, or nothing of the part. */
export class CreditExceedsInvoice extends Data.TaggedError("CreditExceedsInvoice")<{
  readonly message: string
  readonly invoice: string
  readonly line: string
  readonly left: string
}> {}

/** The payment of this reference is recorded already, of another amount. */
export class PaymentMismatch extends Data.TaggedError("PaymentMismatch")<{
  readonly message: string
  readonly reference: string
  readonly recorded: Money
}> {}

/** The payment is in another currency than the document. */
export class WrongCurrency extends Data.TaggedError("WrongCurrency")<{ readonly message: string; readonly expected: string }> {}

/** A statement from this day on would have more than so many lines. */
export class StatementTooLong extends Data.TaggedError("StatementTooLong")<{
  readonly message: string
  readonly from: string
  readonly most: number
}> {}

/** Who bought was erased after the time for which the document had to be kept: its figures are left, it cannot be written any more. */
export class BuyerErased extends Data.TaggedError("BuyerErased")<{ readonly message: string; readonly invoice: string }> {}

/** The legal entity names a national scheme that the app has not given to the module. */
export class SchemeNotFound extends Data.TaggedError("SchemeNotFound")<{ readonly message: string; readonly scheme: string }> {}

/** The national scheme has no form for the document, or misses something: `field` says where, as the scheme calls it. Nothing is issued. */
export class SchemeRefused extends Data.TaggedError("SchemeRefused")<{
  readonly message: string
  readonly scheme: string
  readonly field: string
  readonly expected: string
  readonly got: string
}> {
  /** The error about a field. */
  static of(scheme: string, field: string, expected: string, got: string | undefined): SchemeRefused {
    const shown = got === undefined ? "nothing" : `"${got}"`
    return new SchemeRefused({
      scheme,
      field,
      expected,
      got: got ?? "nothing",
      message: `"${scheme}" cannot register the document: ${field} has to be ${expected}, and is ${shown}.`
    })
  }
}

/** The document is not registered with any scheme, or is accepted already. */
export class NotResubmittable extends Data.TaggedError("NotResubmittable")<{ readonly message: string; readonly document: string }> {}
