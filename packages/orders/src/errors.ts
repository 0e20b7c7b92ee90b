import type { Money } from "@omni/core"
import * as Data from "effect/Data"

import type { FulfilmentChange, Transition } from "./machine.ts"
import type { ReturnChange, ReturnStatus } from "./refund-model.ts"
import type { FulfilmentStatus, LineStatus } from "./states.ts"

/** What an order's input contradicts itself in. */
export interface OrderProblem {
  readonly code:
    | "duplicate-line"
    | "mixed-currencies"
    | "negative-total"
    | "out-of-range"
    | "unknown-line"
    | "too-many"
    | "two-plans"
    | "not-handed-over"
    | "opens-late"
    | "paid-gift"
  /** The line or charge, by id or code; a fulfilment, by id or place ("fulfilments.0"); "order" for what is wrong with its total. */
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
      message: `The order contradicts itself: ${named.join(", ")}. Line ids are unique, all money is in the order's currency, no total is below zero or beyond 2^53 minor units, gifts cost nothing, fulfilments share out no more than is ordered, and open before their delivery is due.`
    })
  }
}

/** The total that the caller showed the customer is not what lines and charges add up to. */
export class TotalMismatch extends Data.TaggedError("TotalMismatch")<{
  readonly message: string
  readonly stated: Money
  readonly computed: Money
}> {
  /** The error about two totals. */
  static of(stated: Money, computed: Money): TotalMismatch {
    return new TotalMismatch({
      stated,
      computed,
      message: `The customer was shown a total of ${stated.amount} minor units, but lines and charges add up to ${computed.amount}. Price the cart anew.`
    })
  }
}

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
}> {
  /** The error about a line. */
  static of(order: string, line: string): LineNotFound {
    return new LineNotFound({ order, line, message: `The order "${order}" has no line "${line}". Name a line by its id.` })
  }
}

/** The order has no such fulfilment. */
export class FulfilmentNotFound extends Data.TaggedError("FulfilmentNotFound")<{
  readonly message: string
  readonly fulfilment: string
}> {
  /** The error about an id. */
  static of(fulfilment: string): FulfilmentNotFound {
    return new FulfilmentNotFound({ fulfilment, message: `There is no fulfilment "${fulfilment}" here. An order lists its fulfilments.` })
  }
}

/**
 * Units are in a state from which this cannot be done, or fewer than asked for are in one from which it can; `allowed` is what can be
 * done from `state`, `possible` how many could be taken.
 */
export class IllegalTransition extends Data.TaggedError("IllegalTransition")<{
  readonly message: string
  readonly order: string
  /** The line, when one was named. */
  readonly line?: string
  readonly state: LineStatus
  readonly attempted: Transition
  readonly allowed: ReadonlyArray<Transition>
  readonly requested?: number
  readonly possible?: number
}> {}

/** The fulfilment has a status in which this cannot be done; `allowed` is what can. */
export class IllegalFulfilmentChange extends Data.TaggedError("IllegalFulfilmentChange")<{
  readonly message: string
  readonly fulfilment: string
  readonly status: FulfilmentStatus
  readonly attempted: FulfilmentChange
  readonly allowed: ReadonlyArray<FulfilmentChange>
}> {}

/** Lots or serial numbers are named of other lines than leave, or not of as many units. */
export class WrongGoods extends Data.TaggedError("WrongGoods")<{
  readonly message: string
  readonly order: string
  readonly problems: ReadonlyArray<{ readonly at: string; readonly named: number; readonly expected: number }>
}> {
  /** The error about some lines. */
  static of(order: string, problems: WrongGoods["problems"]): WrongGoods {
    const named = problems.slice(0, 5).map((one) => `${one.named} are named of line "${one.at}", and ${one.expected} leave`)
    return new WrongGoods({ order, problems, message: `Of the order "${order}" ${named.join("; ")}. Name each unit that leaves once.` })
  }
}

/** The code is not that of the order. */
export class WrongPickupCode extends Data.TaggedError("WrongPickupCode")<{ readonly message: string; readonly order: string }> {}

/** Another open order at the location has this code. */
export class PickupCodeTaken extends Data.TaggedError("PickupCodeTaken")<{ readonly message: string; readonly code: string }> {}

/** Two fulfilments cannot be one: they are of different kinds, or at different places. */
export class FulfilmentsDiffer extends Data.TaggedError("FulfilmentsDiffer")<{
  readonly message: string
  readonly fulfilment: string
  readonly into: string
}> {}

/** No return has this id. */
export class ReturnNotFound extends Data.TaggedError("ReturnNotFound")<{ readonly message: string; readonly return: string }> {
  /** The error about an id. */
  static of(id: string): ReturnNotFound {
    return new ReturnNotFound({
      return: id,
      message: `There is no return "${id}". Returns are named by the id that requestReturn answered.`
    })
  }
}

/** The return has a status in which this cannot be done; `allowed` is what can. */
export class IllegalReturnChange extends Data.TaggedError("IllegalReturnChange")<{
  readonly message: string
  readonly return: string
  readonly status: ReturnStatus
  readonly attempted: ReturnChange
  readonly allowed: ReadonlyArray<ReturnChange>
}> {}

/** Why a line may not come back. */
export interface ReturnProblem {
  /**
   * `not-had`: so many are not with the customer, or are in a return already; `window-over`: the time is up; `excluded`: the policy says so;
   * `wrong-serial`, `wrong-lot`: it has not left with this line, or is back already.
   */
  readonly code: "not-had" | "window-over" | "excluded" | "unknown-reason" | "not-expected" | "wrong-serial" | "wrong-lot"
  /** The line, or the reason that the policy does not know. */
  readonly at: string
  /** How many of it may. */
  readonly possible?: number
  /** In which state the line is, and what can be done from there, where it is not with the customer. */
  readonly state?: LineStatus
  readonly allowed?: ReadonlyArray<Transition>
  /** The serial number, or the lot. */
  readonly named?: string
}

/** The policy does not let these units come back, or the customer does not have them; all problems are named. */
export class NotReturnable extends Data.TaggedError("NotReturnable")<{
  readonly message: string
  readonly order: string
  readonly problems: ReadonlyArray<ReturnProblem>
}> {
  /** The error about some problems. */
  static of(order: string, problems: ReadonlyArray<ReturnProblem>): NotReturnable {
    const named = problems.slice(0, 5).map(({ code, at, possible, state, named: number }) => {
      const which = number === undefined ? "" : ` ${number}`
      const is = state === undefined ? "" : `, which is ${state}`
      return `${code}${which} at "${at}"${is}${possible === undefined ? "" : ` (${possible} may)`}`
    })
    return new NotReturnable({
      order,
      problems,
      message: `Of the order "${order}" this cannot come back: ${named.join(", ")}. Ask for less, or take it back as goodwill.`
    })
  }
}
