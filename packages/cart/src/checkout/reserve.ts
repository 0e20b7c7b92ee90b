import { fail, type Tx } from "@omni/core"
import type { Order } from "@omni/orders"

import { reached, Usages } from "../coupons/limits.ts"
import { firstId, type GivenCart, givenCodes, ownerOf, record } from "../coupons/redeem.ts"
import { exhausted, reserved, spent } from "../coupons/refusals.ts"
import { countOf, countUse, limitedOf } from "../coupons/usage.ts"
import type { CouponExhausted, CouponReserved, CouponSpent } from "../errors.ts"
import { Redemptions } from "../model.ts"
import type { Settings } from "../settings.ts"
import { noteUses } from "./cancelled.ts"
import { foreseeKept } from "./foresee-kept.ts"
import { CouponHolds, type Reservation, Reservations } from "./model.ts"

/** Why what a checkout needs cannot be kept for it. */
export type NotKept = CouponSpent | CouponReserved | CouponExhausted

/** What is to be kept for a cart at these prices: what gives nothing is not used up. */
export const reservationOf = (tx: Tx, settings: Settings, seen: GivenCart, channel: string): Reservation => {
  const { cart, coupons } = seen
  const { currency, usage } = seen.priced
  const limited = limitedOf(settings.promotions.promotions, coupons)
  const customer = firstId(tx, settings, cart.customer)
  return {
    cart: cart.id,
    ...ownerOf(cart.customer),
    held: true,
    channel,
    lines: cart.lines,
    codes: cart.coupons,
    coupons: givenCodes(tx, settings, seen),
    uses: usage.flatMap(({ promotion, amount }) => {
      const one = limited.get(promotion)
      return one === undefined ? [] : [{ promotion, limited: one, ...ownerOf(customer), amount, currency }]
    })
  }
}

/**
 * Keeps for a cart the coupons and the share of limited promotions that its price is made of: nobody else gets them until they are redeemed or let go.
 * Errors: `NotKept`.
 */
export function* keep(tx: Tx, reservation: Reservation): Generator<NotKept, void, unknown> {
  const { cart, coupons, uses } = reservation
  foreseeKept(tx, reservation)
  for (const { code, keys: own } of coupons) {
    const redeemed = tx.getMany(Redemptions, own).find((row) => row !== undefined)
    if (redeemed !== undefined) return yield* fail(spent(code, redeemed.order))
    if (tx.getMany(CouponHolds, own).some((row) => row !== undefined && row.cart !== cart)) return yield* fail(reserved(code))
  }
  for (const { promotion, limited, customer, amount, currency } of uses) {
    const used = countOf(limited, customer === undefined ? [] : [customer], (id) => tx.get(Usages, id))
    const reason = reached(used, currency, amount)
    if (reason !== undefined) return yield* fail(exhausted(promotion, reason))
    countUse(tx, customer, limited, { amount, currency })
  }
  for (const { keys: own } of coupons) tx.put(CouponHolds, own[0]!, { cart })
  tx.put(Reservations, cart, { ...reservation, held: true })
}

/** Lets go what is kept: others may have it. What was in the cart stays known, for money that comes late. */
export const letGoKept = (tx: Tx, reservation: Reservation): void => {
  if (!reservation.held) return
  foreseeKept(tx, reservation)
  freeCoupons(tx, reservation)
  for (const { limited, customer, amount, currency } of reservation.uses) countUse(tx, customer, limited, { amount, currency }, -1)
  tx.put(Reservations, reservation.cart, { ...reservation, held: false })
}

/** Redeems what is kept for an order: limits have been counted when it was kept. What was kept for a gift that the order goes without is let go. */
export const redeemKept = (
  tx: Tx,
  reservation: Reservation,
  { id: order, giftsMissing = [] }: Pick<Order, "id" | "giftsMissing">
): void => {
  const { cart, customer, coupons, uses } = reservation
  const gone = new Set(giftsMissing.map(({ gift }) => gift))
  foreseeKept(tx, reservation)
  freeCoupons(tx, reservation)
  for (const { promotion, limited, customer: by, amount, currency } of uses)
    if (gone.has(promotion)) countUse(tx, by, limited, { amount, currency }, -1)
  const given = coupons.filter(({ promotions = [] }) => promotions.length === 0 || promotions.some((id) => !gone.has(id)))
  noteUses(tx, order, { coupons: given, uses: uses.filter(({ promotion }) => !gone.has(promotion)) })
  for (const { keys, promotions: _, amount, ...coupon } of given)
    record(tx, coupon, keys[0]!, { cart, ...ownerOf(customer), order, amount }, false)
  tx.remove(Reservations, cart)
}

const freeCoupons = (tx: Tx, { cart, coupons }: Reservation): void => {
  for (const { keys } of coupons) if (tx.get(CouponHolds, keys[0]!)?.cart === cart) tx.remove(CouponHolds, keys[0]!)
}
