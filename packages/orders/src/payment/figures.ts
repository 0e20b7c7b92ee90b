import type { AskedFigures, Payment, PaymentFigures, PaymentStatus } from "./model.ts"

/** A payment that has just begun. */
export const NOTHING_YET = {
  authorised: 0,
  captured: 0,
  released: 0,
  refunded: 0,
  reversed: 0,
  chargedBack: 0,
  asked: { captured: 0, released: 0, refunded: 0 },
  disputed: 0,
  status: "pending" as const
}

/** The figures that a provider is told to raise, and by which command. */
export const verbs = { captured: "capture", released: "release", refunded: "refund" } as const satisfies {
  readonly [F in keyof AskedFigures]: string
}

type Standing = Pick<Payment, keyof PaymentFigures | "asked" | "disputed" | "expired">

const told = (payment: Standing, figure: keyof AskedFigures): number => Math.max(payment[figure], payment.asked[figure])

/** What was promised and neither captured nor released, in time or not; nothing of it is asked for yet. */
export const promised = (payment: Standing): number =>
  Math.max(0, payment.authorised - told(payment, "captured") - told(payment, "released"))

/** What of a promise can still be captured. */
export const capturable = (payment: Standing): number => (payment.expired === true ? 0 : promised(payment))

/** What has gone back to the payer, or is on its way: what came back of that is here again. */
const sentBack = (payment: Standing): number => told(payment, "refunded") - payment.reversed

/** What is in hand and not on its way back; below zero where more has left than came in. What a dispute is about cannot be given. */
const free = (payment: Standing): number => payment.captured - sentBack(payment) - payment.chargedBack - payment.disputed

/** What of a payment can be refunded. */
export const refundable = (payment: Standing): number => Math.max(0, free(payment))

/** What can be given back of several payments of one order: what was paid out by another way is no more there. */
export const refundableOf = (payments: ReadonlyArray<Standing>): number => Math.max(0, sumOf(payments, free))

/** What is in hand, or on its way there, and not on its way back. */
export const inHand = (payment: Standing): number => told(payment, "captured") - sentBack(payment) - payment.chargedBack

/** What is in hand for an order: what nobody wanted is not the order's, and goes back by itself. */
export const heldFor = (payments: ReadonlyArray<Standing & Pick<Payment, "unwanted">>, returned = 0): number =>
  returned +
  sumOf(
    payments.filter(({ unwanted }) => unwanted !== true),
    inHand
  )

/** What of an order's payments nobody wanted and is still here, less what was `returned` by another way. */
export const unwantedOf = (payments: ReadonlyArray<Standing & Pick<Payment, "unwanted">>, returned = 0): number =>
  Math.max(
    0,
    sumOf(
      payments.filter(({ unwanted }) => unwanted === true),
      refundable
    ) - returned
  )

/** What a payment is good for: promised or in hand, and not given back. */
export const standing = (payment: Standing): number => capturable(payment) + Math.max(0, inHand(payment))

/** A sum over payments. */
export const sumOf = <P>(payments: ReadonlyArray<P>, of: (payment: P) => number): number =>
  payments.reduce((sum, payment) => sum + of(payment), 0)

/** What somebody tells of figures, as far as he knows them. */
export type ToldFigures = { readonly [F in keyof PaymentFigures]?: number | undefined }

/**
 * Takes a report over. Each figure is the larger of what is known and what is told, so reports may come in any order and more than once
 * (a join of a semilattice: commutative, associative, idempotent). What is in hand was promised, and what came back was sent:
 * `authorised ≥ captured + released` and `refunded ≥ reversed` hold.
 */
export const joined = (known: PaymentFigures, news: ToldFigures): PaymentFigures => {
  const largest = (of: keyof PaymentFigures): number => Math.max(known[of], news[of] ?? 0)
  const captured = largest("captured")
  const released = largest("released")
  const reversed = largest("reversed")
  return {
    authorised: Math.max(largest("authorised"), captured + released),
    captured,
    released,
    refunded: Math.max(largest("refunded"), reversed),
    reversed,
    chargedBack: largest("chargedBack")
  }
}

/** The status that a payment comes to: by what has gone furthest. */
export const statusOf = (payment: PaymentFigures & Pick<Payment, "expired" | "failure">): PaymentStatus => {
  const { authorised, captured, released, refunded, reversed, chargedBack, expired, failure } = payment
  if (captured > 0 || refunded > 0) {
    // What was paid out elsewhere, and all of it came back.
    if (captured === 0 && refunded === reversed) return "failed"
    if (refunded - reversed + chargedBack < captured || refunded - reversed + chargedBack === 0) return "captured"
    return chargedBack > 0 ? "charged-back" : "refunded"
  }
  if (authorised > 0) return released >= authorised ? "released" : expired === true ? "expired" : "authorised"
  return failure === undefined ? "pending" : "failed"
}

/** Takes an amount from several in turn, from each as much as it has: what is taken of each; `undefined` if they have not so much. */
export const takenFrom = (available: ReadonlyArray<number>, amount: number): ReadonlyArray<number> | undefined => {
  let left = amount
  const taken = available.map((some) => {
    const take = Math.min(some, left)
    left -= take
    return take
  })
  return left > 0 ? undefined : taken
}
