import { collection, Count, Currency, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

/** A gift card belongs to whoever has its code; store credit to a customer. */
export const CreditKind = z.enum(["gift-card", "store-credit"])
export type CreditKind = z.infer<typeof CreditKind>

/** Why a balance has changed. `redeemed` and `adjusted` may take away, `expired` takes all. `moved`: to whom the customer turned out to be. */
export const CreditReason = z.enum(["issued", "redeemed", "released", "refunded", "adjusted", "expired", "moved"])
export type CreditReason = z.infer<typeof CreditReason>

/** Money that the shop owes to whoever holds this. Its balance is the sum of its entries, and never below zero. */
export const CreditAccount = z
  .object({
    /** Of a gift card what its code is known by, and never the code; see `giftCardToken`. */
    id: Id,
    kind: CreditKind,
    customer: Id.exactOptional(),
    currency: Currency,
    balance: Count,
    blocked: z.boolean().exactOptional(),
    /** The first moment at which it is worth nothing. */
    expiresAt: Instant.exactOptional(),
    issuedAt: Instant
  })
  .readonly()
export type CreditAccount = z.infer<typeof CreditAccount>

/** Accounts by id. */
export const CreditAccounts = collection("credit.accounts", { schema: CreditAccount, indexes: { customer: ["customer", "issuedAt"] } })

/** Which accounts of store credit a customer has. */
export const CreditHolders = collection("credit.holders", { schema: z.object({ accounts: z.array(Id).readonly() }).readonly() })

/** One change of a balance, for good. */
export const CreditEntry = z
  .object({ account: Id, reason: CreditReason, amount: z.int(), balance: Count, reference: Id.exactOptional(), at: Instant })
  .readonly()
export type CreditEntry = z.infer<typeof CreditEntry>

/** The ledger. */
export const CreditEntries = collection("credit.entries", { schema: CreditEntry, indexes: { account: ["account", "at"] } })

/** What was done under a reference, so that it is done once, and not more is given back than was taken. */
export const CreditReferences = collection("credit.references", {
  schema: z.object({ account: Id, issued: Count.exactOptional(), taken: Count, back: Count }).readonly()
})

/** A balance has changed by so much. Subject: the account. */
export const BalanceChanged = event(
  "credit.BalanceChanged",
  z.object({
    account: Id,
    kind: CreditKind,
    customer: Id.exactOptional(),
    reason: CreditReason,
    amount: Money,
    balance: Money,
    reference: Id.exactOptional(),
    expiresAt: Instant.exactOptional()
  })
)
