import { collection, event, Id, Instant, Money, PositiveCount } from "@omni/core"
import { Promotion, PromotionValue } from "@omni/pricing/schema"
import * as z from "zod"

import { Limits } from "./coupons/limits.ts"
import { Name } from "./naming.ts"

/** How many options, and how many of its own data, a line may have. */
const MOST_KEYS = 100

const isSmall = (record: object): boolean => Object.keys(record).length <= MOST_KEYS
const tooMany = { error: `At most ${MOST_KEYS} entries` }

const Options = z.record(z.string().min(1).max(100), z.string().max(200)).refine(isSmall, tooMany).readonly()

/** What the shop itself keeps with a line: an engraving, the campaign that led here. Lines that differ in it stay apart. */
export const Custom = z
  .record(z.string().min(1).max(100), z.union([z.string().max(2_000), z.number(), z.boolean()]))
  .refine(isSmall, tooMany)
  .readonly()
export type Custom = z.infer<typeof Custom>

/** How many of one line there may be. */
export const MOST_PIECES = 1_000_000

/** So many of one line. */
export const LineQuantity = PositiveCount.max(MOST_PIECES)

const stamped = { id: Id, at: Instant, quantity: LineQuantity }

/** So many, at a time, by a change of this id: what changes of several devices are put in order by. */
export const Stamped = z.object(stamped).readonly()
export type Stamped = z.infer<typeof Stamped>

/** What one piece costs by a quote, from so many on, until its time is up; after that the price is the shop's. */
export const AgreedPrice = z.object({ quote: Id, unitPrice: Money, quantity: LineQuantity, until: Instant }).readonly()
export type AgreedPrice = z.infer<typeof AgreedPrice>

/**
 * So many of a variant, as chosen. `channel` is where it was put into the cart; `merged` are the ids of the lines that came into it with
 * other carts, which go on naming it. The quantity is what `set` says and what was added after it.
 */
export const CartLine = z
  .object({
    id: Id,
    merged: z.array(Id).readonly().exactOptional(),
    /** When somebody last said how many there are to be. */
    set: Stamped.exactOptional(),
    /** What was added since; absent when nothing was, or nothing but what the line began with. */
    adds: z.array(Stamped).readonly().exactOptional(),
    variant: Id,
    product: Id,
    sku: Id,
    quantity: LineQuantity,
    options: Options,
    custom: Custom,
    /** A price that a quote has agreed on, for so many or more. */
    agreed: AgreedPrice.exactOptional(),
    channel: Id,
    addedAt: Instant
  })
  .readonly()
export type CartLine = z.infer<typeof CartLine>

/** The most lines of a cart. */
export const MOST_LINES = 1_000

/** A line that was taken out, for good. Without a variant it was taken out before anybody here had heard of it. */
export const RemovedLine = z.object({ line: Id, variant: Id.exactOptional() }).readonly()
export type RemovedLine = z.infer<typeof RemovedLine>

/** What somebody said of a line that nobody here has heard of yet. */
export const WaitingLine = z.object({ line: Id, ...stamped }).readonly()
export type WaitingLine = z.infer<typeof WaitingLine>

/** A change that a device told before the time that it `said`: it counts as of `at`, also when it is told again. */
export const EarlyChange = z.object({ line: Id, id: Id, said: Instant, at: Instant }).readonly()
export type EarlyChange = z.infer<typeof EarlyChange>

/**
 * `open` → `checked-out`, by an order; or → `merged`, into another cart, which stands for it from then on; or → `expired`, when nobody has
 * changed it for as long as the app says.
 */
export const CartStatus = z.enum(["open", "merged", "checked-out", "expired"])
export type CartStatus = z.infer<typeof CartStatus>

/** What somebody means to buy, on whatever channels. Prices are not in it: they are worked out whenever it is read. */
export const Cart = z
  .object({
    id: Id,
    /** The profile id; absent while the visitor is unknown. */
    customer: Id.exactOptional(),
    status: CartStatus,
    /** By when they were added. */
    lines: z.array(CartLine).max(MOST_LINES).readonly(),
    removed: z.array(RemovedLine).readonly().exactOptional(),
    waiting: z.array(WaitingLine).readonly().exactOptional(),
    ahead: z.array(EarlyChange).readonly().exactOptional(),
    /** Codes that were applied, in that order. */
    coupons: z.array(Id).max(20).readonly(),
    /** Where it was changed last; prices are those of this channel. */
    lastChannel: Id,
    mergedInto: Id.exactOptional(),
    /** Carts that came into this one while they were being paid for: whatever buys this one calls that off. */
    joined: z.array(Id).readonly().exactOptional(),
    order: Id.exactOptional(),
    /** The cart that has what was put into this one while it was being paid for. */
    rest: Id.exactOptional(),
    /** When it was told that it was abandoned; absent again once somebody changes it. */
    abandonedAt: Instant.exactOptional(),
    createdAt: Instant,
    updatedAt: Instant
  })
  .readonly()
export type Cart = z.infer<typeof Cart>

/** Carts by id. */
export const Carts = collection("cart.carts", { schema: Cart, indexes: { customer: ["customer", "updatedAt"] } })

/**
 * The open cart of a customer, by the customer's id: the row is why there is never more than one. `before`: the one that was bought
 * last, whose lines do not come back by a retry.
 */
export const LiveCarts = collection("cart.live", { schema: z.object({ cart: Id.exactOptional(), before: Id.exactOptional() }).readonly() })

/** Codes by which another channel opens a cart, until they expire. */
export const HandOvers = collection("cart.hand-overs", { schema: z.object({ cart: Id, expiresAt: Instant }).readonly() })

/** How often a coupon may be redeemed: once by anybody, once by each customer, or any number of times. */
export const CouponUse = z.enum(["once", "once-per-customer", "unlimited"])
export type CouponUse = z.infer<typeof CouponUse>

const { id: _, coupon: _c, limits: _l, ...gift } = Promotion.unwrap().shape

/** What a coupon gives: all that a `Promotion` of `@omni/pricing` may say; its name may be by language. */
export const couponGift = { ...gift, name: Name, value: PromotionValue }

/** A code and what it gives; personal when it names a customer. */
export const Coupon = z
  .object({
    code: Id,
    customer: Id.exactOptional(),
    /** The series that it is one of: `limits` are then those of all its codes together. */
    series: Id.exactOptional(),
    ...couponGift,
    use: CouponUse,
    limits: Limits.exactOptional(),
    campaign: Id.exactOptional(),
    issuedAt: Instant
  })
  .readonly()
export type Coupon = z.infer<typeof Coupon>

/** Coupons by code. */
export const Coupons = collection("cart.coupons", { schema: Coupon, indexes: { customer: ["customer", "issuedAt"] } })

/** Codes by the million that give the same. The first `count` that the app's secret makes are good, and those that were imported. */
export const CouponSeries = Coupon.unwrap()
  .omit({ code: true, customer: true })
  .extend({ series: Id, count: z.int().nonnegative() })
  .readonly()
export type CouponSeries = z.infer<typeof CouponSeries>

/** Series of coupons by name. */
export const SeriesRows = collection("cart.coupon-series", { schema: CouponSeries })

/** Which series an imported code is of. */
export const SeriesCodes = collection("cart.series-codes", { schema: z.object({ series: Id }).readonly() })

/** What a coupon was redeemed for. `again`: the orders that it was given for once too often. `tooManyAt`: it had been redeemed as often as it may be, and was given all the same, by a till that could not know. */
export const Redemption = z
  .object({
    code: Id,
    cart: Id.exactOptional(),
    order: Id,
    customer: Id.exactOptional(),
    at: Instant,
    tooManyAt: Instant.exactOptional(),
    again: z.array(Id).readonly().exactOptional()
  })
  .readonly()
export type Redemption = z.infer<typeof Redemption>

/** Redemptions by `redemptionIds`: the row is why a coupon cannot be redeemed more often than it says. */
export const Redemptions = collection("cart.redemptions", {
  schema: Redemption,
  indexes: { code: ["code", "at"], tooMany: ["tooManyAt"] }
})

const EventLines = z.array(z.object({ line: Id, variant: Id, product: Id, sku: Id, quantity: PositiveCount }).readonly()).readonly()

const cartFacts = {
  cart: Id,
  customer: Id.exactOptional(),
  value: Money,
  lines: EventLines,
  lastChannel: Id,
  coupons: z.array(Id).readonly()
}

/** A cart has other lines, coupons, or another owner; `value` is what it costs now, with tax. Subject: the cart. */
export const CartUpdated = event("cart.CartUpdated", z.object(cartFacts))

/** A cart was opened on another channel, by the code that handed it over. Subject: the cart. */
export const CartOpened = event("cart.CartOpened", z.object({ cart: Id, customer: Id.exactOptional(), channel: Id }))

/** A cart became an order; `value` is what it cost. `rest` is the cart that has what was added while it was being paid for. Subject: the cart. */
export const CartCheckedOut = event("cart.CartCheckedOut", z.object({ ...cartFacts, order: Id, rest: Id.exactOptional() }))

/**
 * Nobody has changed a cart for as long as its channel lets it wait; `code` opens it again, for a link in a message, until `codeExpiresAt`.
 * Told once until somebody changes it. Subject: the cart.
 */
export const CartAbandoned = event("cart.CartAbandoned", z.object({ ...cartFacts, code: Id, codeExpiresAt: Instant, idleSince: Instant }))

/** Somebody has changed or bought a cart that was abandoned. Subject: the cart. */
export const CartRecovered = event(
  "cart.CartRecovered",
  z.object({ cart: Id, customer: Id.exactOptional(), channel: Id, abandonedAt: Instant })
)

/** A cart with something in it is over, for nobody has changed it for too long. Subject: the cart. */
export const CartExpired = event("cart.CartExpired", z.object({ ...cartFacts, idleSince: Instant }))

/** A cart went into another one, which stands for it from now on. Subject: the cart that is no more. */
export const CartMerged = event("cart.CartMerged", z.object({ from: Id, into: Id, customer: Id.exactOptional() }))

/** A coupon may be used. Subject: its customer, else the code. */
export const CouponIssued = event(
  "cart.CouponIssued",
  z.object({ code: Id, customer: Id.exactOptional(), name: z.string(), until: Instant.exactOptional(), campaign: Id.exactOptional() })
)

/** A series of coupons has so many codes now. Subject: the series. */
export const SeriesIssued = event(
  "cart.SeriesIssued",
  z.object({ series: Id, name: z.string(), count: z.int().nonnegative(), until: Instant.exactOptional(), campaign: Id.exactOptional() })
)

/** A coupon took `amount` off an order; the amount and the cart are absent when it was redeemed elsewhere and they are not known. Subject: the customer of the cart, else the code. */
export const CouponRedeemed = event(
  "cart.CouponRedeemed",
  z.object({
    code: Id,
    customer: Id.exactOptional(),
    cart: Id.exactOptional(),
    order: Id,
    amount: Money.exactOptional(),
    campaign: Id.exactOptional(),
    series: Id.exactOptional(),
    /** It was one too many, given by a till that could not know. */
    tooMany: z.boolean().exactOptional()
  })
)

/** A coupon may be used again, for the whole order that it was redeemed for is cancelled. Subject: the customer of the order, else the code. */
export const CouponRestored = event(
  "cart.CouponRestored",
  z.object({
    code: Id,
    customer: Id.exactOptional(),
    order: Id,
    amount: Money,
    campaign: Id.exactOptional(),
    series: Id.exactOptional()
  })
)
