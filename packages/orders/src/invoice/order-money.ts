import { addMoney, money, type Tx } from "@omni/core"

import { AccountOrders } from "../account/model.ts"
import { type Order, Orders } from "../model.ts"
import { inHand, sumOf } from "../payment/figures.ts"
import { OrderPayments, Payments } from "../payment/model.ts"
import { less, saveAccount } from "./account.ts"
import { LegalEntities, todayOf } from "./legal-entity.ts"
import { type InvoiceAccount, InvoiceAccounts, InvoicePaid, OrderInvoices } from "./model.ts"

type Reader = Pick<Tx, "get" | "getMany">

/** What is in hand of an order by its payments, in minor units; what is on account is a promise, and not money. */
export const handOf = (reader: Reader, order: string): number => {
  const ids = reader.get(OrderPayments, order)?.payments ?? []
  const promises = reader.get(AccountOrders, order)?.commitments ?? []
  const rows = reader.getMany(
    Payments,
    ids.filter((id) => !promises.some((one) => one.id === id))
  )
  return sumOf(
    rows.filter((row) => row !== undefined),
    inHand
  )
}

/** What is in hand of an order, with what has come of another that was exchanged for it. */
export const cameFor = (reader: Reader, { id, exchange }: Order): number => {
  const hand = handOf(reader, id)
  if (exchange === undefined) return hand
  const promise = reader.get(AccountOrders, id)?.commitments.find((one) => one.id === exchange.order)?.amount ?? 0
  const paid = exchange.credit.amount - promise
  const origin = paid <= 0 ? undefined : reader.get(Orders, exchange.order)
  return origin === undefined ? hand : hand + Math.max(0, Math.min(paid, cameFor(reader, origin)))
}

/** The money that there is for an order's invoices, in minor units: what another was paid with of it, when it was exchanged, is not. */
export const moneyOf = (reader: Reader, order: Order): number => {
  const came = cameFor(reader, order)
  const credited = (order.refunds?.credited?.amount ?? 0) - (reader.get(AccountOrders, order.id)?.moved ?? 0)
  return Math.max(0, came - Math.max(0, credited))
}

/** What invoices have of an order's money. */
export const takenOf = (reader: Reader, order: string): number =>
  (reader.get(OrderInvoices, order)?.money ?? []).reduce((sum, { amount }) => sum + amount, 0)

/**
 * Lets an order's invoices have its money, and no more than there is: what one was credited beyond its debt is free for others or to be given
 * back, what has gone back is missing on the latest, and what has come since pays the oldest. Answers the companies that it concerns.
 */
export const payInvoices = (tx: Tx, id: string, reference: string): ReadonlySet<string> => {
  const row = tx.get(OrderInvoices, id)
  const order = row === undefined || row.invoices.length === 0 ? undefined : tx.get(Orders, id)
  if (row === undefined || order === undefined) return new Set()
  const accounts = tx.getMany(InvoiceAccounts, row.invoices).filter((one) => one !== undefined)
  tx.prefetch(
    LegalEntities,
    accounts.map(({ legalEntity }) => legalEntity)
  )
  const has = new Map((row.money ?? []).map(({ invoice, amount }) => [invoice, amount]))
  const of = ({ invoice }: InvoiceAccount): number => has.get(invoice) ?? 0
  const by = new Map(accounts.map((one) => [one, -Math.min(of(one), Math.max(0, -one.open.amount))]))
  const sum = (): number => accounts.reduce((all, one) => all + of(one) + by.get(one)!, 0)
  let missing = sum() - moneyOf(tx, order)
  for (const one of [...accounts].reverse()) {
    if (missing <= 0) break
    const back = Math.min(missing, of(one) + by.get(one)!)
    by.set(one, by.get(one)! - back)
    missing -= back
  }
  for (const one of accounts) {
    if (missing >= 0) break
    const more = Math.min(-missing, Math.max(0, one.open.amount - by.get(one)!))
    by.set(one, by.get(one)! + more)
    missing += more
  }
  const moved = accounts.filter((one) => by.get(one) !== 0)
  if (moved.length === 0) return new Set()
  const after = accounts.map((one) => ({ invoice: one.invoice, amount: of(one) + by.get(one)! }))
  tx.put(OrderInvoices, id, { ...row, money: after.filter(({ amount }) => amount > 0) })
  for (const one of moved) post(tx, one, by.get(one)!, reference)
  return new Set(moved.flatMap(({ company }) => company ?? []))
}

const post = (tx: Tx, account: InvoiceAccount, minor: number, reference: string): void => {
  const { invoice, number, company, legalEntity, paid } = account
  const entity = tx.get(LegalEntities, legalEntity)
  const amount = money(minor, paid.currency)
  const date = entity === undefined ? account.issueDate : todayOf(entity, tx.now)
  const { open } = saveAccount(tx, { ...account, paid: addMoney(paid, amount) }, [
    less({ kind: "payment", document: invoice, number, date, amount, reference })
  ])
  const facts = { document: invoice, number, reference, amount, discount: money(0, paid.currency), open }
  tx.emit(InvoicePaid, invoice, company === undefined ? facts : { ...facts, company })
}
