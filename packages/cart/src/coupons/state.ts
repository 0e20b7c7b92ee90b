import type { Locale, Money } from "@omni/core"
import type { Promotion, SkippedPromotion } from "@omni/pricing"

import { CouponHolds } from "../checkout/model.ts"
import type { Reader } from "../find.ts"
import { type Cart, type Coupon, Coupons, type CouponSeries, Redemptions, SeriesCodes, SeriesRows } from "../model.ts"
import { anyName, nameFor } from "../naming.ts"
import type { Settings } from "../settings.ts"
import type { LimitReached } from "./limits.ts"
import { readSeriesCode } from "./series-code.ts"

/**
 * The keys that a redemption may lie under, that of a new one first: a coupon has one for all, or one for each customer, whom it may
 * have been redeemed by under any of the customer's ids; or one for each cart.
 */
export const redemptionIds = (
  reader: Reader,
  { identities }: Settings,
  { code, coupon: { use } = { use: "unlimited" } }: Pick<KnownCode, "code"> & { readonly coupon?: Pick<Coupon, "use"> },
  { id, customer }: Pick<Cart, "id" | "customer">
): readonly [string, ...ReadonlyArray<string>] => {
  if (use === "once") return [redemptionId(code)]
  const [first, ...others] = use === "unlimited" || customer === undefined ? [id] : identities(reader, customer)
  return [redemptionId(code, first), ...others.map((by) => redemptionId(code, by))]
}

const redemptionId = (...parts: ReadonlyArray<string>): string => JSON.stringify(parts)

/** The keys that a redemption of a code may lie under, whatever the coupon is. */
export const possibleRedemptions = (code: string, by: ReadonlyArray<string>): ReadonlyArray<string> => [
  redemptionId(code),
  ...by.map((id) => redemptionId(code, id))
]

/** The key of a redemption too many, which has happened all the same. */
export const againId = (code: string, order: string): string => redemptionId(code, "again", order)

/** What a code stands for: a coupon, or promotions that the app has set up. */
export interface KnownCode {
  readonly code: string
  /** What the customer reads. */
  readonly name: string
  /** The promotions that it unlocks, as prices name them. */
  readonly promotions: ReadonlyArray<string>
  readonly from?: number
  readonly until?: number
  /** Absent for a code of promotions that the app has set up. */
  readonly coupon?: Coupon
}

/**
 * A code and what can be said of it without a price. A spent one names the order that it was redeemed for; a reserved one is being paid with in the checkout of
 * another cart, and comes back if nothing comes of that.
 */
export type CodeState =
  | (KnownCode & { readonly status: "usable" })
  | (KnownCode & { readonly status: "reserved" | "other-customer" })
  | (KnownCode & { readonly status: "spent"; readonly order: string })
  | (KnownCode & { readonly status: "exhausted"; readonly reason: LimitReached })
  | { readonly code: string; readonly status: "unknown" }

/** Why a code that may be used gives nothing, as a code, with the distance where that is all, and as a sentence in the language of who reads it. */
export interface GivesNothing {
  readonly reason: SkippedPromotion["code"]
  readonly message: string
  readonly short?: NonNullable<SkippedPromotion["short"]>
  /** The promotion that stands in its place. */
  readonly by?: string
}

/**
 * A code of a cart and what becomes of it: `usable`, it takes `amount` off, which is nothing for a gift; `waiting`, it may be used, and gives nothing to the cart
 * as it is, for a `reason`; or it may not be used.
 */
export type CouponState =
  | (KnownCode & { readonly status: "usable"; readonly amount: Money })
  | (KnownCode & GivesNothing & { readonly status: "waiting" })
  | (KnownCode & { readonly status: "reserved" | "other-customer" })
  | Extract<CodeState, { readonly status: "spent" | "exhausted" | "unknown" }>

/** In which language names are read, and which is the channel's. */
export interface Reading {
  readonly locale: Locale
  readonly own: Locale
}

interface Known extends Pick<Settings, "secret" | "codes" | "promotions"> {
  /** Absent where nobody reads what a code is called. */
  readonly reading?: Reading
}

/** The state of codes for a cart, in their order, but for limits. Two loads; more where the ids of the customer have to be known. */
export const couponStates = (
  reader: Reader,
  settings: Settings & Pick<Known, "reading">,
  cart: Pick<Cart, "id" | "customer" | "order">,
  codes: ReadonlyArray<string>
): ReadonlyArray<CodeState> => {
  const known = knownCodes(reader, settings, codes)
  const keys = known.flatMap((one) =>
    one === undefined ? [] : redemptionIds(reader, settings, one, cart).map((key) => ({ code: one.code, key }))
  )
  const ids = keys.map(({ key }) => key)
  reader.prefetch?.(CouponHolds, ids)
  const redemptions = reader.getMany(Redemptions, ids)
  const spent = new Map(redemptions.flatMap((redemption) => (redemption === undefined ? [] : [[redemption.code, redemption.order]])))
  const held = reader.getMany(CouponHolds, ids)
  const reserved = new Set(keys.flatMap(({ code }, at) => (held[at] === undefined || held[at].cart === cart.id ? [] : [code])))
  return codes.map((code, at): CodeState => {
    const one = known[at]
    if (one === undefined) return { code, status: "unknown" }
    const order = spent.get(code)
    if (order !== undefined && order !== cart.order) return { ...one, status: "spent", order }
    if (reserved.has(code)) return { ...one, status: "reserved" }
    if (!isFor(reader, settings, one, cart)) return { ...one, status: "other-customer" }
    return { ...one, status: "usable" }
  })
}

/** What codes stand for, aligned; a coupon comes before promotions of the app with the same code, which are given beside it. */
const knownCodes = (
  reader: Pick<Reader, "get" | "getMany">,
  settings: Known,
  codes: ReadonlyArray<string>
): ReadonlyArray<KnownCode | undefined> => {
  const { reading } = settings
  const named = (name: Coupon["name"]) => (reading === undefined ? anyName(name) : nameFor(name, reading.locale, reading.own))
  return couponsOf(reader, settings, codes).map((found, at): KnownCode | undefined => {
    const code = codes[at]!
    // To prices a coupon is the promotion of its code: one that the app has set up under this name since holds.
    const coupon = settings.promotions.promotions.some(({ id }) => id === code) ? undefined : found
    const own = settings.codes.get(code) ?? []
    if (coupon === undefined && own.length === 0) return undefined
    const from = Math.min(...(coupon === undefined ? own : [coupon]).map((one) => one.from ?? -Infinity))
    const until = Math.max(...(coupon === undefined ? own : [coupon]).map((one) => one.until ?? Infinity))
    return {
      code,
      name: coupon === undefined ? own.map(({ name }) => name).join(", ") : named(coupon.name),
      promotions: [...(coupon === undefined ? [] : [code]), ...own.map(({ id }) => id)],
      ...(from === -Infinity ? {} : { from }),
      ...(until === Infinity ? {} : { until }),
      ...(coupon === undefined ? {} : { coupon })
    }
  })
}

/** The coupons that codes stand for, aligned: issued one by one, of a series, or imported into one. */
export const couponsOf = (
  reader: Pick<Reader, "get" | "getMany">,
  { secret }: Pick<Settings, "secret">,
  codes: ReadonlyArray<string>
): ReadonlyArray<Coupon | undefined> => {
  const read = codes.map((code) => readSeriesCode(secret, code))
  const others = codes.filter((_, at) => read[at] === undefined)
  const series = [...new Set(read.flatMap((one) => one?.series ?? []))]
  const single = new Map(reader.getMany(Coupons, others).map((coupon, at) => [others[at]!, coupon]))
  const unknown = others.filter((code) => single.get(code) === undefined)
  const imported = new Map(reader.getMany(SeriesCodes, unknown).map((row, at) => [unknown[at]!, row?.series]))
  const ids = [...new Set([...series, ...[...imported.values()].flatMap((id) => id ?? [])])]
  const rows = new Map(reader.getMany(SeriesRows, ids).map((row, at) => [ids[at]!, row]))
  return codes.map((code, at) => {
    const own = read[at]
    if (own !== undefined) {
      const row = rows.get(own.series)
      return row !== undefined && own.serial < row.count ? ofSeries(row, code) : undefined
    }
    const row = rows.get(imported.get(code) ?? "")
    return single.get(code) ?? (row === undefined ? undefined : ofSeries(row, code))
  })
}

const ofSeries = (series: CouponSeries, code: string): Coupon => {
  const { count: _, ...given } = series
  return { ...given, code }
}

const isFor = (reader: Reader, { identities }: Settings, { coupon }: KnownCode, { customer }: Pick<Cart, "customer">): boolean => {
  if (coupon?.customer === undefined || coupon.customer === customer) return true
  return customer !== undefined && identities(reader, customer).includes(coupon.customer)
}

/** Rows come again with every cart: what is made of them is kept as long as they are, and is checked and compiled once. */
const promotions = /* @__PURE__ */ new WeakMap<Coupon, Promotion>()

/** The promotion that a coupon is, for pricing. Its id is its code. */
export const promotionOf = (coupon: Coupon, { locale, own }: Reading): Promotion => {
  const known = promotions.get(coupon)
  const name = nameFor(coupon.name, locale, own)
  if (known?.name === name) return known
  const { customer: _c, use: _u, campaign: _m, series: _s, issuedAt: _i, code, ...gift } = coupon
  const made: Promotion = { id: code, coupon: code, ...gift, name }
  promotions.set(coupon, made)
  return made
}
