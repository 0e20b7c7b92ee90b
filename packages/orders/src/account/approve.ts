import { fail, Id, money, type Money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { orderOf, place } from "../place.ts"
import { OrderRequest, priced } from "../request.ts"
import { approvalsFor, noteOrdered } from "./approvals.ts"
import { currencyOf, owe } from "./credit.ts"
import { activeAccount } from "./define.ts"
import { CreditExceeded, type NotAllowed, PurchaseOrderMissing, RequestClosed, RequestNotFound } from "./errors.ts"
import { buyerKey, notAllowed, withRole } from "./members.ts"
import {
  type Account,
  type AccountOrder,
  AccountOrderPlaced,
  AccountOrders,
  ApprovalEnded,
  ApprovalRequested,
  type Buyer,
  Buyers,
  OrderRequests
} from "./model.ts"
import { availableCredit } from "./owed.ts"
import type { AccountSettings } from "./settings.ts"

/** Operations of ordering for a company. */
export const approvalOperations = ({ approval, selfApproval }: AccountSettings) => {
  /**
   * Orders for a company, on account. Within the buyer's and the account's limits the order is placed in this commit; above them it waits
   * for as many approvals as it needs. Its prices stay those that it was asked with. Orders are owed; the goods are taken when it is
   * placed. The order carries account, buyer and purchase order, and its invoices do.
   *
   * Errors: `AccountNotFound`, `AccountBlocked`, `NotAllowed`, `PurchaseOrderMissing`, `AccountCurrency`, `CreditExceeded`, and those of `place`.
   */
  const requestOrder = operation(
    "accounts.requestOrder",
    z.object({ account: Id, buyer: Id, purchaseOrder: Id.exactOptional(), order: OrderRequest }),
    function* (tx, { account: id, buyer: customer, order, ...given }) {
      const account = yield* activeAccount(tx, id)
      const buyer = yield* withRole(tx, account, customer, "buyer")
      const purchaseOrder = given.purchaseOrder ?? order.purchaseOrder
      if (account.needsPurchaseOrder && purchaseOrder === undefined)
        return yield* fail(
          new PurchaseOrderMissing({
            account: id,
            message: `"${id}" wants the number of its purchase order with each order: name \`purchaseOrder\`.`
          })
        )
      if (order.currency !== account.currency) return yield* fail(currencyOf(account, order.currency))
      const { total } = (yield* priced(order)).totals
      // What another system tells again is owed already.
      const known = order.external === undefined ? undefined : orderOf(tx, order.external)
      if (known === undefined || tx.get(AccountOrders, known.id) === undefined) yield* assertCredit(tx, account, total)
      const { reasons, levels } = approvalsFor(tx, account, buyer, total.amount)
      const about = { account: id, buyer: customer, ...(purchaseOrder === undefined ? {} : { purchaseOrder }) }
      const row: AccountOrder = {
        id: tx.newId("req"),
        ...about,
        customer: order.customer ?? customer,
        request: { ...order, ...about, customer: order.customer ?? customer },
        total,
        status: "pending",
        reasons,
        levels,
        approvals: [],
        requestedAt: tx.now,
        expiresAt: tx.now + approval
      }
      if (levels === 0) return yield* placed(tx, account, row, undefined)
      tx.schedule(row.expiresAt, expire, { request: row.id }, { key: timerOf(row.id) })
      return asked(tx, row)
    }
  )

  /**
   * Gives the next approval of a request; with the last one that it needs the order is placed in this commit. Each is given by somebody else,
   * who may give one of that level, and so much.
   *
   * Errors: `RequestNotFound`, `RequestClosed`, `AccountBlocked`, `NotAllowed`, `CreditExceeded`, and those of `place`.
   */
  const approve = operation("accounts.approve", z.object({ request: Id, by: Id }), function* (tx, { request, by }) {
    const row = yield* pending(tx, request)
    const account = yield* activeAccount(tx, row.account)
    yield* assertApprover(row, yield* withRole(tx, account, by, "approver"), selfApproval)
    yield* assertCredit(tx, account, row.total)
    const after: AccountOrder = { ...row, approvals: [...row.approvals, { by, at: tx.now }] }
    if (after.approvals.length < row.levels) return asked(tx, after)
    tx.cancel(timerOf(request))
    return yield* placed(tx, account, after, by)
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
        notAllowed(row.account, by, "buyer", "role", `the request "${request}" is of "${row.buyer}", who alone takes it back`)
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

/** Waits for the next approval. */
const asked = (tx: Tx, row: AccountOrder): AccountOrderState => {
  const { reasons, levels, approvals, expiresAt } = row
  tx.emit(ApprovalRequested, row.id, { ...factsOf(row), reasons, level: approvals.length + 1, levels, expiresAt })
  return stateOf(tx.put(OrderRequests, row.id, row))
}

/** Whether somebody may give the next approval. Errors: `NotAllowed`. */
function* assertApprover(
  { account, buyer, total, approvals }: AccountOrder,
  { customer: by, approvalLimit = Infinity, approvalLevel = 1 }: Buyer,
  selfApproval: boolean
): Generator<NotAllowed, void, unknown> {
  const level = approvals.length + 1
  const refused = (reason: NotAllowed["reason"], why: string) => fail(notAllowed(account, by, "approver", reason, why, level))
  if (by === buyer && !selfApproval) yield* refused("own-order", "nobody approves his own order")
  if (approvals.some((one) => one.by === by))
    yield* refused("approved-already", "he has approved it already, and the next one is somebody else's")
  if (total.amount > approvalLimit) yield* refused("limit", `at most ${approvalLimit} minor units are his to approve`)
  if (level > approvalLevel) yield* refused("level", `it needs an approval of level ${level}, and his are of ${approvalLevel} at most`)
}

/** What is not on account needs no credit; a limit that would be passed is said before anybody is asked to approve. */
function* assertCredit(tx: Tx, account: Account, total: Money): Generator<CreditExceeded, void, unknown> {
  const available = availableCredit(tx, account)
  if (total.amount > available) yield* fail(CreditExceeded.of(account.id, total, money(available, account.currency)))
}

function* placed(tx: Tx, account: Account, row: AccountOrder, by: string | undefined) {
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
  const isNew = tx.get(AccountOrders, order.id) === undefined
  yield* owe(tx, row.account, row.total, order.id)
  if (isNew) noteOrdered(tx, account, tx.get(Buyers, buyerKey(account.id, row.buyer)), row.total.amount)
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
