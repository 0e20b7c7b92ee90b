import { checkOptions, Duration, fail, type KnownOptions, minutes, type Tx } from "@omni/core"
import * as z from "zod"

import type { Order } from "../model.ts"
import { ProviderNotFound, type TenderDeclined } from "./errors.ts"
import type { Checkout, Payment } from "./model.ts"
import type { PaymentProvider } from "./provider.ts"

/** What a tender that is settled within the commit is told. */
export interface TenderRequest {
  readonly payment: string
  readonly customer: string | undefined
  readonly amount: number
  readonly currency: string
  /** Which gift card, which account, as the checkout named it. It is not kept: only `authorise` and `payOut` are told. */
  readonly token: string | undefined
  /** What is kept of the token. */
  readonly reference: string | undefined
}

/**
 * A tender whose ledger is in the same store: a gift card, store credit, an account with a credit limit. Its functions run in the commit of the
 * checkout, so it is authorised, or declined, at once. What it took with `authorise`, `release` and `refund` give back.
 */
export interface Tender {
  /** What of a token may be kept in clear: an account's id. Its last four characters unless told, for whoever has a gift card's code can spend it. */
  reference?(token: string): string
  /** Says with `tx.prefetch` which rows the other functions will read of a payment that there is, or of the order that it comes to pay: they are loaded together with those of others. */
  prefetch?(tx: Tx, request: TenderRequest, order?: string): void
  authorise(tx: Tx, request: TenderRequest): Generator<TenderDeclined, void, unknown>
  /** The payment has come to pay an order, which is placed. */
  placed?(tx: Tx, request: TenderRequest, order: string): void
  release(tx: Tx, request: TenderRequest): void
  refund(tx: Tx, request: TenderRequest): void
  /** Gives what came by another tender, where this one can: as store credit, say. */
  payOut?(tx: Tx, request: TenderRequest): Generator<TenderDeclined, void, unknown>
}

/** A checkout without what is ordered: an answer is kept under its key, and holds nothing that is personal. */
export type CheckoutState = Omit<Checkout, "request">

/** Why nothing came of a checkout. */
export type CheckoutEnd = "lapsed" | "cancelled" | "replaced" | "not-placed"

/**
 * What else happens with a checkout, in its own commits: functions over `tx`, as `cartCheckouts` of `@omni/cart` has them. Each is called once for each thing
 * that happens, however often it is told.
 */
export interface CheckoutHooks {
  /** Says with `tx.prefetch` which rows the others will read: they are loaded together with those of the checkout. */
  prefetch?(tx: Tx, checkout: CheckoutState): void
  /** It is there, before anything has come of it; one that it takes the place of is closed by then. */
  opened(tx: Tx, checkout: CheckoutState): void
  /** Its order is placed. What fails here takes the order back: nothing is sold, and the money is given back. */
  placed(tx: Tx, checkout: CheckoutState, order: Order): Generator<{ readonly message: string }, void, unknown>
  /** Nothing comes of it any more, but for money that comes when it had `lapsed`: that may place it all the same. */
  closed(tx: Tx, checkout: CheckoutState, cause: CheckoutEnd): void
}

/** What an app says about how it is paid. */
export interface PaymentOptions {
  readonly providers?: { readonly [name: string]: PaymentProvider }
  readonly tenders?: { readonly [name: string]: Tender }
  /** What else happens with a checkout: `cartCheckouts` of `@omni/cart` closes the cart and redeems its coupons. */
  readonly checkouts?: CheckoutHooks
  /** When what was authorised is captured: with the order unless told; `on-shipment`: what has left, as it leaves; `manual`: when `capture` is called. */
  readonly capture?: "on-placement" | "on-shipment" | "manual"
  /** Whether what an order has come down by (a cancellation, a return, an edit) is refunded by itself: it is unless told. */
  readonly refunds?: "automatic" | "manual"
  /**
   * What becomes of money that comes when a checkout has lapsed: `rehold` places the order if the goods are still there, and gives the money back
   * if they are not; `give-back` always does. `rehold` unless told.
   */
  readonly late?: "rehold" | "give-back"
  /** How long a checkout holds its goods for the payer: 30 minutes unless told. */
  readonly ttl?: Duration
  /**
   * How often a capture, release or refund that came to nothing is asked for again, ten minutes later and then after four times as long each
   * time, before somebody has to look: 5 times unless told, which takes some two days.
   */
  readonly retries?: number
}

/** The options with their defaults. */
export interface PaymentSettings {
  readonly providers: ReadonlyMap<string, PaymentProvider>
  readonly tenders: ReadonlyMap<string, Tender>
  readonly checkouts: CheckoutHooks | undefined
  readonly capture: "on-placement" | "on-shipment" | "manual"
  readonly refunds: "automatic" | "manual"
  readonly late: "rehold" | "give-back"
  readonly ttl: Duration
  readonly retries: number
}

const known: KnownOptions<PaymentOptions> = {
  providers: true,
  tenders: true,
  checkouts: true,
  capture: z.enum(["on-placement", "on-shipment", "manual"]),
  refunds: z.enum(["automatic", "manual"]),
  late: z.enum(["rehold", "give-back"]),
  ttl: Duration,
  retries: z.int().nonnegative()
}

/** Checks the options and fills in the defaults. Throws `InvalidOptions`, and `TypeError` for a name that stands for two things. */
export const paymentSettings = (all: PaymentOptions): PaymentSettings => {
  checkOptions("payments()", all, known)
  const { providers = {}, tenders = {}, ...options } = all
  for (const name of Object.keys(tenders))
    if (name in providers) throw new TypeError(`"${name}" is the name of a provider and of a tender: give each its own.`)
  return {
    providers: new Map(Object.entries(providers)),
    tenders: new Map(Object.entries(tenders)),
    checkouts: options.checkouts,
    capture: options.capture ?? "on-placement",
    refunds: options.refunds ?? "automatic",
    late: options.late ?? "rehold",
    ttl: options.ttl ?? minutes(30),
    retries: options.retries ?? 5
  }
}

/** What is kept of a token: of a short one not even its end. */
export const referenceOf = (tender: Pick<Tender, "reference">, token: string): string =>
  tender.reference?.(token) ?? `…${token.length < 8 ? "" : token.slice(-4)}`

/** The provider that moves a payment; none for what was recorded here, whatever name it was recorded under. */
export const providerOf = (
  { providers }: PaymentSettings,
  { provider, elsewhere }: Pick<Payment, "provider" | "elsewhere">
): PaymentProvider | undefined => (elsewhere === true ? undefined : providers.get(provider))

/** The tender that moves a payment; none for what was recorded here. */
export const tenderOf = (
  { tenders }: PaymentSettings,
  { provider, elsewhere }: Pick<Payment, "provider" | "elsewhere">
): Tender | undefined => (elsewhere === true ? undefined : tenders.get(provider))

/** Refuses a name that the app has nobody for. */
export function* assertKnown({ providers, tenders }: PaymentSettings, name: string): Generator<ProviderNotFound, void, unknown> {
  if (!providers.has(name) && !tenders.has(name)) yield* fail(ProviderNotFound.of(name, [...providers.keys(), ...tenders.keys()]))
}
