import { DeliveryFailed, type DeliveryEnd, fail, type Handler, handler, Id, operation, type Topic, topic, type Tx } from "@omni/core"
import * as z from "zod"

import { InvoiceNotFound, NotResubmittable, SchemeNotFound, type SchemeRefused } from "./errors.ts"
import {
  chainKey,
  FiscalChains,
  type FiscalRegistration,
  FiscalRegistrations,
  type FiscalScheme,
  InvoiceRegistered,
  type Registration,
  RegistrationAnswered,
  type SchemeAnswer
} from "./fiscal.ts"
import type { Register } from "./issue.ts"

const Payload = z.object({
  document: Id,
  number: Id,
  legalEntity: Id,
  sequence: z.int(),
  fingerprint: z.string(),
  record: z.json(),
  subject: z.string().exactOptional()
})
type Payload = z.infer<typeof Payload>

const schemeTopic = (scheme: string): Topic<Payload> => topic(`orders.fiscal.${scheme}`, Payload, { personal: ({ subject }) => subject })

const factsOf = ({ document, number, scheme, sequence, fingerprint }: FiscalRegistration) => ({
  document,
  number,
  scheme,
  sequence,
  fingerprint
})

/** A scheme refuses by throwing: it may be from another bundle, so its error is known by its tag. */
function* registered(make: () => Registration): Generator<SchemeRefused, Registration, unknown> {
  try {
    return make()
  } catch (error) {
    if ((error as { readonly _tag?: unknown } | null)?._tag !== "SchemeRefused") throw error
    return yield* fail(error as SchemeRefused)
  }
}

/** Registration with national schemes: what happens in the commit, what after it, and trying again. */
export const registration = (schemes: ReadonlyArray<FiscalScheme>) => {
  const topics = new Map(schemes.map((scheme) => [scheme.name, { scheme, topic: schemeTopic(scheme.name) }]))

  const send = (tx: Tx, row: FiscalRegistration): void => {
    const { document, number, legalEntity, sequence, fingerprint, record, subject } = row
    const message = { document, number, legalEntity, sequence, fingerprint, record: record ?? null }
    tx.send(topics.get(row.scheme)!.topic, subject === undefined ? message : { ...message, subject })
  }

  const register: Register = function* (tx, entity, document) {
    if (entity.scheme === undefined) return
    const known = topics.get(entity.scheme)
    if (known === undefined) return yield* fail(unknown(entity.scheme, [...topics.keys()]))
    const key = chainKey(entity.scheme, entity.id)
    const previous = tx.get(FiscalChains, key)
    const { id, number, issueDate, subject } = document
    const credits = document.credits === undefined ? undefined : tx.get(FiscalRegistrations, document.credits)
    const context = { now: tx.now, timeZone: entity.timeZone, ...(credits === undefined ? {} : { credits }) }
    const made = yield* registered(() => known.scheme.register(document, previous, context))
    const sequence = (previous?.sequence ?? 0) + 1
    const { fingerprint, record, qr } = made
    tx.put(FiscalChains, key, { document: id, number, issueDate, sequence, fingerprint, at: tx.now })
    const row = tx.put(FiscalRegistrations, id, {
      document: id,
      number,
      legalEntity: entity.id,
      scheme: entity.scheme,
      sequence,
      ...(previous === undefined ? {} : { previous: previous.fingerprint }),
      fingerprint,
      ...(qr === undefined ? {} : { qr }),
      status: "pending",
      answers: [],
      ...(subject === undefined ? {} : { subject }),
      record
    })
    send(tx, row)
    tx.emit(InvoiceRegistered, id, { ...factsOf(row), ...(qr === undefined ? {} : { qr }) })
  }

  /**
   * Hands a document to its scheme again, as it was registered: after a rejection that was the other side's mistake, or when there was
   * no answer. Errors: `InvoiceNotFound`, `NotResubmittable`, `SchemeNotFound`.
   */
  const resubmit = operation("invoices.resubmit", z.object({ document: Id }), function* (tx, { document }) {
    const row = tx.get(FiscalRegistrations, document) ?? (yield* fail(InvoiceNotFound.of(document)))
    if (!topics.has(row.scheme)) return yield* fail(unknown(row.scheme, [...topics.keys()]))
    if (row.status === "accepted" || row.status === "pending" || row.record === undefined) return yield* fail(notAgain(row))
    const again = tx.put(FiscalRegistrations, document, { ...row, status: "pending" as const })
    send(tx, again)
    return again
  })

  return { register, resubmit, handlers: [...topics.values()].map(({ scheme, topic: of }) => handlerOf(scheme, of)) }
}

/** An answer is recorded in the commit that ends the message; "retry" leaves it in the outbox. */
const handlerOf = (scheme: FiscalScheme, of: Topic<Payload>): Handler =>
  handler(
    of,
    async ({ id, payload, attempt, signal }) => {
      const { subject: _, ...submission } = payload
      const answer = await scheme.submit(submission, { key: id, attempt, signal })
      if (answer.status !== "retry") return answer
      const { notBefore } = answer
      throw new DeliveryFailed(answer.message, { retry: true, ...(notBefore === undefined ? {} : { notBefore }) })
    },
    { idempotent: scheme.capabilities.idempotent, unknown: "hold", tries: 24, delivered: recordAnswer, failed: recordAnswer }
  )

const End: z.ZodType<DeliveryEnd<Payload>, DeliveryEnd<Payload>> = z.object({
  id: z.string(),
  payload: Payload,
  attempt: z.int(),
  answer: z.unknown().exactOptional(),
  error: z.string().exactOptional()
})

/** What the scheme answered, or that it did not. */
const recordAnswer = operation(
  "invoices.recordAnswer",
  { input: End, personal: ({ payload }) => payload.subject },
  function* (tx, { payload, attempt, answer: given, error }) {
    const row = tx.get(FiscalRegistrations, payload.document)
    if (row === undefined) return
    const answer = given as Exclude<SchemeAnswer, { readonly status: "retry" }> | undefined
    const entry = answer ?? { status: "failed" as const, message: error ?? "no answer" }
    const { stamp, ...told } = { stamp: undefined, ...entry }
    tx.put(FiscalRegistrations, row.document, {
      ...row,
      status: entry.status,
      answers: [...row.answers, { at: tx.now, attempt, ...told, ...(stamp === undefined ? {} : { stamp }) }]
    })
    tx.emit(RegistrationAnswered, row.document, { ...factsOf(row), ...told })
  }
)

/** Operations that the outbox runs. */
export const registrationInternal = [recordAnswer]

const unknown = (scheme: string, known: ReadonlyArray<string>): SchemeNotFound =>
  new SchemeNotFound({
    scheme,
    message: `The app has given no scheme "${scheme}" to invoices({ schemes }); there are: ${known.join(", ") || "none"}.`
  })

const notAgain = ({ document, status }: FiscalRegistration): NotResubmittable =>
  new NotResubmittable({
    document,
    message: `The registration of "${document}" is ${status}, or its record is erased: it is not handed over again.`
  })
