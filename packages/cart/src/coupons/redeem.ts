import { fail, Id, Money, money, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import type { CouponExhausted, CouponReserved, CouponSpent } from "../errors.ts"
import { type Coupon, CouponRedeemed, Redemptions } from "../model.ts"
import type { CartWithPrices } from "../priced-cart.ts"
import type { Settings } from "../settings.ts"
import { reached } from "./limits.ts"
import { couponNotFound, exhausted, notValid, reserved, spent } from "./refusals.ts"
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
export interface Redeemer {
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
   * Errors: `CouponNotFound`, `CouponNotValid`, `CouponSpent`, `CouponReserved`, `CouponExhausted`.
   */
  redeemCoupon: operation("cart.redeemCoupon", { input: Redeem, fact: true }, function* (tx, { code, customer, order, amount }) {
    const redeemer: Redeemer = { order, ...ownerOf(customer), ...(amount === undefined ? {} : { amount }) }
    const basket = { id: order, ...ownerOf(customer) }
    const [state] = couponStates(tx, settings, { ...basket, order }, [code])
    if (state === undefined || state.status === "unknown") return yield* fail(couponNotFound(code))
    const { coupon } = state
    const keys = redemptionIds(tx, settings, coupon, basket)
    if (tx.getMany(Redemptions, [...keys, againId(code, order)]).some((known) => known?.order === order)) return coupon
    if (state.status === "other-customer") yield* refuse(tx, code, notValid(code, "other-customer"))
    if (coupon.from !== undefined && tx.now < coupon.from) yield* refuse(tx, code, notValid(code, "not-begun"))
    if (coupon.until !== undefined && tx.now >= coupon.until) yield* refuse(tx, code, notValid(code, "over"))
    if (state.status === "spent") yield* refuse(tx, code, spent(code, state.order))
    if (state.status === "reserved") yield* refuse(tx, code, reserved(code))
    const limited = couponLimits(coupon)
    if (limited !== undefined) {
      const { currency } = amount ?? money(0, currencyOf(limited.limits.budget))
      const given = { amount: amount?.amount ?? 0, currency }
      for (const used of usedOf(tx, settings, basket, new Map([[code, limited]])).values()) {
        const reason = reached(used, currency, given.amount)
        if (reason !== undefined) yield* refuse(tx, code, exhausted(code, reason))
      }
      countUse(tx, firstId(tx, settings, customer), limited, given)
    }
    record(tx, coupon, keys[0], redeemer, isTaken(state))
    return coupon
  })
})

/** A currency of a budget, to ask what is left of it. */
const currencyOf = (budget: object | undefined) => (Object.keys(budget ?? {})[0] ?? "EUR") as Money["currency"]

/** The id that a customer's use is counted under. */
export const firstId = (tx: Tx, { identities }: Settings, customer: string | undefined): string | undefined =>
  customer === undefined ? undefined : identities(tx, customer)[0]

/**
 * Refuses coupons that somebody else, or this customer, has redeemed, keeps or has used up since they were applied. What was sold already is
 * recorded, also promotions that were given beyond their limits.
 */
export function* unspent(
  tx: Tx,
  { cart, coupons, exhausted: over, priced }: CartWithPrices
): Generator<CouponSpent | CouponReserved | CouponExhausted, void, unknown> {
  for (const state of coupons) {
    if (state.status === "spent") yield* refuse(tx, cart.id, spent(state.code, state.order))
    if (state.status === "reserved") yield* refuse(tx, cart.id, reserved(state.code))
    if (state.status === "exhausted") yield* refuse(tx, cart.id, exhausted(state.code, state.reason))
  }
  for (const { promotion, reason } of over)
    if (priced.usage.some((one) => one.promotion === promotion)) yield* refuse(tx, cart.id, exhausted(promotion, reason))
}

/** Redeems the coupons of a cart for an order, and counts what has limits. What gave nothing is not used up. */
export const redeemAll = (tx: Tx, settings: Settings, { cart, coupons, priced }: CartWithPrices, order: string): void => {
  const { currency, usage } = priced
  const limited = limitedOf(settings.promotions.promotions, coupons)
  for (const { promotion, amount } of usage) {
    const one = limited.get(promotion)
    if (one !== undefined) countUse(tx, firstId(tx, settings, cart.customer), one, { amount, currency })
  }
  for (const state of coupons) {
    const given = usage.find(({ coupon }) => coupon === state.code)
    if (given === undefined || !("coupon" in state)) continue
    const redeemer = { cart: cart.id, order, amount: money(given.amount, currency), ...ownerOf(cart.customer) }
    record(tx, state.coupon, redemptionIds(tx, settings, state.coupon, cart)[0], redeemer, isTaken(state))
  }
}

/** Whether somebody else has a coupon, or is about to: what was given all the same is one too many. */
const isTaken = ({ status }: { readonly status: string }): boolean => status === "spent" || status === "reserved"

/** The first redemption keeps its row; one too many, which has happened all the same, gets one of its own. */
export const record = (
  tx: Tx,
  { code, campaign, series }: Pick<Coupon, "code" | "campaign" | "series">,
  key: string,
  { amount, ...facts }: Redeemer,
  again: boolean
): void => {
  const row = { code, ...facts, at: tx.now, ...(again ? { tooManyAt: tx.now } : {}) }
  tx.put(Redemptions, again ? againId(code, facts.order) : key, row)
  tx.emit(CouponRedeemed, facts.customer ?? code, {
    code,
    ...facts,
    ...(amount === undefined ? {} : { amount }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(series === undefined ? {} : { series }),
    ...(again ? { tooMany: true } : {})
  })
}

/** Whose something is, where that is known. */
export const ownerOf = (customer: string | undefined) => (customer === undefined ? {} : { customer })
