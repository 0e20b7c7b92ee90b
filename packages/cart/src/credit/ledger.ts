import { type Duration, days, Id, type Money, money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { CreditDeclined } from "./errors.ts"
import { endOf, liveAt, lot, lotsOf, sumOf, takeFrom, withLots } from "./lots.ts"
import {
  BalanceChanged,
  type CreditAccount,
  CreditAccounts,
  CreditEntries,
  CreditHolders,
  type CreditLot,
  type CreditReason
} from "./model.ts"

/** How long what comes back to credit that has expired, or is about to, can be used unless told. */
export const GRACE: Duration = days(90)

/** Accounts are followed this far to the one that stands for them. */
const HOPS = 8

/** Takes what has expired. Run by the timer that every change sets. */
export const expireCredit = operation("credit.expire", z.object({ account: Id }), function* (tx, { account: id }) {
  const account = tx.get(CreditAccounts, id)
  if (account !== undefined) settled(tx, account)
})

/** What is told of a change. */
interface About {
  readonly reason: CreditReason
  readonly reference?: string | undefined
}

/** Adds to a balance, with its entry. */
export const added = (tx: Tx, account: CreditAccount, lots: ReadonlyArray<CreditLot>, about: About): CreditAccount =>
  lots.reduce((now, one) => kept(tx, now, withLots(lotsOf(now), [one]), { ...about, ...one }), account)

/** Takes from a balance what expires first, with its entry: who calls has looked that there is so much. Says from which. */
export const taken = (
  tx: Tx,
  account: CreditAccount,
  amount: number,
  about: About
): { readonly account: CreditAccount; readonly from: ReadonlyArray<CreditLot> } => {
  const { left, taken: from } = takeFrom(lotsOf(account), amount)
  return { account: kept(tx, account, left, { ...about, amount: -sumOf(from) }), from }
}

/** An account without what has expired by now, which is told of: its timer may be late. */
const settled = (tx: Tx, account: CreditAccount): CreditAccount => {
  const lots = lotsOf(account)
  const live = liveAt(lots, tx.now)
  return live.length === lots.length ? account : kept(tx, account, live, { reason: "expired", amount: sumOf(live) - sumOf(lots) })
}

const kept = (
  tx: Tx,
  { expiresAt: before, ...account }: CreditAccount,
  lots: ReadonlyArray<CreditLot>,
  { reason, reference, amount, expiresAt }: About & { readonly amount: number; readonly expiresAt?: number }
): CreditAccount => {
  const { id, kind, customer, currency } = account
  const balance = account.balance + amount
  const number = (account.entries ?? 0) + 1
  const about = { reason, ...(reference === undefined ? {} : { reference }) }
  // What is empty has ended when the last of it did.
  const last = lots.length === 0 ? before : lots.reduce((latest, one) => Math.max(latest, endOf(one)), 0)
  const end = last === undefined || last === Infinity ? {} : { expiresAt: last }
  const now: CreditAccount = { ...account, ...end, balance, lots, entries: number }
  const expiring = expiringOf(now, tx.now)
  tx.put(CreditEntries, tx.newId("cre"), {
    account: id,
    number,
    ...about,
    amount,
    balance,
    ...(expiresAt === undefined ? {} : { expiresAt }),
    at: tx.now
  })
  tx.emit(BalanceChanged, id, {
    account: id,
    kind,
    ...(customer === undefined ? {} : { customer }),
    ...about,
    amount: money(amount, currency),
    balance: money(balance, currency),
    ...end,
    ...(expiring === undefined ? {} : { expiring })
  })
  watchExpiry(tx, now)
  return tx.put(CreditAccounts, id, now)
}

/** Sets the timer for what expires next, also for what is over by now. */
const watchExpiry = (tx: Tx, { id, lots = [] }: CreditAccount): void => {
  const [next] = lots
  const key = `credit.expire ${id}`
  if (next?.expiresAt === undefined) tx.cancel(key)
  else tx.schedule(next.expiresAt, expireCredit, { account: id }, { key, subject: id })
}

/** What of an account expires next, and when. */
export const expiringOf = (account: CreditAccount, now: number): { readonly amount: Money; readonly at: number } | undefined => {
  const [next] = liveAt(lotsOf(account), now)
  return next?.expiresAt === undefined ? undefined : { amount: money(next.amount, account.currency), at: next.expiresAt }
}

/** Gives money back to what it was taken from; what has expired, or will within the grace, can be used until that is over. */
export const givenBack = (tx: Tx, account: CreditAccount, lots: ReadonlyArray<CreditLot>, about: About, grace: Duration): CreditAccount => {
  const back = lots.map((one) =>
    one.expiresAt === undefined ? one : lot(one.amount, Math.max(one.expiresAt, grace === 0 ? 0 : tx.now + grace))
  )
  return settled(tx, added(tx, account, withLots([], back), about))
}

/** What may be used of an account now. */
export const usable = (account: CreditAccount, now: number): number => (account.blocked === true ? 0 : sumOf(liveAt(lotsOf(account), now)))

/** Whether all of an account is over. */
export const isOver = ({ expiresAt }: CreditAccount, now: number): boolean => expiresAt !== undefined && expiresAt <= now

/** Why so much cannot be taken; `undefined` when it can. */
export const declined = (account: CreditAccount, amount: Money, now: number): CreditDeclined | undefined => {
  const { id, currency } = account
  const available = usable(account, now)
  const about = (reason: CreditDeclined["reason"], why: string) =>
    new CreditDeclined({ account: id, reason, available: money(available, currency), message: `"${id}" ${why}.` })
  if (account.blocked === true) return about("blocked", "is blocked")
  if (amount.currency !== currency) return about("other-currency", `is in ${currency}, not in ${amount.currency}`)
  if (isOver(account, now)) return about("expired", "has expired")
  return amount.amount > available
    ? about("insufficient", `has ${available} ${currency} left (minor units), not ${amount.amount}`)
    : undefined
}

/** The account that is meant, without what has expired; where two customers were one, the one that stands for it. */
export const findAccount = (tx: Tx, id: string): CreditAccount | undefined => {
  const found = standingFor(tx, id)
  return found === undefined ? undefined : settled(tx, found)
}

/** The account that stands for one, as it is kept. */
export const standingFor = (reader: Pick<Tx, "get">, id: string): CreditAccount | undefined => {
  let found = reader.get(CreditAccounts, id)
  for (let hop = 0; hop < HOPS && found?.movedTo !== undefined; hop++) found = reader.get(CreditAccounts, found.movedTo)
  return found
}

/** The account of a customer's store credit in a currency. */
export const storeCreditId = (customer: string, currency: string): string => `store-credit/${customer}/${currency}`

/** Opens an account that is not there yet, with nothing in it. */
export const openStoreCredit = (tx: Tx, customer: string, currency: CreditAccount["currency"]): CreditAccount => {
  const id = storeCreditId(customer, currency)
  const known = findAccount(tx, id)
  if (known !== undefined) return known
  holdsToo(tx, customer, id)
  return { id, kind: "store-credit", customer, currency, balance: 0, issuedAt: tx.now }
}

/** Remembers that accounts are a customer's. */
export const holdsToo = (tx: Tx, customer: string, ...more: ReadonlyArray<string>): void => {
  const accounts = tx.get(CreditHolders, customer)?.accounts ?? []
  const all = [...new Set([...accounts, ...more])]
  if (all.length > accounts.length) tx.put(CreditHolders, customer, { accounts: all })
}

/** Gives one customer what another had, who turned out to be the same: gift cards, and store credit, each part with its time. What comes back later follows. */
export const moveCredit = (tx: Tx, from: string, into: string): void => {
  if (from === into) return
  const accounts = tx.get(CreditHolders, from)?.accounts ?? []
  const cards: Array<string> = []
  for (const row of tx.getMany(CreditAccounts, accounts)) {
    if (row === undefined || row.movedTo !== undefined) continue
    const account = settled(tx, row)
    if (account.kind === "gift-card") {
      cards.push(account.id)
      tx.put(CreditAccounts, account.id, { ...account, customer: into })
      continue
    }
    const target = openStoreCredit(tx, into, account.currency)
    if (target.id === account.id) continue
    const lots = lotsOf(account)
    const after =
      lots.length === 0 ? tx.put(CreditAccounts, target.id, target) : added(tx, target, lots, { reason: "moved", reference: account.id })
    const left = lots.length === 0 ? account : taken(tx, account, sumOf(lots), { reason: "moved", reference: after.id }).account
    if (account.blocked === true) tx.put(CreditAccounts, after.id, { ...after, blocked: true })
    tx.put(CreditAccounts, account.id, { ...left, movedTo: after.id })
  }
  holdsToo(tx, into, ...cards)
}
