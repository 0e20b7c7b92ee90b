import type { Currency, Json } from "@omni/core"

import type { Percent } from "./model.ts"

/** What a promotion gives: per cent off; a fixed sum off (of each unit for lines, else of the whole); or a price in place of the one there is. */
export type PromotionValue =
  | { readonly type: "percentage"; readonly percent: Percent }
  | { readonly type: "fixed"; readonly amount: number; readonly currency: Currency }
  | { readonly type: "price"; readonly amount: number; readonly currency: Currency }

/** A discount and when it is given. */
export interface Promotion {
  readonly id: string
  /** What the customer reads: "Welcome, 20 % off". */
  readonly name: string
  /** Each line by itself; all lines together, shared out by their amounts; or what shipping costs. Applied in this order. */
  readonly target: "line" | "order" | "shipping"
  readonly value: PromotionValue
  /** Given only when the customer has brought this code. */
  readonly coupon?: string
  /** JSONLogic over `OrderFacts`, as they are when its turn comes. */
  readonly condition?: Json
  /** JSONLogic over `LineFacts`: which lines it is for; all unless told. */
  readonly lines?: Json
  /** Of which products it is for lines, however many; all unless told. */
  readonly products?: ReadonlyArray<string>
  readonly from?: number
  /** The first moment at which it is over. */
  readonly until?: number
}

/** What a condition on a line reads: the line's own facts and these. Amounts as entered, in minor units, after the promotions before. */
export interface LineFacts {
  readonly id: string
  readonly product: string | null
  readonly sku: string | null
  readonly quantity: number
  readonly unitPrice: number
  readonly amount: number
  readonly discounted: boolean
  readonly taxCategory: string
}

/** What a condition on an order reads. `subtotal` is that of the lines as entered, after the promotions before; `quantity` counts pieces. */
export interface OrderFacts {
  readonly now: number
  readonly currency: string
  readonly channel: string | null
  readonly subtotal: number
  readonly quantity: number
  readonly coupons: ReadonlyArray<string>
  readonly lines: ReadonlyArray<LineFacts>
  readonly customer: Readonly<Record<string, Json>> | null
}
