import type { Tx } from "@omni/core"

import { Orders } from "../model.ts"
import { endTask, openTask, type TaskKind } from "../tasks.ts"
import { type Payment, Payments } from "./model.ts"

/** Somebody has to look at a payment: it is among those that are stuck, and its order, if there is one, gets a task; `about` tells it from others. */
export const stuck = (tx: Tx, payment: Payment, kind: TaskKind, message: string, about = 0): Payment => {
  const order = payment.order === undefined ? undefined : tx.get(Orders, payment.order)
  const tries = payment.trouble?.tries ?? 0
  const { captured, released, refunded, reversed } = payment
  // Once for each way that it stands: told again when something has come of it, and it is stuck anew.
  const key = `${payment.id}/${kind}/${[captured, released, refunded, reversed, tries, about].join(".")}`
  // How much it is about has changed: the new task says so.
  if (payment.stuckTask !== undefined && payment.stuckTask !== key) endTask(tx, payment.stuckTask, "superseded")
  if (order !== undefined) openTask(tx, order, kind, `Payment ${payment.id} by ${payment.provider}: ${message}`, { key })
  // A promise that is gone does not come back with other news of the payment.
  const task = order === undefined || kind === "authorisation-expired" ? {} : { stuckTask: key }
  return tx.put(Payments, payment.id, { ...payment, ...task, stuckSince: payment.stuckSince ?? tx.now })
}

/** It goes on: its task has ended, and how. */
export const unstuck = (tx: Tx, payment: Payment, resolution: string): Payment => {
  const { stuckSince: _, stuckTask, ...rest } = payment
  if (stuckTask !== undefined) endTask(tx, stuckTask, resolution)
  return tx.put(Payments, payment.id, rest)
}
