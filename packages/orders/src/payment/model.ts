import { collection, Count, Currency, event, Id, Instant, Money } from "@omni/core"
import * as z from "zod"

import { MissingGift } from "../model.ts"
import { OrderRequest } from "../request.ts"
import { DisputeReport } from "./dispute-model.ts"

/**
 * How a payment stands at its provider, in minor units, each figure summed over all that has happened: `authorised` by the payer's bank,
 * `captured` of that, `released` of that without being captured (voided, or lapsed), `refunded` of what was captured, `reversed` of what
 * was refunded and came back because the payer could not be reached, `chargedBack` of what was captured and lost in a dispute. No
 * figure ever falls, so that reports may come late, twice and in any order.
 */
export const PaymentFigures = z.object({
  authorised: Count,
  captured: Count,
  released: Count,
  refunded: Count,
  reversed: Count,
  chargedBack: Count
})
export type PaymentFigures = z.infer<typeof PaymentFigures>

/** What a provider is told to do, in the same sums. */
export const AskedFigures = PaymentFigures.pick({ captured: true, released: true, refunded: true })
export type AskedFigures = z.infer<typeof AskedFigures>

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

/**
 * What a payment comes to: of what was asked for, nothing yet, some of it promised, in hand, given back, lost in a dispute, or refused.
 * `expired`: what was promised was not captured in time; it has to be authorised anew, or released.
 */
export const PaymentStatus = z.enum(["pending", "authorised", "expired", "captured", "refunded", "charged-back", "released", "failed"])
export type PaymentStatus = z.infer<typeof PaymentStatus>

/** What of a payment came to nothing, and is asked for again by and by. */
export const PaymentTrouble = z.object({
  /** How many commands in a row came to nothing. */
  tries: Count,
  /** What was refused and is not asked for at present. */
  failed: AskedFigures,
  /** What is asked for, and nobody knows what came of it: by the key under which the provider was told. */
  unknown: z.array(z.object({ figure: AskedFigures.keyof(), amount: Count, final: z.boolean(), key: Id }))
})
export type PaymentTrouble = z.infer<typeof PaymentTrouble>

/** What rows of the first version do not have. */
const withNewFigures = (row: object): object => ({ reversed: 0, chargedBack: 0, ...row })

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
    asked: AskedFigures,
    /** What a dispute is about that is not decided: it is not refunded meanwhile. */
    disputed: Count,
    disputes: z.array(Id).exactOptional(),
    status: PaymentStatus,
    /** It was paid, or handed over, elsewhere, and recorded here: no provider or tender of this app knows of it, also where one has its name. */
    elsewhere: z.boolean().exactOptional(),
    /** What the provider calls it. */
    reference: Id.exactOptional(),
    action: PaymentAction.exactOptional(),
    failure: PaymentFailure.exactOptional(),
    /** It is not wanted any more: what the provider authorises all the same is given back. */
    unwanted: z.boolean().exactOptional(),
    /** Until when what is promised can be captured, as its provider says. */
    expiresAt: Instant.exactOptional(),
    expired: z.boolean().exactOptional(),
    /** A refund came back: nothing goes there any more by itself. */
    bounced: z.boolean().exactOptional(),
    trouble: PaymentTrouble.exactOptional(),
    /** How many commands its provider was told, or is about to be told, that have not ended. */
    inFlight: Count.exactOptional(),
    /** Since when somebody has to look at it: it is not tried again by itself. */
    stuckSince: Instant.exactOptional(),
    /** The task that says so, which ends when it goes on. */
    stuckTask: Id.exactOptional(),
    begunAt: Instant
  }),
  version: 2,
  upcasts: { 1: (row: object) => ({ disputed: 0, ...withNewFigures(row) }) },
  indexes: { order: ["order", "begunAt"], status: ["status", "begunAt"], stuck: ["stuckSince"] }
})
export type Payment = z.infer<typeof Payments.schema>

/** Which payment a provider's reference stands for. */
export const PaymentReferences = collection("payments.references", { schema: z.object({ payment: Id }) })

/** The key of a provider's reference. */
export const referenceKey = (provider: string, reference: string): string => `${provider}:${reference}`

/** What was told under a reference of its own, once: money that came elsewhere, went elsewhere, or came back. */
export const RecordedMoney = collection("payments.recorded", { schema: z.object({ payment: Id, amount: Money }) })

/** How an order is paid: by which payments, in the order in which they are captured. */
export const OrderPayments = collection("payments.orders", {
  schema: z.object({
    payments: z.array(Id),
    /** What was refunded by hand beyond what the order had come down by: a kindness, which lowers what it costs. */
    conceded: Count.exactOptional(),
    /** What was captured by hand before it had left. */
    ahead: Count.exactOptional(),
    /** What was paid out by another way of money that nobody wanted: it does not go back once more by the way that it came. */
    returned: Count.exactOptional()
  })
})

/** What a provider told of a payment that nobody here has begun: it is kept until somebody has, or looks. */
export const UnknownPayments = collection("payments.unknown", {
  schema: z.object({
    provider: Id,
    reference: Id,
    currency: Currency,
    ...PaymentFigures.shape,
    disputes: z.array(DisputeReport).exactOptional(),
    /** When it was told of; none for what somebody has looked at. */
    at: Instant.exactOptional()
  }),
  version: 2,
  upcasts: { 1: withNewFigures },
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
    /** Gifts of what is ordered that were not in stock: it is placed without them. */
    giftsMissing: z.array(MissingGift).exactOptional(),
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

/** Which checkout buys a cart: one at a time. */
export const CartCheckouts = collection("payments.carts", { schema: z.object({ checkout: Id }) })

/** What happened to money, for good: one entry for each figure that grew. */
export const PaymentEntries = collection("payments.entries", {
  schema: z.object({
    payment: Id,
    order: Id.exactOptional(),
    kind: z.enum([...PaymentFigures.keyof().options, "failed"]),
    amount: Money,
    at: Instant
  }),
  indexes: { payment: ["payment", "at"] }
})
export type PaymentEntry = z.infer<typeof PaymentEntries.schema>

/** What every event of a payment says. */
const facts = {
  payment: Id,
  checkout: Id.exactOptional(),
  order: Id.exactOptional(),
  customer: Id.exactOptional(),
  provider: Id,
  amount: Money
}

/** The payer's bank has promised so much more. Subject of all these: the payment. */
export const PaymentAuthorised = event("payments.PaymentAuthorised", z.object(facts))

/** So much more is in hand. */
export const PaymentCaptured = event("payments.PaymentCaptured", z.object(facts))

/** So much of what was promised is not asked for any more. */
export const PaymentReleased = event("payments.PaymentReleased", z.object(facts))

/** So much more went back to the payer. */
export const PaymentRefunded = event("payments.PaymentRefunded", z.object(facts))

/** So much of what was refunded came back: it is due to the payer again, and goes to him by another way, or when somebody asks for it. */
export const PaymentRefundReversed = event("payments.PaymentRefundReversed", z.object(facts))

/** So much more was lost in a dispute: the payer has it. */
export const PaymentChargedBack = event("payments.PaymentChargedBack", z.object(facts))

/** So much was promised and not captured in time: it has to be authorised anew (`payOrder`, `pay`) or let go (`release`). */
export const PaymentAuthorisationExpired = event("payments.PaymentAuthorisationExpired", z.object({ ...facts, expiredAt: Instant }))

/** The payer may try again, or with something else. */
export const PaymentFailed = event("payments.PaymentFailed", z.object({ ...facts, failure: PaymentFailure }))

/**
 * What was asked of a provider did not come about, or nobody knows whether it did (`unknown`). It is looked at and asked for again by itself;
 * `final`: no more, and somebody has to look.
 */
export const PaymentCommandFailed = event(
  "payments.PaymentCommandFailed",
  z.object({
    ...facts,
    command: z.enum(["begin", "capture", "release", "refund"]),
    error: z.string(),
    unknown: z.boolean(),
    tries: Count,
    final: z.boolean()
  })
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
    cause: z.enum(["lapsed", "cancelled", "replaced", "not-placed"]),
    reason: z.string().exactOptional()
  })
)
