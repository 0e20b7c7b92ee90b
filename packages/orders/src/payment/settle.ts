import type { Tx } from "@omni/core"
import { releaseHold } from "@omni/inventory"

import { onAccountOf } from "../account/on-account.ts"
import type { Order } from "../model.ts"
import { orderOf, placeWithout } from "../place.ts"
import { owedOf } from "../refund.ts"
import type { OrderRequest } from "../request.ts"
import { leaveReference } from "../shipping/places.ts"
import { orderOfCart } from "./cart-order.ts"
import { CartOrdered } from "./errors.ts"
import { standing, takenFrom } from "./figures.ts"
import { CartCheckouts, type Checkout, CheckoutClosed, Checkouts, OrderPayments, type Payment, Payments } from "./model.ts"
import { captureFrom, giveBack, tenderRequest } from "./move.ts"
import { paymentsFor } from "./payments-for.ts"
import type { CheckoutEnd, CheckoutState, PaymentSettings } from "./settings.ts"

/**
 * Does what follows from how the payments of a checkout stand: once they cover its total, the order is placed in this very commit. What
 * comes beyond that, or when nothing is sold any more, is given back.
 */
export const settle = (tx: Tx, settings: PaymentSettings, checkout: Checkout): Checkout => {
  const payments = tx.getMany(Payments, checkout.payments).filter((row) => row !== undefined)
  const isLate = checkout.status === "lapsed" || (checkout.status === "open" && checkout.expiresAt <= tx.now)
  const buys = (checkout.status === "open" || isLate) && (!isLate || settings.late === "rehold") && !isOvertaken(tx, checkout)
  if (!buys) {
    for (const payment of payments) if (payment.order === undefined && hasCome(payment)) giveBack(tx, settings, payment)
    return checkout
  }
  const wanted = payments.filter(({ unwanted }) => unwanted !== true)
  const shares = takenFrom(wanted.map(standing), checkout.total.amount)
  if (shares === undefined || (shares.length === 0 && checkout.total.amount > 0)) {
    // What nobody wants goes back, and what was promised when the time was up: a part buys nothing, and nobody waits for the rest.
    for (const payment of payments)
      if (standing(payment) > 0 && (payment.unwanted === true || checkout.status === "lapsed")) giveBack(tx, settings, payment)
    return checkout
  }
  const placed = placeFor(tx, settings, checkout)
  if (!("order" in placed)) return notPlaced(tx, settings, checkout, payments, placed.error)
  // An order that was there already (the same external id) may be paid already, or be on account.
  const before = placed.isNew ? [] : paymentsFor(tx, placed.order.id)
  const promised = placed.isNew ? 0 : onAccountOf(tx, placed.order.id)
  const missing = owedOf(placed.order).amount - promised - before.reduce((sum, row) => sum + standing(row), 0)
  const parts = takenFrom(wanted.map(standing), Math.max(0, Math.min(checkout.total.amount, missing)))!
  return paid(tx, settings, checkout, placed.order, { payments, wanted, shares: parts, before })
}

/** A checkout as it may be told of. */
export const stateOf = (checkout: Checkout): CheckoutState => {
  const { request: _, ...state } = checkout
  return state
}

/** Another checkout of the same cart was begun since: this one buys nothing any more, or the cart would be bought twice. */
const isOvertaken = (tx: Tx, { id, cart }: Checkout): boolean => {
  const row = cart === undefined ? undefined : tx.get(CartCheckouts, cart)
  return row !== undefined && row.checkout !== id
}

const hasCome = (payment: Payment): boolean => standing(payment) > 0 || payment.unwanted !== true

interface Cover {
  readonly payments: ReadonlyArray<Payment>
  readonly wanted: ReadonlyArray<Payment>
  readonly shares: ReadonlyArray<number>
  readonly before: ReadonlyArray<Payment>
}

const paid = (
  tx: Tx,
  settings: PaymentSettings,
  checkout: Checkout,
  order: Order,
  { payments, wanted, shares, before }: Cover
): Checkout => {
  const used = wanted.filter((_, i) => shares[i]! > 0)
  const noted = before.length === 0 ? {} : tx.get(OrderPayments, order.id)
  tx.put(OrderPayments, order.id, { ...noted, payments: [...before, ...used].map(({ id }) => id) })
  // The order has done without it.
  if (checkout.hold !== undefined && order.hold !== checkout.hold) tx.attempt(releaseHold(tx, { hold: checkout.hold }))
  // The order has it now, and a guest's address is to be nowhere else.
  const { request: _, ...rest } = checkout
  const row = tx.put(Checkouts, checkout.id, { ...rest, status: "placed", order: order.id })
  for (const payment of payments) {
    if (!used.includes(payment)) {
      giveBack(tx, settings, payment)
      continue
    }
    const owned = tx.put(Payments, payment.id, { ...payment, order: order.id })
    const tender = settings.tenders.get(owned.provider)
    tender?.prefetch?.(tx, tenderRequest(owned, 0), order.id)
    tender?.placed?.(tx, tenderRequest(owned, standing(owned)), order.id)
    if (settings.capture !== "on-placement") continue
    // What is in hand already needs no capture.
    const share = shares[wanted.indexOf(payment)]!
    captureFrom(tx, settings, owned, Math.max(0, share - owned.captured), true)
  }
  return row
}

const placeFor = (
  tx: Tx,
  settings: PaymentSettings,
  checkout: Checkout
): { readonly order: Order; readonly isNew: boolean } | { readonly error: { readonly message: string } } => {
  const { request, hold } = checkout
  // The customer was erased, and with him what he wanted; or it came too late.
  if (request === undefined)
    return { error: { message: "What was wanted is not known any more: the customer was erased, or it came too late." } }
  // The same order of another system is the same purchase; any other one is a second one.
  const other = orderOfCart(tx, request.cart)
  if (other !== undefined && (request.external === undefined || orderOf(tx, request.external)?.id !== other.id))
    return { error: CartOrdered.of(request.cart!, other.id) }
  const isNew = request.external === undefined || orderOf(tx, request.external) === undefined
  if (hold !== undefined) {
    const kept = tx.attempt(placeAndTell(tx, settings, checkout, { ...request, hold }))
    if (kept.ok) return { order: kept.value, isNew }
  }
  // The hold is over: what is there now does as well.
  const taken = tx.attempt(placeAndTell(tx, settings, checkout, request))
  return taken.ok ? { order: taken.value, isNew } : { error: taken.error }
}

/** The order, and what else has to be done in its commit: both, or neither. */
function* placeAndTell(tx: Tx, { checkouts }: PaymentSettings, checkout: Checkout, request: OrderRequest) {
  const order = yield* placeWithout(tx, request, checkout.giftsMissing ?? [])
  if (checkouts !== undefined) yield* checkouts.placed(tx, stateOf(checkout), order)
  return order
}

const notPlaced = (
  tx: Tx,
  settings: PaymentSettings,
  checkout: Checkout,
  payments: ReadonlyArray<Payment>,
  error: { readonly message: string }
): Checkout => {
  for (const payment of payments) giveBack(tx, settings, payment)
  return closeCheckout(tx, settings, checkout, "cancelled", "not-placed", error.message)
}

/** Nobody comes in the slots that it had places in; what has taken its place has them now. */
const leaveSlots = (tx: Tx, checkout: Checkout): void => {
  if (isOvertaken(tx, checkout)) return
  const { request } = checkout
  const asked = [request?.fulfilment, ...(request?.fulfilments ?? [])]
  for (const plan of asked) {
    const reference = plan !== undefined && "slot" in plan ? plan.slot?.reference : undefined
    if (reference !== undefined) leaveReference(tx, reference)
  }
}

/** Ends a checkout that is open, or had lapsed; its goods are free again. */
export const closeCheckout = (
  tx: Tx,
  { checkouts }: PaymentSettings,
  checkout: Checkout,
  status: "lapsed" | "cancelled",
  cause: CheckoutEnd,
  reason?: string
): Checkout => {
  const { hold, customer, cart } = checkout
  if (hold !== undefined) tx.attempt(releaseHold(tx, { hold }))
  if (cause !== "replaced") leaveSlots(tx, checkout)
  tx.emit(CheckoutClosed, checkout.id, {
    checkout: checkout.id,
    ...(customer === undefined ? {} : { customer }),
    ...(cart === undefined ? {} : { cart }),
    cause,
    ...(reason === undefined ? {} : { reason })
  })
  checkouts?.closed(tx, stateOf(checkout), cause)
  const { request, ...rest } = checkout
  return tx.put(Checkouts, checkout.id, { ...rest, status, ...(status === "lapsed" && request !== undefined ? { request } : {}) })
}
