import { type CivilDate, collection, event, Id, Instant, type Json, type TimeZone } from "@omni/core"
import * as z from "zod"

import type { IssuedDocument } from "./model.ts"

/** A document as it was registered before: what the next one is chained to. */
export interface Registered {
  readonly document: string
  readonly number: string
  readonly issueDate: CivilDate
  readonly sequence: number
  readonly fingerprint: string
}

/** What a national scheme makes of a document. */
export interface Registration {
  /** What the next document is chained to: a hash, or the beginning of a signature. */
  readonly fingerprint: string
  /** What is handed to `submit`, kept with the document; plain JSON. It may name the buyer, and is kept like one. */
  readonly record: Json
  /** What the printed document shows as a QR code. It must not name the buyer. */
  readonly qr?: string
}

/** When and where a document is registered. */
export interface FiscalContext {
  readonly now: Instant
  readonly timeZone: TimeZone
  /** Of a credit note: how the invoice that it is about was registered, and what was answered. */
  readonly credits?: FiscalRegistration
}

/** What is handed over after the commit. */
export interface Submission {
  readonly document: string
  readonly number: string
  readonly legalEntity: string
  readonly sequence: number
  readonly fingerprint: string
  readonly record: Json
}

/** What the tax office, or who stands between, answered. */
export type SchemeAnswer =
  | { readonly status: "accepted"; readonly reference?: string; readonly message?: string; readonly stamp?: Json }
  | { readonly status: "rejected"; readonly code?: string; readonly message: string }
  | { readonly status: "retry"; readonly message: string; readonly notBefore?: number }

/**
 * A national scheme that documents are registered with: VERI*FACTU, TicketBAI, CFDI. An integrator writes this.
 *
 * - `register` runs in the commit that issues the document, so that the chain has neither gap nor fork: it is synchronous, pure and the same
 *   on every run. `previous` is what the same legal entity issued last, whatever its series. What it has no form for it refuses by throwing
 *   `SchemeRefused`: then nothing is issued.
 * - `submit` runs after the commit, from the outbox, at least once, and not necessarily in the order of the chain: `key` is the same on every
 *   try. Throwing means that nobody knows what became of it: it is tried again if the scheme is `idempotent`, else held for somebody to settle.
 */
export interface FiscalScheme {
  readonly specVersion: 1
  /** As a legal entity names it; a durable contract. */
  readonly name: string
  readonly capabilities: { readonly idempotent: boolean }
  register(document: IssuedDocument, previous: Registered | undefined, context: FiscalContext): Registration
  submit(
    submission: Submission,
    delivery: { readonly key: string; readonly attempt: number; readonly signal: AbortSignal }
  ): Promise<SchemeAnswer>
}

/** Any JSON, as schemes keep it. */
const Anything: z.ZodType<Json, Json> = z.json()

/** Where the chain of a legal entity stands. */
export const FiscalChains = collection("orders.fiscal-chains", {
  schema: z.object({ document: Id, number: Id, issueDate: z.string(), sequence: z.int(), fingerprint: z.string(), at: Instant })
})

/** The key of the chain of a legal entity. */
export const chainKey = (scheme: string, legalEntity: string): string => `${encodeURIComponent(scheme)}/${encodeURIComponent(legalEntity)}`

const registrationFields = z.object({
  document: Id,
  number: Id,
  legalEntity: Id,
  scheme: Id,
  sequence: z.int(),
  previous: z.string().exactOptional(),
  fingerprint: z.string(),
  qr: z.string().exactOptional(),
  status: z.enum(["pending", "accepted", "rejected", "failed"]),
  answers: z.array(
    z.object({
      at: Instant,
      status: z.enum(["accepted", "rejected", "failed"]),
      attempt: z.int(),
      code: z.string().exactOptional(),
      message: z.string().exactOptional(),
      reference: z.string().exactOptional(),
      stamp: Anything.exactOptional()
    })
  ),
  subject: z.string().exactOptional(),
  record: Anything.exactOptional()
})

/** The registration of a document: its place in the chain, what is submitted, and what was answered. */
export interface FiscalRegistration extends z.infer<typeof registrationFields> {}

const FiscalRegistration: z.ZodType<FiscalRegistration, FiscalRegistration> = registrationFields

/** The registrations of documents, by the document. */
export const FiscalRegistrations = collection("orders.fiscal-registrations", {
  schema: FiscalRegistration,
  indexes: { status: ["scheme", "status", "sequence"] },
  personal: { subject: ({ subject }) => subject, fields: ["record"] }
})

const facts = { document: Id, number: Id, scheme: Id, sequence: z.int(), fingerprint: z.string() }

/** A document took its place in the chain of a national scheme. */
export const InvoiceRegistered = event("orders.InvoiceRegistered", z.object({ ...facts, qr: z.string().exactOptional() }))

/** The national scheme answered, or gave none after all tries (`failed`). */
export const RegistrationAnswered = event(
  "orders.RegistrationAnswered",
  z.object({
    ...facts,
    status: z.enum(["accepted", "rejected", "failed"]),
    code: z.string().exactOptional(),
    message: z.string().exactOptional(),
    reference: z.string().exactOptional()
  })
)
