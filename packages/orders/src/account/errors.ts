import type { Money } from "@omni/core"
import * as Data from "effect/Data"

import type { BuyerRole, RequestStatus } from "./model.ts"

/** No account has this id. */
export class AccountNotFound extends Data.TaggedError("AccountNotFound")<{ readonly message: string; readonly account: string }> {
  /** The error about what was looked up. */
  static of(account: string): AccountNotFound {
    return new AccountNotFound({ account, message: `There is no account "${account}". Define it with \`defineAccount\`.` })
  }
}

/** The account is blocked: nothing is ordered or approved for it. */
export class AccountBlocked extends Data.TaggedError("AccountBlocked")<{ readonly message: string; readonly account: string }> {
  /** The error about an account. */
  static of(account: string): AccountBlocked {
    return new AccountBlocked({ account, message: `The account "${account}" is blocked.` })
  }
}

/** The account is its own parent, or that of one of its parents. */
export class AccountCycle extends Data.TaggedError("AccountCycle")<{ readonly message: string; readonly account: string }> {}

/** The person has not the role for it, or not for so much. `needed` is what would do. */
export class NotAllowed extends Data.TaggedError("NotAllowed")<{
  readonly message: string
  readonly account: string
  readonly customer: string
  readonly needed: BuyerRole
}> {}

/** The account wants the number of its purchase order with every order. */
export class PurchaseOrderMissing extends Data.TaggedError("PurchaseOrderMissing")<{
  readonly message: string
  readonly account: string
}> {}

/** The order is in another currency than the account's books. */
export class AccountCurrency extends Data.TaggedError("AccountCurrency")<{
  readonly message: string
  readonly account: string
  readonly expected: string
  readonly got: string
}> {}

/** The account would owe more than its limit. */
export class CreditExceeded extends Data.TaggedError("CreditExceeded")<{
  readonly message: string
  readonly account: string
  readonly requested: Money
  readonly available: Money
}> {}

/** No request has this id. */
export class RequestNotFound extends Data.TaggedError("RequestNotFound")<{ readonly message: string; readonly request: string }> {}

/** The request was decided already, or its time is up. */
export class RequestClosed extends Data.TaggedError("RequestClosed")<{
  readonly message: string
  readonly request: string
  readonly status: RequestStatus
}> {}
