import type { Json } from "@omni/core"
import type { Currency } from "@omni/core/values"

import type { Percent } from "../model.ts"

/** Amounts in minor units by currency: `{ EUR: 5000, GBP: 4500 }`. */
export type Amounts = Readonly<Partial<Record<Currency, number>>>

/**
 * Which lines: of these products, of these categories, and of which the rule (JSONLogic over `LineFacts`) holds. All that are given have to
 * fit. For sets and tiers the rule reads a line as it is before any promotion, else as it stands when its turn comes.
 */
export interface Selection {
  readonly lines?: Json
  readonly products?: ReadonlyArray<string>
  readonly categories?: ReadonlyArray<string>
}

/** Per cent off; a fixed sum off (of each unit for lines, else of the whole); or a price in place of the one there is. */
export type SimpleValue =
  | {
      readonly type: "percentage"
      readonly percent: Percent
      /** Of what is left by the promotions before it, which is what is meant unless told, or of what was listed. */
      readonly of?: "remaining" | "original"
    }
  | {
      readonly type: "fixed"
      readonly amount: number
      readonly currency: Currency
      /** The amounts in other currencies. */
      readonly amounts?: Amounts
      /** Off each unit of a line, which is what is meant unless told, or once off each line. */
      readonly per?: "unit" | "line"
    }
  | { readonly type: "price"; readonly amount: number; readonly currency: Currency; readonly amounts?: Amounts }

/** So many bought, so many given: "3 for 2", "buy a camera, get a bag at half its price". */
export interface BuyGet {
  readonly type: "buy-get"
  /** What has to be bought for it, and stays at its price: of the lines of the promotion unless others are selected. */
  readonly buy: Selection & { readonly quantity: number }
  /** How many units of the lines of the promotion are then given. */
  readonly get: { readonly quantity: number }
  /** Off what is given: 100 unless told. */
  readonly percent?: Percent
  /**
   * Which units are given: the cheapest of all, which is what is meant unless told; or the dearest that are left once the dearest were
   * bought, so that of like things each set gives its own cheapest.
   */
  readonly pick?: "cheapest" | "dearest"
  /** Dear and cheap by the price of a unit, which is what is meant unless told, or by the amount of the whole line. */
  readonly by?: "unit" | "line"
  /** How often in one cart; as often as there are sets unless told. */
  readonly times?: number
}

/** More off for more: the furthest step that is reached is given. */
export interface Tiers {
  readonly type: "tiers"
  /** What is measured of the lines of the promotion: what they cost as listed (steps begin at amounts), or how many units they are. */
  readonly by: "spend" | "quantity"
  readonly steps: ReadonlyArray<{ readonly from: number | Amounts; readonly value: SimpleValue }>
}

/** Things that cost one price together. */
export interface Bundle {
  readonly type: "bundle"
  /** What makes one bundle: of each part so many units, the dearest first. */
  readonly parts: ReadonlyArray<Selection & { readonly quantity: number }>
  /** What a bundle costs. */
  readonly price: Amounts
  /** How often in one cart; as often as it can be made unless told. */
  readonly times?: number
}

/** Something that goes with the order and costs nothing. */
export interface Gift {
  readonly type: "gift"
  readonly product: string
  readonly sku?: string
  readonly quantity: number
  readonly taxCategory: string
  /** What it is worth to the customer when promotions are weighed against one another: nothing unless told. */
  readonly worth?: Amounts
}

/** What a promotion gives. */
export type PromotionValue = SimpleValue | BuyGet | Tiers | Bundle | Gift

/** How often and how much a promotion is given at most. What has been used is counted where orders are placed: see `Remaining`. */
export interface PromotionLimits {
  readonly uses?: number
  readonly perCustomer?: number
  readonly perCoupon?: number
  readonly budget?: Amounts
  /** A discount that is more than what is left of the budget: nothing of it, which is what is meant unless told, or what is left. */
  readonly short?: "none" | "part"
}

/** A discount and when it is given. */
export interface Promotion extends Selection {
  readonly id: string
  /** What the customer reads: "Welcome, 20 % off". */
  readonly name: string
  /** Lines, the order, or what shipping costs: applied in this order. For shipping, `lines` is a rule over `ChargeFacts`. */
  readonly target: "line" | "order" | "shipping"
  readonly value: PromotionValue
  /** Given only when the customer has brought this code. */
  readonly coupon?: string
  /** JSONLogic over `OrderFacts`, as they are when its turn comes. */
  readonly condition?: Json
  readonly from?: number
  /** The first moment at which it is over. */
  readonly until?: number
  /** The lower comes first among those with one target; 0 unless told. Equal ones go by their ids. */
  readonly rank?: number
  /** Off each line or charge by itself, or off all together, shared out. Each for lines and shipping, across for the order unless told. */
  readonly allocation?: "each" | "across"
  /** For at most so many units of each line. */
  readonly maxQuantity?: number
  /**
   * What earlier promotions took off a line of which only some units are meant: off all units alike, which is what is meant unless told,
   * or off these units first.
   */
  readonly earlier?: "shared" | "first"
  /** An exclusive promotion is given alone or not at all. */
  readonly stacking?: "stackable" | "exclusive"
  /** Of the promotions of one group at most one is given. */
  readonly group?: string
  /** It takes off no more than this. */
  readonly cap?: Amounts
  /** It makes no unit cheaper than this. */
  readonly floor?: Amounts
  readonly limits?: PromotionLimits
}

/**
 * What a rule on a line reads: the line's own facts and these. Amounts as entered, in minor units of `currency`: `amount` after the
 * promotions before, `listed` before any.
 */
export interface LineFacts {
  readonly id: string
  readonly product: string | null
  readonly sku: string | null
  readonly categories: ReadonlyArray<string>
  readonly quantity: number
  readonly unitPrice: number
  readonly amount: number
  readonly listed: number
  readonly discounted: boolean
  readonly taxCategory: string
  readonly currency: string
}

/** What a rule on a charge for shipping reads. */
export interface ChargeFacts {
  readonly id: string
  readonly name: string | null
  readonly amount: number
  readonly listed: number
  readonly discounted: boolean
  readonly taxCategory: string
  readonly currency: string
}

/**
 * What a condition on an order reads. `subtotal` is that of the lines as entered, after the promotions before, `listed` before any;
 * `quantity` counts pieces.
 */
export interface OrderFacts {
  readonly now: number
  readonly currency: string
  readonly channel: string | null
  readonly subtotal: number
  readonly listed: number
  readonly quantity: number
  readonly coupons: ReadonlyArray<string>
  readonly lines: ReadonlyArray<LineFacts>
  readonly customer: Readonly<Record<string, Json>> | null
}
