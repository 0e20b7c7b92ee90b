import { fail, Id, Money, money, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import type { CouponExhausted, CouponSpent } from "../errors.ts"
import { type Coupon, CouponRedeemed, Redemptions } from "../model.ts"
import type { CartWithPrices } from "../priced-cart.ts"
import type { Settings } from "../settings.ts"
import { exceeds, reached } from "./limits.ts"
import { exhausted, couponNotFound, notValid, spent } from "./refusals.ts"
import { couponCode } from "./series-code.ts"
import { againId, couponStates, redemptionIds } from "./state.ts"
import { countUse, couponLimits, limitedOf, usedOf } from "./usage.ts"

const Redeem = z.object({
  code: Id.transform(couponCode).pipe(Id),
  customer: Id.exactOptional(),
  /** What it was redeemed for: the order, receipt or basket; the same one again changes nothing. */
  order: Id,
  amount: Money.exactOptional()
})

/** Who redeems, for what. */
interface Redeemer {
  readonly id: string
  readonly cart?: string
  readonly customer?: string
  readonly order: string
  readonly amount?: Money
}

/** What is done with coupons when something was sold. */
export const redeemOperations = (settings: Settings) => ({
  /**
   * Redeems a coupon for something that was sold elsewhere: at a till of another system, in a history that is imported. It is a fact:
   * one that was redeemed too often, or by another customer, is recorded as a discrepancy on replay.
   * Errors: `CouponNotFound`, `CouponNotValid`, `CouponSpent`, `CouponExhausted`.
   */
  redeemCoupon: operation("cart.redeemCoupon", { input: Redeem, fact: true }, function* (tx, { code, customer, order, amount }) {
    const redeemer: Redeemer = { id: order, order, ...ownerOf(customer), ...(amount === undefined ? {} : { amount }) }
    const [state] = couponStates(tx, settings, redeemer, [code])
    if (state === undefined || state.status === "unknown") return yield* fail(couponNotFound(code))
    const { coupon } = state
    const keys = [...redemptionIds(tx, settings, coupon, redeemer), againId(code, order)]
    if (tx.getMany(Redemptions, keys).some((known) => known?.order === order)) return coupon
    if (state.status === "other-customer") yield* refuse(tx, code, notValid(code, "other-customer"))
    if (coupon.from !== undefined && tx.now < coupon.from) yield* refuse(tx, code, notValid(code, "not-begun"))
    if (coupon.until !== undefined && tx.now >= coupon.until) yield* refuse(tx, code, notValid(code, "over"))
    if (state.status === "spent") yield* refuse(tx, code, spent(code, state.order))
    const limited = couponLimits(coupon)
    const discount = amount === undefined ? undefined : { amount: -amount.amount, currency: amount.currency }
    for (const used of usedOf(tx, settings, redeemer, new Map([[code, limited]])).get(code) ?? []) {
      const reason = reached(used) ?? (discount !== undefined && exceeds(used, discount) ? "budget" : undefined)
      if (reason !== undefined) yield* refuse(tx, code, exhausted(code, reason))
    }
    countUse(tx, settings, redeemer, limited, discount)
    record(tx, settings, coupon, redeemer, state.status === "spent")
    return coupon
  })
})

/**
 * Refuses coupons that somebody else, or this customer, has redeemed or used up since they were applied. What was sold already is recorded,
 * also promotions that were given beyond their limits.
 */
export function* unspent(
  tx: Tx,
  { cart, coupons, exhausted: over, priced }: CartWithPrices
): Generator<CouponSpent | CouponExhausted, void, unknown> {
  for (const state of coupons) {
    if (state.status === "spent") yield* refuse(tx, cart.id, spent(state.code, state.order))
    if (state.status === "exhausted") yield* refuse(tx, cart.id, exhausted(state.code, state.reason))
  }
  for (const { promotion, reason } of over)
    if (priced.discounts.some((one) => one.promotion === promotion)) yield* refuse(tx, cart.id, exhausted(promotion, reason))
}

/** Redeems the coupons of a cart for an order, and counts what has limits. What gave nothing is not used up. */
export const redeemAll = (tx: Tx, settings: Settings, { cart, coupons, priced }: CartWithPrices, order: string): void => {
  const limited = limitedOf(settings, settings.promotions, coupons)
  for (const discount of priced.discounts) countUse(tx, settings, cart, limited.get(discount.promotion) ?? [], discount)
  for (const state of coupons) {
    const discount = priced.discounts.find(({ coupon }) => coupon === state.code)
    if (discount === undefined || !("coupon" in state)) continue
    const amount = money(-discount.amount, discount.currency)
    const redeemer = { id: cart.id, cart: cart.id, order, amount, ...ownerOf(cart.customer) }
    record(tx, settings, state.coupon, redeemer, state.status === "spent")
  }
}

/** The first redemption keeps its row; one too many, which has happened all the same, gets one of its own. */
const record = (tx: Tx, settings: Settings, coupon: Coupon, redeemer: Redeemer, again: boolean): void => {
  const { id: _, amount, ...facts } = redeemer
  const { code, campaign, series } = coupon
  const [key] = redemptionIds(tx, settings, coupon, redeemer)
  const row = { code, ...facts, at: tx.now, ...(again ? { tooManyAt: tx.now } : {}) }
  tx.put(Redemptions, again ? againId(code, redeemer.order) : key, row)
  tx.emit(CouponRedeemed, redeemer.customer ?? code, {
    code,
    ...facts,
    ...(amount === undefined ? {} : { amount }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(series === undefined ? {} : { series }),
    ...(again ? { tooMany: true } : {})
  })
}

const ownerOf = (customer: string | undefined) => (customer === undefined ? {} : { customer })
