import { fail, Id, type Operation, operation, type Tx } from "@omni/core"
import type * as Core from "@omni/core"
import * as z from "zod"

import { stillCounting } from "./cap.ts"
import { NO_CONTACT, rootOf } from "./contact.ts"
import { decide, type Verdict } from "./decide.ts"
import { MessageNotFound, type TemplateNotFound } from "./errors.ts"
import { end } from "./log.ts"
import {
  Contacts,
  Keys,
  type Message,
  MessageDeferred,
  MessageQueued,
  Messages,
  MessageSkipped,
  type MessageStatus,
  SendRequest
} from "./model.ts"
import { noteEnded, noteOpen } from "./open.ts"
import { enqueue } from "./outbox.ts"
import { overall, type Reason } from "./reason.ts"
import type { Settings } from "./settings.ts"

/** What was decided on a message: where it stands, on which kind it goes out, until when it waits, and why. */
export interface Decision {
  /** Its id in the message log. */
  readonly message: string
  readonly status: MessageStatus
  readonly kind?: Core.ChannelKind
  readonly until?: Core.Instant
  /** In the order of the decision: why kinds were passed over, then what settled it. */
  readonly reasons: ReadonlyArray<Reason>
}

/** The operation `send`: the same type whatever the module's options, so that other packages can take it as a port. */
export type Send = Operation<SendRequest, z.input<typeof SendRequest>, Decision, TemplateNotFound>

/** The operation `withdraw`. */
export type Withdraw = Operation<{ readonly message: string }, { readonly message: string }, Decision, MessageNotFound>

/** `send` and `withdraw` for these settings, and what timers run for messages that wait. */
export const sending = (settings: Settings): { readonly send: Send; readonly withdraw: Withdraw; readonly resume: Core.AnyOperation } => {
  const resume = operation("channels.resume", z.object({ message: Id }), function* (tx, { message }) {
    const row = tx.get(Messages, message)
    if (row?.status !== "deferred") return
    if (row.request === undefined) {
      const reason = overall("erased", {}, "The customer was erased before it went out.")
      return void recordAgain(tx, message, row, { status: "skipped", recipient: undefined, reasons: [reason] })
    }
    const verdict = yield* decide(tx, settings, row.request, row.expires)
    recordAgain(tx, message, row, verdict)
  })

  /** The same for one that was open before. */
  const recordAgain = (tx: Tx, id: string, before: Message, verdict: Verdict): Message => {
    if (verdict.status === "skipped") noteEnded(tx, before.customer, id)
    return record(tx, id, before, verdict)
  }

  /** Writes down what was decided, and does it. */
  const record = (tx: Tx, id: string, before: Message, verdict: Verdict): Message => {
    const { until: _, request: __, ...kept } = before
    const { reasons, recipient, status, way } = verdict
    const row = tx.put(Messages, id, {
      ...kept,
      status,
      reasons,
      ...(way === undefined ? {} : { kind: way.kind }),
      ...(way?.channel === undefined ? {} : { channel: way.channel.id }),
      ...(status === "deferred" && before.request !== undefined ? { request: before.request, until: verdict.until } : {}),
      ...(status === "queued" ? { address: verdict.way.address, content: verdict.way.content } : {}),
      ...(status === "skipped" ? { endedAt: tx.now } : {})
    })
    noteContact(tx, settings, row, recipient?.profile)
    if (status === "queued") {
      const { channel, ...sent } = verdict.way
      const locale = recipient?.locale ?? channel?.locale
      enqueue(tx, {
        message: id,
        customer: row.customer,
        purpose: row.purpose,
        category: row.category,
        ...sent,
        ...(channel === undefined ? {} : { channel: channel.id }),
        ...(locale === undefined ? {} : { locale })
      })
      tx.emit(MessageQueued, row.customer, { ...end(id, row), kind: sent.kind, reasons })
    } else if (status === "deferred") {
      tx.schedule(verdict.until, resume, { message: id }, { key: timerOf(id) })
      tx.emit(MessageDeferred, row.customer, { ...end(id, row), until: verdict.until, reasons })
    } else tx.emit(MessageSkipped, row.customer, { ...end(id, row), reasons })
    return row
  }

  const send: Send = operation("channels.send", { input: SendRequest, personal: (request) => request.customer }, function* (tx, request) {
    const known = request.key === undefined ? undefined : tx.get(Keys, request.key)
    const repeated = known === undefined ? undefined : tx.get(Messages, known.message)
    if (known !== undefined && repeated !== undefined) return decisionOf(known.message, repeated)
    const expires = request.expires ?? tx.now + settings.patience
    const verdict = yield* decide(tx, settings, request, expires)
    const id = tx.newId("msg")
    if (request.key !== undefined) tx.put(Keys, request.key, { message: id })
    const fresh: Message = {
      customer: verdict.recipient?.profile ?? request.customer,
      purpose: request.purpose,
      category: request.category,
      status: "deferred",
      at: tx.now,
      expires,
      reasons: [],
      request,
      ...(request.about === undefined ? {} : { about: request.about }),
      ...(request.key === undefined ? {} : { key: request.key })
    }
    if (verdict.status !== "skipped") noteOpen(tx, fresh.customer, id)
    return decisionOf(id, record(tx, id, fresh, verdict))
  })

  const withdraw: Withdraw = operation("channels.withdraw", z.object({ message: Id }), function* (tx, { message }) {
    const row = tx.get(Messages, message)
    if (row === undefined) return yield* fail(new MessageNotFound({ id: message, message: `There is no message "${message}" in the log.` }))
    if (row.status !== "deferred") return decisionOf(message, row)
    tx.cancel(timerOf(message))
    const reason = overall("withdrawn", {}, "It was taken back while it waited.")
    return decisionOf(
      message,
      recordAgain(tx, message, row, { status: "skipped", recipient: undefined, reasons: [...row.reasons, reason] })
    )
  })

  return { send, withdraw, resume }
}

const timerOf = (message: string): string => `channels.resume ${message}`

const decisionOf = (message: string, { kind, reasons, status, until }: Message): Decision => ({
  message,
  status,
  ...(kind === undefined ? {} : { kind }),
  ...(until === undefined ? {} : { until }),
  reasons
})

/** Counts for caps under the customer that it is now. */
const noteContact = (tx: Tx, settings: Settings, row: Message, profile: string | undefined): void => {
  if (row.status !== "queued" || row.kind === undefined || profile === undefined || settings.caps.length === 0) return
  const { contact: counted = NO_CONTACT, id: counts } = rootOf(tx, profile)
  const now = { at: tx.now, kind: row.kind, category: row.category, purpose: row.purpose }
  tx.put(Contacts, counts, { ...counted, contacted: stillCounting(settings.caps, [...counted.contacted, now], tx.now) })
}
