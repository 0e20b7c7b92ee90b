/** What somebody showed interest in at once, on any channel: an order, a cart or a view. */
export interface Basket {
  readonly id: string
  readonly kind: "order" | "cart" | "view"
  /** The customer, or the session of somebody unknown; absent when neither is known. */
  readonly person?: string | undefined
  /** Epoch milliseconds. */
  readonly at: number
  readonly items: ReadonlyArray<string>
  /** How many of each of the items, in their order; one of each where it is not said. */
  readonly quantities?: ReadonlyArray<number> | undefined
}
