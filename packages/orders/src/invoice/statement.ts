import {
  addCivilDays,
  addMoney,
  CivilDate,
  Currency,
  fail,
  Id,
  type Money,
  paged,
  query,
  subtractMoney,
  type View,
  zeroMoney
} from "@omni/core"
import * as z from "zod"

import { accountKey } from "./account.ts"
import { StatementTooLong } from "./errors.ts"
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

/** A line of a statement: what moved the account on a day, and the balance after it. */
export type StatementLine = Omit<z.infer<typeof AccountEntries.schema>, "account" | "place">

/** The most lines that a statement has: a longer time is asked for in parts. */
const MAX_LINES = 10_000

/** Entries of an account from a day on, by day and, within a day, in the order in which they were posted. */
const entriesFrom = (view: View, key: string, from: CivilDate) => {
  const found: Array<{ readonly row: z.infer<typeof AccountEntries.schema> }> = []
  let cursor: string | undefined
  do {
    const page = view.find(AccountEntries, "date", { equals: [key], from, limit: 1000, ...(cursor === undefined ? {} : { after: cursor }) })
    found.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined && found.length <= MAX_LINES)
  return found.map(({ row }) => row).sort((a, b) => (a.date === b.date ? a.place - b.place : a.date < b.date ? -1 : 1))
}

/**
 * How a company stands with a legal entity in a currency. `opening`, `lines` and `closing` tell of the days from `from` (the first of the
 * month unless told) to `on`: each line with the balance after it, by the day of the document or payment. `balance`, `ageing` and the page of
 * what is `open`, the oldest due first, tell of now: `on` says on which day it is read.
 *
 * `opening` and the lines add up to `closing`, and each closing is the next opening. Errors: `StatementTooLong`.
 */
export const statement = query(
  "invoices.statement",
  z.object({
    ...Account,
    from: CivilDate.exactOptional(),
    on: CivilDate,
    buckets: z.array(z.int().positive()).max(12).exactOptional(),
    ...paged
  }),
  function* (view, { legalEntity, company, currency, on, from = `${on.slice(0, 8)}01`, buckets, ...page }) {
    const key = accountKey(legalEntity, company, currency)
    const open = view.find(InvoiceAccounts, "open", { equals: [key], ...page })
    const account = view.get(CompanyAccounts, key)
    const balance = account?.balance ?? zeroMoney(currency)
    const entries = entriesFrom(view, key, from)
    if (entries.length > MAX_LINES) return yield* fail(tooLong(from))
    let sofar = entries.reduce((sum, { amount }) => subtractMoney(sum, amount), balance)
    const opening = sofar
    const lines = entries
      .filter(({ date }) => date <= on)
      .map((row): StatementLine => {
        const { account: _, place: _1, ...entry } = row
        sofar = addMoney(sofar, entry.amount)
        return { ...entry, balance: sofar }
      })
    return { opening, lines, closing: sofar, balance, ageing: ageing(account?.due ?? [], on, currency, buckets), open }
  }
)

const tooLong = (from: CivilDate): StatementTooLong =>
  new StatementTooLong({
    from,
    most: MAX_LINES,
    message: `There are more than ${MAX_LINES} entries since ${from}; ask for a later \`from\`.`
  })

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
