import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { couponCode, type CouponState, couponStates } from "./coupon-state.ts"
import { CodeInUse, CouponNotFound, CouponNotValid, CouponSpent } from "./errors.ts"
import { cartRef, openCart } from "./find.ts"
import { refOf } from "./lines.ts"
import { type Cart, type Coupon, couponGift, CouponIssued, Coupons, CouponUse } from "./model.ts"
import { pricedCart } from "./priced-cart.ts"
import { saveCart } from "./save.ts"
import { channelOf, type Settings } from "./settings.ts"

const Code = Id.transform(couponCode).pipe(Id)

/** How many codes a cart may have. */
const MOST = 20

/**
 * Makes a coupon: personal when it names a customer, good for one redemption unless told. Without a code of the caller's own it gets
 * one of ten letters and digits. Issuing the same again changes nothing. Errors: `CodeInUse`.
 */
export const issueCoupon = operation(
  "cart.issueCoupon",
  z.object({
    ...couponGift,
    target: couponGift.target.default("order"),
    code: Code.exactOptional(),
    customer: Id.exactOptional(),
    use: CouponUse.default("once"),
    campaign: Id.exactOptional()
  }),
  function* (tx, { code: own, ...given }) {
    const code = own ?? couponCode(tx.newId("c").slice(-10))
    const known = tx.get(Coupons, code)
    const coupon: Coupon = { ...given, code, issuedAt: known?.issuedAt ?? tx.now }
    if (known !== undefined) return isSame(known, coupon) ? known : yield* fail(codeInUse(code))
    const { customer, name, until, campaign } = given
    tx.emit(CouponIssued, customer ?? code, {
      code,
      name,
      ...(customer === undefined ? {} : { customer }),
      ...(until === undefined ? {} : { until }),
      ...(campaign === undefined ? {} : { campaign })
    })
    return tx.put(Coupons, code, coupon)
  }
)

/** What is done with coupons and carts. Each answers the cart with its prices. */
export const couponOperations = (settings: Settings) => ({
  issueCoupon,

  /**
   * Puts a coupon on a cart; it is redeemed when the cart is checked out. One that is on it already changes nothing.
   * Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `CouponNotFound`, `CouponNotValid`, `CouponSpent`, `PricingError`.
   */
  applyCoupon: operation(
    "cart.applyCoupon",
    z.object({ ...cartRef, channel: Id.exactOptional(), code: Code }),
    function* (tx, { cart: id, customer, channel: named, code }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      const [state] = couponStates(tx, settings, cart, [code])
      if (state !== undefined) yield* usable(tx, cart, state)
      if (cart.coupons.includes(code)) return yield* pricedCart(tx, cart, { settings, channel })
      if (cart.coupons.length >= MOST) return yield* fail(notValid(code, "too-many"))
      return yield* saveCart(tx, settings, channel, { ...cart, coupons: [...cart.coupons, code] })
    }
  ),

  /** Takes a coupon off a cart; nothing happens when it is not on it. Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `PricingError`. */
  removeCoupon: operation(
    "cart.removeCoupon",
    z.object({ ...cartRef, channel: Id.exactOptional(), code: Code }),
    function* (tx, { cart: id, customer, channel: named, code }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      if (!cart.coupons.includes(code)) return yield* pricedCart(tx, cart, { settings, channel })
      return yield* saveCart(tx, settings, channel, { ...cart, coupons: cart.coupons.filter((one) => one !== code) })
    }
  )
})

function* usable(tx: Tx, cart: Cart, state: CouponState): Generator<CouponNotFound | CouponNotValid | CouponSpent, void, unknown> {
  const { code } = state
  if (state.status === "unknown") return yield* fail(couponNotFound(code))
  if (state.status === "spent") return yield* fail(spent(code, state.order))
  const { from, until } = state.coupon
  if (state.status === "other-customer") return yield* fail(notValid(code, "other-customer"))
  if (from !== undefined && tx.now < from) return yield* fail(notValid(code, "not-begun"))
  if (until !== undefined && tx.now >= until) return yield* fail(notValid(code, "over"))
}

const reasons: Readonly<Record<CouponNotValid["reason"], string>> = {
  "not-begun": "is not valid yet",
  over: "is not valid any more",
  "other-customer": "is personal, and not this customer's",
  "too-many": `is one more than the ${MOST} that a cart may have`
}

/** The refusal of a coupon that cannot be used now, or not by this customer. */
export const notValid = (code: string, reason: CouponNotValid["reason"]): CouponNotValid =>
  new CouponNotValid({ code, reason, message: `The coupon "${code}" ${reasons[reason]}.` })

/** The refusal of a code that is no coupon's. */
export const couponNotFound = (code: string): CouponNotFound => new CouponNotFound({ code, message: `There is no coupon "${code}".` })

/** The refusal of a coupon that was redeemed before. */
export const spent = (code: string, order: string): CouponSpent =>
  new CouponSpent({ code, order, message: `The coupon "${code}" was redeemed for the order "${order}" already. Take it off the cart.` })

const codeInUse = (code: string): CodeInUse =>
  new CodeInUse({ code, message: `There is a coupon "${code}" already, which gives something else. Choose another code.` })

const isSame = (a: Coupon, b: Coupon): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (coupon: Coupon) => Object.entries(coupon).sort(([a], [b]) => (a < b ? -1 : 1))
