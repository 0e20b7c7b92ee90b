import { collection, Count, Currency, event, Id, Instant, Money, PositiveCount } from "@omni/core"
import * as z from "zod"

/** A gift card belongs to whoever has its code; store credit to a customer. */
export const CreditKind = z.enum(["gift-card", "store-credit"])
export type CreditKind = z.infer<typeof CreditKind>

/** Why a balance has changed. `redeemed` and `adjusted` may take away, `expired` takes all. `moved`: to whom the customer turned out to be. */
export const CreditReason = z.enum(["issued", "redeemed", "released", "refunded", "adjusted", "expired", "moved"])
export type CreditReason = z.infer<typeof CreditReason>

/** So much that is worth nothing from `expiresAt` on; without it, it is for ever. */
export const CreditLot = z.object({ amount: PositiveCount, expiresAt: Instant.exactOptional() }).readonly()
export type CreditLot = z.infer<typeof CreditLot>

/** Money that the shop owes to whoever holds this. Its balance is the sum of its entries, and never below zero. */
export const CreditAccount = z
  .object({
    /** Of a gift card what its code is known by, and never the code; see `giftCardToken`. */
    id: Id,
    kind: CreditKind,
    customer: Id.exactOptional(),
    currency: Currency,
    balance: Count,
    /** What the balance is made of, by when it expires, the next first. Absent in rows from before there were any. */
    lots: z.array(CreditLot).readonly().exactOptional(),
    blocked: z.boolean().exactOptional(),
    /** The first moment at which all of it is worth nothing; absent where some is for ever. */
    expiresAt: Instant.exactOptional(),
    /** How many entries it has. */
    entries: Count.exactOptional(),
    /** The account that stands for this one, since two customers were one. */
    movedTo: Id.exactOptional(),
    issuedAt: Instant
  })
  .readonly()
export type CreditAccount = z.infer<typeof CreditAccount>

/** Accounts by id. */
export const CreditAccounts = collection("credit.accounts", { schema: CreditAccount, indexes: { customer: ["customer", "issuedAt"] } })

/** Which accounts a customer has: of store credit, and of gift cards that name the customer. */
export const CreditHolders = collection("credit.holders", { schema: z.object({ accounts: z.array(Id).readonly() }).readonly() })

/** One change of a balance, for good. Entries of an account are numbered; `expiresAt` is that of what was added. */
export const CreditEntry = z
  .object({
    account: Id,
    number: Count,
    reason: CreditReason,
    amount: z.int(),
    balance: Count,
    expiresAt: Instant.exactOptional(),
    reference: Id.exactOptional(),
    at: Instant
  })
  .readonly()
export type CreditEntry = z.infer<typeof CreditEntry>

/** The ledger. */
export const CreditEntries = collection("credit.entries", { schema: CreditEntry, indexes: { account: ["account", "at", "number"] } })

/** What was done under a reference, so that it is done once, and not more is given back than was taken, to what it was taken from. */
export const CreditReferences = collection("credit.references", {
  schema: z
    .object({
      account: Id,
      issued: Count.exactOptional(),
      /** What was asked for, where that is more than was there. */
      asked: Count.exactOptional(),
      taken: Count,
      from: z.array(CreditLot).readonly().exactOptional(),
      back: Count
    })
    .readonly()
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
    /** From when on the whole account is worth nothing. */
    expiresAt: Instant.exactOptional(),
    /** What expires next, and when. */
    expiring: z.object({ amount: Money, at: Instant }).readonly().exactOptional()
  })
)
