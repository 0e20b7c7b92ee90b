import type { Payment, PaymentFigures, PaymentStatus } from "./model.ts"

/** A payment that has just begun. */
export const NOTHING_YET = {
  authorised: 0,
  captured: 0,
  released: 0,
  refunded: 0,
  asked: { captured: 0, released: 0, refunded: 0 },
  status: "pending" as const
}

/** What was promised and neither captured nor released; nothing of it is asked for yet. */
export const capturable = ({ authorised, captured, released, asked }: Pick<Payment, keyof PaymentFigures | "asked">): number =>
  Math.max(0, authorised - Math.max(captured, asked.captured) - Math.max(released, asked.released))

/** What is in hand and not on its way back. */
export const refundable = ({ captured, refunded, asked }: Pick<Payment, "captured" | "refunded" | "asked">): number =>
  Math.max(0, captured - Math.max(refunded, asked.refunded))

/** What is in hand, or on its way there, and not on its way back. */
export const inHand = ({ captured, refunded, asked }: Pick<Payment, "captured" | "refunded" | "asked">): number =>
  Math.max(captured, asked.captured) - Math.max(refunded, asked.refunded)

/** What a payment is good for: promised or in hand, and not given back. */
export const standing = (payment: Pick<Payment, keyof PaymentFigures | "asked">): number =>
  capturable(payment) + Math.max(0, Math.max(payment.captured, payment.asked.captured) - Math.max(payment.refunded, payment.asked.refunded))

/** What somebody tells of figures, as far as he knows them. */
export type ToldFigures = { readonly [F in keyof PaymentFigures]?: number | undefined }

/**
 * Takes a report over. Each figure is the larger of what is known and what is told, so reports may come in any order and more than once
 * (a join of a semilattice: commutative, associative, idempotent). What is in hand was promised: `authorised ≥ captured + released` holds.
 */
export const joined = (known: PaymentFigures, told: ToldFigures): PaymentFigures => {
  const largest = (of: keyof PaymentFigures): number => Math.max(known[of], told[of] ?? 0)
  const captured = largest("captured")
  const released = largest("released")
  return { authorised: Math.max(largest("authorised"), captured + released), captured, released, refunded: largest("refunded") }
}

/** The status that figures come to: by what has gone furthest. */
export const statusOfFigures = ({ authorised, captured, released, refunded }: PaymentFigures, hasFailed: boolean): PaymentStatus => {
  if (captured > 0) return refunded >= captured ? "refunded" : "captured"
  if (authorised > 0) return released >= authorised ? "released" : "authorised"
  return hasFailed ? "failed" : "pending"
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
