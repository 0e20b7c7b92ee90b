import { collection, Count, Currency, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

import { OrderRequest } from "../request.ts"

/** What somebody may do for a company: order, approve what others order, look after its buyers. */
export const BuyerRole = z.enum(["buyer", "approver", "admin"])
export type BuyerRole = z.infer<typeof BuyerRole>

/** A company that orders, and on what terms. Price lists of the catalogue and invoices refer to its id. */
export const Accounts = collection("accounts.accounts", {
  schema: z.object({
    id: Id,
    name: z.string().min(1).max(200),
    /** Its number in the shop's books. */
    number: Id.exactOptional(),
    /** The account that it belongs to: a branch of a company. */
    parent: Id.exactOptional(),
    /** `blocked`: nobody orders for it, and nothing is approved. */
    status: z.enum(["active", "blocked"]),
    currency: Currency,
    /** What it may owe at most, in minor units; without one it pays as it orders. */
    creditLimit: Count.exactOptional(),
    /** Days after the invoice until it is due. */
    netDays: Count.exactOptional(),
    /** Every order needs the number of the company's purchase order. */
    needsPurchaseOrder: z.boolean(),
    /** Orders above so much (minor units) are approved by somebody else first. */
    approvalAbove: Count.exactOptional()
  }),
  indexes: { parent: ["parent", "name"], name: ["name"] }
})
export type Account = z.infer<typeof Accounts.schema>

/** A person who orders for a company; the id is `account/customer`. */
export const Buyers = collection("accounts.buyers", {
  schema: z.object({
    account: Id,
    customer: Id,
    roles: z.array(BuyerRole).min(1),
    /** An order of more than so much (minor units) is approved by somebody first; none: the account's own rule alone. */
    limit: Count.exactOptional(),
    /** What an approver may approve at most. */
    approvalLimit: Count.exactOptional()
  }),
  indexes: { account: ["account", "customer"], customer: ["customer", "account"] }
})
export type Buyer = z.infer<typeof Buyers.schema>

/** What a company owes, and is promised to owe: what its credit limit is held against. Below zero the shop owes it. */
export const Credits = collection("accounts.credits", { schema: z.object({ owed: z.int() }) })

/** What happened to what a company owes, for good. */
export const CreditEntries = collection("accounts.credit-entries", {
  schema: z.object({
    account: Id,
    /** More is owed above zero, less below. */
    amount: z.int(),
    owed: z.int(),
    reason: z.enum(["ordered", "released", "refunded", "paid"]),
    reference: Id.exactOptional(),
    at: Instant
  }),
  indexes: { account: ["account", "at"] }
})
export type CreditEntry = z.infer<typeof CreditEntries.schema>

/** An order that a company owes: which one, and how much of it by now, in minor units. */
export const AccountOrders = collection("accounts.orders", { schema: z.object({ account: Id, owed: Count }) })

/** Payments that were settled under a reference: each counts once. */
export const CreditPayments = collection("accounts.credit-payments", { schema: z.object({ at: Instant }) })

/** What a request still needs before it is an order. */
export const RequestStatus = z.enum(["pending", "placed", "rejected", "withdrawn", "expired"])
export type RequestStatus = z.infer<typeof RequestStatus>

/** Why an order has to be approved. */
export const ApprovalReason = z.enum(["above-account-limit", "above-buyer-limit"])
export type ApprovalReason = z.infer<typeof ApprovalReason>

/** An order that somebody wants to place for a company: placed at once, or waiting for an approver. Its prices are those it was asked with. */
export const OrderRequests = collection("accounts.requests", {
  schema: z.object({
    id: Id,
    account: Id,
    buyer: Id,
    purchaseOrder: Id.exactOptional(),
    customer: Id,
    /** What is ordered, with where it goes: personal, so gone when the customer is. */
    request: OrderRequest.exactOptional(),
    total: Money,
    status: RequestStatus,
    reasons: z.array(ApprovalReason),
    order: Id.exactOptional(),
    /** Who approved, rejected or withdrew it. */
    decidedBy: Id.exactOptional(),
    note: z.string().max(500).exactOptional(),
    requestedAt: Instant,
    expiresAt: Instant
  }),
  personal: { subject: ({ customer }) => customer, fields: ["request"] },
  indexes: { account: ["account", "status", "requestedAt"], buyer: ["buyer", "requestedAt"] }
})
export type AccountOrder = z.infer<typeof OrderRequests.schema>

const facts = { request: Id, account: Id, buyer: Id, total: Money, purchaseOrder: Id.exactOptional() }

/** An order waits for approval: somebody who may should hear of it. Subject of this and the next two: the request. */
export const ApprovalRequested = event(
  "accounts.ApprovalRequested",
  z.object({ ...facts, reasons: z.array(ApprovalReason), expiresAt: Instant })
)

/** An order was approved, or needed no approval, and is placed. */
export const AccountOrderPlaced = event("accounts.OrderPlaced", z.object({ ...facts, order: Id, approvedBy: Id.exactOptional() }))

/** Nothing comes of a request: rejected, withdrawn, or nobody decided in time. */
export const ApprovalEnded = event(
  "accounts.ApprovalEnded",
  z.object({ ...facts, cause: z.enum(["rejected", "withdrawn", "expired"]), by: Id.exactOptional(), note: z.string().exactOptional() })
)

/** What a company owes has changed. Subject: the account. */
export const CreditChanged = event(
  "accounts.CreditChanged",
  z.object({
    account: Id,
    amount: Money,
    owed: Money,
    reason: z.enum(["ordered", "released", "refunded", "paid"]),
    reference: Id.exactOptional()
  })
)
