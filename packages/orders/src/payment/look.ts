import { type Handler, handler, Id, minutes, operation, topic, type Topic, type Tx } from "@omni/core"
import * as z from "zod"

import { promised } from "./figures.ts"
import { AskedFigures, type Payment, Payments } from "./model.ts"
import { type PaymentProvider, PaymentReport } from "./provider.ts"
import type { PaymentSettings } from "./settings.ts"
import { stuck } from "./stuck.ts"

/** How often a provider is asked about a payment of which it does not tell by itself, and how long after the first time: then twice as long, for three days. */
const LOOKS = 11
const FIRST = minutes(2)

/** What is asked about: the payment, which commands of unknown outcome the answer will be about, and what had been asked for by then. */
const Question = z.object({ payment: Id, reference: Id.exactOptional(), keys: z.array(Id), asked: AskedFigures })

const topicOf = (provider: string): Topic<z.infer<typeof Question>> => topic(`payments.look.${provider}`, Question)

/** What a provider says when it is asked; `blind`: it cannot be asked. Neither: it could not say just now. */
const Seen = z.object({ report: PaymentReport.exactOptional(), blind: z.boolean().exactOptional(), absent: z.boolean().exactOptional() })

/** The answer about a payment, and what it is about. */
export interface Sighting extends z.infer<typeof Seen>, Pick<z.infer<typeof Question>, "keys" | "asked"> {}

/** Asks a provider how a payment stands, after this commit. */
export const askAbout = (tx: Tx, { id, provider, reference, asked, inFlight, trouble }: Payment): void => {
  // While a command is under way, what does not show may still come.
  const keys = inFlight === undefined ? (trouble?.unknown.map(({ key }) => key) ?? []) : []
  tx.send(topicOf(provider), { payment: id, ...(reference === undefined ? {} : { reference }), keys, asked })
}

/** Something was begun, or asked for, of which there is no news yet. */
const isAwaited = (payment: Payment): boolean => payment.status === "pending" || isMoving(payment) || isOut(payment)

/** A promise that has run out: its provider may say that it has let it go, or that it holds for longer. */
const isOut = (payment: Payment): boolean => payment.expired === true && promised(payment) > 0

const isMoving = ({ asked, captured, released, refunded, trouble }: Payment): boolean =>
  asked.captured > captured || asked.released > released || asked.refunded > refunded || (trouble?.unknown.length ?? 0) > 0

/** Asks about a payment if nothing has been told of it meanwhile, and again, ever later. Run by a timer. */
export const look = operation(
  "payments.look",
  z.object({ payment: Id, tries: z.int().nonnegative() }),
  function* (tx, { payment: id, tries }) {
    const row = tx.get(Payments, id)
    if (row === undefined || !isAwaited(row)) return
    // Until it is told to begin, nobody there knows what is meant.
    if (row.reference !== undefined || row.trouble !== undefined) askAbout(tx, row)
    if (tries + 1 < LOOKS) lookLater(tx, id, tries + 1)
    // A payer who never came back is nobody's trouble.
    else if (row.status !== "pending" && isMoving(row))
      stuck(tx, row, "payment-unknown", "The provider was told to move money and does not say what came of it.")
  }
)

/** Asks about a payment later, unless there is news. */
export const lookLater = (tx: Tx, payment: string, tries = 0): void => {
  tx.schedule(tx.now + FIRST * 2 ** tries, look, { payment, tries }, { key: `payments.look/${payment}`, subject: payment })
}

const Ended = z.object({ id: z.string(), payload: Question, attempt: z.number(), answer: z.unknown().optional() })

/** The handlers that ask, one a provider. */
export const lookHandlers = (
  { providers }: PaymentSettings,
  onSight: (tx: Tx, payment: Payment, seen: Sighting) => void
): ReadonlyArray<Handler> => {
  const seen = operation("payments.seen", Ended, function* (tx, { payload, answer }) {
    const payment = tx.get(Payments, payload.payment)
    if (payment !== undefined) onSight(tx, payment, { ...Seen.parse(answer ?? {}), keys: payload.keys, asked: payload.asked })
  })
  return [...providers].map(([name, provider]) =>
    handler(topicOf(name), ({ payload }) => see(provider, payload), { idempotent: true, tries: 3, delivered: seen as never })
  )
}

const see = async (provider: PaymentProvider, { reference, payment }: z.infer<typeof Question>): Promise<z.infer<typeof Seen>> => {
  try {
    if (reference !== undefined) return provider.look === undefined ? { blind: true } : { report: await provider.look(reference) }
    if (provider.find === undefined) return { blind: true }
    const report = await provider.find(payment)
    return report === undefined ? { absent: true } : { report }
  } catch {
    // The next question is on its way already: a provider that is away leaves no dead letters.
    return {}
  }
}
