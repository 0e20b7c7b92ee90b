import { fail, Id, type Money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { place } from "../place.ts"
import { OrderRequest, priced } from "../request.ts"
import { availableCredit, currencyOf, owe } from "./credit.ts"
import { activeAccount, buyerKey } from "./define.ts"
import { CreditExceeded, NotAllowed, PurchaseOrderMissing, RequestClosed, RequestNotFound } from "./errors.ts"
import {
  type Account,
  type AccountOrder,
  AccountOrderPlaced,
  ApprovalEnded,
  type ApprovalReason,
  ApprovalRequested,
  type Buyer,
  type BuyerRole,
  Buyers,
  OrderRequests
} from "./model.ts"
import type { AccountSettings } from "./settings.ts"

/** Operations of ordering for a company. */
export const approvalOperations = ({ approval, selfApproval }: AccountSettings) => {
  /**
   * Orders for a company, on account. Within the buyer's and the account's limits the order is placed in this commit; above them it waits
   * for an approver. Its prices stay those that it was asked with. Orders are owed; the goods are taken when it is placed.
   *
   * Errors: `AccountNotFound`, `AccountBlocked`, `NotAllowed`, `PurchaseOrderMissing`, `AccountCurrency`, `CreditExceeded`, and those of `place`.
   */
  const requestOrder = operation(
    "accounts.requestOrder",
    z.object({ account: Id, buyer: Id, purchaseOrder: Id.exactOptional(), order: OrderRequest }),
    function* (tx, { account: id, buyer: customer, purchaseOrder, order }) {
      const account = yield* activeAccount(tx, id)
      const buyer = yield* withRole(tx, account, customer, "buyer")
      if (account.needsPurchaseOrder && purchaseOrder === undefined)
        return yield* fail(
          new PurchaseOrderMissing({
            account: id,
            message: `"${id}" wants the number of its purchase order with each order: name \`purchaseOrder\`.`
          })
        )
      if (order.currency !== account.currency) return yield* fail(currencyOf(account, order.currency))
      const { total } = (yield* priced(order)).totals
      yield* assertCredit(tx, account, total)
      const reasons = reasonsFor(account, buyer, total)
      const row: AccountOrder = {
        id: tx.newId("req"),
        account: id,
        buyer: customer,
        ...(purchaseOrder === undefined ? {} : { purchaseOrder }),
        customer: order.customer ?? customer,
        request: { ...order, customer: order.customer ?? customer },
        total,
        status: "pending",
        reasons,
        requestedAt: tx.now,
        expiresAt: tx.now + approval
      }
      if (reasons.length === 0) return yield* placed(tx, row, undefined)
      tx.schedule(row.expiresAt, expire, { request: row.id }, { key: timerOf(row.id) })
      tx.emit(ApprovalRequested, row.id, { ...factsOf(row), reasons, expiresAt: row.expiresAt })
      return stateOf(tx.put(OrderRequests, row.id, row))
    }
  )

  /**
   * Approves a request: the order is placed in this commit. Errors: `RequestNotFound`, `RequestClosed`, `AccountBlocked`, `NotAllowed`, `CreditExceeded`, and
   * those of `place`.
   */
  const approve = operation("accounts.approve", z.object({ request: Id, by: Id }), function* (tx, { request, by }) {
    const row = yield* pending(tx, request)
    const account = yield* activeAccount(tx, row.account)
    const approver = yield* withRole(tx, account, by, "approver")
    const most = approver.approvalLimit ?? Infinity
    if (row.total.amount > most || (by === row.buyer && !selfApproval))
      return yield* fail(
        notAllowed(
          account,
          by,
          "approver",
          by === row.buyer ? "nobody approves his own order" : `at most ${most} minor units are his to approve`
        )
      )
    yield* assertCredit(tx, account, row.total)
    tx.cancel(timerOf(request))
    return yield* placed(tx, row, by)
  })

  /** Rejects a request. Errors: `RequestNotFound`, `RequestClosed`, `AccountNotFound`, `AccountBlocked`, `NotAllowed`. */
  const reject = operation(
    "accounts.reject",
    z.object({ request: Id, by: Id, note: z.string().max(500).exactOptional() }),
    function* (tx, { request, by, note }) {
      const row = yield* pending(tx, request)
      yield* withRole(tx, yield* activeAccount(tx, row.account), by, "approver")
      return ended(tx, row, "rejected", by, note)
    }
  )

  /** Takes a request back: its buyer does. Errors: `RequestNotFound`, `RequestClosed`, `NotAllowed`. */
  const withdraw = operation("accounts.withdraw", z.object({ request: Id, by: Id }), function* (tx, { request, by }) {
    const row = yield* pending(tx, request)
    if (row.buyer !== by)
      return yield* fail(
        new NotAllowed({
          account: row.account,
          customer: by,
          needed: "buyer",
          message: `The request "${request}" is of "${row.buyer}", who alone takes it back.`
        })
      )
    return ended(tx, row, "withdrawn", by, undefined)
  })

  /** Ends a request that nobody decided in time. Run by the timer that `requestOrder` sets. */
  const expire = operation("accounts.expire", z.object({ request: Id }), function* (tx, { request }) {
    const row = tx.get(OrderRequests, request)
    if (row?.status === "pending" && row.expiresAt <= tx.now) ended(tx, row, "expired", undefined, undefined)
  })
  return { operations: { requestOrder, approve, reject, withdraw }, expire }
}

/** A request without what is ordered: an answer is kept under its key, and holds nothing that is personal. */
export type AccountOrderState = Omit<AccountOrder, "request">

const stateOf = (row: AccountOrder): AccountOrderState => {
  const { request: _, ...state } = row
  return state
}

const timerOf = (request: string): string => `accounts.expire/${request}`

function* withRole(tx: Tx, account: Account, customer: string, role: BuyerRole): Generator<NotAllowed, Buyer, unknown> {
  const buyer = tx.get(Buyers, buyerKey(account.id, customer))
  return buyer?.roles.includes(role) === true ? buyer : yield* fail(notAllowed(account, customer, role, `he is no ${role} of it`))
}

const notAllowed = ({ id }: Account, customer: string, needed: BuyerRole, why: string): NotAllowed =>
  new NotAllowed({ account: id, customer, needed, message: `"${customer}" may not do this for "${id}": ${why}.` })

const reasonsFor = (account: Account, buyer: Buyer, { amount }: Money): Array<ApprovalReason> => [
  ...(amount > (account.approvalAbove ?? Infinity) ? ["above-account-limit" as const] : []),
  ...(amount > (buyer.limit ?? Infinity) ? ["above-buyer-limit" as const] : [])
]

/** What is not on account needs no credit; a limit that would be passed is said before anybody is asked to approve. */
function* assertCredit(tx: Tx, account: Account, total: Money): Generator<CreditExceeded, void, unknown> {
  const available = availableCredit(tx, account)
  if (total.amount > available)
    yield* fail(
      new CreditExceeded({
        account: account.id,
        requested: total,
        available: { amount: available, currency: account.currency },
        message: `"${account.id}" may owe ${available} ${account.currency} more (minor units), not ${total.amount}.`
      })
    )
}

function* placed(tx: Tx, row: AccountOrder, by: string | undefined) {
  if (row.request === undefined)
    return yield* fail(
      new RequestClosed({
        request: row.id,
        status: "withdrawn",
        message: `Whom the request "${row.id}" was for was erased; ask for a new one.`
      })
    )
  const { hold, ...request } = row.request
  const kept = hold === undefined ? undefined : tx.attempt(place(tx, row.request))
  // Its hold has lapsed while somebody decided: what is there now does as well.
  const order = kept?.ok === true ? kept.value : yield* place(tx, request)
  yield* owe(tx, row.account, row.total, order.id)
  tx.emit(AccountOrderPlaced, row.id, { ...factsOf(row), order: order.id, ...(by === undefined ? {} : { approvedBy: by }) })
  const after: AccountOrder = { ...row, status: "placed", order: order.id, ...(by === undefined ? {} : { decidedBy: by }) }
  return stateOf(tx.put(OrderRequests, row.id, after))
}

function* pending(tx: Tx, id: string): Generator<RequestNotFound | RequestClosed, AccountOrder, unknown> {
  const row = tx.get(OrderRequests, id)
  if (row === undefined) return yield* fail(new RequestNotFound({ request: id, message: `There is no request "${id}".` }))
  const status = row.status === "pending" && row.expiresAt <= tx.now ? "expired" : row.status
  if (status === "pending") return row
  return yield* fail(new RequestClosed({ request: id, status, message: `The request "${id}" is ${status}; ask for a new one.` }))
}

const ended = (
  tx: Tx,
  row: AccountOrder,
  cause: "rejected" | "withdrawn" | "expired",
  by: string | undefined,
  note: string | undefined
): AccountOrderState => {
  tx.cancel(timerOf(row.id))
  const about = { ...(by === undefined ? {} : { by }), ...(note === undefined ? {} : { note }) }
  tx.emit(ApprovalEnded, row.id, { ...factsOf(row), cause, ...about })
  return stateOf(
    tx.put(OrderRequests, row.id, {
      ...row,
      status: cause,
      ...(by === undefined ? {} : { decidedBy: by }),
      ...(note === undefined ? {} : { note })
    })
  )
}

const factsOf = ({ id, account, buyer, total, purchaseOrder }: AccountOrder) => ({
  request: id,
  account,
  buyer,
  total,
  ...(purchaseOrder === undefined ? {} : { purchaseOrder })
})
