import { fail, Id, Money, money, operation, reactor, type Tx } from "@omni/core"
import * as z from "zod"

import { OrderCancelled, OrderEdited, RefundDue } from "../events.ts"
import { InvoicePaid } from "../invoice/model.ts"
import { Orders } from "../model.ts"
import { TenderDeclined } from "../payment/errors.ts"
import type { Tender } from "../payment/settings.ts"
import { owedOf } from "../refund.ts"
import { AccountCurrency, AccountNotFound } from "./errors.ts"
import { type Account, AccountOrders, Accounts, CreditChanged, CreditEntries, type CreditEntry, CreditPayments, Credits } from "./model.ts"

/** What an account may still owe; 0 without a limit, for then it pays as it orders. */
export const availableCredit = (reader: Pick<Tx, "get">, { id, creditLimit = 0 }: Account): number =>
  Math.max(0, creditLimit - (reader.get(Credits, id)?.owed ?? 0))

/** Changes what an account owes, with its entry. Below zero the shop owes it: what it orders next comes off that. */
const change = (tx: Tx, account: Account, by: number, reason: CreditEntry["reason"], reference: string | undefined): number => {
  const owed = (tx.get(Credits, account.id)?.owed ?? 0) + by
  const about = { account: account.id, reason, ...(reference === undefined ? {} : { reference }) }
  tx.put(Credits, account.id, { owed })
  tx.put(CreditEntries, tx.newId("cre"), { ...about, amount: by, owed, at: tx.now })
  tx.emit(CreditChanged, account.id, { ...about, amount: money(by, account.currency), owed: money(owed, account.currency) })
  return owed
}

/**
 * On account: a tender for `payments({ tenders: { account: onAccount } })`, whose `token` is the account. What is ordered is owed, up to the limit, however many
 * order at once; releasing and refunding take it off again.
 */
export const onAccount: Tender = {
  *authorise(tx, { token = "", amount, currency, payment }) {
    const account = tx.get(Accounts, token)
    const declined = (available: number, message: string) => fail(new TenderDeclined({ provider: "account", available, message }))
    if (account === undefined) return yield* declined(0, `There is no account "${token}": name it as the tender's token.`)
    if (account.status !== "active") return yield* declined(0, `The account "${token}" is blocked.`)
    if (account.currency !== currency) return yield* declined(0, `The books of "${token}" are in ${account.currency}, not ${currency}.`)
    const available = availableCredit(tx, account)
    if (amount > available)
      return yield* declined(available, `"${token}" may owe ${available} ${currency} more (minor units), not ${amount}.`)
    change(tx, account, amount, "ordered", payment)
  },
  release: (tx, { token = "", amount, payment }) => takeOff(tx, token, amount, "released", payment),
  refund: (tx, { token = "", amount, payment }) => takeOff(tx, token, amount, "refunded", payment),
  *payOut(tx, { token = "", amount, currency, payment }) {
    const account = tx.get(Accounts, token)
    const declined = (message: string) => fail(new TenderDeclined({ provider: "account", available: 0, message }))
    if (account === undefined) return yield* declined(`There is no account "${token}": name it as the token.`)
    if (account.currency !== currency) return yield* declined(`The books of "${token}" are in ${account.currency}, not ${currency}.`)
    change(tx, account, -amount, "refunded", payment)
  }
}

/** What an account owes less of. */
const takeOff = (tx: Tx, id: string, amount: number, reason: CreditEntry["reason"], reference: string): void => {
  const account = tx.get(Accounts, id)
  if (account !== undefined) change(tx, account, -amount, reason, reference)
}

/** What an order is placed with on account, without a checkout: owed at once. Errors: `TenderDeclined`. */
export function* owe(tx: Tx, account: string, amount: Money, order: string): Generator<TenderDeclined, void, unknown> {
  // An order of an external id that was there already is owed already.
  if (tx.get(AccountOrders, order) !== undefined) return
  yield* onAccount.authorise(tx, { payment: order, customer: undefined, amount: amount.amount, currency: amount.currency, token: account })
  tx.put(AccountOrders, order, { account, owed: amount.amount })
}

/** An order that was placed on account costs another sum by now: so much more or less is owed. It looks at how things stand. */
const followOrder = (tx: Tx, id: string): void => {
  const row = tx.get(AccountOrders, id)
  const order = row === undefined ? undefined : tx.get(Orders, id)
  const account = row === undefined ? undefined : tx.get(Accounts, row.account)
  if (row === undefined || order === undefined || account === undefined) return
  const owed = Math.max(0, owedOf(order).amount)
  if (owed === row.owed) return
  tx.put(AccountOrders, id, { ...row, owed })
  change(tx, account, owed - row.owed, owed > row.owed ? "ordered" : "refunded", id)
}

/** What becomes of orders and invoices changes what is owed for them. */
export const crediting = [
  reactor("accounts.followOrders", [RefundDue, OrderEdited, OrderCancelled], function* (tx, { data: { order } }) {
    followOrder(tx, order)
  }),
  reactor("accounts.followInvoices", [InvoicePaid], function* (tx, { data: { company, amount, discount, document } }) {
    if (company !== undefined) takeOff(tx, company, amount.amount + discount.amount, "paid", document)
  })
]

/** Operations on what is owed. */
export const credit = {
  /**
   * An account has paid so much, of which no invoice here knows: what is recorded on an invoice is taken off by itself. A fact;
   * under a `reference` once, however often it is told. Answers what it still owes. Errors: `AccountNotFound`,
   * `AccountCurrency`.
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
      if (key !== undefined && tx.get(CreditPayments, key) !== undefined) return money(tx.get(Credits, id)?.owed ?? 0, account.currency)
      if (key !== undefined) tx.put(CreditPayments, key, { at: tx.now })
      return money(change(tx, account, -amount.amount, "paid", reference), account.currency)
    }
  )
}

/** The error about money that the account's books are not in. */
export const currencyOf = ({ id, currency }: Account, got: string): AccountCurrency =>
  new AccountCurrency({ account: id, expected: currency, got, message: `The books of "${id}" are in ${currency}, not ${got}.` })
