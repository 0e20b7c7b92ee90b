import type { Money } from "@omni/core"
import * as Data from "effect/Data"

import type { LineStatus } from "./model.ts"

/** What an order's input contradicts itself in. */
export interface OrderProblem {
  readonly code: "duplicate-line" | "mixed-currencies" | "negative-total" | "out-of-range"
  /** The line or charge, by id or code; "order" for what is wrong with its total. */
  readonly at: string
}

/** The input of an order contradicts itself; all problems are named. It is the caller's mistake, so a replay is refused too. */
export class InvalidOrder extends Data.TaggedError("InvalidOrder")<{
  readonly message: string
  readonly problems: ReadonlyArray<OrderProblem>
}> {
  /** The error about some problems. */
  static of(problems: ReadonlyArray<OrderProblem>): InvalidOrder {
    const named = problems.slice(0, 5).map(({ code, at }) => `${code} at "${at}"`)
    return new InvalidOrder({
      problems,
      message: `The order contradicts itself: ${named.join(", ")}. Line ids are unique, all money is in the order's currency, no total is below zero or beyond 2^53 minor units.`
    })
  }
}

/** The total that the caller showed the customer is not what lines and charges add up to. */
export class TotalMismatch extends Data.TaggedError("TotalMismatch")<{
  readonly message: string
  readonly stated: Money
  readonly computed: Money
}> {}

/** Another order has this id of the other system, with other lines or another total. */
export class OrderExists extends Data.TaggedError("OrderExists")<{
  readonly message: string
  readonly source: string
  readonly id: string
  readonly order: string
}> {}

/** The hold keeps other goods than the order needs. */
export class HoldMismatch extends Data.TaggedError("HoldMismatch")<{ readonly message: string; readonly hold: string }> {}

/** No order has this id, external id or code. */
export class OrderNotFound extends Data.TaggedError("OrderNotFound")<{ readonly message: string; readonly order: string }> {
  /** The error about what was looked up. */
  static of(order: string): OrderNotFound {
    return new OrderNotFound({ order, message: `There is no order "${order}".` })
  }
}

/** The order has no such line. */
export class LineNotFound extends Data.TaggedError("LineNotFound")<{
  readonly message: string
  readonly order: string
  readonly line: string
}> {}

/** What can be done to a line. */
export type Transition = "ready" | "collect" | "cancel"

/** The line (or, when none was named, the order) is in a state from which this cannot be done; `allowed` is what can. */
export class IllegalTransition extends Data.TaggedError("IllegalTransition")<{
  readonly message: string
  readonly order: string
  readonly line?: string
  readonly state: LineStatus
  readonly attempted: Transition
  readonly allowed: ReadonlyArray<Transition>
}> {}

/** The code is not that of the order. */
export class WrongPickupCode extends Data.TaggedError("WrongPickupCode")<{ readonly message: string; readonly order: string }> {}

/** Another open order at the location has this code. */
export class PickupCodeTaken extends Data.TaggedError("PickupCodeTaken")<{ readonly message: string; readonly code: string }> {}
