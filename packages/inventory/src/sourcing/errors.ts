import * as Data from "effect/Data"

import type { SourcingPlan } from "./plan.ts"

/** An order, its stock or its rules are not of their form; `field` is the path to what is wrong. */
export class InvalidSourcing extends Data.TaggedError("InvalidSourcing")<{ readonly message: string; readonly field: string }> {
  /** The error about a field. */
  static of(field: string, message: string): InvalidSourcing {
    return new InvalidSourcing({ field, message: `${field}: ${message}` })
  }
}

/** Stock does not allow all of an order to be served; the plan says what could be, and why not the rest. */
export class OrderNotCovered extends Data.TaggedError("OrderNotCovered")<{ readonly message: string; readonly plan: SourcingPlan }> {
  /** The error about what a plan leaves short. */
  static of(plan: SourcingPlan): OrderNotCovered {
    const short = plan.lines.filter((line) => line.short > 0)
    const named = short.slice(0, 3).map((line) => `${line.short} of ${line.sku}`)
    const more = short.length > 3 ? ` and ${short.length - 3} more lines` : ""
    return new OrderNotCovered({
      plan,
      message: `Stock does not cover the order: ${named.join(", ")}${more} cannot be had. Ask for less, or accept a part of it.`
    })
  }
}
