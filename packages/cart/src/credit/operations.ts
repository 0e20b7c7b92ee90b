import { type Duration, fail, Id, Instant, Money, money, operation, PositiveCount, refuse, type Tx } from "@omni/core"
import type { Hmac } from "@omni/core/values"
import * as z from "zod"

import { CreditDeclined, CreditNotFound, CreditReferenceInUse, CreditRefundExceeded, GiftCardExists } from "./errors.ts"
import { tokenOfNumber } from "./gift-card-code.ts"
import { added, declined, expiringOf, findAccount, holdsToo, isOver, openStoreCredit, taken, usable } from "./ledger.ts"
import { lot } from "./lots.ts"
import { type CreditAccount, CreditAccounts, CreditReferences } from "./model.ts"
import { giveBackUnder, takenUnder, takeUnder } from "./taken.ts"

/** No shop gives more at once, in whatever currency; so balances stay whole numbers. */
const MOST = 1_000_000_000_000

const Amount = Money.refine(({ amount }) => amount > 0 && amount <= MOST, {
  error: "More than nothing, and at most 10¹² minor units",
  path: ["amount"]
})
const Token = Id.regex(/^gc_[0-9a-f]{40}$/, { error: "Use giftCardToken(secret, code): a code itself must not come here" })

/** Operations on gift cards and store credit. Each answers the account as it is then. */
export const creditOperations = (mac: Hmac, grace: Duration) => ({
  /**
   * Issues a gift card by the shop's number for it; `giftCardCode(secret, number)` is then its code. Or one of another system, by the `token`
   * of its code. Issued again it changes nothing. Errors: `GiftCardExists`.
   */
  issueGiftCard: operation(
    "credit.issueGiftCard",
    z
      .object({
        number: Id.exactOptional(),
        token: Token.exactOptional(),
        amount: Amount,
        customer: Id.exactOptional(),
        expiresAt: Instant.exactOptional()
      })
      .refine(({ number, token }) => (number === undefined) !== (token === undefined), {
        error: "Name its number or its token, one of both"
      }),
    function* (tx, { number, token, amount, customer, expiresAt }) {
      const id = token ?? tokenOfNumber(mac, number ?? "")
      const known = tx.get(CreditAccounts, id)
      if (known !== undefined) {
        const issued = tx.get(CreditReferences, issueKey(id))?.issued
        if (issued === amount.amount && known.currency === amount.currency) return known
        return yield* fail(
          new GiftCardExists({ account: id, message: `The gift card "${number ?? id}" was issued already, with another amount.` })
        )
      }
      const { currency } = amount
      const owner = customer === undefined ? {} : { customer }
      tx.put(CreditReferences, issueKey(id), { account: id, issued: amount.amount, taken: 0, back: 0 })
      const card: CreditAccount = { id, kind: "gift-card", currency, balance: 0, ...owner, issuedAt: tx.now }
      if (customer !== undefined) holdsToo(tx, customer, id)
      return added(tx, card, [lot(amount.amount, expiresAt)], { reason: "issued", reference: number })
    }
  ),

  /**
   * Gives a customer credit: for a return, as a kindness; for ever, or until `expiresAt`. Under one `reference` once, however often it is told. What expires first
   * is spent first. Errors: `CreditReferenceInUse` for another amount.
   */
  issueStoreCredit: operation(
    "credit.issueStoreCredit",
    z.object({ customer: Id.max(150), amount: Amount, reference: Id, expiresAt: Instant.exactOptional() }),
    function* (tx, { customer, amount, reference, expiresAt }) {
      const account = openStoreCredit(tx, customer, amount.currency)
      const key = `issued ${account.id} ${reference}`
      const issued = tx.get(CreditReferences, key)?.issued
      if (issued !== undefined && issued !== amount.amount) return yield* fail(CreditReferenceInUse.of(reference, account.id, issued))
      if (issued !== undefined) return account
      tx.put(CreditReferences, key, { account: account.id, issued: amount.amount, taken: 0, back: 0 })
      return added(tx, account, [lot(amount.amount, expiresAt)], { reason: "issued", reference })
    }
  ),

  /**
   * Pays for something elsewhere, at a till of another system: under one `reference` once. It is a fact: replayed, what is not there any more is
   * recorded as a discrepancy, and what there is is taken, never more. What expires first is taken first. Errors: `CreditNotFound`, `CreditDeclined`,
   * `CreditReferenceInUse` for another amount, or of another account.
   */
  redeemCredit: operation(
    "credit.redeemCredit",
    { input: z.object({ account: Id, amount: Amount, reference: Id }), fact: true },
    function* (tx, { account: id, amount, reference }) {
      const account = yield* accountOf(tx, id)
      const known = takenUnder(tx, takenKey(reference))
      if (known !== undefined) {
        const before = known.asked ?? known.taken
        if (before !== amount.amount || findAccount(tx, known.account)?.id !== account.id)
          yield* refuse(tx, id, CreditReferenceInUse.of(reference, known.account, before))
        return account
      }
      const error = declined(account, amount, tx.now)
      if (error !== undefined) yield* refuse(tx, id, error)
      const by = error === undefined ? amount.amount : amount.currency === account.currency ? Math.min(amount.amount, account.balance) : 0
      return takeUnder(tx, account, { key: takenKey(reference), amount: by, asked: amount.amount, reference })
    }
  ),

  /**
   * Gives back what was taken by `redeemCredit`, all of it or a part, never more, to what it was taken from: what has expired since, or soon will, can be used for
   * the `grace` of the module. Errors: `CreditNotFound`, `CreditRefundExceeded`.
   */
  refundCredit: operation(
    "credit.refundCredit",
    z.object({ reference: Id, amount: PositiveCount.exactOptional() }),
    function* (tx, { reference, amount }) {
      const known = takenUnder(tx, takenKey(reference))
      if (known === undefined) return yield* fail(CreditNotFound.of(reference))
      const available = known.taken - known.back
      const by = amount ?? available
      if (by > available)
        return yield* fail(
          new CreditRefundExceeded({
            reference,
            available,
            message: `${by} cannot be given back for "${reference}": ${available} of ${known.taken} are left (minor units).`
          })
        )
      const account = yield* accountOf(tx, known.account)
      if (by === 0) return account
      return giveBackUnder(tx, account, { key: takenKey(reference), amount: by, reason: "refunded", reference, grace })
    }
  ),

  /** Changes a balance by hand, up (for ever, or until `expiresAt`) or down, never below zero. Errors: `CreditNotFound`, `CreditDeclined`. */
  adjustCredit: operation(
    "credit.adjustCredit",
    z.object({ account: Id, by: z.int().min(-MOST).max(MOST), note: Id.exactOptional(), expiresAt: Instant.exactOptional() }),
    function* (tx, { account: id, by, note, expiresAt }) {
      const account = yield* accountOf(tx, id)
      if (account.balance + by < 0)
        return yield* fail(
          new CreditDeclined({
            account: id,
            reason: "insufficient",
            available: money(account.balance, account.currency),
            message: `"${id}" has ${account.balance} ${account.currency} (minor units): it cannot be changed by ${by}.`
          })
        )
      const about = { reason: "adjusted", reference: note } as const
      if (by === 0) return account
      return by > 0 ? added(tx, account, [lot(by, expiresAt)], about) : taken(tx, account, -by, about).account
    }
  ),

  /** Blocks a card that was lost, or opens it again; its balance stays. Errors: `CreditNotFound`. */
  blockCredit: operation("credit.blockCredit", z.object({ account: Id, blocked: z.boolean().default(true) }), function* (tx, input) {
    const { blocked: _, ...account } = yield* accountOf(tx, input.account)
    return tx.put(CreditAccounts, account.id, input.blocked ? { ...account, blocked: true } : account)
  })
})

function* accountOf(tx: Tx, id: string): Generator<CreditNotFound, CreditAccount, unknown> {
  return findAccount(tx, id) ?? (yield* fail(CreditNotFound.of(id)))
}

const takenKey = (reference: string): string => `taken ${reference}`

const issueKey = (id: string): string => `issued ${id}`

/** What the holder of an account is told: what can be used now, what of it expires next, and from when on nothing is left. */
export const balanceOf = (account: CreditAccount, now: number) => {
  const expiring = expiringOf(account, now)
  return {
    account: account.id,
    kind: account.kind,
    available: money(usable(account, now), account.currency),
    status: account.blocked === true ? "blocked" : isOver(account, now) ? "expired" : "active",
    ...(account.expiresAt === undefined ? {} : { expiresAt: account.expiresAt }),
    ...(expiring === undefined ? {} : { expiring })
  }
}
