import { compareMoney, fail, type Money, refuse, type Result, subtractMoney, type Tx } from "@omni/core"
import type { InsufficientStock, Shortage } from "@omni/inventory"

import { CheckoutChanged } from "../errors.ts"
import { type CartWithPrices, plain } from "../priced-cart.ts"
import { type CheckoutChange, differences, obstacles } from "./changes.ts"
import { type Expected, type Shown, shownOf } from "./shown.ts"

/** The shortages that an attempt to take the goods has met. */
export const shortagesOf = (tried: Result<unknown, { readonly _tag: string }> | undefined): ReadonlyArray<Shortage> =>
  tried === undefined || tried.ok || !isShort(tried.error) ? [] : tried.error.shortages

/** Whether there is not enough of something. */
export const isShort = (error: { readonly _tag: string }): error is InsufficientStock => error._tag === "InsufficientStock"

/** Whether all was told that the customer was shown, and not the total alone. */
export const isShown = (expected: Expected | undefined): expected is Shown => expected !== undefined && "lines" in expected

/**
 * Answers what came of buying a cart if it is what the customer was shown, and refuses it, with all that is not, if it is something else. `short` is what there is not enough
 * of. Errors: `CheckoutChanged`, and why nothing came of it.
 */
export function* asShown<A, E extends { readonly _tag: string }>(
  tx: Tx,
  seen: CartWithPrices,
  expected: Expected | undefined,
  bought: Result<A, E> | undefined,
  short: ReadonlyArray<Shortage> = shortagesOf(bought)
): Generator<CheckoutChanged | Exclude<E, InsufficientStock>, A, unknown> {
  const blocked = obstacles(seen, short)
  const changed = changedFrom(seen, expected, blocked)
  if (bought === undefined || blocked.length > 0) return yield* fail(changed ?? checkoutChanged(seen, expected, blocked))
  if (changed !== undefined) yield* refuse(tx, seen.cart.id, changed)
  // That goods are short was told above.
  return bought.ok ? bought.value : yield* fail(bought.error as Exclude<E, InsufficientStock>)
}

/** What a cart is refused with, if it is not what was shown or cannot be had. */
const changedFrom = (
  seen: CartWithPrices,
  expected: Expected | undefined,
  blocked: ReadonlyArray<CheckoutChange>
): CheckoutChanged | undefined => {
  const others = isShown(expected) ? differences(expected, seen) : []
  const total = totalOf(expected)
  const isOther = total !== undefined && !isEqual(total, seen.priced.totals.gross)
  return isOther || blocked.length + others.length > 0 ? checkoutChanged(seen, expected, [...blocked, ...others]) : undefined
}

const totalOf = (expected: Expected | undefined): Money | undefined => (isShown(expected) ? expected.total : expected)

const isEqual = (a: Money, b: Money): boolean => a.currency === b.currency && compareMoney(a, b) === 0

const checkoutChanged = (seen: CartWithPrices, told: Expected | undefined, changes: ReadonlyArray<CheckoutChange>): CheckoutChanged => {
  const expected = totalOf(told)
  const actual = plain(seen.priced.totals.gross)
  const isBlocked = changes.some(({ kind }) => kind === "stock" || kind === "unavailable")
  return new CheckoutChanged({
    cart: seen.cart.id,
    ...(expected === undefined ? {} : { expected }),
    actual,
    ...(expected?.currency === actual.currency ? { difference: subtractMoney(actual, expected) } : {}),
    changes,
    now: shownOf(seen),
    acceptable: !isBlocked,
    message: [
      expected === undefined || isEqual(expected, actual)
        ? "The cart is not what the customer was shown, or not to be had as it is."
        : `The customer was shown ${expected.amount} ${expected.currency}; the cart costs ${actual.amount} ${actual.currency} (minor units).`,
      ...(changes.length === 0 ? [] : [`Changed: ${changes.map(inWords).join(", ")}.`]),
      isBlocked ? "Change these lines and ask again." : "Show what it is `now`, and ask again with that as `expected`."
    ].join(" ")
  })
}

const inWords = (change: CheckoutChange): string => {
  switch (change.kind) {
    case "line":
      return `the line "${change.line}"`
    case "unavailable":
      return `"${change.variant}" is not sold (${change.reason})`
    case "stock":
      return `${change.requested} of ${change.sku} at ${change.location}, ${change.available} available`
    case "promotion":
    case "gift":
      return `${change.kind} "${change.promotion}"${change.why === undefined ? "" : ` (${change.why})`}`
    case "charge":
      return `${change.charge.kind} "${change.charge.id}"`
    case "tax":
      return "tax"
  }
}
