import type { EventType, Recorded } from "@omni/core"

import type { Reader } from "./ports.ts"

/** An item of an order, a cart or a view; of an order, it may be said how many. */
export type Line = string | { readonly item: string; readonly quantity: number }

/** Something that was bought, put into a cart or looked at. `id` is that of the order, the cart or the view. */
export interface InterestShown {
  readonly kind: "order" | "cart" | "view"
  readonly id: string
  readonly items: ReadonlyArray<Line>
  readonly customer?: string | undefined
  readonly session?: string | undefined
  /** The cart that the order was. */
  readonly cart?: string | undefined
}

/** What an event says: an interest; that one id is another's person; that nothing is to be remembered of somebody; an order, or some of it, that came back. */
export type Said =
  | InterestShown
  | { readonly kind: "joined"; readonly from: string; readonly into: string }
  | { readonly kind: "forget"; readonly person: string }
  | {
      readonly kind: "returned"
      readonly order: string
      /** What came back, unless it is all of the order. */
      readonly items?: ReadonlyArray<string> | undefined
      readonly customer?: string | undefined
      readonly session?: string | undefined
    }

/** Which events of other packages say something, and what: made by `observed`. */
export interface Observation {
  readonly event: EventType
  readonly said: (recorded: Recorded, reader: Reader) => Said | undefined
}

/**
 * Learns from the events of one type: `observed(OrderPlaced, ({ data }) => ({ kind: "order", id: data.order, … }))`. `said` may read by key, to tell
 * which items are meant by what the event names.
 */
export const observed = <D>(event: EventType<D>, said: (recorded: Recorded<D>, reader: Reader) => Said | undefined): Observation => ({
  event,
  // The reactor gives `said` no other event than those named `event.name`.
  said: (recorded, reader) => said(recorded as Recorded<D>, reader)
})
