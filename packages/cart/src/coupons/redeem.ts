import { fail, Id, Money, money, operation, refuse, type Tx } from "@omni/core"
import type { PricedCart } from "@omni/pricing"
import * as z from "zod"

import type { CouponExhausted, CouponReserved, CouponSpent } from "../errors.ts"
import { type Coupon, CouponRedeemed, Redemptions } from "../model.ts"
import type { CartWithPrices } from "../priced-cart.ts"
import type { Settings } from "../settings.ts"
import { reached } from "./limits.ts"
import { couponNotFound, exhausted, notValid, reserved, spent } from "./refusals.ts"
import { couponCode } from "./series-code.ts"
import { againId, type CodeState, type CouponState, couponStates, type KnownCode, redemptionIds } from "./state.ts"
import { countUse, limitedOf, usedOf } from "./usage.ts"

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
   * one that was redeemed too often, or by another customer, is recorded as a discrepancy on replay. The amount counts in full against each promotion that the code
   * unlocks. Answers what the code stands for.
   * Errors: `CouponNotFound`, `CouponNotValid`, `CouponSpent`, `CouponReserved`, `CouponExhausted`.
   */
  redeemCoupon: operation("cart.redeemCoupon", { input: Redeem, fact: true }, function* (tx, { code, customer, order, amount }) {
    const redeemer: Redeemer = { order, ...ownerOf(customer), ...(amount === undefined ? {} : { amount }) }
    const basket = { id: order, ...ownerOf(customer) }
    const [state] = couponStates(tx, settings, { ...basket, order }, [code])
    if (state === undefined || state.status === "unknown") return yield* fail(couponNotFound(code))
    const keys = redemptionIds(tx, settings, state, basket)
    const { name, promotions, from, until, coupon } = state
    const known: KnownCode = {
      code,
      name,
      promotions,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(coupon === undefined ? {} : { coupon })
    }
    if (tx.getMany(Redemptions, [...keys, againId(code, order)]).some((row) => row?.order === order)) return known
    if (state.status === "other-customer") yield* refuse(tx, code, notValid(code, "other-customer"))
    if (from !== undefined && tx.now < from) yield* refuse(tx, code, notValid(code, "not-begun"))
    if (until !== undefined && tx.now >= until) yield* refuse(tx, code, notValid(code, "over"))
    if (state.status === "spent") yield* refuse(tx, code, spent(code, state.order))
    if (state.status === "reserved") yield* refuse(tx, code, reserved(code))
    for (const used of usedOf(tx, settings, basket, limitedOf(settings.codes.get(code) ?? [], [state])).values()) {
      const { limited } = used
      const { currency } = amount ?? money(0, currencyOf(limited.limits.budget))
      const given = { amount: amount?.amount ?? 0, currency }
      const reason = reached(used, currency, given.amount)
      if (reason !== undefined) yield* refuse(tx, code, exhausted(code, reason))
      countUse(tx, firstId(tx, settings, customer), limited, given)
    }
    record(tx, { code, ...originOf(coupon) }, keys[0], redeemer, isTaken(state))
    return known
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

/** A cart with what it is given. */
export interface GivenCart extends Pick<CartWithPrices, "cart"> {
  readonly coupons: ReadonlyArray<CodeState | CouponState>
  readonly priced: Pick<PricedCart, "currency" | "usage">
}

/** Redeems the coupons of a cart for an order, and counts what has limits. What gave nothing is not used up. */
export const redeemAll = (tx: Tx, settings: Settings, seen: GivenCart, order: string): void => {
  const { cart, coupons } = seen
  const { currency, usage } = seen.priced
  const limited = limitedOf(settings.promotions.promotions, coupons)
  for (const { promotion, amount } of usage) {
    const one = limited.get(promotion)
    if (one !== undefined) countUse(tx, firstId(tx, settings, cart.customer), one, { amount, currency })
  }
  const taken = new Set(coupons.flatMap((state) => (isTaken(state) ? [state.code] : [])))
  for (const { keys, promotions: _, amount, ...coupon } of givenCodes(tx, settings, seen))
    record(tx, coupon, keys[0], { cart: cart.id, order, amount, ...ownerOf(cart.customer) }, taken.has(coupon.code))
}

/** The codes of a cart that give something, with what each takes off in all and the keys that it is redeemed under. */
export const givenCodes = (tx: Tx, settings: Settings, { cart, coupons, priced: { currency, usage } }: GivenCart) =>
  coupons.flatMap((state) => {
    const uses = usage.filter(({ coupon }) => coupon === state.code)
    if (uses.length === 0 || state.status === "unknown") return []
    const amount = uses.reduce((sum, one) => sum + one.amount, 0)
    const keys = redemptionIds(tx, settings, state, cart)
    const promotions = uses.map(({ promotion }) => promotion)
    return [{ code: state.code, keys, promotions, amount: money(amount, currency), ...originOf(state.coupon) }]
  })

/** Where a coupon is from. */
const originOf = (coupon: Pick<Coupon, "campaign" | "series"> | undefined) => ({
  ...(coupon?.campaign === undefined ? {} : { campaign: coupon.campaign }),
  ...(coupon?.series === undefined ? {} : { series: coupon.series })
})

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
  const first = again ? tx.get(Redemptions, key) : undefined
  if (first !== undefined) tx.put(Redemptions, key, { ...first, again: [...(first.again ?? []), facts.order] })
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
