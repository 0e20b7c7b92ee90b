import { fail, Id, type Money, money, paged, query } from "@omni/core"
import * as z from "zod"

import { onAccountOf } from "../account/on-account.ts"
import { OrderNotFound } from "../errors.ts"
import { Orders } from "../model.ts"
import { owedOf } from "../refund.ts"
import { Disputes, DisputeStatus } from "./dispute-model.ts"
import { CheckoutNotFound, PaymentNotFound } from "./errors.ts"
import { sumOf } from "./figures.ts"
import {
  type Checkout,
  Checkouts,
  type Payment,
  PaymentEntries,
  type PaymentFigures,
  Payments,
  PaymentStatus,
  UnknownPayments
} from "./model.ts"
import { paymentsFor } from "./payments-for.ts"

/**
 * How an order is paid. `due` is what is still to come in: `owed` less what is on account and what is in hand, `captured − refunded + reversed − chargedBack`; below
 * zero it is owed to the customer.
 */
export interface OrderBalance {
  readonly order: string
  readonly total: Money
  /** The total, less what has been cancelled or come back, and what an exchange has paid. */
  readonly owed: Money
  readonly authorised: Money
  readonly captured: Money
  readonly released: Money
  readonly refunded: Money
  /** What was refunded and came back. */
  readonly reversed: Money
  /** What was lost in disputes. */
  readonly chargedBack: Money
  /** What open disputes are about: it is in hand, and cannot be refunded meanwhile. */
  readonly disputed: Money
  /** What the order's account owes of itself, by no payment: it comes in by the account's invoices. */
  readonly onAccount: Money
  readonly due: Money
  readonly payments: ReadonlyArray<Payment>
}

/** How an order is paid, by its payments. Errors: `OrderNotFound`. */
export const balance = query("payments.balance", z.object({ order: Id }), function* (view, { order: id }) {
  const found = view.get(Orders, id) ?? (yield* fail(OrderNotFound.of(id)))
  const { total } = found.totals
  const payments = paymentsFor(view, id)
  const sum = (of: keyof PaymentFigures | "disputed"): Money =>
    money(
      sumOf(payments, (row) => row[of]),
      total.currency
    )
  const figures = {
    authorised: sum("authorised"),
    captured: sum("captured"),
    released: sum("released"),
    refunded: sum("refunded"),
    reversed: sum("reversed"),
    chargedBack: sum("chargedBack"),
    disputed: sum("disputed")
  }
  const owed = owedOf(found)
  const has = figures.captured.amount - figures.refunded.amount + figures.reversed.amount - figures.chargedBack.amount
  const onAccount = money(onAccountOf(view, id), total.currency)
  const due = money(owed.amount - onAccount.amount - has, total.currency)
  return { order: id, total, owed, ...figures, onAccount, due, payments } satisfies OrderBalance
})

/** A checkout with its payments: what a page that waits for the money watches. */
export interface CheckoutView extends Omit<Checkout, "payments"> {
  readonly payments: ReadonlyArray<Payment>
}

/** A checkout as it stands. Errors: `CheckoutNotFound`. */
export const checkout = query("payments.checkout", z.object({ checkout: Id }), function* (view, { checkout: id }) {
  const found = view.get(Checkouts, id) ?? (yield* fail(CheckoutNotFound.of(id)))
  return { ...found, payments: view.getMany(Payments, found.payments).filter((row) => row !== undefined) } satisfies CheckoutView
})

/** A payment as it stands: what a page that waits for `payOrder` watches. Errors: `PaymentNotFound`. */
export const payment = query("payments.payment", z.object({ payment: Id }), function* (view, { payment: id }) {
  return view.get(Payments, id) ?? (yield* fail(PaymentNotFound.of(id)))
})

/** Payments about which somebody has to do something, latest first, in pages of 50 unless told: nothing goes on by itself. */
export const stuckPayments = query("payments.stuck", z.object({ ...paged }), function* (view, page) {
  return view.find(Payments, "stuck", { order: "desc", ...page })
})

/** Disputes of a status, oldest first, in pages of 50 unless told. */
export const disputesBy = query(
  "payments.disputesBy",
  z.object({ status: DisputeStatus, ...paged }),
  function* (view, { status, ...page }) {
    return view.find(Disputes, "status", { equals: [status], ...page })
  }
)

/** Disputes about an order's payments, oldest first, in pages of 50 unless told. */
export const disputesOf = query("payments.disputesOf", z.object({ order: Id, ...paged }), function* (view, { order, ...page }) {
  return view.find(Disputes, "order", { equals: [order], ...page })
})

/** Payments of a status, latest first, in pages of 50 unless told: what is promised and not captured, what failed. */
export const paymentsBy = query(
  "payments.paymentsBy",
  z.object({ status: PaymentStatus, ...paged }),
  function* (view, { status, ...page }) {
    return view.find(Payments, "status", { equals: [status], order: "desc", ...page })
  }
)

/** What happened to a payment, oldest first, in pages of 50 unless told. */
export const entries = query("payments.entries", z.object({ payment: Id, ...paged }), function* (view, { payment, ...page }) {
  return view.find(PaymentEntries, "payment", { equals: [payment], ...page })
})

/** What providers told of payments that nobody here has begun, latest first, in pages of 50 unless told: money to be looked after. */
export const unknownPayments = query("payments.unknown", z.object({ ...paged }), function* (view, page) {
  return view.find(UnknownPayments, "at", { order: "desc", ...page })
})
