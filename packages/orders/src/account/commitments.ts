import { fail, money, type Tx } from "@omni/core"

import { OrderInvoices } from "../invoice/model.ts"
import { uninvoiced } from "../invoice/uninvoiced.ts"
import { type Order, Orders } from "../model.ts"
import { owedOf } from "../refund.ts"
import { CreditExceeded } from "./errors.ts"
import { AccountOrders, Accounts, type Commitment, type CreditReason } from "./model.ts"
import { addToCredits, availableCredit, tellOwed } from "./owed.ts"

/** Commitments with what of each no invoice has yet: together no more than the order has left to invoice, whoever pays for the rest. */
const opened = (commitments: ReadonlyArray<Commitment>, left: number): ReadonlyArray<Commitment> => {
  let rest = left
  return commitments.map((one) => {
    const open = Math.min(one.amount, rest)
    rest -= open
    return { ...one, open }
  })
}

/** An order that is on account itself costs what it costs by now; what a payment stands for changes only with the payment. */
const followed = (order: Order, commitments: ReadonlyArray<Commitment>): ReadonlyArray<Commitment> =>
  commitments.map((one) => (one.id === order.id ? { ...one, amount: Math.max(0, owedOf(order).amount) } : one))

/** Writes what of an order is on account, as it follows from the order and its invoices; answers the accounts. */
export const commit = (tx: Tx, order: Order, commitments: ReadonlyArray<Commitment>): ReadonlyArray<string> => {
  const before = tx.get(AccountOrders, order.id)?.commitments ?? []
  const after = opened(followed(order, commitments), uninvoiced(order, tx.get(OrderInvoices, order.id)))
  tx.put(AccountOrders, order.id, { commitments: [...after] })
  const accounts = [...new Set([...before, ...after].map(({ account }) => account))]
  for (const account of accounts) {
    const of = (list: ReadonlyArray<Commitment>) => list.reduce((sum, one) => sum + (one.account === account ? one.open : 0), 0)
    const more = of(after) - of(before)
    if (more !== 0) addToCredits(tx, account, { ordered: more })
  }
  return accounts
}

/** Looks again at what of an order is on account and on no invoice: after it was changed, invoiced or credited. Answers the accounts. */
export const recount = (tx: Tx, id: string): ReadonlyArray<string> => {
  const row = tx.get(AccountOrders, id)
  const order = row === undefined ? undefined : tx.get(Orders, id)
  return row === undefined || order === undefined ? [] : commit(tx, order, row.commitments)
}

/** The same, told with a reason. */
export const recountAndTell = (tx: Tx, id: string, reason: CreditReason): void => {
  for (const account of recount(tx, id)) tellOwed(tx, account, reason, id)
}

/** An order that is on account costs more now than it did: no more than its account may owe. Errors: `CreditExceeded`. */
export function* assertWithin(tx: Tx, id: string, more: number): Generator<CreditExceeded, void, unknown> {
  const row = more <= 0 ? undefined : tx.get(AccountOrders, id)
  const account = row?.commitments.find((one) => one.id === id)?.account
  const found = account === undefined ? undefined : tx.get(Accounts, account)
  if (found === undefined) return
  const available = availableCredit(tx, found)
  if (more > available) yield* fail(CreditExceeded.of(found.id, money(more, found.currency), money(available, found.currency)))
  recountAndTell(tx, id, "ordered")
}
