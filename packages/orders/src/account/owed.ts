import { money, type Tx } from "@omni/core"

import { balanceKey, CompanyBalances } from "../invoice/model.ts"
import { type Account, Accounts, CreditChanged, CreditEntries, type CreditReason, Credits } from "./model.ts"

type Reader = Pick<Tx, "get">

/** What an account owes, and what it is made of; all in minor units. `owed` is `ordered + invoiced - settled`. */
export interface Owed {
  /** On account, and on no invoice yet. */
  readonly ordered: number
  /** What its invoices come to, less credit notes and what was paid of them. */
  readonly invoiced: number
  /** Paid, of which no invoice knows. */
  readonly settled: number
  readonly owed: number
}

/** Loads in one round trip what is read of what an account owes. */
export const foreseeOwed = (tx: Tx, account: string, currency: string): void => {
  tx.prefetch(Accounts, [account])
  tx.prefetch(Credits, [account])
  tx.prefetch(CompanyBalances, [balanceKey(account, currency)])
}

/** What an account owes: the one place that says so. */
export const owedBy = (reader: Reader, { id, currency }: Account): Owed => {
  const { ordered = 0, settled = 0 } = reader.get(Credits, id) ?? {}
  const invoiced = reader.get(CompanyBalances, balanceKey(id, currency))?.balance.amount ?? 0
  return { ordered, invoiced, settled, owed: ordered + invoiced - settled }
}

/** What an account may still owe; 0 without a limit, for then it pays as it orders. */
export const availableCredit = (reader: Reader, account: Account): number =>
  Math.max(0, (account.creditLimit ?? 0) - owedBy(reader, account).owed)

/** Tells by how much what an account owes has changed since it was told last, if it has: with an entry, in the commit that changed it. */
export const tellOwed = (tx: Tx, id: string, reason: CreditReason, reference?: string): void => {
  const account = tx.get(Accounts, id)
  if (account === undefined) return
  const { ordered, settled, owed } = owedBy(tx, account)
  const amount = owed - (tx.get(Credits, id)?.owed ?? 0)
  if (amount === 0) return
  const about = { account: id, reason, ...(reference === undefined ? {} : { reference }) }
  tx.put(Credits, id, { ordered, settled, owed })
  tx.put(CreditEntries, tx.newId("cre"), { ...about, amount, owed, at: tx.now })
  tx.emit(CreditChanged, id, { ...about, amount: money(amount, account.currency), owed: money(owed, account.currency) })
}

/** Says that so much more, or less, of an account's orders is on no invoice; or paid beside invoices. */
export const addToCredits = (tx: Tx, id: string, by: { readonly ordered?: number; readonly settled?: number }): void => {
  const { ordered, settled, owed } = tx.get(Credits, id) ?? { ordered: 0, settled: 0, owed: 0 }
  tx.put(Credits, id, { ordered: ordered + (by.ordered ?? 0), settled: settled + (by.settled ?? 0), owed })
}
