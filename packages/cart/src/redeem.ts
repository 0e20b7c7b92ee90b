import { fail, Id, Money, money, operation, refuse, type Tx } from "@omni/core"
import * as z from "zod"

import { againId, couponCode, couponStates, redemptionIds } from "./coupon-state.ts"
import { couponNotFound, notValid, spent } from "./coupons.ts"
import type { CouponSpent } from "./errors.ts"
import { type Coupon, CouponRedeemed, Redemptions } from "./model.ts"
import type { CartWithPrices } from "./priced-cart.ts"
import type { Settings } from "./settings.ts"

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
   * Errors: `CouponNotFound`, `CouponNotValid`, `CouponSpent`.
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
    record(tx, settings, coupon, redeemer, state.status === "spent")
    return coupon
  })
})

/** Refuses coupons that somebody else, or this customer, has redeemed since they were applied. */
export function* unspent(tx: Tx, { cart, coupons }: CartWithPrices): Generator<CouponSpent, void, unknown> {
  for (const state of coupons) if (state.status === "spent") yield* refuse(tx, cart.id, spent(state.code, state.order))
}

/** Redeems the coupons of a cart for an order. What gave nothing is not used up. */
export const redeemAll = (tx: Tx, settings: Settings, { cart, coupons, priced }: CartWithPrices, order: string): void => {
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
  const { code, campaign } = coupon
  const [key] = redemptionIds(tx, settings, coupon, redeemer)
  tx.put(Redemptions, again ? againId(code, redeemer.order) : key, { code, ...facts, at: tx.now })
  tx.emit(CouponRedeemed, redeemer.customer ?? code, {
    code,
    ...facts,
    ...(amount === undefined ? {} : { amount }),
    ...(campaign === undefined ? {} : { campaign })
  })
}

const ownerOf = (customer: string | undefined) => (customer === undefined ? {} : { customer })
