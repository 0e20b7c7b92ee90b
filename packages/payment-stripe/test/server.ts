import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"

import type { RawRequest } from "@omni/orders"

/**
 * What of Stripe's published API the driver uses, in memory: intents with their charge, idempotency keys, errors in Stripe's form
 * (https://docs.stripe.com/api/payment_intents, …/refunds, …/errors).
 */
/** Until when charges here can be captured, in seconds. */
export const CAPTURE_BEFORE = 4_000_000_000

export const startStripe = async () => {
  const intents = new Map<string, Record<string, unknown> & { amount: number; charge?: Charge | undefined }>()
  const keys = new Map<string, { readonly status: number; readonly body: string }>()
  const requests: Array<{
    readonly method: string
    readonly path: string
    readonly form: Record<string, string>
    readonly headers: IncomingMessage["headers"]
  }> = []
  let next: { readonly status: number; readonly error: Record<string, unknown>; readonly headers?: Record<string, string> } | undefined

  interface Charge {
    readonly object: "charge"
    readonly status: string
    readonly amount: number
    amount_captured: number
    amount_refunded: number
    disputed: boolean
    readonly refunds: { data: Array<Refund>; has_more: boolean }
    readonly payment_method_details: { readonly card: { readonly capture_before: number } }
  }
  interface Refund {
    readonly id: string
    readonly amount: number
    status: string
  }
  let losing: string | undefined
  const disputes = new Map<string, Array<Record<string, unknown> & { readonly id: string }>>()
  /** Lists show so many at once. */
  const PAGE = 2

  const shown = (id: string) => {
    const { charge, ...intent } = intents.get(id)!
    if (charge === undefined) return { ...intent, latest_charge: null }
    const refunds = listed(charge.refunds.data, undefined)
    return { ...intent, latest_charge: { ...charge, refunds, disputed: (disputes.get(id) ?? []).length > 0 } }
  }
  const listed = <T extends { readonly id: string }>(all: ReadonlyArray<T>, after: string | undefined) => {
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
    return { object: "list", data: all.slice(from, from + PAGE), has_more: all.length > from + PAGE }
  }
  const authorise = (id: string): void => {
    const intent = intents.get(id)!
    intent.charge = {
      object: "charge",
      status: "succeeded",
      amount: intent.amount,
      amount_captured: 0,
      amount_refunded: 0,
      disputed: false,
      refunds: { data: [], has_more: false },
      payment_method_details: { card: { capture_before: CAPTURE_BEFORE } }
    }
    Object.assign(intent, { status: "requires_capture", amount_capturable: intent.amount, next_action: null, last_payment_error: null })
  }

  const answer = (method: string, path: string, form: Record<string, string>): { readonly status: number; readonly body: object } => {
    const bad = (message: string, code = "parameter_invalid") => ({
      status: 400,
      body: { error: { type: "invalid_request_error", code, message } }
    })
    if (method === "POST" && path === "/v1/payment_intents") {
      const id = `pi_${intents.size + 1}`
      const metadata = { payment: form["metadata[payment]"]!, checkout: form["metadata[checkout]"]! }
      const about = { id, object: "payment_intent", amount: Number(form["amount"]), currency: form["currency"], metadata }
      intents.set(id, {
        ...about,
        amount_capturable: 0,
        amount_received: 0,
        status: "requires_payment_method",
        client_secret: `${id}_secret`
      })
      if (form["payment_method"] === "pm_card_visa") authorise(id)
      if (form["payment_method"] === "pm_card_chargeDeclined") {
        const error = { type: "card_error", code: "card_declined", decline_code: "generic_decline", message: "Your card was declined." }
        Object.assign(intents.get(id)!, { last_payment_error: error })
        return { status: 402, body: { error: { ...error, payment_intent: shown(id) } } }
      }
      return { status: 200, body: shown(id) }
    }
    const [, id = "", verb] = /^\/v1\/payment_intents\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? []
    if (method === "GET" && path === "/v1/payment_intents/search") {
      const [, payment] = /^metadata\["payment"\]:"(.+)"$/.exec(form["query"] ?? "") ?? []
      const found = [...intents.values()].filter(({ metadata }) => (metadata as { payment: string }).payment === payment)
      return { status: 200, body: { object: "search_result", data: found.map(({ id: of }) => shown(of as string)), has_more: false } }
    }
    if (method === "GET" && path === "/v1/refunds")
      return { status: 200, body: listed(intents.get(form["payment_intent"]!)?.charge?.refunds.data ?? [], form["starting_after"]) }
    if (method === "GET" && path === "/v1/disputes")
      return { status: 200, body: listed(disputes.get(form["payment_intent"]!) ?? [], form["starting_after"]) }
    if (path === "/v1/refunds") {
      const { charge } = intents.get(form["payment_intent"]!)!
      if (charge === undefined || Number(form["amount"]) > charge.amount - charge.amount_refunded)
        return bad("Refund amount is greater than unrefunded amount.")
      charge.amount_refunded += Number(form["amount"])
      const refund: Refund = { id: `re_${charge.refunds.data.length + 1}`, amount: Number(form["amount"]), status: "succeeded" }
      charge.refunds.data.push(refund)
      return { status: 200, body: { ...refund, object: "refund" } }
    }
    const intent = intents.get(id)
    if (intent === undefined)
      return { status: 404, body: { error: { type: "invalid_request_error", code: "resource_missing", message: "No such intent" } } }
    if (verb === "capture") {
      const amount = Number(form["amount_to_capture"])
      if (intent["status"] !== "requires_capture" || amount > Number(intent["amount_capturable"]))
        return bad("cannot be captured", "payment_intent_unexpected_state")
      // What is not captured counts as refunded, in Stripe's charge.
      Object.assign(intent.charge!, { amount_captured: amount, amount_refunded: intent.amount - amount })
      Object.assign(intent, { status: "succeeded", amount_received: amount, amount_capturable: 0 })
    }
    if (verb === "cancel") {
      if (intent["status"] === "succeeded" || intent["status"] === "canceled")
        return bad("cannot be canceled", "payment_intent_unexpected_state")
      Object.assign(intent, { status: "canceled", amount_capturable: 0 })
    }
    return { status: 200, body: shown(id) }
  }

  const told: typeof answer = (method, path, form) => {
    const made = answer(method, path, form)
    return path === losing ? { status: 500, body: { error: { type: "api_error", message: "Something went wrong." } } } : made
  }

  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url!, "http://stripe")
      const form = Object.fromEntries(request.method === "GET" ? url.searchParams : new URLSearchParams(body))
      requests.push({ method: request.method!, path: url.pathname, form, headers: request.headers })
      const key = request.headers["idempotency-key"]
      const known = typeof key === "string" ? keys.get(key) : undefined
      const failing = next
      next = undefined
      if (failing !== undefined)
        return response
          .writeHead(failing.status, { "content-type": "application/json", ...failing.headers })
          .end(JSON.stringify({ error: failing.error }))
      const made =
        known ?? (({ status, body: object }) => ({ status, body: JSON.stringify(object) }))(told(request.method!, url.pathname, form))
      if (typeof key === "string") keys.set(key, made)
      return response.writeHead(made.status, { "content-type": "application/json" }).end(made.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    authorise,
    /** A refund fails after all, when Stripe has said that it was done: its amount comes back. */
    failRefund: (id: string, nth: number): void => {
      const charge = intents.get(id)!.charge!
      const refund = charge.refunds.data[nth]!
      refund.status = "failed"
      charge.amount_refunded -= refund.amount
    },
    /** A dispute about an intent, or how it has gone on. */
    dispute: (id: string, dispute: Record<string, unknown> & { readonly id: string }): void => {
      disputes.set(id, [...(disputes.get(id) ?? []).filter((other) => other.id !== dispute.id), dispute])
    },
    /** From now on what is asked of a path is carried out, and answered with 500; under its key it stays so, as at Stripe. */
    lose: (path: string | undefined): void => {
      losing = path
    },
    /** The next request fails so. */
    fail: (status: number, error: Record<string, unknown>, headers: Record<string, string> = {}) => {
      next = { status, error, headers }
    },
    /** An event about an intent, signed as Stripe does. */
    event: (
      id: string,
      secret: string,
      at = Date.now(),
      type = "payment_intent.amount_capturable_updated",
      about?: Record<string, unknown>
    ): RawRequest => {
      const object = about === undefined ? { ...intents.get(id), charge: undefined } : { ...about, payment_intent: id }
      const body = JSON.stringify({ id: "evt_1", object: "event", type, data: { object } })
      const seconds = Math.floor(at / 1000)
      const signature = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex")
      return { headers: { "stripe-signature": `t=${seconds},v1=${"0".repeat(64)},v1=${signature}` }, body }
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve()))
  }
}
