import { type Handler, handler, operation, topic, type Topic, type Tx } from "@omni/core"
import * as z from "zod"

import { type Payment, PaymentCommandFailed, Payments } from "./model.ts"
import { PaymentAnswer, PaymentCommand, type PaymentProvider } from "./provider.ts"
import type { PaymentSettings } from "./settings.ts"
import { paymentFacts } from "./take-over.ts"

/** Commands to one provider. */
const topicOf = (provider: string): Topic<PaymentCommand> =>
  topic(`payments.${provider}`, PaymentCommand, { personal: (command) => (command.kind === "begin" ? command.customer : undefined) })

/** Tells a provider what was decided, after this commit. */
export const tellProvider = (tx: Tx, { provider }: Pick<Payment, "provider">, command: PaymentCommand): void => {
  tx.send(topicOf(provider), command)
}

const Ended = z.object({
  id: z.string(),
  payload: PaymentCommand,
  attempt: z.number(),
  answer: z.unknown().optional(),
  error: z.string().exactOptional()
})

/** What a provider's answer leads to is said by whoever takes reports over. */
export type OnAnswer = (tx: Tx, payment: Payment, answer: PaymentAnswer) => void

/** The handlers that carry commands out, one a provider: what may be done about an unknown outcome depends on it. */
export const handlersOf = ({ providers }: PaymentSettings, onAnswer: OnAnswer): ReadonlyArray<Handler> => {
  const done = operation("payments.commandDone", Ended, function* (tx, { payload, answer }) {
    const payment = tx.get(Payments, payload.payment)
    if (payment !== undefined) onAnswer(tx, payment, PaymentAnswer.parse(answer ?? {}))
  })
  const failed = operation("payments.commandFailed", Ended, function* (tx, { payload, error = "" }) {
    const payment = tx.get(Payments, payload.payment)
    if (payment !== undefined) undo(tx, payment, payload, error)
  })
  return [...providers].map(([name, provider]) => handlerOf(name, provider, { delivered: done as never, failed: failed as never }))
}

const handlerOf = (name: string, provider: PaymentProvider, ends: Pick<Handler, "delivered" | "failed">): Handler =>
  handler(topicOf(name), ({ id, payload, signal }) => provider.execute(payload, { key: id, signal }), {
    idempotent: provider.capabilities.idempotent,
    ...(provider.capabilities.timeout === undefined ? {} : { timeout: provider.capabilities.timeout }),
    ...(ends as object)
  })

/** Nothing came of the command: what it was to move can be asked for again. */
const undo = (tx: Tx, payment: Payment, command: PaymentCommand, error: string): void => {
  const { asked } = payment
  const back = (figure: "captured" | "released" | "refunded", amount: number): Payment => ({
    ...payment,
    asked: { ...asked, [figure]: Math.max(payment[figure], asked[figure] - amount) }
  })
  if (command.kind === "capture") tx.put(Payments, payment.id, back("captured", command.amount))
  else if (command.kind === "release") tx.put(Payments, payment.id, back("released", command.amount))
  else if (command.kind === "refund") tx.put(Payments, payment.id, back("refunded", command.amount))
  else
    tx.put(Payments, payment.id, { ...payment, status: payment.authorised > 0 ? payment.status : "failed", failure: { code: "not-begun" } })
  tx.emit(PaymentCommandFailed, payment.id, {
    ...paymentFacts(payment, command.amount),
    command: command.kind,
    error
  })
}
