import { Id, Money, PositiveCount } from "@omni/core"
import type { PricedCart, PricedCharge } from "@omni/pricing"
import * as z from "zod"

import { type CartWithPrices, plain } from "../priced-cart.ts"

const LineShown = z.object({ line: Id, quantity: PositiveCount, amount: Money }).readonly()
/** So many of a line at so much, with tax. */
export type LineShown = z.infer<typeof LineShown>

const ChargeShown = z.object({ kind: z.enum(["shipping", "fee", "deposit"]), id: Id, line: Id.exactOptional(), amount: Money }).readonly()
/** Shipping, a fee or a deposit, with tax. */
export type ChargeShown = z.infer<typeof ChargeShown>

const named = { promotion: Id, name: z.string().max(500) }

/** All that a customer was shown of what a cart costs: `shownOf` makes it of what a query or an operation answers. Amounts are with tax. */
export const Shown = z
  .object({
    total: Money,
    /** What of the total is tax. */
    tax: Money,
    lines: z.array(LineShown).max(1_000).readonly(),
    charges: z.array(ChargeShown).max(1_100).readonly(),
    /** What each promotion takes off, below zero. */
    discounts: z
      .array(z.object({ ...named, amount: Money }).readonly())
      .max(1_000)
      .readonly(),
    gifts: z
      .array(z.object({ ...named, quantity: PositiveCount }).readonly())
      .max(1_000)
      .readonly()
  })
  .readonly()
export type Shown = z.infer<typeof Shown>

/** An amount as it was answered, with its trace or without. */
const Answered: z.ZodType<Money, Money> = z.custom<Money>().pipe(Money)

/** What the customer was shown: the total alone (`priced.totals.gross`, as it is), or all of it. Without it prices are not compared. */
export const expected = { expected: z.union([Shown, Answered]).exactOptional() }

/** What the customer was shown, as `expected` says it. */
export type Expected = Shown | Money

/** What a cart that is shown costs, as `checkout` and `startCheckout` take it back. */
export const shownOf = ({ priced }: Pick<CartWithPrices, "priced">): Shown => {
  const { totals, lines, shipping, fees, discounts, gifts } = priced
  return {
    total: plain(totals.gross),
    tax: plain(totals.tax),
    lines: lines.map(({ id, quantity, gross }) => ({ line: id, quantity, amount: plain(gross) })),
    charges: [...shipping, ...fees].map(chargeShown),
    discounts: discounts.map(({ promotion, name, ...amount }) => ({ promotion, name, amount: plain(amount) })),
    gifts: someGifts(gifts).map(({ promotion, name, quantity }) => ({ promotion, name, quantity }))
  }
}

const chargeShown = ({ kind, id, line, gross }: PricedCharge): ChargeShown => ({
  kind,
  id,
  ...(line === undefined ? {} : { line }),
  amount: plain(gross)
})

const someGifts = (gifts: PricedCart["gifts"]) => gifts.filter(({ quantity }) => quantity > 0)
