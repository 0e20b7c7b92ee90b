import { checkOptions, type KnownOptions } from "@omni/core"
import {
  type CommandOptions,
  DeliveryFailed,
  type PaymentAnswer,
  type PaymentCommand,
  type PaymentProvider,
  type PaymentReport,
  WebhookRejected
} from "@omni/orders"
import * as z from "zod"

import { toStripe } from "./amounts.ts"
import { type Api, ask, Declined, Dispute, Intent, listAll, Refund } from "./api.ts"
import { answerOf, chargeOf, reportOf } from "./report.ts"
import { assertSigned } from "./signature.ts"

/** How Stripe is used. */
export interface StripeOptions {
  readonly secretKey: string
  /** The secret of the webhook's endpoint, or several while one is being rolled. */
  readonly webhookSecret: string | ReadonlyArray<string>
  /** `manual` authorises, and captures when the shop says so; `automatic` takes what the payer agrees to at once. `manual` unless told. */
  readonly capture?: "manual" | "automatic"
  /** How old a webhook may be (ms); five minutes unless told, as Stripe's own libraries have it. */
  readonly tolerance?: number
  /** The version of the API; one that this driver was written against unless told. */
  readonly version?: string
  /** `https://api.stripe.com` unless told. */
  readonly url?: string
  readonly fetch?: typeof fetch
}

const KNOWN: KnownOptions<StripeOptions> = {
  secretKey: z.string().min(1),
  webhookSecret: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
  capture: z.enum(["manual", "automatic"]),
  tolerance: true,
  version: true,
  url: true,
  fetch: true
}

const VERSION = "2025-03-31.basil"

/** Names of events whose object is an intent, or tells of one. */
const Hook = z.object({ type: z.string(), data: z.object({ object: z.looseObject({ object: z.string().optional() }) }) })

/**
 * Stripe's payment intents. Each payment is one intent, authorised first and captured by command; what a webhook tells is looked up at Stripe, so that
 * events which come out of order, twice or in an old form make no difference. Throws `InvalidOptions`.
 */
export const stripe = (options: StripeOptions): PaymentProvider => {
  checkOptions("stripe()", options, KNOWN, ["secretKey", "webhookSecret"])
  const { capture = "manual", tolerance = 300_000, webhookSecret } = options
  const api: Api = {
    url: options.url ?? "https://api.stripe.com",
    secretKey: options.secretKey,
    version: options.version ?? VERSION,
    fetch: options.fetch ?? fetch
  }
  const secrets = typeof webhookSecret === "string" ? [webhookSecret] : webhookSecret
  const look = async (id: string, signal?: AbortSignal): Promise<Intent> =>
    Intent.parse(await ask(api, { method: "GET", path: pathOf(id), form: EXPAND, ...(signal === undefined ? {} : { signal }) }))

  return {
    specVersion: 1,
    capabilities: { idempotent: true, partialCapture: false },
    execute: async (command, how) => answerTo(api, capture, command, how, look),
    look: async (reference) => inFull(api, await look(reference)),
    find: async (payment) => {
      const query = `metadata["payment"]:"${payment.replaceAll(/["\\]/g, "")}"`
      const found = Found.parse(await ask(api, { method: "GET", path: "/v1/payment_intents/search", form: { query } }))
      const id = found.data.at(0)?.id
      return id === undefined ? undefined : inFull(api, await look(id))
    },
    webhook: async (request) => {
      await assertSigned(request, secrets, tolerance, Date.now())
      const told = toldIn(request.body)
      return told === undefined ? [] : [await inFull(api, await look(told.intent), told.disputed)]
    }
  }
}

const Found = z.object({ data: z.array(z.object({ id: z.string() })) })

/** An intent with what does not come with it: asked for only where there is such. */
const inFull = async (api: Api, intent: Intent, disputed = false): Promise<PaymentReport> => {
  const charge = chargeOf(intent)
  const about = { payment_intent: intent.id }
  const refunds = charge?.refunds?.has_more === true ? await listAll(api, Refund, "/v1/refunds", about) : undefined
  const disputes = disputed || charge?.disputed === true ? await listAll(api, Dispute, "/v1/disputes", about) : undefined
  return reportOf(intent, { ...(refunds === undefined ? {} : { refunds }), ...(disputes === undefined ? {} : { disputes }) })
}

const EXPAND = { "expand[0]": "latest_charge", "expand[1]": "latest_charge.refunds" }

const pathOf = (id: string): string => `/v1/payment_intents/${encodeURIComponent(id)}`

type Look = (id: string, signal?: AbortSignal) => Promise<Intent>

const answerTo = async (
  api: Api,
  capture: "manual" | "automatic",
  command: PaymentCommand,
  { key, signal }: CommandOptions,
  look: Look
): Promise<PaymentAnswer> => {
  const post = async (path: string, form: { readonly [field: string]: string | number | boolean | undefined }): Promise<Intent> =>
    Intent.parse(await ask(api, { method: "POST", path, form: { ...form, ...EXPAND }, key, signal }))
  try {
    if (command.kind === "begin") return answerOf(await post("/v1/payment_intents", beginning(command, capture)))
    const path = pathOf(command.reference)
    if (command.kind === "capture") return { report: reportOf(await post(`${path}/capture`, { amount_to_capture: toStripe(command) })) }
    if (command.kind === "release") return { report: await released(post(`${path}/cancel`, {}), () => look(command.reference, signal)) }
    const form = { payment_intent: command.reference, amount: toStripe(command), "metadata[payment]": command.payment }
    await ask(api, { method: "POST", path: "/v1/refunds", form, key, signal })
    return { report: reportOf(await look(command.reference, signal)) }
  } catch (error) {
    // The payer's bank said no: that is an answer.
    if (error instanceof Declined) return answerOf(error.intent)
    throw error
  }
}

const beginning = (command: PaymentCommand & { readonly kind: "begin" }, capture: "manual" | "automatic") => ({
  amount: toStripe(command),
  currency: command.currency.toLowerCase(),
  capture_method: capture,
  "automatic_payment_methods[enabled]": true,
  "metadata[payment]": command.payment,
  "metadata[checkout]": command.checkout,
  "metadata[order]": command.order,
  // A card that Stripe knows already is charged here and now; else the payer's browser confirms.
  ...(command.token === undefined ? {} : { payment_method: command.token, confirm: true, return_url: command.returnUrl }),
  // Without a way back the payer cannot be sent away: Stripe refuses to confirm unless that is said.
  ...(command.token === undefined || command.returnUrl !== undefined ? {} : { "automatic_payment_methods[allow_redirects]": "never" })
})

/** What has ended already cannot be cancelled: how it stands says what there is to know. */
const released = async (cancelling: Promise<Intent>, look: () => Promise<Intent>) => {
  try {
    return reportOf(await cancelling)
  } catch (error) {
    if (!(error instanceof DeliveryFailed) || error.retry) throw error
    const intent = await look()
    if (intent.status === "canceled" || intent.status === "succeeded") return reportOf(intent)
    throw error
  }
}

/** Which intent an event is about, and whether it is about a dispute of it. */
const toldIn = (body: string): { readonly intent: string; readonly disputed: boolean } | undefined => {
  const event = Hook.safeParse(json(body)).data
  if (event === undefined) throw new WebhookRejected({ provider: "stripe", message: "The body is no event of Stripe's." })
  const { object } = event.data
  const intent = object.object === "payment_intent" ? object["id"] : object["payment_intent"]
  return typeof intent === "string" ? { intent, disputed: object.object === "dispute" } : undefined
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
