import { compareMoney, Id, Money, PositiveCount, refuse, subtractMoney, type Tx } from "@omni/core"
import type { PricedCart } from "@omni/pricing"
import * as z from "zod"

import { PriceChanged } from "../errors.ts"
import type { Cart } from "../model.ts"
import { type CartWithPrices, plain } from "../priced-cart.ts"

/** What the customer was shown: see `shownOf`, which makes it of what `cart.cart` and others answer. */
export const shown = {
  /** The total that the customer was shown: `priced.totals.gross`, as it is. Without it the price is not compared. */
  expected: Money.exactOptional(),
  /** What was shown of each line, so that a refusal says which of them has changed. */
  expectedLines: z
    .array(z.object({ line: Id, quantity: PositiveCount, amount: Money }))
    .max(1_000)
    .readonly()
    .exactOptional()
}

/** So many of a line at so much, with tax. */
export interface LineShown {
  readonly line: string
  readonly quantity: number
  readonly amount: Money
}

/** What differs in a line: what was shown of it, absent when it was not there, and what it is now, absent when it is not there any more. */
export interface LineChanged {
  readonly line: string
  readonly kind: "added" | "removed" | "quantity" | "price"
  readonly shown?: { readonly quantity: number; readonly amount: Money }
  readonly actual?: { readonly quantity: number; readonly amount: Money }
}

/** What a cart that is shown costs, as `checkout` and `startCheckout` take it back. */
export const shownOf = ({
  priced
}: Pick<CartWithPrices, "priced">): { readonly expected: Money; readonly expectedLines: ReadonlyArray<LineShown> } => ({
  expected: plain(priced.totals.gross),
  expectedLines: linesOf(priced)
})

const linesOf = ({ lines }: PricedCart): ReadonlyArray<LineShown> =>
  lines.map(({ id, quantity, gross }) => ({ line: id, quantity, amount: plain(gross) }))

/** Refuses a cart that costs something else than was shown, in all or in a line. Errors: `PriceChanged`. */
export function* asShown(
  tx: Tx,
  cart: Cart,
  priced: PricedCart,
  { expected, expectedLines }: { readonly expected?: Money; readonly expectedLines?: ReadonlyArray<LineShown> }
): Generator<PriceChanged, void, unknown> {
  const actual = plain(priced.totals.gross)
  const lines = expectedLines === undefined ? [] : changedLines(expectedLines, linesOf(priced))
  const isOther = expected !== undefined && !isEqual(expected, actual)
  if (isOther || lines.length > 0) yield* refuse(tx, cart.id, priceChanged(expected, actual, lines))
}

const isEqual = (a: Money, b: Money): boolean => a.currency === b.currency && compareMoney(a, b) === 0

/** Line by line what differs, in the order of what is there now and then of what is gone. */
const changedLines = (before: ReadonlyArray<LineShown>, now: ReadonlyArray<LineShown>): ReadonlyArray<LineChanged> => {
  const known = new Map(before.map((one) => [one.line, one]))
  const there = new Set(now.map(({ line }) => line))
  const bare = ({ quantity, amount }: LineShown) => ({ quantity, amount })
  return [
    ...now.flatMap((one): ReadonlyArray<LineChanged> => {
      const { line } = one
      const old = known.get(line)
      if (old === undefined) return [{ line, kind: "added", actual: bare(one) }]
      const kind = old.quantity !== one.quantity ? "quantity" : isEqual(old.amount, one.amount) ? undefined : "price"
      return kind === undefined ? [] : [{ line, kind, shown: bare(old), actual: bare(one) }]
    }),
    ...before.flatMap((one): ReadonlyArray<LineChanged> =>
      there.has(one.line) ? [] : [{ line: one.line, kind: "removed", shown: bare(one) }]
    )
  ]
}

const priceChanged = (expected: Money | undefined, actual: Money, lines: ReadonlyArray<LineChanged>): PriceChanged => {
  const same = expected !== undefined && expected.currency === actual.currency
  const before = expected === undefined ? "other lines" : `${expected.amount} ${expected.currency}`
  const which = lines.length === 0 ? "" : ` Changed: ${lines.map(({ line, kind }) => `"${line}" (${kind})`).join(", ")}.`
  return new PriceChanged({
    ...(expected === undefined ? {} : { expected }),
    actual,
    ...(same ? { difference: subtractMoney(actual, expected) } : {}),
    lines,
    message: `The customer was shown ${before}; the cart costs ${actual.amount} ${actual.currency} (minor units).${which} Show the new prices and ask again.`
  })
}
