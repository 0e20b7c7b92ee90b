import { collection, Count, Currency, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

import { OrderRequest } from "../request.ts"

/**
 * How a payment stands at its provider, in minor units, each figure summed over all that has happened: `authorised` by the payer's bank,
 * `captured` of that, `released` of that without being captured (voided, or lapsed), `refunded` of what was captured. No figure ever falls,
 * so that reports may come late, twice and in any order.
 */
export const PaymentFigures = z.object({ authorised: Count, captured: Count, released: Count, refunded: Count })
export type PaymentFigures = z.infer<typeof PaymentFigures>

/** Why the provider, or the payer's bank, did not authorise. `code` is the provider's word for it: `card_declined`. */
export const PaymentFailure = z.object({ code: Id, message: z.string().max(500).exactOptional() })
export type PaymentFailure = z.infer<typeof PaymentFailure>

/** What the payer has to do before the provider authorises: go to a page, or confirm with the provider's own script. */
export const PaymentAction = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("redirect"), url: z.url().max(2000) }),
  /** `secret` is for the payer's browser alone: whoever has it can finish the payment, and nothing else. */
  z.object({ kind: z.literal("confirm"), secret: z.string().max(2000) })
])
export type PaymentAction = z.infer<typeof PaymentAction>

/** What a payment comes to: of what was asked for, nothing yet, some of it promised, in hand, given back, or refused. */
export const PaymentStatus = z.enum(["pending", "authorised", "captured", "refunded", "released", "failed"])
export type PaymentStatus = z.infer<typeof PaymentStatus>

/** One tender of a checkout: a card, a gift card, an account. It holds figures and references, and never what a card is made of. */
export const Payments = collection("payments.payments", {
  schema: z.object({
    id: Id,
    /** None for what was paid elsewhere: at the till, at a marketplace. */
    checkout: Id.exactOptional(),
    order: Id.exactOptional(),
    customer: Id.exactOptional(),
    provider: Id,
    currency: Currency,
    /** What the payer was asked for. */
    amount: Count,
    ...PaymentFigures.shape,
    /** What the provider was told to capture, release and refund, of which it has not yet reported all. */
    asked: PaymentFigures.omit({ authorised: true }),
    status: PaymentStatus,
    /** What the provider calls it. */
    reference: Id.exactOptional(),
    action: PaymentAction.exactOptional(),
    failure: PaymentFailure.exactOptional(),
    /** It is not wanted any more: what the provider authorises all the same is given back. */
    unwanted: z.boolean().exactOptional(),
    begunAt: Instant
  }),
  indexes: { order: ["order", "begunAt"], status: ["status", "begunAt"] }
})
export type Payment = z.infer<typeof Payments.schema>

/** Which payment a provider's reference stands for. */
export const PaymentReferences = collection("payments.references", { schema: z.object({ payment: Id }) })

/** The key of a provider's reference. */
export const referenceKey = (provider: string, reference: string): string => `${provider}:${reference}`

/** How an order is paid: by which payments, in the order in which they are captured. */
export const OrderPayments = collection("payments.orders", {
  schema: z.object({
    payments: z.array(Id),
    /** What was refunded by hand beyond what the order had come down by: a kindness, which lowers what it costs. */
    conceded: Count.exactOptional(),
    /** What was captured by hand before it had left. */
    ahead: Count.exactOptional()
  })
})

/** What a provider told of a payment that nobody here has begun: it is kept until somebody has, or looks. */
export const UnknownPayments = collection("payments.unknown", {
  schema: z.object({ provider: Id, reference: Id, currency: Currency, ...PaymentFigures.shape, at: Instant }),
  indexes: { at: ["at"] }
})

/** `open`: stock is held and the payer is at it. `lapsed`: the time was up; money that comes all the same still buys, if the goods are there. */
export const CheckoutStatus = z.enum(["open", "placed", "lapsed", "cancelled"])
export type CheckoutStatus = z.infer<typeof CheckoutStatus>

/** An order that waits for its money: its prices are fixed, its stock is held, and the commit that covers its total places it. */
export const Checkouts = collection("payments.checkouts", {
  schema: z.object({
    id: Id,
    status: CheckoutStatus,
    customer: Id.exactOptional(),
    cart: Id.exactOptional(),
    /** What is ordered, with where it goes, while that is open: personal, so gone when the customer is; a guest's goes by the checkout's id. */
    request: OrderRequest.exactOptional(),
    total: Money,
    hold: Id.exactOptional(),
    payments: z.array(Id),
    order: Id.exactOptional(),
    openedAt: Instant,
    expiresAt: Instant
  }),
  personal: { subject: ({ customer, id }) => customer ?? id, fields: ["request"] },
  indexes: { status: ["status", "expiresAt"] }
})
export type Checkout = z.infer<typeof Checkouts.schema>

/** What happened to money, for good: one entry for each figure that grew. */
export const PaymentEntries = collection("payments.entries", {
  schema: z.object({
    payment: Id,
    order: Id.exactOptional(),
    kind: z.enum(["authorised", "captured", "released", "refunded", "failed"]),
    amount: Money,
    at: Instant
  }),
  indexes: { payment: ["payment", "at"] }
})
export type PaymentEntry = z.infer<typeof PaymentEntries.schema>

const facts = {
  payment: Id,
  checkout: Id.exactOptional(),
  order: Id.exactOptional(),
  customer: Id.exactOptional(),
  provider: Id,
  amount: Money
}

/** The payer's bank has promised so much more. Subject of these six: the payment. */
export const PaymentAuthorised = event("payments.PaymentAuthorised", z.object(facts))

/** So much more is in hand. */
export const PaymentCaptured = event("payments.PaymentCaptured", z.object(facts))

/** So much of what was promised is not asked for any more. */
export const PaymentReleased = event("payments.PaymentReleased", z.object(facts))

/** So much more went back to the payer. */
export const PaymentRefunded = event("payments.PaymentRefunded", z.object(facts))

/** The payer may try again, or with something else. */
export const PaymentFailed = event("payments.PaymentFailed", z.object({ ...facts, failure: PaymentFailure }))

/** What was asked of a provider did not come about, and somebody has to look. */
export const PaymentCommandFailed = event(
  "payments.PaymentCommandFailed",
  z.object({ ...facts, command: z.enum(["begin", "capture", "release", "refund"]), error: z.string() })
)

/** Stock is held, and the payer is asked. Subject of this and the next: the checkout. */
export const CheckoutOpened = event(
  "payments.CheckoutOpened",
  z.object({ checkout: Id, customer: Id.exactOptional(), cart: Id.exactOptional(), total: Money, expiresAt: Instant })
)

/** Nothing came of it: its time was up, it was called off, or its money came when the goods were gone and goes back. */
export const CheckoutClosed = event(
  "payments.CheckoutClosed",
  z.object({
    checkout: Id,
    customer: Id.exactOptional(),
    cart: Id.exactOptional(),
    cause: z.enum(["lapsed", "cancelled", "not-placed"]),
    reason: z.string().exactOptional()
  })
)
