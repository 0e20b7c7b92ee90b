import { DeliveryFailed, type Duration } from "@omni/core"

import type { DisputeReport } from "./dispute-model.ts"
import { WebhookRejected } from "./errors.ts"
import {
  PaymentReport,
  type CommandOptions,
  type PaymentAnswer,
  type PaymentCommand,
  type PaymentProvider,
  type RawRequest
} from "./provider.ts"

/** A provider in memory, whose payers do as they are told. */
export interface RecordedProvider extends PaymentProvider {
  /** What it was told, each key once. */
  readonly commands: ReadonlyArray<PaymentCommand & { readonly key: string }>
  /** The payer, or his bank, agrees to so much of a payment (all, unless told): the webhook that says so. */
  authorise(payment: string, amount?: number): RawRequest
  /** The payer's bank refuses: the webhook that says so. */
  decline(payment: string, code?: string): RawRequest
  /** The payer's bank sends so much of what was refunded back: the webhook that says so. */
  reverse(payment: string, amount: number): RawRequest
  /** The payer's bank disputes a payment, or goes on with a dispute: the webhook that says so. */
  dispute(payment: string, dispute: DisputeReport): RawRequest
  /** The webhook about a payment as it stands, once more. */
  tell(payment: string): RawRequest
  /** From now on commands come to nothing, as when the provider is away; until it is told otherwise. */
  fail(how: "away" | "unknown" | undefined): void
}

interface Record {
  readonly reference: string
  readonly currency: PaymentCommand["currency"]
  readonly asked: number
  authorised: number
  captured: number
  released: number
  refunded: number
  reversed: number
  disputes: ReadonlyArray<DisputeReport>
  failure: string | undefined
}

const SIGNATURE = "x-recorded"

/** How a provider in memory behaves. */
export interface RecordedOptions {
  /** Payers agree to all that is asked for, at once. */
  readonly authorises?: boolean
  /** How long what is authorised can be captured: for good, unless told. */
  readonly validity?: Duration
}

/** For tests and demos: a provider that keeps its payments in memory, answers under each key once, and moves nothing that it was not promised. */
export const recordedProvider = ({ authorises = false, validity }: RecordedOptions = {}): RecordedProvider => {
  const records = new Map<string, Record>()
  const done = new Map<string, { readonly command: PaymentCommand; readonly answer: PaymentAnswer }>()
  let failing: "away" | "unknown" | undefined

  const recordOf = (payment: string): Record => {
    const record = records.get(payment)
    if (record === undefined) throw new TypeError(`The provider knows no payment "${payment}".`)
    return record
  }
  const reportOf = (payment: string): PaymentReport => {
    const { reference, currency, authorised, captured, released, refunded, reversed, disputes, failure } = recordOf(payment)
    const figures = { authorised, captured, released, refunded, reversed, disputes: [...disputes] }
    return { reference, payment, currency, ...figures, ...(failure === undefined ? {} : { failure: { code: failure } }) }
  }
  const webhookOf = (payment: string): RawRequest => ({ headers: { [SIGNATURE]: "signed" }, body: JSON.stringify([reportOf(payment)]) })

  const carryOut = (command: PaymentCommand): PaymentAnswer => {
    if (command.kind === "begin") {
      const { payment, amount, currency } = command
      const authorised = authorises ? amount : 0
      const reference = `rec_${payment}`
      const nothing = { captured: 0, released: 0, refunded: 0, reversed: 0, disputes: [], failure: undefined }
      records.set(payment, { reference, currency, asked: amount, authorised, ...nothing })
      const secret = `${reference}_secret`
      return { reference, ...(authorises ? { report: reportOf(payment) } : { action: { kind: "confirm", secret } }) }
    }
    const record = recordOf(command.payment)
    const left = record.authorised - record.captured - record.released
    if (command.kind === "capture") {
      if (command.amount > left) throw new DeliveryFailed(`Only ${left} can be captured, not ${command.amount}.`, { retry: false })
      record.captured += command.amount
      if (command.final) record.released = record.authorised - record.captured
    } else if (command.kind === "release") {
      record.released += Math.min(left, command.amount)
      if (command.amount === 0) record.failure = "cancelled"
    } else {
      const most = record.captured - record.refunded + record.reversed
      if (command.amount > most) throw new DeliveryFailed(`Only ${most} can be refunded, not ${command.amount}.`, { retry: false })
      record.refunded += command.amount
    }
    return { report: reportOf(command.payment) }
  }

  return {
    specVersion: 1,
    capabilities: { idempotent: true, partialCapture: true, ...(validity === undefined ? {} : { authorisationValidity: validity }) },
    get commands() {
      return [...done].map(([key, { command }]) => ({ ...command, key }))
    },
    authorise: (payment, amount) => {
      const record = recordOf(payment)
      // Who was told to go does not pay any more.
      if (record.failure !== "cancelled") record.authorised = Math.max(record.authorised, amount ?? record.asked)
      return webhookOf(payment)
    },
    decline: (payment, code = "card_declined") => {
      recordOf(payment).failure = code
      return webhookOf(payment)
    },
    reverse: (payment, amount) => {
      recordOf(payment).reversed += amount
      return webhookOf(payment)
    },
    dispute: (payment, dispute) => {
      const record = recordOf(payment)
      record.disputes = [...record.disputes.filter(({ reference }) => reference !== dispute.reference), dispute]
      return webhookOf(payment)
    },
    tell: webhookOf,
    fail: (how) => {
      failing = how
    },
    execute: async (command, { key, signal }: CommandOptions) => {
      signal.throwIfAborted()
      if (failing === "away") throw new DeliveryFailed("The provider is away.", { retry: true })
      const known = done.get(key)
      if (known === undefined) done.set(key, { command, answer: carryOut(command) })
      if (failing === "unknown") throw new Error("The connection was lost.")
      return done.get(key)!.answer
    },
    webhook: async ({ headers, body }) => {
      if (headers[SIGNATURE] !== "signed")
        throw new WebhookRejected({ provider: "recorded", message: `The request has no signature in "${SIGNATURE}".` })
      return PaymentReport.array().parse(JSON.parse(body))
    },
    look: async (reference) => {
      if (failing !== undefined) throw new Error("The provider is away.")
      const found = [...records].find(([, record]) => record.reference === reference)
      if (found === undefined) throw new TypeError(`The provider knows no payment by the reference "${reference}".`)
      return reportOf(found[0])
    },
    find: async (payment) => {
      if (failing !== undefined) throw new Error("The provider is away.")
      return records.has(payment) ? reportOf(payment) : undefined
    }
  }
}
