import type { Money } from "@omni/core"
import type { Shortage } from "@omni/inventory"
import type { SkipCode } from "@omni/pricing"

import type { LimitReached } from "../coupons/limits.ts"
import type { CouponState } from "../coupons/state.ts"
import type { Missing } from "../offers.ts"
import type { CartWithPrices } from "../priced-cart.ts"
import { type ChargeShown, type Shown, shownOf } from "./shown.ts"

/** What was shown, absent when it was not there; and what it is now, absent when it is not there any more. */
interface Differs<T> {
  readonly before?: T
  readonly now?: T
}

/** Why a promotion that was shown is not given any more: pricing's reasons, what became of its coupon, a limit that it has reached. */
export type PromotionGone = SkipCode | Exclude<CouponState["status"], "usable" | "waiting" | "exhausted"> | LimitReached

/**
 * One thing that is not as it was shown. `line`: its price or its quantity; `charge`: shipping, a fee, a deposit; `promotion`: how much it takes off. `stock` and `unavailable`
 * are the two that nobody can agree to: of an article there are not so many, or it is not sold any more.
 */
export type CheckoutChange =
  | ({ readonly kind: "line"; readonly line: string } & Differs<{ readonly quantity: number; readonly amount: Money }>)
  | { readonly kind: "unavailable"; readonly line: string; readonly variant: string; readonly reason: Missing }
  | ({ readonly kind: "stock"; readonly lines: ReadonlyArray<string>; readonly short: Shortage["code"] } & Omit<Shortage, "code">)
  | ({ readonly kind: "promotion"; readonly promotion: string; readonly name: string; readonly why?: PromotionGone } & Differs<Money>)
  | ({ readonly kind: "gift"; readonly promotion: string; readonly name: string; readonly why?: PromotionGone } & Differs<number>)
  | ({ readonly kind: "charge"; readonly charge: Omit<ChargeShown, "amount"> } & Differs<Money>)
  | ({ readonly kind: "tax" } & Required<Differs<Money>>)

/** What of a cart stands in the way of buying it: what is not sold any more, and what is short. */
export const obstacles = ({ cart, unavailable }: CartWithPrices, shortages: ReadonlyArray<Shortage>): ReadonlyArray<CheckoutChange> => [
  ...unavailable.map((one) => ({ kind: "unavailable", ...one }) as const),
  ...shortages.map(({ code: short, ...about }) => {
    const lines = cart.lines.filter(({ sku }) => sku === about.sku).map(({ id }) => id)
    return { kind: "stock", lines, short, ...about } as const
  })
]

/** All that differs from what was shown, in the order in which it is there now, then what is gone. */
export const differences = (before: Shown, seen: CartWithPrices): ReadonlyArray<CheckoutChange> => {
  const now = shownOf(seen)
  const untold = new Set(seen.unavailable.map(({ line }) => line))
  const goneBy = (promotion: string) => why(seen, promotion)
  return [
    ...differing(before.lines, now.lines, ({ line }) => line)
      .filter(({ key }) => !untold.has(key))
      .map(
        ({ key: line, ...both }) => ({ kind: "line", line, ...mapped(both, ({ quantity, amount }) => ({ quantity, amount })) }) as const
      ),
    ...differing(before.charges, now.charges, (one) => JSON.stringify(nameOf(one))).map(
      ({ any, ...both }) => ({ kind: "charge", charge: nameOf(any), ...mapped(both, ({ amount }) => amount) }) as const
    ),
    ...differing(before.discounts, now.discounts, ({ promotion }) => promotion).map(
      ({ any: { name }, key, ...both }) =>
        ({ kind: "promotion", promotion: key, name, ...goneBy(key), ...mapped(both, ({ amount }) => amount) }) as const
    ),
    ...differing(before.gifts, now.gifts, ({ promotion }) => promotion).map(
      ({ any: { name }, key, ...both }) =>
        ({ kind: "gift", promotion: key, name, ...goneBy(key), ...mapped(both, ({ quantity }) => quantity) }) as const
    ),
    ...(isSame(before.tax, now.tax) ? [] : [{ kind: "tax", before: before.tax, now: now.tax } as const])
  ]
}

interface Pair<T> extends Differs<T> {
  readonly key: string
  /** What it is now, or else was. */
  readonly any: T
}

/** What is not the same in two lists, by its key. */
const differing = <T extends object>(
  before: ReadonlyArray<T>,
  now: ReadonlyArray<T>,
  keyOf: (one: T) => string
): ReadonlyArray<Pair<T>> => {
  const known = new Map(before.map((one) => [keyOf(one), one]))
  const there = new Set(now.map(keyOf))
  return [
    ...now.flatMap((one): ReadonlyArray<Pair<T>> => {
      const key = keyOf(one)
      const old = known.get(key)
      if (old === undefined) return [{ key, any: one, now: one }]
      return isSame(valueOf(old), valueOf(one)) ? [] : [{ key, any: one, before: old, now: one }]
    }),
    ...before.flatMap((one): ReadonlyArray<Pair<T>> => (there.has(keyOf(one)) ? [] : [{ key: keyOf(one), any: one, before: one }]))
  ]
}

/** What of something is compared: not what it is called. */
const valueOf = (one: object): object => ({ ...one, name: undefined })

const isSame = (a: object, b: object): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))

const sorted = (value: unknown): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value)
        .filter(([, one]) => one !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, one]) => [key, sorted(one)])
    : value

const mapped = <T, U>({ before, now }: Differs<T>, of: (one: T) => U): Differs<U> => ({
  ...(before === undefined ? {} : { before: of(before) }),
  ...(now === undefined ? {} : { now: of(now) })
})

const nameOf = ({ kind, id, line }: ChargeShown): Omit<ChargeShown, "amount"> => ({ kind, id, ...(line === undefined ? {} : { line }) })

/** Why a promotion is not given, where it is not. */
const why = ({ coupons, exhausted, priced }: CartWithPrices, promotion: string): { readonly why?: PromotionGone } => {
  const state = coupons.find((one) => one.code === promotion || (one.status !== "unknown" && one.promotions.includes(promotion)))
  const limit = state?.status === "exhausted" ? state.reason : exhausted.find((one) => one.promotion === promotion)?.reason
  const reason = limit ?? lostBy(state) ?? priced.skipped.find((one) => one.promotion === promotion)?.code
  return reason === undefined ? {} : { why: reason }
}

/** What became of a coupon that cannot be used any more. */
const lostBy = (state: CouponState | undefined): PromotionGone | undefined =>
  state === undefined || state.status === "usable" || state.status === "waiting" || state.status === "exhausted" ? undefined : state.status
