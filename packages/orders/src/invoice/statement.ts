import { addCivilDays, addMoney, CivilDate, Currency, Id, type Money, paged, query, zeroMoney } from "@omni/core"
import * as z from "zod"

import { accountKey } from "./account.ts"
import { AccountEntries, CompanyAccounts, InvoiceAccounts } from "./model.ts"

/** What is open by how long it has been due: from so many days to so many. The first bucket is what is not due yet. */
export interface AgeingBucket {
  readonly from: number | undefined
  readonly to: number | undefined
  readonly amount: Money
}

type Due = ReadonlyArray<{ readonly date: CivilDate; readonly amount: Money }>

/** What is open on a day by its age, in buckets that end after so many days: not due, 1–30, 31–60, 61–90 and over 90 unless told. */
export const ageing = (
  due: Due,
  on: CivilDate,
  currency: Currency,
  ends: ReadonlyArray<number> = [30, 60, 90]
): ReadonlyArray<AgeingBucket> => {
  const bounds: ReadonlyArray<number | undefined> = [0, ...ends, undefined]
  return bounds.map((to, i) => {
    const from = i === 0 ? undefined : bounds[i - 1]! + 1
    const inside = due.filter(
      ({ date }) => (from === undefined || date <= addCivilDays(on, -from)) && (to === undefined || date >= addCivilDays(on, -to))
    )
    return { from, to, amount: inside.reduce((sum, { amount }) => addMoney(sum, amount), zeroMoney(currency)) }
  })
}

const Account = { legalEntity: Id, company: Id, currency: Currency }

/**
 * How a company stands with a legal entity in a currency: its balance, how old what is open is on a day, and a page of what is open, the
 * oldest due first. It tells of now: `on` says on which day it is read.
 */
export const statement = query(
  "invoices.statement",
  z.object({ ...Account, on: CivilDate, buckets: z.array(z.int().positive()).max(12).exactOptional(), ...paged }),
  function* (view, { legalEntity, company, currency, on, buckets, ...page }) {
    const key = accountKey(legalEntity, company, currency)
    const open = view.find(InvoiceAccounts, "open", { equals: [key], ...page })
    const account = view.get(CompanyAccounts, key)
    return { balance: account?.balance ?? zeroMoney(currency), ageing: ageing(account?.due ?? [], on, currency, buckets), open }
  }
)

/** What has moved a company's account, the latest first, in pages: invoices, credit notes, payments and discounts, with the balance after each. */
export const accountEntries = query(
  "invoices.accountEntries",
  z.object({ ...Account, ...paged }),
  function* (view, { legalEntity, company, currency, ...page }) {
    return view.find(AccountEntries, "account", { equals: [accountKey(legalEntity, company, currency)], order: "desc", ...page })
  }
)

/** The invoices of a legal entity that should have been paid before a day, the longest overdue first, in pages. */
export const overdue = query(
  "invoices.overdue",
  z.object({ legalEntity: Id, on: CivilDate, ...paged }),
  function* (view, { legalEntity, on, ...page }) {
    return view.find(InvoiceAccounts, "due", { equals: [legalEntity], to: addCivilDays(on, -1), ...page })
  }
)
