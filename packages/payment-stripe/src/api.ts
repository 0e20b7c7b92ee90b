import { DeliveryFailed } from "@omni/orders"
import * as z from "zod"

/** What of Stripe's objects is read. Everything else in them is let be, for it grows with each version. */
export const Refund = z.object({ id: z.string(), amount: z.int(), status: z.string().nullish() })
export type Refund = z.infer<typeof Refund>

/** A page of a list; `has_more`: there is another one after its last. */
const pageOf = <S extends z.ZodType>(item: S) => z.object({ data: z.array(item), has_more: z.boolean() })

export const Charge = z.object({
  amount: z.int(),
  amount_captured: z.int(),
  amount_refunded: z.int(),
  status: z.string(),
  disputed: z.boolean().nullish(),
  refunds: pageOf(Refund).nullish(),
  payment_method_details: z.object({ card: z.object({ capture_before: z.int().nullish() }).nullish() }).nullish()
})
export type Charge = z.infer<typeof Charge>

export const Dispute = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  reason: z.string().nullish(),
  evidence_details: z.object({ due_by: z.int().nullish() }).nullish()
})
export type Dispute = z.infer<typeof Dispute>

const PaymentError = z.object({
  type: z.string().nullish(),
  code: z.string().nullish(),
  decline_code: z.string().nullish(),
  message: z.string().nullish(),
  payment_intent: z.unknown().optional()
})

export const Intent = z.object({
  id: z.string(),
  status: z.enum([
    "requires_payment_method",
    "requires_confirmation",
    "requires_action",
    "processing",
    "requires_capture",
    "canceled",
    "succeeded"
  ]),
  amount: z.int(),
  amount_capturable: z.int(),
  amount_received: z.int(),
  currency: z.string(),
  client_secret: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string() }).nullish() }).nullish(),
  last_payment_error: PaymentError.nullish(),
  latest_charge: z.union([z.string(), Charge]).nullish()
})
export type Intent = z.infer<typeof Intent>

const Failed = z.object({ error: PaymentError })

/** A request that Stripe has refused for the payer's sake: his card was declined. What the payment is now comes with it. */
export class Declined extends Error {
  readonly intent: Intent
  constructor(message: string, intent: Intent) {
    super(message)
    this.intent = intent
  }
}

/** Where and how the API is asked. */
export interface Api {
  readonly url: string
  readonly secretKey: string
  readonly version: string
  readonly fetch: typeof fetch
}

interface Ask {
  readonly method: "GET" | "POST"
  readonly path: string
  readonly form?: { readonly [field: string]: string | number | boolean | undefined }
  readonly key?: string
  readonly signal?: AbortSignal
}

/**
 * Asks Stripe, and says what a failure means. By https://docs.stripe.com/api/errors and …/error-low-level: 402 is the payer's; 429 and a lock that
 * is held may go again; other 4xx never will; after a 5xx, or without an answer, nobody knows.
 */
export const ask = async (api: Api, { method, path, form = {}, key, signal }: Ask): Promise<unknown> => {
  const fields = Object.entries(form).flatMap(([field, value]) => (value === undefined ? [] : [[field, String(value)]]))
  const body = new URLSearchParams(fields)
  const query = method === "GET" && fields.length > 0 ? `?${body}` : ""
  const response = await api.fetch(`${api.url}${path}${query}`, {
    method,
    headers: {
      authorization: `Bearer ${api.secretKey}`,
      "stripe-version": api.version,
      ...(method === "POST" ? { "content-type": "application/x-www-form-urlencoded" } : {}),
      ...(key === undefined ? {} : { "idempotency-key": key })
    },
    ...(method === "POST" ? { body: body.toString() } : {}),
    ...(signal === undefined ? {} : { signal })
  })
  const answer: unknown = await response.json()
  if (response.ok) return answer
  throw failureOf(response, answer)
}

/** All of a list, page by page. */
export const listAll = async <S extends z.ZodType<{ readonly id: string }>>(
  api: Api,
  item: S,
  path: string,
  form: { readonly [field: string]: string },
  signal?: AbortSignal
): Promise<ReadonlyArray<z.infer<S>>> => {
  const all: Array<z.infer<S>> = []
  for (;;) {
    const after = all.at(-1)?.id
    const page = { ...form, limit: 100, ...(after === undefined ? {} : { starting_after: after }) }
    const { data, has_more } = pageOf(item).parse(
      await ask(api, { method: "GET", path, form: page, ...(signal === undefined ? {} : { signal }) })
    )
    all.push(...(data as ReadonlyArray<z.infer<S>>))
    if (!has_more || data.length === 0) return all
  }
}

const failureOf = ({ status, headers }: Response, answer: unknown): Error => {
  const told = Failed.safeParse(answer).data?.error
  const says = `Stripe answered ${status}${told?.code ? ` (${told.code})` : ""}: ${told?.message ?? "no reason given"}`
  const intent = Intent.safeParse(told?.payment_intent).data
  if (status === 402 && intent !== undefined) return new Declined(says, intent)
  if (status === 429 || told?.code === "lock_timeout") {
    const after = Number(headers.get("retry-after"))
    return new DeliveryFailed(says, { retry: true, ...(after > 0 ? { notBefore: Date.now() + after * 1000 } : {}) })
  }
  // A key that is wrong or may not: nothing is the matter with the payment.
  if (status === 401 || status === 403) return new DeliveryFailed(says, { retry: true })
  // The same key is still being worked on.
  if (status === 409) return new DeliveryFailed(says, { retry: true })
  return status >= 500 ? new Error(says) : new DeliveryFailed(says, { retry: false })
}
