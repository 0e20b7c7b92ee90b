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

/** Why somebody may not: he has not the role, it is beyond his limit or level, it is his own order, or he has given his approval already. */
export type NotAllowedReason = "role" | "limit" | "level" | "own-order" | "approved-already"

/** The person may not do it for the account. `needed` is the role that would do, `level` the level of approval. */
export class NotAllowed extends Data.TaggedError("NotAllowed")<{
  readonly message: string
  readonly account: string
  readonly customer: string
  readonly needed: BuyerRole
  readonly reason: NotAllowedReason
  readonly level?: number
}> {}

/** An admin would leave the account without one: only the shop does that. */
export class LastAdmin extends Data.TaggedError("LastAdmin")<{
  readonly message: string
  readonly account: string
  readonly customer: string
}> {}

/** The account wants the number of its purchase order with every order. */
export class PurchaseOrderMissing extends Data.TaggedError("PurchaseOrderMissing")<{
  readonly message: string
  readonly account: string
}> {}

/** Money or an order is in another currency than the account's books; or those would change while something is owed. */
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
}> {
  /** The error about what would be owed more, and how much may. */
  static of(account: string, requested: Money, available: Money): CreditExceeded {
    const message = `"${account}" may owe ${available.amount} ${available.currency} more (minor units), not ${requested.amount}.`
    return new CreditExceeded({ account, requested, available, message })
  }
}

/** No request has this id. */
export class RequestNotFound extends Data.TaggedError("RequestNotFound")<{ readonly message: string; readonly request: string }> {}

/** The request was decided already, or its time is up. */
export class RequestClosed extends Data.TaggedError("RequestClosed")<{
  readonly message: string
  readonly request: string
  readonly status: RequestStatus
}> {}
