import { addMoney, CivilDate, compareMoney, fail, Id, Money, multiplyMoney, operation, subtractMoney, zeroMoney } from "@omni/core"
import * as z from "zod"

import { less, owed, saveAccount } from "./account.ts"
import { invoiceWithAccount } from "./credit.ts"
import { PaymentMismatch } from "./errors.ts"
import { creditMoved, legalEntityOf, wrongCurrency } from "./issue.ts"
import { todayOf } from "./legal-entity.ts"
import { type InvoiceAccount, InvoicePaid, InvoicePayments, type IssuedDocument } from "./model.ts"
import { discountOn } from "./terms.ts"

/**
 * Records that an invoice was paid, in part or whole; below zero what was given back. Recording a payment of the same reference again
 * changes nothing. What comes within the time of an early-payment discount, and leaves no more open than the discount is, settles the
 * invoice. What is paid beyond it stays as a credit of the company.
 *
 * Errors: `InvoiceNotFound`, `NotAnInvoice`, `PaymentMismatch`, `WrongCurrency`, `LegalEntityNotFound`.
 */
export const recordPayment = operation(
  "invoices.recordPayment",
  z.object({
    invoice: Id,
    /** What the payment is known by: the bank's or provider's reference. */
    reference: Id,
    amount: Money,
    /** When it was paid; today unless told. */
    date: CivilDate.exactOptional()
  }),
  function* (tx, { invoice: id, reference, amount, date: given }) {
    const key = `${encodeURIComponent(id)}/${encodeURIComponent(reference)}`
    tx.prefetch(InvoicePayments, [key])
    const { invoice, account } = yield* invoiceWithAccount(tx, id)
    const known = tx.get(InvoicePayments, key)
    if (known !== undefined) {
      if (known.amount.amount === amount.amount && known.amount.currency === amount.currency) return account
      return yield* fail(mismatch(reference, known.amount))
    }
    if (amount.currency !== account.payable.currency) return yield* fail(wrongCurrency(account.payable.currency))
    const entity = yield* legalEntityOf(tx, invoice.legalEntity)
    const date = given ?? todayOf(entity, tx.now)
    const discount = discountTaken(invoice, account, amount, date)
    tx.put(InvoicePayments, key, { invoice: id, reference, amount, date, discount, at: tx.now })
    const movement = { document: id, number: invoice.number, date, reference }
    const after = saveAccount(tx, { ...account, paid: addMoney(account.paid, amount), discount: addMoney(account.discount, discount) }, [
      less({ ...movement, kind: "payment", amount }),
      ...(discount.amount === 0 ? [] : [less({ ...movement, kind: "discount", amount: discount })])
    ])
    const { company } = invoice
    creditMoved(tx, company === undefined ? {} : { company }, "paid", id)
    const facts = { document: id, number: invoice.number, reference, amount, discount, open: after.open }
    tx.emit(InvoicePaid, id, company === undefined ? facts : { ...facts, company })
    return after
  }
)

/** What is left after the payment, where that is no more than the discount that may still be taken. */
const discountTaken = ({ issueDate, terms }: IssuedDocument, account: InvoiceAccount, amount: Money, date: CivilDate): Money => {
  const none = zeroMoney(amount.currency)
  const percent = terms === undefined || amount.amount <= 0 ? undefined : discountOn(issueDate, date, terms)
  if (percent === undefined) return none
  const left = subtractMoney(account.open, amount)
  const most = multiplyMoney(owed(account), { numerator: percent, denominator: 100 })
  return left.amount > 0 && compareMoney(left, most) <= 0 ? left : none
}

const mismatch = (reference: string, recorded: Money): PaymentMismatch =>
  new PaymentMismatch({
    reference,
    recorded,
    message: `The payment "${reference}" is recorded already, as ${recorded.amount} minor units of ${recorded.currency}. Give another payment its own reference.`
  })
