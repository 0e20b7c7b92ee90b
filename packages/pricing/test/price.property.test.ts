import { explain, plainPriced, type PricedCart, price, type PricingContext, type TracedAmount } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import { PricedCart as PricedCartSchema } from "@omni/pricing/schema"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { carts, contexts, rates } from "./arbitraries.ts"

const sum = (amounts: ReadonlyArray<number>): number => amounts.reduce((sofar, next) => sofar + next, 0)

const amountsOf = (priced: PricedCart): ReadonlyArray<TracedAmount> => [
  ...Object.values(priced.totals),
  ...[...priced.lines, ...priced.shipping].flatMap(({ net, tax, gross }) => [net, tax, gross])
]

it("traces every amount to parts that add up to it exactly, all in whole minor units", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      for (const { amount, trace } of amountsOf(price(cart, context))) {
        assert.isTrue(Number.isSafeInteger(amount))
        assert.equal(sum(trace.map((part) => part.amount)), amount)
      }
    })
  )
})

it("adds lines up to totals, and net and tax to gross, in every line, rate and total", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const { lines, shipping, taxes, totals, discounts, entry } = price(cart, context)
      for (const side of ["net", "tax", "gross"] as const) {
        assert.equal(sum([...lines, ...shipping].map((item) => item[side].amount)), totals[side].amount)
      }
      for (const side of ["net", "tax"] as const) assert.equal(sum(taxes.map((rate) => rate[side].amount)), totals[side].amount)
      for (const { net, tax, gross } of [...lines, ...shipping, totals]) assert.equal(net.amount + tax.amount, gross.amount)
      for (const { amount, shares } of discounts) assert.equal(sum(shares.map((share) => share.amount)), amount)
      assert.equal(totals.items.amount + totals.shipping.amount + totals.discounts.amount, totals[entry].amount)
    })
  )
})

it("never charges less than nothing, and discounts never add", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const { lines, shipping, discounts } = price(cart, context)
      for (const { net, tax, gross } of [...lines, ...shipping]) for (const { amount } of [net, tax, gross]) assert.isAtLeast(amount, 0)
      for (const { amount, shares } of discounts) for (const one of [amount, ...shares.map((share) => share.amount)]) assert.isBelow(one, 0)
    })
  )
})

it("says of every promotion what it gave or why it gave nothing", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const { discounts, skipped } = price(cart, context)
      const told = [...discounts, ...skipped].map(({ promotion }) => promotion)
      assert.sameMembers(
        told,
        (context.promotions?.promotions ?? []).map(({ id }) => id)
      )
    })
  )
})

it("gives what its own schema takes, the same every time, and leaves its input alone", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const before = JSON.stringify([cart, context])
      const priced = price(cart, context)
      assert.deepEqual(PricedCartSchema.parse(priced), plainPriced(priced))
      assert.deepEqual(plainPriced(price(cart, context)), plainPriced(priced))
      assert.equal(JSON.stringify([cart, context]), before)
    })
  )
})

/** Tax on an amount as a double, which is good enough to hold an integer against. */
const exact = (amount: number, category: string, entry: "net" | "gross"): number => {
  const rate = Number(rates[category as keyof typeof rates]) / 100
  return entry === "net" ? amount * rate : (amount * rate) / (1 + rate)
}

it("is off the exact tax by no more than one rounding of each thing that is rounded", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const { lines, shipping, taxes, totals, entry, rounding } = price(cart, context)
      const items = [...lines.map((line) => ({ ...line, pieces: line.quantity })), ...shipping.map((one) => ({ ...one, pieces: 1 }))]
      const slack = 1e-6 * (1 + totals.gross.amount) ** 0.5 + 1e-6
      const roundings = { unit: sum(items.map(({ pieces }) => pieces)), line: items.length, rate: taxes.length, document: 1 }[
        rounding.level
      ]
      const each = rounding.mode.startsWith("half-") ? 0.5 : 1
      const owed = sum(items.map((item) => exact(item[entry].amount, item.taxCategory, entry)))
      assert.isAtMost(Math.abs(totals.tax.amount - owed), roundings * each + slack)
      if (rounding.level === "line")
        for (const item of items)
          assert.isAtMost(Math.abs(item.tax.amount - exact(item[entry].amount, item.taxCategory, entry)), each + slack)
    })
  )
})

it("does not depend on the order of lines, but for who gets the odd cent", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const turned = { ...cart, lines: [...cart.lines].reverse() }
      const whole: PricingContext = { ...context, promotions: definePromotions([]), rounding: { ...context.rounding!, level: "document" } }
      assert.equal(price(turned, whole).totals.gross.amount, price(cart, whole).totals.gross.amount)
      const each: PricingContext = {
        ...context,
        promotions: definePromotions((context.promotions?.promotions ?? []).filter(({ target }) => target !== "order")),
        rounding: { ...context.rounding!, level: "line" }
      }
      assert.equal(price(turned, each).totals.gross.amount, price(cart, each).totals.gross.amount)
    })
  )
})

it("explains every amount", () => {
  fc.assert(
    fc.property(carts, contexts, (cart, context) => {
      const priced = price(cart, context)
      for (const amount of amountsOf(priced)) assert.notMatch(explain(amount), /undefined|NaN/)
    })
  )
})
