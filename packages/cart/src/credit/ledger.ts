import { days, type Money, money, operation, type Tx, Id } from "@omni/core"
import * as z from "zod"

import { CreditDeclined } from "./errors.ts"
import { BalanceChanged, type CreditAccount, CreditAccounts, CreditEntries, CreditHolders, type CreditReason } from "./model.ts"

/** How long what comes back to a card that has expired, or is about to, can still be used. */
const GRACE = days(90)

/** Takes what is left when the time of a card is up. Run by the timer that its issue sets. */
export const expireCredit = operation("credit.expire", z.object({ account: Id }), function* (tx, { account: id }) {
  const account = tx.get(CreditAccounts, id)
  if (account?.expiresAt === undefined || account.expiresAt > tx.now || account.balance === 0) return
  change(tx, account, -account.balance, "expired")
})

/** Changes a balance, with its entry; never below zero: who calls has looked. */
export const change = (tx: Tx, account: CreditAccount, by: number, reason: CreditReason, reference?: string): CreditAccount => {
  const { id, kind, customer, currency, expiresAt } = account
  const balance = account.balance + by
  const about = { reason, ...(reference === undefined ? {} : { reference }) }
  tx.put(CreditEntries, tx.newId("cre"), { account: id, ...about, amount: by, balance, at: tx.now })
  tx.emit(BalanceChanged, id, {
    account: id,
    kind,
    ...(customer === undefined ? {} : { customer }),
    ...about,
    amount: money(by, currency),
    balance: money(balance, currency),
    ...(expiresAt === undefined ? {} : { expiresAt })
  })
  return tx.put(CreditAccounts, id, { ...account, balance })
}

/** Gives money back; on a card that expires soon, or has, it can be used a while longer. */
export const giveBack = (tx: Tx, account: CreditAccount, amount: number, reason: CreditReason, reference?: string): CreditAccount => {
  const expiresAt = account.expiresAt === undefined ? {} : { expiresAt: Math.max(account.expiresAt, tx.now + GRACE) }
  const back = change(tx, { ...account, ...expiresAt }, amount, reason, reference)
  watchExpiry(tx, back)
  return back
}

/** Sets the timer that ends a card. */
export const watchExpiry = (tx: Tx, { id, expiresAt }: CreditAccount): void => {
  if (expiresAt !== undefined) tx.schedule(expiresAt, expireCredit, { account: id }, { key: `credit.expire ${id}`, subject: id })
}

/** What may be used of an account now. */
export const usable = ({ balance, blocked, expiresAt }: CreditAccount, now: number): number =>
  blocked === true || (expiresAt !== undefined && expiresAt <= now) ? 0 : balance

/** Why so much cannot be taken; `undefined` when it can. */
export const declined = (account: CreditAccount, amount: Money, now: number): CreditDeclined | undefined => {
  const { id, currency, balance } = account
  const about = (reason: CreditDeclined["reason"], why: string) =>
    new CreditDeclined({ account: id, reason, available: money(usable(account, now), currency), message: `"${id}" ${why}.` })
  if (account.blocked === true) return about("blocked", "is blocked")
  if (account.expiresAt !== undefined && account.expiresAt <= now) return about("expired", "has expired")
  if (amount.currency !== currency) return about("other-currency", `is in ${currency}, not in ${amount.currency}`)
  return amount.amount > balance ? about("insufficient", `has ${balance} ${currency} left (minor units), not ${amount.amount}`) : undefined
}

/** The account of a customer's store credit in a currency. */
export const storeCreditId = (customer: string, currency: string): string => `store-credit/${customer}/${currency}`

/** Opens an account that is not there yet, with nothing in it. */
export const openStoreCredit = (tx: Tx, customer: string, currency: CreditAccount["currency"]): CreditAccount => {
  const id = storeCreditId(customer, currency)
  const known = tx.get(CreditAccounts, id)
  if (known !== undefined) return known
  const accounts = tx.get(CreditHolders, customer)?.accounts ?? []
  tx.put(CreditHolders, customer, { accounts: [...accounts, id] })
  return { id, kind: "store-credit", customer, currency, balance: 0, issuedAt: tx.now }
}

/** Gives one customer what another had, who turned out to be the same. */
export const moveCredit = (tx: Tx, from: string, into: string): void => {
  const accounts = tx.get(CreditHolders, from)?.accounts ?? []
  for (const account of tx.getMany(CreditAccounts, accounts)) {
    if (account === undefined || account.balance === 0) continue
    change(tx, openStoreCredit(tx, into, account.currency), account.balance, "moved", account.id)
    change(tx, account, -account.balance, "moved", storeCreditId(into, account.currency))
  }
}
