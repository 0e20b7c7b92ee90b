import { money, toIso, type Tx } from "@omni/core"

import { Orders } from "../model.ts"
import { endTask, openTask } from "../tasks.ts"
import { type Dispute, DisputeClosed, DisputeOpened, type DisputeReport, Disputes, DisputeStatus, DisputeUpdated } from "./dispute-model.ts"
import { sumOf } from "./figures.ts"
import { type Payment, Payments, referenceKey } from "./model.ts"

const rank = (status: DisputeStatus): number => DisputeStatus.options.indexOf(status)

const isDecided = (status: DisputeStatus): boolean => status === "won" || status === "lost"

/** Money may not be refunded for as long as it may also be charged back; an inquiry can be settled by a refund. */
const isOpen = ({ status }: Dispute): boolean => status === "needs-response" || status === "under-review"

/**
 * Joins what is told of a dispute with what is known: the further status, the larger amount, the latest day for evidence. So news may come
 * in any order and more than once.
 */
const joined = (known: Dispute, told: DisputeReport): Dispute => {
  const due = Math.max(known.evidenceDueBy ?? 0, told.evidenceDueBy ?? 0)
  const reason = known.reason ?? told.reason
  return {
    ...known,
    amount: money(Math.max(known.amount.amount, told.amount), known.amount.currency),
    status: rank(told.status) > rank(known.status) ? told.status : known.status,
    ...(reason === undefined ? {} : { reason }),
    ...(due === 0 ? {} : { evidenceDueBy: due })
  }
}

/**
 * Takes over what is told of the disputes of a payment, with an event and, where there is an order, a task until it is decided. Answers the
 * payment with what is disputed by now, and what was lost in all.
 */
export const takeDisputes = (
  tx: Tx,
  payment: Payment,
  reports: ReadonlyArray<DisputeReport>
): { readonly payment: Payment; readonly chargedBack: number } => {
  if (reports.length === 0) return { payment, chargedBack: payment.chargedBack }
  for (const report of reports) takeOne(tx, payment, report)
  const ids = [...new Set([...(payment.disputes ?? []), ...reports.map(({ reference }) => referenceKey(payment.provider, reference))])]
  const all = tx.getMany(Disputes, ids).filter((row) => row !== undefined)
  const disputed = sumOf(all.filter(isOpen), ({ amount }) => amount.amount)
  const lost = sumOf(
    all.filter(({ status }) => status === "lost"),
    ({ amount }) => amount.amount
  )
  return { payment: tx.put(Payments, payment.id, { ...payment, disputes: ids, disputed }), chargedBack: lost }
}

const takeOne = (tx: Tx, payment: Payment, told: DisputeReport): void => {
  const id = referenceKey(payment.provider, told.reference)
  const known = tx.get(Disputes, id)
  const { order, customer, provider, currency } = payment
  const first: Dispute = {
    id,
    payment: payment.id,
    ...(order === undefined ? {} : { order }),
    ...(customer === undefined ? {} : { customer }),
    provider,
    reference: told.reference,
    amount: money(told.amount, currency),
    status: told.status,
    openedAt: tx.now
  }
  const now = joined(known ?? first, told)
  if (known !== undefined && JSON.stringify(now) === JSON.stringify(known)) return
  const row = tx.put(Disputes, id, isDecided(now.status) ? { ...now, closedAt: tx.now } : now)
  if (known === undefined) {
    tx.emit(DisputeOpened, payment.id, factsOf(row))
    openDisputeTask(tx, row)
  }
  if (isDecided(row.status)) {
    if (known?.status !== row.status) tx.emit(DisputeClosed, payment.id, factsOf(row))
    endTask(tx, id, row.status)
  } else if (known !== undefined) tx.emit(DisputeUpdated, payment.id, factsOf(row))
}

const factsOf = (row: Dispute) => {
  const { id, openedAt: _, closedAt: __, reference: ___, ...facts } = row
  return { dispute: id, ...facts }
}

const openDisputeTask = (tx: Tx, { id, order, amount, reason, status, evidenceDueBy }: Dispute): void => {
  const found = order === undefined ? undefined : tx.get(Orders, order)
  if (found === undefined) return
  const why = reason === undefined ? "" : ` (${reason})`
  const until = evidenceDueBy === undefined ? "" : ` Evidence is due by ${toIso(evidenceDueBy)}.`
  const what = status === "inquiry" ? "asks about" : "wants back"
  openTask(tx, found, "dispute", `The payer's bank ${what} ${amount.amount} ${amount.currency} (minor units)${why}.${until}`, { key: id })
}
