import { fail, money, type Tx } from "@omni/core"

import { OrderInvoices } from "../invoice/model.ts"
import { cameFor, handOf, takenOf } from "../invoice/order-money.ts"
import { uninvoiced } from "../invoice/uninvoiced.ts"
import { type Order, Orders } from "../model.ts"
import { OrderPayments } from "../payment/model.ts"
import { owedOf } from "../refund.ts"
import { CreditExceeded } from "./errors.ts"
import { AccountOrders, Accounts, type Commitment, type CreditReason } from "./model.ts"
import { addToCredits, availableCredit, foreseeOwed, tellOwed } from "./owed.ts"

/** Loads in one round trip what is read of orders to say what of them is on account. */
export const foreseeOrder = (tx: Tx, ...orders: ReadonlyArray<string>): void => {
  for (const collection of [Orders, AccountOrders, OrderInvoices, OrderPayments]) tx.prefetch(collection, orders)
}

/** Commitments with what of each no invoice has yet: together no more than the order has left to invoice, whoever pays for the rest. */
const opened = (commitments: ReadonlyArray<Commitment>, left: number): ReadonlyArray<Commitment> => {
  let rest = left
  return commitments.map((one) => {
    const open = Math.min(one.amount, rest)
    rest -= open
    return { ...one, open }
  })
}

/**
 * An order that is on account itself costs what it costs by now and nobody has paid; what has come over from an exchange is no more than the
 * order is paid with of it; what a payment stands for changes only with the payment.
 */
const followed = (tx: Tx, order: Order, commitments: ReadonlyArray<Commitment>): ReadonlyArray<Commitment> =>
  commitments.map((one) => {
    if (one.id === order.exchange?.order) return { ...one, amount: Math.min(one.amount, order.exchange.credit.amount) }
    if (one.id !== order.id) return one
    const conceded = tx.get(OrderPayments, order.id)?.conceded ?? 0
    return { ...one, amount: Math.max(0, owedOf(order).amount - conceded - handOf(tx, order.id)) }
  })

const openOf = (list: ReadonlyArray<Commitment>): number => list.reduce((sum, { open }) => sum + open, 0)

/**
 * Writes what of an order is on account, as it follows from the order, its invoices and its money, and what of that has gone over to orders
 * that it was exchanged for. Answers the accounts.
 */
export const commit = (tx: Tx, order: Order, commitments: ReadonlyArray<Commitment>): ReadonlyArray<string> => {
  const { commitments: before = [], ...row } = tx.get(AccountOrders, order.id) ?? {}
  tx.put(AccountOrders, order.id, { ...row, commitments: [...commitments] })
  const paid = Math.max(0, cameFor(tx, order) - takenOf(tx, order.id))
  const after = opened(followed(tx, order, commitments), Math.max(0, uninvoiced(tx, order) - paid))
  tx.put(AccountOrders, order.id, { ...row, commitments: [...after] })
  const accounts = [...new Set([...before, ...after].map(({ account }) => account))]
  for (const account of accounts) {
    const of = (list: ReadonlyArray<Commitment>) => openOf(list.filter((one) => one.account === account))
    const more = of(after) - of(before)
    if (more !== 0) addToCredits(tx, account, { ordered: more })
  }
  handOver(tx, order.id)
  return accounts
}

/** What of an order's commitments its own goods do not need goes over to the orders that it was exchanged for: as much as those are paid with of it. */
const handOver = (tx: Tx, id: string): void => {
  const row = tx.get(AccountOrders, id)
  const replacements = row?.replacements ?? []
  if (row === undefined || replacements.length === 0) return
  foreseeOrder(tx, ...replacements)
  let pool = row.commitments.reduce((sum, { amount, open }) => sum + amount - open, 0)
  let moved = 0
  const shares = tx.getMany(Orders, replacements).flatMap((order) => {
    if (order === undefined) return []
    const amount = Math.min(order.exchange?.credit.amount ?? 0, pool)
    pool -= amount
    moved += amount
    return [{ order, amount }]
  })
  tx.put(AccountOrders, id, { ...row, moved })
  const account = row.commitments[0]!.account
  for (const { order, amount } of shares) {
    const has = tx.get(AccountOrders, order.id)?.commitments ?? []
    const same = has.find((one) => one.id === id)
    if ((same?.amount ?? 0) === amount) continue
    commit(tx, order, [{ id, account, amount, open: same?.open ?? 0 }, ...has.filter((one) => one !== same)])
  }
}

/** An order on account was exchanged for another: what is owed for its goods is owed for those, in the same commit. */
export const moveCommitment = (tx: Tx, id: string, replacement: string): void => {
  const row = tx.get(AccountOrders, id)
  if (row === undefined || row.commitments.length === 0) return
  tx.put(AccountOrders, id, { ...row, replacements: [...(row.replacements ?? []), replacement] })
  recountAndTell(tx, id, "ordered")
}

/**
 * Looks again at what of an order is on account and on no invoice: after it was changed, paid, invoiced or credited; and at the order that it
 * was exchanged for, where that has its commitment back. Answers the accounts.
 */
export const recount = (tx: Tx, id: string): ReadonlyArray<string> => {
  foreseeOrder(tx, id)
  const row = tx.get(AccountOrders, id)
  const order = row === undefined ? undefined : tx.get(Orders, id)
  if (row === undefined || order === undefined) return []
  const { exchange, currency } = order
  for (const { account } of row.commitments) foreseeOwed(tx, account, currency)
  const over = row.commitments.find((one) => one.id === exchange?.order)
  const accounts = commit(tx, order, row.commitments)
  if (exchange === undefined || over === undefined || over.amount <= exchange.credit.amount) return accounts
  return [...new Set([...accounts, ...recount(tx, over.id)])]
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
