import { CivilDate, collection, Count, Currency, event, Id, Instant, Money, TimeZone } from "@omni/core"
import * as z from "zod"

import { invoiceFields, Party } from "../invoice/document.ts"
import { PaymentTerms } from "../invoice/terms.ts"
import { OrderRequest } from "../request.ts"

/**
 * What somebody may do for a company: `buyer` orders, `approver` approves what others order, `admin` says who its members are, what they may
 * do, and when an order needs approval.
 */
export const BuyerRole = z.enum(["buyer", "approver", "admin"])
export type BuyerRole = z.infer<typeof BuyerRole>

/** How many approvals an order may need, one after the other. */
const MAX_LEVELS = 5

/** Whether each is more than the one before. */
const rising = (list: ReadonlyArray<number>): boolean => list.every((amount, i) => i === 0 || amount > list[i - 1]!)

/** Amounts (minor units), each more than the one before: an order above the first needs one approval, above the second two, and so on. */
export const ApprovalLevels = z.array(Count).max(MAX_LEVELS).refine(rising, { error: "Each level begins above the one before" })

/** What of an account its shop says. */
export const accountFields = {
  name: z.string().min(1).max(200),
  /** Its number in the shop's books. */
  number: Id.exactOptional(),
  /** The account that it belongs to: a branch of a company. */
  parent: Id.exactOptional(),
  currency: Currency,
  /** What it may owe at most, in minor units; without one it pays as it orders. */
  creditLimit: Count.exactOptional(),
  /** Who it is on invoices: name, address, VAT id. Its contact is a post, not a person: an account is not erased with anybody. */
  party: Party.exactOptional(),
  /** What its invoices are routed by in its house (BT-10): a cost centre, a Leitweg-ID. */
  reference: invoiceFields.shape.buyerReference,
  /** Days after the invoice until it is due; or `terms`, where days are not all there is to say. */
  netDays: Count.max(3650).exactOptional(),
  terms: PaymentTerms.exactOptional(),
  /** Where its days begin and end: overdue is by these. Those of the legal entity unless told. */
  timeZone: TimeZone.exactOptional()
}

/** A company that orders, and on what terms. Price lists of the catalogue and invoices refer to its id. */
export const Accounts = collection("accounts.accounts", {
  schema: z.object({
    id: Id,
    ...accountFields,
    /** The accounts above it when it was defined, the nearest first: what is loaded together. What it belongs to is what `parent` says. */
    above: z.array(Id).exactOptional(),
    /** `blocked`: nobody orders for it, and nothing is approved. */
    status: z.enum(["active", "blocked"]),
    /** Every order needs the number of the company's purchase order. */
    needsPurchaseOrder: z.boolean(),
    approvalLevels: ApprovalLevels.exactOptional()
  }),
  indexes: { parent: ["parent", "name"], name: ["name"] }
})
export type Account = z.infer<typeof Accounts.schema>

/** What somebody may do for a company, and up to how much. */
export const buyerFields = {
  roles: z.array(BuyerRole).min(1).max(3),
  /** An order of more than so much (minor units) is approved by somebody first; none: the account's own levels alone. */
  limit: Count.exactOptional(),
  /** So is one that takes what was ordered since the period began (in the account's time zone) above so much. Weeks begin on Monday. */
  periodLimit: z.object({ amount: Count, period: z.enum(["day", "week", "month", "year"]) }).exactOptional(),
  /** What an approver may approve at most. */
  approvalLimit: Count.exactOptional(),
  /** The highest level of approval that is an approver's to give: the first unless told. */
  approvalLevel: z.int().min(1).max(MAX_LEVELS).exactOptional()
}

/** A person who orders for a company; the id is `account/customer`. */
export const Buyers = collection("accounts.buyers", {
  schema: z.object({ account: Id, customer: Id, ...buyerFields }),
  indexes: { account: ["account", "customer"], customer: ["customer", "account"] }
})
export type Buyer = z.infer<typeof Buyers.schema>

/** Who of an account is admin: so that its last one is not lost. */
export const AccountAdmins = collection("accounts.admins", { schema: z.object({ admins: z.array(Id) }) })

/** What a buyer has ordered since a period began; the id is `account/customer`. */
export const BuyerPeriods = collection("accounts.buyer-periods", { schema: z.object({ from: CivilDate, ordered: Count }) })

/**
 * What a company owes beside its invoices, in minor units: orders on account that no invoice has yet, less what it paid that is on no invoice.
 * What is on invoices is `CompanyBalances`, and nowhere else. `owed` is the sum of all that, as the last entry told it; below zero the shop
 * owes the company.
 */
export const Credits = collection("accounts.credits", { schema: z.object({ ordered: Count, settled: Count, owed: z.int() }) })

/** Why what is owed has changed; `limits`: the account was defined when something was owed already. */
export const CreditReason = z.enum(["ordered", "released", "refunded", "invoiced", "credited", "paid", "limits"])
export type CreditReason = z.infer<typeof CreditReason>

/** What happened to what a company owes, for good. */
export const CreditEntries = collection("accounts.credit-entries", {
  schema: z.object({
    account: Id,
    /** More is owed above zero, less below. */
    amount: z.int(),
    owed: z.int(),
    reason: CreditReason,
    reference: Id.exactOptional(),
    at: Instant
  }),
  indexes: { account: ["account", "at"] }
})
export type CreditEntry = z.infer<typeof CreditEntries.schema>

/**
 * Part of an order that is on account: the order itself, a payment of it by the tender, or what has come over from the order that it was
 * exchanged for, whose id it then has; `open`: what of it no invoice has yet.
 */
const Commitment = z.object({ id: Id, account: Id, amount: Count, open: Count })
export type Commitment = z.infer<typeof Commitment>

/** What of an order is on account, in minor units. */
export const AccountOrders = collection("accounts.orders", {
  schema: z.object({
    commitments: z.array(Commitment),
    /** Orders that it was exchanged for, and what of its commitments has gone over to them. */
    replacements: z.array(Id).exactOptional(),
    moved: Count.exactOptional()
  })
})

/** A payment by the tender: what it still stands for, and the order that it has come to pay. */
export const AccountPayments = collection("accounts.payments", {
  schema: z.object({ account: Id, amount: Count, order: Id.exactOptional() })
})

/** The account that a checkout is on: one alone. */
export const AccountCheckouts = collection("accounts.checkouts", { schema: z.object({ account: Id }) })

/** Payments that were settled under a reference: each counts once. */
export const CreditPayments = collection("accounts.credit-payments", { schema: z.object({ at: Instant }) })

/** What a request still needs before it is an order. */
export const RequestStatus = z.enum(["pending", "placed", "rejected", "withdrawn", "expired"])
export type RequestStatus = z.infer<typeof RequestStatus>

/** Why an order has to be approved. */
export const ApprovalReason = z.enum(["above-account-limit", "above-buyer-limit", "above-period-limit"])
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
    /** How many approvals it needs, by different people, and who has given one: the first the first level, and so on. */
    levels: z.int().min(0).max(MAX_LEVELS),
    approvals: z.array(z.object({ by: Id, at: Instant })),
    order: Id.exactOptional(),
    /** Who approved it last, rejected or withdrew it. */
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

/** An order waits for an approval of a level: somebody who may should hear of it. Subject of this and the next two: the request. */
export const ApprovalRequested = event(
  "accounts.ApprovalRequested",
  z.object({ ...facts, reasons: z.array(ApprovalReason), level: z.int(), levels: z.int(), expiresAt: Instant })
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
    reason: CreditReason,
    reference: Id.exactOptional()
  })
)

/** Somebody may do other things for an account than before, or nothing any more when there are no `roles`. Subject: the account. */
export const MemberChanged = event(
  "accounts.MemberChanged",
  z.object({ account: Id, customer: Id, roles: z.array(BuyerRole), by: Id.exactOptional() })
)
