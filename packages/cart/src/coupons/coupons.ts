import { type Channel, fail, Id, type Money, money, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { secretText } from "../code/code.ts"
import { cartRef, openCart, refOf } from "../find.ts"
import { foreseePricing } from "../foresee.ts"
import { type Cart, type Coupon, couponGift, CouponIssued, Coupons, CouponUse } from "../model.ts"
import { anyName } from "../naming.ts"
import { type CartWithPrices, pricedCart } from "../priced-cart.ts"
import { saveCart } from "../save.ts"
import { channelOf, type Settings } from "../settings.ts"
import { asPromotion } from "./gift.ts"
import { type LimitReached, Limits, reached } from "./limits.ts"
import { codeInUse, type CouponRefused, exhausted, MOST_COUPONS, notValid, reasonOf, refusalOf, type RefusalReason } from "./refusals.ts"
import { couponCode } from "./series-code.ts"
import { isOwn } from "./series.ts"
import { type CodeState, couponStates, couponsOf, type GivesNothing } from "./state.ts"
import { countTries, mayTry, triesLeft } from "./tries.ts"
import { limitedOf, usedOf } from "./usage.ts"

const Code = Id.transform(couponCode).pipe(Id)
const on = { ...cartRef, channel: Id.exactOptional() }

const Issue = z
  .object({
    ...couponGift,
    target: couponGift.target.default("order"),
    code: Code.exactOptional(),
    customer: Id.exactOptional(),
    use: CouponUse.default("once"),
    limits: Limits.exactOptional(),
    campaign: Id.exactOptional()
  })
  .superRefine(asPromotion)

/**
 * What became of a code that somebody has entered: `applied`, and takes so much off; `waiting`, on the cart, and gives nothing to it as it is; or `refused`. The last
 * two with a reason: a code, and a sentence.
 */
export type CouponOutcome =
  | { readonly code: string; readonly status: "applied"; readonly amount: Money }
  | ({ readonly code: string; readonly status: "waiting" } & (GivesNothing | { readonly reason: LimitReached; readonly message: string }))
  | {
      readonly code: string
      readonly status: "refused"
      readonly reason: RefusalReason
      readonly error: CouponRefused["_tag"] | "TooManyTries"
      readonly message: string
    }

/** A cart after codes were entered, and what became of each. */
export interface CouponsApplied extends CartWithPrices {
  readonly outcomes: ReadonlyArray<CouponOutcome>
}

/** What is done with coupons and carts. Each answers the cart with its prices. */
export const couponOperations = (settings: Settings) => ({
  /**
   * Makes a coupon: personal when it names a customer, good for one redemption unless told. Without a code of the caller's own it gets
   * one of ten letters and digits, which nobody can guess where the app has a secret. Issuing the same again changes nothing.
   * Errors: `CodeInUse`.
   */
  issueCoupon: issueWith(settings),

  /**
   * Puts a coupon on a cart; it is redeemed when the cart is checked out. One that is on it already changes nothing. It counts no wrong
   * codes, for what is refused leaves no trace: it is for programs and staff. What shoppers type goes to `applyCoupons`.
   * Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `CouponNotFound`, `CouponNotValid`, `CouponSpent`, `CouponReserved`,
   * `CouponExhausted`, `TooManyTries`, `PricingError`.
   */
  applyCoupon: operation("cart.applyCoupon", z.object({ ...on, code: Code }), function* (tx, { cart: id, customer, channel: named, code }) {
    const channel = yield* channelOf(tx, settings, named)
    const cart = yield* openCart(tx, settings, refOf(id, customer))
    foreseePricing(tx, settings, channel, cart, [...cart.coupons, code])
    yield* mayTry(tx, cart)
    for (const state of statesOf(tx, settings, channel, cart, [code])) {
      const error = refusalOf(state, tx.now)
      if (error !== undefined) return yield* fail(error)
    }
    if (cart.coupons.includes(code)) return yield* pricedCart(tx, cart, { settings, channel })
    if (cart.coupons.length >= MOST_COUPONS) return yield* fail(notValid(code, "too-many"))
    return yield* saveCart(tx, settings, channel, { ...cart, coupons: [...cart.coupons, code] })
  }),

  /**
   * Tries up to 20 codes that somebody has typed, and answers what became of each. Wrong ones count: after ten in a minute no more are looked at, and the cart is
   * refused until a minute after the first of them. Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `TooManyTries`, `PricingError`.
   */
  applyCoupons: operation(
    "cart.applyCoupons",
    z.object({ ...on, codes: z.array(Code).min(1).max(MOST_COUPONS) }),
    function* (tx, { cart: id, customer, channel: named, codes: given }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      const codes = [...new Set(given)]
      foreseePricing(tx, settings, channel, cart, [...cart.coupons, ...codes])
      yield* mayTry(tx, cart)
      const applied = new Set(cart.coupons)
      const refused = new Map<string, CouponOutcome>()
      const tries = triesLeft(tx, cart)
      for (const state of statesOf(tx, settings, channel, cart, codes)) {
        const { code } = state
        const isFull = !applied.has(code) && applied.size >= MOST_COUPONS
        if (refused.size >= tries) refused.set(code, notTried(code))
        else {
          const error = refusalOf(state, tx.now) ?? (isFull ? notValid(code, "too-many") : undefined)
          if (error === undefined) applied.add(code)
          else refused.set(code, { code, status: "refused", reason: reasonOf(error), error: error._tag, message: error.message })
        }
      }
      countTries(tx, cart, Math.min(refused.size, tries))
      const seen =
        applied.size === cart.coupons.length
          ? yield* pricedCart(tx, cart, { settings, channel })
          : yield* saveCart(tx, settings, channel, { ...cart, coupons: [...applied] })
      const answer: CouponsApplied = { ...seen, outcomes: codes.map((code) => refused.get(code) ?? outcomeOf(code, seen)) }
      return answer
    }
  ),

  /** Takes a coupon off a cart; nothing happens when it is not on it. Errors: `CartNotFound`, `CartClosed`, `ChannelNotFound`, `PricingError`. */
  removeCoupon: operation(
    "cart.removeCoupon",
    z.object({ ...on, code: Code }),
    function* (tx, { cart: id, customer, channel: named, code }) {
      const channel = yield* channelOf(tx, settings, named)
      const cart = yield* openCart(tx, settings, refOf(id, customer))
      if (!cart.coupons.includes(code)) return yield* pricedCart(tx, cart, { settings, channel })
      return yield* saveCart(tx, settings, channel, { ...cart, coupons: cart.coupons.filter((one) => one !== code) })
    }
  )
})

/** `issueCoupon` of an app: with its secret, if it has one. */
const issueWith = (settings: Pick<Settings, "secret"> & Partial<Pick<Settings, "promotions" | "codes">>) =>
  operation("cart.issueCoupon", Issue, function* (tx, { code: own, ...given }) {
    const code = own ?? couponCode(freshCode(settings, tx))
    const known = tx.get(Coupons, code)
    const coupon: Coupon = { ...given, code, issuedAt: known?.issuedAt ?? tx.now }
    if (known !== undefined) return isSame(known, coupon) ? known : yield* fail(codeInUse(code))
    const { promotions, codes } = settings
    if (promotions !== undefined && codes !== undefined && isOwn({ promotions, codes }, code)) return yield* fail(codeInUse(code))
    // A code of a series would never be looked up here.
    if (couponsOf(tx, { secret: settings.secret }, [code])[0] !== undefined) return yield* fail(codeInUse(code))
    const { customer, name, until, campaign } = given
    tx.emit(CouponIssued, customer ?? code, {
      code,
      name: anyName(name),
      ...(customer === undefined ? {} : { customer }),
      ...(until === undefined ? {} : { until }),
      ...(campaign === undefined ? {} : { campaign })
    })
    return tx.put(Coupons, code, coupon)
  })

/** See `issueCoupon` of the module; for packages and flows that compose it, without the app's secret. */
export const issueCoupon = issueWith({ secret: undefined })

const freshCode = ({ secret }: Pick<Settings, "secret">, tx: Tx): string => {
  const id = tx.newId("c")
  return secret === undefined ? id.slice(-10) : secretText(secret, `coupon ${id}`, 10)
}

/** The state of codes for a cart, with their limits. */
const statesOf = (
  tx: Tx,
  settings: Settings,
  { currency }: Channel,
  cart: Cart,
  codes: ReadonlyArray<string>
): ReadonlyArray<CodeState> => {
  const states = couponStates(tx, settings, cart, codes)
  const ofCodes = settings.promotions.promotions.filter(({ coupon }) => coupon !== undefined)
  const used = usedOf(tx, settings, cart, limitedOf(ofCodes, states))
  return states.map((state): CodeState => {
    if (state.status !== "usable") return state
    const reasons = state.promotions.map((id) => {
      const one = used.get(id)
      return one === undefined ? undefined : reached(one, currency)
    })
    const [reason] = reasons
    return reason !== undefined && reasons.every((one) => one !== undefined) ? { ...state, status: "exhausted", reason } : state
  })
}

/** What became of a code that is on the cart. */
const outcomeOf = (code: string, { coupons, priced: { currency } }: CartWithPrices): CouponOutcome => {
  const state = coupons.find((one) => one.code === code)
  if (state?.status === "exhausted")
    return { code, status: "waiting", reason: state.reason, message: exhausted(code, state.reason).message }
  if (state?.status !== "waiting")
    return { code, status: "applied", amount: state?.status === "usable" ? state.amount : money(0, currency) }
  const { reason, message, short, by } = state
  return { code, status: "waiting", reason, message, ...(short === undefined ? {} : { short }), ...(by === undefined ? {} : { by }) }
}

const notTried = (code: string): CouponOutcome => ({
  code,
  status: "refused",
  reason: "too-many-tries",
  error: "TooManyTries",
  message: `"${code}" was not looked at, for too many codes before it were wrong. Try it again in a minute.`
})

const isSame = (a: Coupon, b: Coupon): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (coupon: Coupon) => Object.entries(coupon).sort(([a], [b]) => (a < b ? -1 : 1))
