import { DeliveryFailed, type Handler, handler, operation, topic, type Topic, type Tx } from "@omni/core"
import * as z from "zod"

import { lookLater } from "./look.ts"
import { type Payment, Payments } from "./model.ts"
import { PaymentAnswer, type PaymentCommand, PaymentMessage, type PaymentProvider } from "./provider.ts"
import type { PaymentSettings } from "./settings.ts"

/** Commands to one provider. */
const topicOf = (provider: string): Topic<PaymentMessage> =>
  topic(`payments.${provider}`, PaymentMessage, { personal: (command) => (command.kind === "begin" ? command.customer : undefined) })

/** Tells a provider what was decided, after this commit; if it does not say what came of it, it is asked by and by. */
export const tellProvider = (tx: Tx, payment: Payment, command: PaymentMessage): Payment => {
  tx.send(topicOf(payment.provider), command)
  lookLater(tx, payment.id)
  return tx.put(Payments, payment.id, { ...payment, inFlight: (payment.inFlight ?? 0) + 1 })
}

/** A command has ended, however it did. */
const landed = (tx: Tx, { inFlight = 0, ...payment }: Payment): Payment =>
  tx.put(Payments, payment.id, inFlight <= 1 ? payment : { ...payment, inFlight: inFlight - 1 })

const Ended = z.object({
  id: z.string(),
  payload: PaymentMessage,
  attempt: z.number(),
  answer: z.unknown().optional(),
  error: z.string().exactOptional()
})

/** How a command came to nothing: `unknown` is one that may have been carried out all the same. */
export interface FailedCommand {
  readonly command: PaymentCommand
  readonly key: string
  readonly error: string
  readonly unknown: boolean
}

/** What follows from how a command ended. */
export interface CommandEnds {
  readonly onAnswer: (tx: Tx, payment: Payment, answer: PaymentAnswer) => void
  readonly onFailure: (tx: Tx, payment: Payment, failed: FailedCommand) => void
}

/** What a provider has refused for good is an answer too: nothing came of it, and the same message need never go again. */
const Refused = z.object({ refused: z.string() })

/** The handlers that carry commands out, one a provider: what may be done about an unknown outcome depends on it. */
export const handlersOf = ({ providers }: PaymentSettings, { onAnswer, onFailure }: CommandEnds): ReadonlyArray<Handler> => {
  const done = operation("payments.commandDone", Ended, function* (tx, { id, payload, answer }) {
    const payment = tx.get(Payments, payload.payment)
    if (payment === undefined) return
    const refused = Refused.safeParse(answer)
    if (refused.success) onFailure(tx, landed(tx, payment), { ...withKey(payload, id), error: refused.data.refused, unknown: false })
    else onAnswer(tx, landed(tx, payment), PaymentAnswer.parse(answer ?? {}))
  })
  const failed = operation("payments.commandFailed", Ended, function* (tx, { id, payload, error = "" }) {
    const payment = tx.get(Payments, payload.payment)
    if (payment === undefined) return
    const provider = providers.get(payment.provider)
    // Who knows no keys and cannot be looked at is held for a person: if he gives it up, he knows.
    const unknown = provider?.capabilities.idempotent === true || provider?.look !== undefined
    onFailure(tx, landed(tx, payment), { ...withKey(payload, id), error, unknown })
  })
  return [...providers].map(([name, provider]) => handlerOf(name, provider, { delivered: done as never, failed: failed as never }))
}

/** A command as its provider is told it, and the key of its first try. */
const withKey = (message: PaymentMessage, id: string): { readonly command: PaymentCommand; readonly key: string } => {
  if (message.kind === "begin") return { command: message, key: id }
  const { key = id, ...command } = message
  return { command, key }
}

const handlerOf = (name: string, provider: PaymentProvider, ends: Pick<Handler, "delivered" | "failed">): Handler =>
  handler(
    topicOf(name),
    async ({ id, payload, signal }) => {
      const { command, key } = withKey(payload, id)
      try {
        return await provider.execute(command, { key, signal })
      } catch (error) {
        if (error instanceof DeliveryFailed && !error.retry) return { refused: error.message } satisfies z.infer<typeof Refused>
        throw error
      }
    },
    {
      idempotent: provider.capabilities.idempotent,
      // Who can be asked what came of it need not wait for a person.
      ...(provider.look === undefined ? {} : { unknown: "drop" as const }),
      ...(provider.capabilities.timeout === undefined ? {} : { timeout: provider.capabilities.timeout }),
      ...(ends as object)
    }
  )
