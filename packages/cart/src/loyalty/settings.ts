import { checkOptions, type DataOf, days, Duration, type EventType, type InputOf, type KnownOptions, type Tx } from "@omni/core"
import type { OrderPlaced } from "@omni/orders"
import * as z from "zod"

import type { issueCoupon } from "../coupons/coupons.ts"

/** A level that customers reach by points within the qualification period. */
export interface Tier {
  readonly id: string
  /** From how many points on. */
  readonly from: number
}

/** What points buy: a personal coupon, good once. */
export interface Reward {
  readonly id: string
  readonly points: number
  /** Only for customers in one of these tiers. */
  readonly tiers?: ReadonlyArray<string>
  readonly coupon: Omit<InputOf<typeof issueCoupon>, "code" | "customer" | "use" | "from" | "until" | "target"> & {
    readonly target?: "line" | "order" | "shipping"
    /** How long it is good for once it was claimed. */
    readonly validFor?: Duration
  }
}

/** What an app says about its loyalty programme. */
export interface LoyaltyOptions {
  /** How many points an order is worth, whole ones, to a customer in this tier. Fractions are dropped, and what is below zero is nothing. */
  readonly earn: (order: DataOf<typeof OrderPlaced>, tier: string | undefined) => number
  /** How long points are pending, to be out of the return window: not at all unless told. */
  readonly pending?: Duration
  /** How long points can be spent from when they are available; for ever unless told. */
  readonly expireAfter?: Duration
  readonly tiers?: ReadonlyArray<Tier>
  /** Points of how long a time decide the tier: those of the last 365 days unless told. */
  readonly qualification?: Duration
  readonly rewards?: ReadonlyArray<Reward>
  /** Whether every customer who buys collects points; only those who were enrolled unless told. */
  readonly everybody?: boolean
  /** `subjectsOf` of `@omni/profile`: see the option of the cart. */
  readonly identities?: (reader: Pick<Tx, "get">, customer: string) => ReadonlyArray<string>
  /** `ProfilesMerged`: what two customers have who are one comes together. */
  readonly customersMerged?: EventType<{ readonly from: string; readonly into: string }>
}

/** The options with their defaults. */
export interface LoyaltySettings {
  readonly earn: LoyaltyOptions["earn"]
  readonly pending: Duration
  readonly expireAfter: Duration | undefined
  /** The highest first. */
  readonly tiers: ReadonlyArray<Tier>
  readonly qualification: Duration
  readonly rewards: ReadonlyMap<string, Reward>
  readonly everybody: boolean
  readonly customerOf: (reader: Pick<Tx, "get">, customer: string) => string
}

const known: KnownOptions<LoyaltyOptions> = {
  earn: z.custom((value) => typeof value === "function", { error: "Say what an order is worth, by a function" }),
  pending: Duration,
  expireAfter: Duration,
  tiers: z.array(z.object({ id: z.string().min(1), from: z.number() })),
  qualification: Duration,
  rewards: true,
  everybody: z.boolean(),
  identities: true,
  customersMerged: true
}

/** Checks the options and fills in the defaults. Throws `InvalidOptions`. */
export const loyaltySettings = (all: LoyaltyOptions): LoyaltySettings => {
  checkOptions("loyalty()", all, known, ["earn"])
  const { tiers = [], rewards = [], identities, ...options } = all
  return {
    earn: options.earn,
    pending: options.pending ?? 0,
    expireAfter: options.expireAfter,
    tiers: [...tiers].sort((a, b) => b.from - a.from),
    qualification: options.qualification ?? days(365),
    rewards: new Map(rewards.map((reward) => [reward.id, reward])),
    everybody: options.everybody ?? false,
    customerOf: (reader, customer) => identities?.(reader, customer)[0] ?? customer
  }
}
