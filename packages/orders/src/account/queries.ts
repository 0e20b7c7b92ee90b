import { fail, Id, type Money, money, paged, query } from "@omni/core"
import * as z from "zod"

import { AccountNotFound, RequestNotFound } from "./errors.ts"
import { Accounts, Buyers, CreditEntries, OrderRequests, RequestStatus } from "./model.ts"
import { availableCredit, owedBy } from "./owed.ts"

/** An account. Errors: `AccountNotFound`. */
export const account = query("accounts.account", z.object({ account: Id }), function* (view, { account: id }) {
  return view.get(Accounts, id) ?? (yield* fail(AccountNotFound.of(id)))
})

/** Those that a person orders for, or the branches of an account, in pages of 50 unless told. */
export const accountsOf = query("accounts.accountsOf", z.object({ customer: Id, ...paged }), function* (view, { customer, ...page }) {
  return view.find(Buyers, "customer", { equals: [customer], ...page })
})

/** Who orders and approves for an account, in pages of 50 unless told. */
export const buyersOf = query("accounts.buyersOf", z.object({ account: Id, ...paged }), function* (view, { account: id, ...page }) {
  return view.find(Buyers, "account", { equals: [id], ...page })
})

/** What an account owes, what that is made of, and how much more it may owe: `owed` is `ordered + invoiced - settled`. */
export interface CreditState {
  readonly account: string
  /** Below zero the shop owes the company. */
  readonly owed: Money
  /** On account, and on no invoice yet. */
  readonly ordered: Money
  /** What its invoices come to, less credit notes and what was paid of them. */
  readonly invoiced: Money
  /** Paid, of which no invoice knows: `settleCredit`. */
  readonly settled: Money
  readonly limit: Money
  readonly available: Money
}

/** What an account owes, and how much more it may. Errors: `AccountNotFound`. */
export const creditOf = query("accounts.creditOf", z.object({ account: Id }), function* (view, { account: id }) {
  const found = view.get(Accounts, id) ?? (yield* fail(AccountNotFound.of(id)))
  const of = (amount: number): Money => money(amount, found.currency)
  const { owed, ordered, invoiced, settled } = owedBy(view, found)
  return {
    account: id,
    owed: of(owed),
    ordered: of(ordered),
    invoiced: of(invoiced),
    settled: of(settled),
    limit: of(found.creditLimit ?? 0),
    available: of(availableCredit(view, found))
  } satisfies CreditState
})

/** What happened to what an account owes, latest first, in pages of 50 unless told. */
export const creditEntries = query(
  "accounts.creditEntries",
  z.object({ account: Id, ...paged }),
  function* (view, { account: id, ...page }) {
    return view.find(CreditEntries, "account", { equals: [id], order: "desc", ...page })
  }
)

/** A request as it stands. Errors: `RequestNotFound`. */
export const orderRequest = query("accounts.orderRequest", z.object({ request: Id }), function* (view, { request }) {
  return view.get(OrderRequests, request) ?? (yield* fail(new RequestNotFound({ request, message: `There is no request "${request}".` })))
})

/** Requests of an account, oldest first, in pages of 50 unless told: those that wait, unless another status is named. */
export const requestsOf = query(
  "accounts.requestsOf",
  z.object({ account: Id, status: RequestStatus.exactOptional(), ...paged }),
  function* (view, { account: id, status = "pending", ...page }) {
    return view.find(OrderRequests, "account", { equals: [id, status], ...page })
  }
)
