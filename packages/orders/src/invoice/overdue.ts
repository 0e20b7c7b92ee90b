import { addCivilDays, type CivilDate, Id, operation, startOfDay, type TimeZone, toCivilDate, type Tx } from "@omni/core"
import * as z from "zod"

import { Accounts } from "../account/model.ts"
import { LegalEntities } from "./legal-entity.ts"
import { type InvoiceAccount, InvoiceAccounts, InvoiceOverdue, Invoices } from "./model.ts"

/** After how many days an overdue invoice is told of: as it comes into each bucket of `ageing`. */
const AGES = [1, 31, 61, 91]

const zoneOf = (tx: Tx, { company, legalEntity }: InvoiceAccount): TimeZone =>
  (company === undefined ? undefined : tx.get(Accounts, company)?.timeZone) ?? tx.get(LegalEntities, legalEntity)?.timeZone ?? "UTC"

const timerOf = (invoice: string): string => `invoices.fallDue/${invoice}`

/** The ages that an invoice has come to on a day. */
const reached = (dueDate: CivilDate, on: CivilDate): number => AGES.filter((days) => addCivilDays(dueDate, days) <= on).length

/** Tells of an invoice that is not paid and was due. Run by the timer that watches it. */
export const fallDue = operation("invoices.fallDue", z.object({ invoice: Id }), function* (tx, { invoice: id }) {
  tx.prefetch(Invoices, [id])
  const row = tx.get(InvoiceAccounts, id)
  if (row === undefined || row.open.amount <= 0) return
  const { number, legalEntity, company, dueDate, open } = row
  const age = reached(dueDate, toCivilDate(tx.now, zoneOf(tx, row)))
  const customer = tx.get(Invoices, id)?.customer
  if (age > (row.overdue ?? 0))
    tx.emit(InvoiceOverdue, id, {
      document: id,
      number,
      legalEntity,
      ...(company === undefined ? {} : { company }),
      ...(customer === undefined ? {} : { customer }),
      dueDate,
      days: AGES[age - 1]!,
      open
    })
  waitOn(tx, tx.put(InvoiceAccounts, id, { ...row, overdue: Math.max(age, row.overdue ?? 0) }))
})

/** Sets the timer for the next age; none once the last was told. */
const waitOn = (tx: Tx, row: InvoiceAccount): void => {
  const next = AGES[row.overdue ?? 0]
  if (next === undefined) return
  const at = startOfDay(addCivilDays(row.dueDate, next), zoneOf(tx, row))
  tx.schedule(at, fallDue, { invoice: row.invoice }, { key: timerOf(row.invoice) })
}

/** Watches an invoice as long as anything of it is to be paid. */
export const watch = (tx: Tx, before: InvoiceAccount, after: InvoiceAccount): void => {
  const [was, is] = [before.open.amount > 0, after.open.amount > 0]
  if (is && !was) waitOn(tx, after)
  if (was && !is) tx.cancel(timerOf(after.invoice))
}
