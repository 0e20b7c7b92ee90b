import { addMoney, type CivilDate, type Currency, type Money, negateMoney, subtractMoney, type Tx, zeroMoney } from "@omni/core"

import {
  AccountEntries,
  balanceKey,
  CompanyAccounts,
  CompanyBalances,
  type InvoiceAccount,
  InvoiceAccounts,
  type IssuedDocument
} from "./model.ts"
import { watch } from "./overdue.ts"

/** The key of a company's account with a legal entity in a currency. */
export const accountKey = (legalEntity: string, company: string, currency: Currency): string =>
  `${encodeURIComponent(legalEntity)}/${encodeURIComponent(company)}/${currency}`

/** What moves an account: the invoice that it belongs to, what for, and by how much it is more open. */
interface Movement {
  readonly kind: "invoice" | "credit-note" | "payment" | "discount"
  readonly document: string
  readonly number: string
  readonly date: CivilDate
  readonly amount: Money
  readonly reference?: string
}

/** Opens the account of an invoice. */
export const openAccount = (tx: Tx, invoice: IssuedDocument, dueDate: CivilDate): InvoiceAccount => {
  const none = zeroMoney(invoice.payable.currency)
  const { id, number, legalEntity, company, issueDate, payable } = invoice
  const account: InvoiceAccount = {
    invoice: id,
    number,
    legalEntity,
    ...(company === undefined ? {} : { company }),
    issueDate,
    dueDate,
    payable,
    credited: none,
    paid: none,
    discount: none,
    open: none,
    creditedLines: {},
    creditedNet: "0",
    creditedParts: [],
    creditedAmounts: { lines: {}, parts: {} },
    creditNotes: []
  }
  return saveAccount(tx, account, [{ kind: "invoice", document: id, number, date: issueDate, amount: payable }])
}

/** Writes the account of an invoice with what is open now, and what moved it into the account of the company. */
export const saveAccount = (tx: Tx, account: InvoiceAccount, movements: ReadonlyArray<Movement>): InvoiceAccount => {
  const { openOf: _, dueTo: __, ...rest } = account
  const { company, legalEntity } = account
  const open = movements.reduce((sofar, { amount }) => addMoney(sofar, amount), account.open)
  const after: InvoiceAccount = {
    ...rest,
    open,
    ...(open.amount === 0 || company === undefined ? {} : { openOf: accountKey(legalEntity, company, open.currency) }),
    ...(open.amount > 0 ? { dueTo: legalEntity } : {})
  }
  if (company !== undefined) for (const movement of movements) post(tx, { ...after, company }, movement)
  watch(tx, account, after)
  return tx.put(InvoiceAccounts, account.invoice, after)
}

const post = (tx: Tx, { legalEntity, company, dueDate }: InvoiceAccount & { readonly company: string }, movement: Movement): void => {
  const { currency } = movement.amount
  const key = accountKey(legalEntity, company, currency)
  const before = tx.get(CompanyAccounts, key) ?? { legalEntity, company, currency, balance: zeroMoney(currency), entries: 0, due: [] }
  const balance = addMoney(before.balance, movement.amount)
  tx.put(CompanyAccounts, key, { ...before, balance, entries: before.entries + 1, due: moved(before.due, dueDate, movement.amount) })
  const all = balanceKey(company, currency)
  tx.put(CompanyBalances, all, { balance: addMoney(tx.get(CompanyBalances, all)?.balance ?? zeroMoney(currency), movement.amount) })
  tx.put(AccountEntries, tx.newId("ent"), { account: key, place: before.entries + 1, at: tx.now, ...movement, balance })
}

type Due = ReadonlyArray<{ readonly date: CivilDate; readonly amount: Money }>

/** What is due by day, after one of them changed; days on which nothing is due any more are left out. */
const moved = (due: Due, date: CivilDate, amount: Money) => {
  const on = due.find((one) => one.date === date)
  const sum = on === undefined ? amount : addMoney(on.amount, amount)
  const others = due.filter((one) => one !== on)
  return (sum.amount === 0 ? others : [...others, { date, amount: sum }]).sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** The movement that takes so much off. */
export const less = (movement: Movement): Movement => ({ ...movement, amount: negateMoney(movement.amount) })

/** What is left of an invoice after its credit notes. */
export const owed = ({ payable, credited }: InvoiceAccount): Money => subtractMoney(payable, credited)
