import { collection, event, Id, Instant, Money, PositiveCount } from "@omni/core"
import { Promotion, PromotionValue } from "@omni/pricing/schema"
import * as z from "zod"

const Options = z.record(z.string().min(1).max(100), z.string().max(200)).readonly()

/** What the shop itself keeps with a line: an engraving, the campaign that led here. Lines that differ in it stay apart. */
export const Custom = z.record(z.string().min(1).max(100), z.union([z.string().max(2_000), z.number(), z.boolean()])).readonly()
export type Custom = z.infer<typeof Custom>

/** How many of one line there may be. */
export const LineQuantity = PositiveCount.max(1_000_000)

/**
 * So many of a variant, as chosen. `channel` is where it was put into the cart; `merged` are the ids of the lines that came into it with
 * other carts, which go on naming it.
 */
export const CartLine = z
  .object({
    id: Id,
    merged: z.array(Id).readonly().exactOptional(),
    variant: Id,
    product: Id,
    sku: Id,
    quantity: LineQuantity,
    options: Options,
    custom: Custom,
    channel: Id,
    addedAt: Instant
  })
  .readonly()
export type CartLine = z.infer<typeof CartLine>

/** The most lines of a cart. */
export const MOST_LINES = 1_000

/** `open` → `checked-out`, by an order; or → `merged`, into another cart, which stands for it from then on. */
export const CartStatus = z.enum(["open", "merged", "checked-out"])
export type CartStatus = z.infer<typeof CartStatus>

/** What somebody means to buy, on whatever channels. Prices are not in it: they are worked out whenever it is read. */
export const Cart = z
  .object({
    id: Id,
    /** The profile id; absent while the visitor is unknown. */
    customer: Id.exactOptional(),
    status: CartStatus,
    lines: z.array(CartLine).max(MOST_LINES).readonly(),
    /** Codes that were applied, in that order. */
    coupons: z.array(Id).max(20).readonly(),
    /** Where it was changed last; prices are those of this channel. */
    lastChannel: Id,
    mergedInto: Id.exactOptional(),
    order: Id.exactOptional(),
    createdAt: Instant,
    updatedAt: Instant
  })
  .readonly()
export type Cart = z.infer<typeof Cart>

/** Carts by id. */
export const Carts = collection("cart.carts", { schema: Cart, indexes: { customer: ["customer", "updatedAt"] } })

/** The open cart of a customer, by the customer's id: the row is why there is never more than one. */
export const LiveCarts = collection("cart.live", { schema: z.object({ cart: Id }).readonly() })

/** Codes by which another channel opens a cart, until they expire. */
export const HandOvers = collection("cart.hand-overs", { schema: z.object({ cart: Id, expiresAt: Instant }).readonly() })

/** How often a coupon may be redeemed: once by anybody, once by each customer, or any number of times. */
export const CouponUse = z.enum(["once", "once-per-customer", "unlimited"])
export type CouponUse = z.infer<typeof CouponUse>

const { name, target, condition, lines, products, from, until } = Promotion.unwrap().shape

/** What a coupon gives: see `Promotion` of `@omni/pricing`. */
export const couponGift = { name, target, value: PromotionValue, condition, lines, products, from, until }

/** A code and what it gives; personal when it names a customer. */
export const Coupon = z
  .object({ code: Id, customer: Id.exactOptional(), ...couponGift, use: CouponUse, campaign: Id.exactOptional(), issuedAt: Instant })
  .readonly()
export type Coupon = z.infer<typeof Coupon>

/** Coupons by code. */
export const Coupons = collection("cart.coupons", { schema: Coupon, indexes: { customer: ["customer", "issuedAt"] } })

/** Redemptions by `redemptionIds`: the row is why a coupon cannot be redeemed more often than it says. */
export const Redemptions = collection("cart.redemptions", {
  schema: z.object({ code: Id, cart: Id.exactOptional(), order: Id, customer: Id.exactOptional(), at: Instant }).readonly(),
  indexes: { code: ["code", "at"] }
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

/** A cart became an order; `value` is what it cost. Subject: the cart. */
export const CartCheckedOut = event("cart.CartCheckedOut", z.object({ ...cartFacts, order: Id }))

/** A cart went into another one, which stands for it from now on. Subject: the cart that is no more. */
export const CartMerged = event("cart.CartMerged", z.object({ from: Id, into: Id, customer: Id.exactOptional() }))

/** A coupon may be used. Subject: its customer, else the code. */
export const CouponIssued = event(
  "cart.CouponIssued",
  z.object({ code: Id, customer: Id.exactOptional(), name: z.string(), until: Instant.exactOptional(), campaign: Id.exactOptional() })
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
    campaign: Id.exactOptional()
  })
)
