import { days, Id, minutes, operation, type Tx } from "@omni/core"
import * as z from "zod"

import type { CommandEnds, FailedCommand } from "./command.ts"
import { tellProvider } from "./command.ts"
import { capturable, promised, refundable, refundableOf, sumOf, verbs } from "./figures.ts"
import { follow, positionOf } from "./follow.ts"
import { askAbout, lookLater, type Sighting } from "./look.ts"
import { type AskedFigures, OrderPayments, type Payment, PaymentCommandFailed, Payments, type PaymentTrouble } from "./model.ts"
import { commandOf, giveBack, move } from "./move.ts"
import type { PaymentSettings } from "./settings.ts"
import { stuck } from "./stuck.ts"
import { paymentFacts, takeOver } from "./take-over.ts"

/** What came to nothing is asked for again after so long, and then after four times as long each time. */
const FIRST = minutes(10)

const NONE = { captured: 0, released: 0, refunded: 0 } as const

const NO_TROUBLE: PaymentTrouble = { tries: 0, failed: NONE, unknown: [] }

const figureOf = { capture: "captured", release: "released", refund: "refunded" } as const

const figures = Object.keys(verbs) as ReadonlyArray<keyof AskedFigures>

/** Nothing came of so much that was asked for: it can be asked for again. */
const undone = (payment: Payment, figure: keyof AskedFigures, amount: number): Payment => {
  const { asked, trouble = NO_TROUBLE } = payment
  const failed = { ...trouble.failed, [figure]: trouble.failed[figure] + amount }
  return {
    ...payment,
    asked: { ...asked, [figure]: Math.max(payment[figure], asked[figure] - amount) },
    trouble: { ...trouble, failed }
  }
}

/** What is done about commands that came to nothing, or of which nobody knows what came. */
export const troubles = (settings: PaymentSettings) => {
  /** Asks again for what came to nothing, as far as it is still wanted. Run by a timer. */
  const retry = operation("payments.retry", z.object({ payment: Id }), function* (tx, { payment: id }) {
    const found = tx.get(Payments, id)
    if (found !== undefined) askAgain(tx, settings, found)
  })

  const retryLater = (tx: Tx, { id, trouble }: Payment): void => {
    const after = Math.min(days(7), FIRST * 4 ** Math.max(0, (trouble?.tries ?? 1) - 1))
    tx.schedule(tx.now + after, retry, { payment: id }, { key: `payments.retry/${id}`, subject: id })
  }

  const onFailure: CommandEnds["onFailure"] = (tx, payment, failed) => {
    const { command, error, unknown } = failed
    if (command.kind === "begin") {
      const isFindable = unknown && settings.providers.get(payment.provider)?.find !== undefined
      tell(tx, isFindable ? payment : notBegun(tx, payment), failed, 1, !isFindable)
      // It may be there, though the answer that would have said so was lost.
      if (isFindable) askAbout(tx, tx.put(Payments, payment.id, { ...payment, trouble: { ...NO_TROUBLE, tries: 1 } }))
      return
    }
    const { trouble = NO_TROUBLE } = payment
    const tries = trouble.tries + 1
    const figure = figureOf[command.kind]
    const noted: Payment = { ...payment, trouble: { ...trouble, tries } }
    const final = tries > settings.retries
    const row = tx.put(Payments, payment.id, unknown ? doubted(noted, failed, figure) : undone(noted, figure, command.amount))
    tell(tx, row, failed, tries, final)
    if (final) {
      const what = `The provider was told to ${command.kind} ${command.amount} ${command.currency} (minor units), ${tries} times in a row: ${error}`
      stuck(tx, row, unknown ? "payment-unknown" : "payment-failed", what)
    } else if (unknown) {
      askAbout(tx, row)
      lookLater(tx, row.id)
    } else retryLater(tx, row)
  }

  /** What a provider answers when it is asked settles what nobody knew: what does not show was not done. */
  const onSight = (tx: Tx, payment: Payment, { report, blind, absent, keys, asked }: Sighting): void => {
    const { trouble } = payment
    if (absent === true && payment.reference === undefined && trouble !== undefined) notBegun(tx, payment)
    const unknown = trouble?.unknown.filter(({ key }) => keys.includes(key)) ?? []
    if (trouble === undefined || unknown.length === 0) return
    // Who cannot be asked is told again, under the same key.
    if (blind === true) return retryLater(tx, payment)
    // What was asked for since may show, or not yet: it is asked once more.
    if (report === undefined || figures.some((figure) => payment.asked[figure] > Math.max(asked[figure], payment[figure]))) return
    let row: Payment = { ...payment, trouble: { ...trouble, unknown: trouble.unknown.filter(({ key }) => !keys.includes(key)) } }
    for (const figure of figures) {
      const doubtful = sumOf(
        unknown.filter((one) => one.figure === figure),
        ({ amount }) => amount
      )
      const missing = Math.min(doubtful, row.asked[figure] - row[figure])
      if (missing > 0) row = undone(row, figure, missing)
    }
    tx.put(Payments, row.id, row)
    if (figures.some((figure) => (row.trouble?.failed[figure] ?? 0) > 0)) retryLater(tx, row)
  }
  return { retry, onFailure, onSight }
}

/** Nothing was begun: the payer may try again, or with something else. */
const notBegun = (tx: Tx, payment: Payment): Payment =>
  payment.status === "pending" ? takeOver(tx, payment, {}, { code: "not-begun" }) : payment

const doubted = (payment: Payment, { command, key }: FailedCommand, figure: keyof AskedFigures): Payment => {
  const { trouble = NO_TROUBLE } = payment
  const final = command.kind === "capture" && command.final
  return { ...payment, trouble: { ...trouble, unknown: [...trouble.unknown, { figure, amount: command.amount, final, key }] } }
}

const tell = (tx: Tx, payment: Payment, { command, error, unknown }: FailedCommand, tries: number, final: boolean): void =>
  tx.emit(PaymentCommandFailed, payment.id, {
    ...paymentFacts(payment, command.amount),
    command: command.kind,
    error,
    unknown,
    tries,
    final
  })

/**
 * Asks again for what came to nothing. Where money follows its order, that says how much is wanted by now; what somebody had asked for by hand is
 * asked for again as far as the order still costs, or has come down by, so much.
 */
export const askAgain = (tx: Tx, settings: PaymentSettings, payment: Payment): void => {
  const { trouble } = payment
  // Who can be looked at is not told again before that.
  if (trouble !== undefined && trouble.unknown.length > 0 && settings.providers.get(payment.provider)?.look === undefined) {
    let row = tx.put(Payments, payment.id, { ...payment, trouble: { ...trouble, unknown: [] } })
    for (const { figure, amount, final, key } of trouble.unknown)
      row = tellProvider(tx, row, { ...commandOf(row, figure, amount, final), key })
  }
  if (payment.unwanted === true) giveBack(tx, settings, tx.get(Payments, payment.id)!)
  else if (payment.order !== undefined) follow(tx, settings, payment.order)
  repeat(tx, settings, payment.id)
}

/** A refund that its order does not call for: only who asked for it knows whether it is still wanted. */
const isConceded = (tx: Tx, { order }: Payment): boolean => order !== undefined && (tx.get(OrderPayments, order)?.conceded ?? 0) > 0

/** How much of what came to nothing may be asked for again now. */
const wantedOf = (tx: Tx, settings: PaymentSettings, row: Payment, figure: keyof AskedFigures): number => {
  if (figure === "released") return promised(row)
  // What nobody wanted goes back by one way only, and that has been seen to.
  if (row.unwanted === true) return 0
  const position = row.order === undefined ? undefined : positionOf(tx, settings, row.order)
  if (position === undefined) return 0
  const { room, payments } = position
  if (figure === "captured") return Math.min(capturable(row), Math.max(0, room))
  // Where nobody refunds by himself, what was asked for by hand is wanted.
  return Math.min(refundable(row), settings.refunds === "manual" ? refundableOf(payments) : Math.max(0, -room))
}

const repeat = (tx: Tx, settings: PaymentSettings, id: string): void => {
  for (const figure of figures) {
    const row = tx.get(Payments, id)!
    const failed = row.trouble?.failed[figure] ?? 0
    if (failed === 0) continue
    const amount = Math.min(failed, wantedOf(tx, settings, row, figure))
    const { trouble, ...rest } = amount === 0 ? row : move(tx, settings, row, figure, amount)
    if (trouble === undefined) continue
    // What is not wanted any more is not asked for again either.
    const after = tx.put(Payments, id, { ...rest, trouble: { ...trouble, failed: { ...trouble.failed, [figure]: 0 } } })
    if (figure === "refunded" && amount < failed && isConceded(tx, row))
      stuck(tx, after, "payment-failed", `A refund of ${failed - amount} ${row.currency} (minor units) by hand came to nothing.`)
  }
}
