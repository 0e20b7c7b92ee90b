import type { PriorPriceRule } from "@omni/catalog"
import { Channel, checkOptions, days, Duration, type EventType, fail, type Json, type KnownOptions, minutes, type Tx } from "@omni/core"
import type { PriceCriterion, Promotion, PromotionSet, RoundingPolicy, TaxPolicy } from "@omni/pricing"
import * as schema from "@omni/pricing/schema"
import * as z from "zod"

import type { PaymentsPort } from "./checkout/port.ts"
import { codeSecret } from "./code/code.ts"
import { ChannelNotFound } from "./errors.ts"
import { MergePolicy } from "./merge-lines.ts"
import { type NamedPromotion, promotionsFor, type PromotionsFor } from "./named-promotions.ts"
import { ShopPolicies } from "./policies/model.ts"

/** Who buys, as price lists and the conditions of promotions ask. */
export interface Buyer {
  readonly country?: string
  /** The customer groups that he belongs to. */
  readonly groups?: ReadonlyArray<string>
  /** The company account that is bought for. */
  readonly company?: string
  /** What conditions of promotions read as `customer`. */
  readonly facts?: Readonly<Record<string, Json>>
}

/** What an app says about its carts. */
export interface CartOptions {
  /** Where carts are filled and checked out; each says in which currency. */
  readonly channels: ReadonlyArray<Channel>
  /** Everywhere the same, or by channel. */
  readonly tax: TaxPolicy | ((channel: Channel) => TaxPolicy)
  /** Commercial rounding for each line unless told. */
  readonly rounding?: RoundingPolicy
  /**
   * What every cart gets whose conditions hold, before its coupons; one that names a `coupon` only where that code was entered, however it was written. Their
   * `limits` are enforced in the commit that sells. A list, or what `definePromotions` made of one. Names may be by language, as those of products are.
   */
  readonly promotions?: ReadonlyArray<NamedPromotion> | PromotionSet
  /**
   * Who buys, by the customer of the cart (`undefined` for somebody unknown): a function over what operations and queries read with, of `@omni/profile` or
   * the app's own. Without it a cart gets the prices that are for everybody on its channel.
   */
  readonly audience?: (reader: Pick<Tx, "get" | "getMany">, customer: string | undefined, channel: Channel) => Buyer
  /** What makes the better of two prices: see `PricingContext` of `@omni/pricing`. */
  readonly priceOrder?: ReadonlyArray<PriceCriterion>
  /** How the price before a reduction is found: that of the catalog. */
  readonly priorPrice?: PriorPriceRule
  /** The operations of `payments()`, which `startCheckout` is paid by: `const pay = payments({ …, checkouts: cartCheckouts })`, then `pay.operations`. */
  readonly payments?: PaymentsPort
  /** What the shop promises, for every client to read: see the query `policies`. What is checked out may come back on its terms. */
  readonly policies?: ShopPolicies
  /** How quantities come together when carts merge: `max` unless told. */
  readonly merge?: MergePolicy
  /**
   * At least 32 random characters by which codes are made that nobody can guess: of coupon series, links and recovered carts. Keep it: without
   * it the codes that were given out are no codes any more. It is nowhere in the store.
   */
  readonly secret?: string
  /** How long a code to hand over a cart is good for: 10 minutes unless told. */
  readonly handOver?: Duration
  /**
   * After how long without a change a cart with something in it counts as abandoned, milliseconds: everywhere the same, or by the channel
   * where it was changed last; `undefined` for never. Never unless told.
   */
  readonly idle?: Duration | ((channel: Channel) => Duration | undefined)
  /** After how long without a change a cart is over; never unless told. */
  readonly expiry?: Duration
  /**
   * What is given back of an order that is cancelled as a whole: its coupons may be used again, what it was counted under limits and budgets counts no more. Both
   * unless told. An order of which only a part is cancelled, or anything has left, keeps what it has used up.
   */
  readonly cancelled?: { readonly coupons?: GivenBack; readonly limits?: GivenBack }
  /**
   * All ids of a customer, the one that holds first: `subjectsOf` of `@omni/profile`. So carts and coupons outlive the merging of
   * profiles. Without it an id stands for itself.
   */
  readonly identities?: (reader: Pick<Tx, "get">, customer: string) => ReadonlyArray<string>
  /** `ProfilesMerged`: the carts of two customers who turn out to be one are merged when it is recorded. */
  readonly customersMerged?: EventType<{ readonly from: string; readonly into: string }>
}

/** What becomes of what a cancelled order has used up. */
export type GivenBack = "give-back" | "keep"

/** The options with their defaults. */
export interface Settings {
  readonly cancelled: { readonly coupons: GivenBack; readonly limits: GivenBack }
  readonly channels: ReadonlyMap<string, Channel>
  readonly taxOf: (channel: Channel) => TaxPolicy
  readonly rounding: RoundingPolicy | undefined
  /** All of them, by whatever name: what they give is the same in every language. */
  readonly promotions: PromotionSet
  /** Those that a code unlocks, by the code. */
  readonly codes: ReadonlyMap<string, ReadonlyArray<Promotion>>
  readonly promotionsFor: PromotionsFor
  readonly audience: (reader: Pick<Tx, "get" | "getMany">, customer: string | undefined, channel: Channel) => Buyer
  readonly priceOrder: ReadonlyArray<PriceCriterion> | undefined
  readonly priorPrice: PriorPriceRule | undefined
  readonly payments: PaymentsPort | undefined
  readonly policies: ShopPolicies
  /** The terms of the policies, if the app gave some: else orders have their own. */
  readonly terms: ShopPolicies["returns"] | undefined
  readonly merge: MergePolicy
  readonly handOver: Duration
  readonly secret: ReturnType<typeof codeSecret> | undefined
  readonly idle: CartOptions["idle"]
  readonly expiry: Duration | undefined
  /** How long the code of an abandoned cart is good for where carts do not expire. */
  readonly recovery: Duration
  readonly identities: (reader: Pick<Tx, "get">, customer: string) => readonly [string, ...ReadonlyArray<string>]
}

/** What a channel has beside what every channel has is the app's own. */
const Channels = z
  .array(z.unknown().pipe(Channel))
  .refine((channels) => new Set(channels.map(({ id }) => id)).size === channels.length, { error: "Each channel has an id of its own" })
const Fate = z.enum(["give-back", "keep"]).exactOptional()
const tax = z.custom<(channel: Channel) => TaxPolicy>((value) => typeof value === "function")

/** What each option has to fit. Promotions are looked at by `definePromotions`, the secret by `codeSecret`. */
const known: KnownOptions<CartOptions> = {
  channels: Channels,
  tax: z.union([tax, schema.TaxPolicy]),
  rounding: schema.RoundingPolicy,
  promotions: true,
  audience: true,
  priceOrder: z.array(z.enum(["list", "priority", "specific", "lowest"])),
  priorPrice: z.object({
    window: z.number().positive().exactOptional(),
    progressive: z.boolean().exactOptional(),
    exempt: z.boolean().exactOptional()
  }),
  payments: true,
  policies: ShopPolicies,
  merge: MergePolicy,
  secret: true,
  handOver: Duration,
  idle: z.union([Duration, z.custom((value) => typeof value === "function")]),
  expiry: Duration,
  cancelled: z.object({ coupons: Fate, limits: Fate }),
  identities: true,
  customersMerged: true
}

/** What the app says of the taxes of each channel has to fit like what it says of all. */
const checkTaxes = ({ channels, tax }: CartOptions): void => {
  if (typeof tax !== "function") return
  for (const channel of channels) checkOptions(`cart() for the channel "${channel.id}"`, { tax: tax(channel) }, { tax: schema.TaxPolicy })
}

/**
 * Checks the options and fills in the defaults. Throws `InvalidOptions`, `TypeError` for a secret that is too short, and `InvalidPromotion` for promotions that
 * are none.
 */
export const settingsOf = (all: CartOptions): Settings => {
  checkOptions("cart()", all, known, ["channels", "tax"])
  checkTaxes(all)
  const { channels, tax, identities, secret, ...options } = all
  const readBy = promotionsFor(options.promotions ?? [])
  const { promotions, codes } = readBy({ locale: channels[0]?.locale ?? "en" })
  return {
    channels: new Map(channels.map((channel) => [channel.id, channel])),
    taxOf: typeof tax === "function" ? tax : () => tax,
    rounding: options.rounding,
    promotions,
    codes,
    promotionsFor: readBy,
    audience: options.audience ?? (() => ({})),
    priceOrder: options.priceOrder,
    priorPrice: options.priorPrice,
    payments: options.payments,
    terms: options.policies?.returns,
    policies: ShopPolicies.parse(options.policies ?? { returns: {}, delivery: {} }),
    merge: options.merge ?? "max",
    handOver: options.handOver ?? minutes(10),
    idle: options.idle,
    expiry: options.expiry,
    cancelled: { coupons: "give-back", limits: "give-back", ...options.cancelled },
    recovery: days(90),
    secret: secret === undefined ? undefined : codeSecret(secret),
    identities: (reader, customer) => {
      const [first = customer, ...others] = identities?.(reader, customer) ?? []
      return [first, ...others]
    }
  }
}

/** The channel that was named, else the one of who calls. Errors: `ChannelNotFound`. */
export function* channelOf(tx: Tx, settings: Settings, named: string | undefined): Generator<ChannelNotFound, Channel, unknown> {
  return yield* knownChannel(settings, named ?? tx.actor.channel)
}

/** The channel with this id. Errors: `ChannelNotFound`. */
export function* knownChannel({ channels }: Settings, id: string | undefined): Generator<ChannelNotFound, Channel, unknown> {
  const channel = id === undefined ? undefined : channels.get(id)
  if (channel !== undefined) return channel
  const known = [...channels.keys()].join(", ")
  const message =
    id === undefined
      ? `On which channel? Name one in the input, or call as an actor that has one. There are: ${known}.`
      : `"${id}" is none of the channels of the cart module; they are: ${known}.`
  return yield* fail(new ChannelNotFound({ channel: id, message }))
}
