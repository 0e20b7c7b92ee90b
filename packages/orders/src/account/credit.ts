import { fail, Id, Money, money, operation, reactor, type Tx } from "@omni/core"
import * as z from "zod"

import { OrderCancelled, OrderEdited, RefundDue } from "../events.ts"
import { balanceKey, CompanyBalances, OrderInvoices } from "../invoice/model.ts"
import { Orders } from "../model.ts"
import { TenderDeclined } from "../payment/errors.ts"
import { PaymentCaptured, PaymentChargedBack, PaymentRefunded, PaymentRefundReversed, Payments } from "../payment/model.ts"
import type { Tender, TenderRequest } from "../payment/settings.ts"
import { commit, foreseeOrder, recount, recountAndTell } from "./commitments.ts"
import { AccountCurrency, AccountNotFound } from "./errors.ts"
import { type Account, AccountCheckouts, AccountOrders, AccountPayments, Accounts, CreditPayments, Credits } from "./model.ts"
import { promiserOf } from "./on-account.ts"
import { addToCredits, availableCredit, foreseeOwed, owedBy, tellOwed } from "./owed.ts"

/** The account that may owe so much more. Errors: `TenderDeclined`. */
function* creditworthy(tx: Tx, id: string, amount: number, currency: string): Generator<TenderDeclined, Account, unknown> {
  const account = tx.get(Accounts, id)
  const declined = (available: number, message: string) => fail(new TenderDeclined({ provider: "account", available, message }))
  if (account === undefined) return yield* declined(0, `There is no account "${id}": name it as the tender's token.`)
  if (account.status !== "active") return yield* declined(0, `The account "${id}" is blocked.`)
  if (account.currency !== currency) return yield* declined(0, `The books of "${id}" are in ${account.currency}, not ${currency}.`)
  const available = availableCredit(tx, account)
  if (amount > available) return yield* declined(available, `"${id}" may owe ${available} ${currency} more (minor units), not ${amount}.`)
  return account
}

/** An order is on one account: the one that it is for, or whose checkout it is, for its invoices are one company's. Errors: `TenderDeclined`. */
function* assertOneAccount(tx: Tx, id: string, payment: string): Generator<TenderDeclined, void, unknown> {
  const { checkout, order } = tx.get(Payments, payment) ?? {}
  const other =
    order === undefined
      ? checkout === undefined
        ? undefined
        : tx.get(AccountCheckouts, checkout)?.account
      : (promiserOf(tx, order) ?? tx.get(Orders, order)?.account)
  if (other !== undefined && other !== id)
    yield* fail(
      new TenderDeclined({ provider: "account", available: 0, message: `It is on account of "${other}", and cannot be of "${id}" too.` })
    )
  if (checkout !== undefined) tx.put(AccountCheckouts, checkout, { account: id })
}

/**
 * On account: a tender for `payments({ tenders: { account: onAccount } })`, whose `token` is the account. What is ordered is owed, up to the limit, however many
 * order at once; releasing and refunding take it off again. An order that it pays is the account's, unless it is for another already: who has
 * promised still owes it, and gets its invoices. An order or checkout is on one account alone.
 */
export const onAccount: Tender = {
  reference: (account) => account,
  prefetch(tx, { payment, reference, currency }, order) {
    tx.prefetch(AccountPayments, [payment])
    if (order !== undefined) {
      tx.prefetch(AccountOrders, [order])
      tx.prefetch(OrderInvoices, [order])
    }
    if (reference === undefined) return
    tx.prefetch(Accounts, [reference])
    tx.prefetch(Credits, [reference])
    tx.prefetch(CompanyBalances, [balanceKey(reference, currency as Account["currency"])])
  },
  *authorise(tx, { token = "", amount, currency, payment }) {
    foreseeOwed(tx, token, currency)
    yield* assertOneAccount(tx, token, payment)
    yield* creditworthy(tx, token, amount, currency)
    tx.put(AccountPayments, payment, { account: token, amount })
    addToCredits(tx, token, { ordered: amount })
    tellOwed(tx, token, "ordered", payment)
  },
  placed(tx, { payment, reference, currency }, id) {
    foreseeOrder(tx, id)
    if (reference !== undefined) foreseeOwed(tx, reference, currency)
    const row = tx.get(AccountPayments, payment)
    const order = tx.get(Orders, id)
    if (row === undefined || row.order !== undefined || order === undefined) return
    tx.put(AccountPayments, payment, { ...row, order: id })
    // From now on it stands for what of the order is on no invoice.
    addToCredits(tx, row.account, { ordered: -row.amount })
    const owner = order.account === undefined ? tx.put(Orders, id, { ...order, account: row.account }) : order
    const before = tx.get(AccountOrders, id)?.commitments ?? []
    commit(tx, owner, [...before, { id: payment, account: row.account, amount: row.amount, open: 0 }])
    tellOwed(tx, row.account, "ordered", payment)
  },
  release: (tx, request) => takeOff(tx, request, "released"),
  refund: (tx, request) => takeOff(tx, request, "refunded"),
  *payOut(tx, { token = "", amount, currency, payment }) {
    const account = tx.get(Accounts, token)
    const declined = (message: string) => fail(new TenderDeclined({ provider: "account", available: 0, message }))
    if (account === undefined) return yield* declined(`There is no account "${token}": name it as the token.`)
    if (account.currency !== currency) return yield* declined(`The books of "${token}" are in ${account.currency}, not ${currency}.`)
    addToCredits(tx, token, { settled: amount })
    tellOwed(tx, token, "refunded", payment)
  }
}

/** A payment stands for less. What an invoice has of it already stays owed until a credit note takes it off. */
const takeOff = (tx: Tx, { payment, amount, reference, currency }: TenderRequest, reason: "released" | "refunded"): void => {
  if (reference !== undefined) foreseeOwed(tx, reference, currency)
  const row = tx.get(AccountPayments, payment)
  if (row === undefined) return
  if (row.order !== undefined) foreseeOrder(tx, row.order)
  const left = Math.max(0, row.amount - amount)
  tx.put(AccountPayments, payment, { ...row, amount: left })
  const order = row.order === undefined ? undefined : tx.get(Orders, row.order)
  if (order === undefined) addToCredits(tx, row.account, { ordered: left - row.amount })
  else {
    const all = tx.get(AccountOrders, order.id)?.commitments ?? []
    commit(
      tx,
      order,
      all.map((one) => (one.id === payment ? { ...one, amount: left } : one))
    )
  }
  tellOwed(tx, row.account, reason, payment)
}

/** What an order is placed with on account, without a checkout: owed at once. Errors: `TenderDeclined`. */
export function* owe(tx: Tx, account: string, amount: Money, id: string): Generator<TenderDeclined, void, unknown> {
  const before = tx.get(AccountOrders, id)?.commitments ?? []
  // An order of an external id that was there already is owed already.
  if (before.length > 0) return
  yield* creditworthy(tx, account, amount.amount, amount.currency)
  commit(tx, tx.get(Orders, id)!, [{ id, account, amount: amount.amount, open: 0 }])
  tellOwed(tx, account, "ordered", id)
}

/** What becomes of orders, and what is paid for them otherwise, changes what is owed for them. What becomes of invoices does so in their own commits. */
export const crediting = [
  reactor("accounts.followOrders", [RefundDue, OrderEdited, OrderCancelled], function* (tx, { data: { order } }) {
    recountAndTell(tx, order, "refunded")
  }),
  reactor(
    "accounts.followPayments",
    [PaymentCaptured, PaymentRefunded, PaymentRefundReversed, PaymentChargedBack],
    function* (tx, { data: { order, payment } }) {
      if (order === undefined || tx.get(AccountPayments, payment) !== undefined) return
      for (const account of recount(tx, order)) tellOwed(tx, account, "paid", payment)
    }
  )
]

/** Operations on what is owed. */
export const credit = {
  /**
   * An account has paid so much, of which no invoice here knows, for its invoices are written elsewhere, or it pays ahead: what is recorded on
   * an invoice is taken off by itself. It is of no legal entity, so on no statement. A fact; under a `reference` once, however often it is told. Answers what it still owes. Errors:
   * `AccountNotFound`, `AccountCurrency`.
   */
  settleCredit: operation(
    "accounts.settleCredit",
    {
      input: z.object({
        account: Id,
        amount: Money.refine(({ amount }) => amount > 0, { error: "More than nothing" }),
        reference: Id.exactOptional()
      }),
      fact: true
    },
    function* (tx, { account: id, amount, reference }) {
      const account = tx.get(Accounts, id)
      if (account === undefined) return yield* fail(AccountNotFound.of(id))
      if (account.currency !== amount.currency) return yield* fail(currencyOf(account, amount.currency))
      const key = reference === undefined ? undefined : `${id}/${reference}`
      if (key === undefined || tx.get(CreditPayments, key) === undefined) {
        if (key !== undefined) tx.put(CreditPayments, key, { at: tx.now })
        addToCredits(tx, id, { settled: amount.amount })
        tellOwed(tx, id, "paid", reference)
      }
      return money(owedBy(tx, account).owed, account.currency)
    }
  )
}

/** The error about money that the account's books are not in. */
export const currencyOf = ({ id, currency }: Account, got: string): AccountCurrency =>
  new AccountCurrency({ account: id, expected: currency, got, message: `The books of "${id}" are in ${currency}, not ${got}.` })
