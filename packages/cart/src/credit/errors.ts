import type { Money } from "@omni/core"
import * as Data from "effect/Data"

/** There is no such account, or no gift card of this code. */
export class CreditNotFound extends Data.TaggedError("CreditNotFound")<{ readonly message: string; readonly account: string }> {
  /** The error about what was looked up. */
  static of(account: string): CreditNotFound {
    return new CreditNotFound({ account, message: `There is no gift card or store credit "${account}".` })
  }
}

/** There is a gift card of this number or code already, with another amount or currency. */
export class GiftCardExists extends Data.TaggedError("GiftCardExists")<{ readonly message: string; readonly account: string }> {}

/** There is not so much, or it cannot be used: `reason` says which. */
export class CreditDeclined extends Data.TaggedError("CreditDeclined")<{
  readonly message: string
  readonly account: string
  readonly reason: "insufficient" | "expired" | "blocked" | "other-currency" | "no-customer"
  readonly available: Money
}> {}

/** Something else was done under this reference: with another account, or of another amount. Use a reference of its own for each. */
export class CreditReferenceInUse extends Data.TaggedError("CreditReferenceInUse")<{
  readonly message: string
  readonly reference: string
  readonly account: string
  /** What was done under it, in minor units. */
  readonly amount: number
}> {
  /** The error about what was done. */
  static of(reference: string, account: string, amount: number): CreditReferenceInUse {
    const message = `"${reference}" stands for ${amount} (minor units) of "${account}" already. Use a reference of its own for each payment.`
    return new CreditReferenceInUse({ reference, account, amount, message })
  }
}

/** More is to be given back than was taken under this reference. */
export class CreditRefundExceeded extends Data.TaggedError("CreditRefundExceeded")<{
  readonly message: string
  readonly reference: string
  readonly available: number
}> {}
