/**
 * What is left of a promotion's limits when a cart is priced, from the counters that the checkout's commit keeps; what is not given is
 * not limited.
 */
export interface Remaining {
  /** Uses by anybody. */
  readonly uses?: number
  /** Uses by this customer. */
  readonly customer?: number
  /** Uses of the coupon that this customer brought. */
  readonly coupon?: number
  /** Of the budget, in minor units of the cart's currency. */
  readonly budget?: number
}

/** What is left, by the id of the promotion. */
export type RemainingByPromotion = Readonly<Record<string, Remaining>>

/**
 * What placing the cart uses up: one use of the promotion, of the customer's share and of the coupon, and so much of the budget. The
 * checkout's commit checks it against the promotion's limits and counts it.
 */
export interface Usage {
  readonly promotion: string
  readonly coupon?: string
  readonly uses: 1
  /** What it takes off, in minor units of the cart's currency. */
  readonly amount: number
}
