import {
  explain,
  type Part,
  plainPriced,
  price,
  type PricedCart,
  type PricedCharge,
  type PricedLine,
  type TracedAmount
} from "@omni/pricing"
import { PricedCart as PricedCartSchema } from "@omni/pricing/schema"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { anyCart, anyContext, anyLine } from "./any-cart.ts"

const sum = (amounts: ReadonlyArray<number>): number => amounts.reduce((sofar, next) => sofar + next, 0)

const itemsOf = ({ lines, shipping, fees }: PricedCart): ReadonlyArray<PricedLine | PricedCharge> => [...lines, ...shipping, ...fees]

const amountsOf = (priced: PricedCart): ReadonlyArray<TracedAmount> => [
  ...Object.values(priced.totals),
  ...itemsOf(priced).flatMap(({ net, tax, gross }) => [net, tax, gross])
]

it("traces every amount to parts that add up to it exactly, all in whole minor units", () => {
  fc.assert(
    fc.property(anyCart, anyContext, (cart, context) => {
      for (const { amount, trace } of amountsOf(price(cart, context))) {
        assert.isTrue(Number.isSafeInteger(amount) && !Object.is(amount, -0))
        assert.equal(sum(trace.map((part) => part.amount)), amount)
      }
    }),
    { numRuns: 300 }
  )
})

it("adds lines and charges up to totals, taxes to tax, and net and tax to gross", () => {
  fc.assert(
    fc.property(anyCart, anyContext, (cart, context) => {
      const priced = price(cart, context)
      const { totals, taxes, discounts, entry } = priced
      const items = itemsOf(priced)
      for (const side of ["net", "tax", "gross"] as const) assert.equal(sum(items.map((item) => item[side].amount)), totals[side].amount)
      for (const { net, tax, gross } of [...items, totals]) assert.equal(net.amount + tax.amount, gross.amount)
      for (const { tax, taxes: each } of items) assert.equal(sum(each.map(({ amount }) => amount)), tax.amount)
      assert.equal(sum(taxes.map(({ tax }) => tax.amount)), totals.tax.amount)
      for (const { amount, shares } of discounts) assert.equal(sum(shares.map((share) => share.amount)), amount)
      const { items: listed, shipping, fees, discounts: off } = totals
      assert.equal(listed.amount + shipping.amount + fees.amount + off.amount, totals[entry].amount)
    }),
    { numRuns: 300 }
  )
})

it("charges nothing for less than nothing, fees apart, and pays in coins that there are", () => {
  fc.assert(
    fc.property(anyCart, anyContext, (cart, context) => {
      const { lines, shipping, totals, rounding } = price(cart, context)
      for (const { net, tax, gross } of [...lines, ...shipping]) for (const { amount } of [net, tax, gross]) assert.isAtLeast(amount, 0)
      const increment = rounding.cash?.increment ?? 1
      assert.equal(totals.payable.amount % increment, 0)
      assert.isBelow(Math.abs(totals.payable.amount - totals.gross.amount), increment)
    })
  )
})

/** Everything but the places of things. */
const byId = (priced: PricedCart) => {
  const { totals, taxes } = plainPriced(priced)
  const amounts = Object.fromEntries(Object.entries(totals).map(([name, { amount }]) => [name, amount]))
  const items = itemsOf(priced).map(({ id, net, tax, taxes: each }) => [id, net.amount, tax.amount, each] as const)
  return {
    amounts,
    items: items.sort(([a], [b]) => (a < b ? -1 : 1)),
    taxes: taxes.map((tax) => JSON.stringify(tax)).sort()
  }
}

it("does not depend on the order of lines and charges: ties go by their ids", () => {
  fc.assert(
    fc.property(anyCart, anyContext, (cart, context) => {
      const { lines, shipping = [], fees = [] } = cart
      const turned = { ...cart, lines: lines.toReversed(), shipping: shipping.toReversed(), fees: fees.toReversed() }
      assert.deepEqual(byId(price(turned, context)), byId(price(cart, context)))
    }),
    { numRuns: 300 }
  )
})

const names = (part: Part): boolean => part.code === "promotion" || (part.code === "price" && part.facts?.["tiers"] !== undefined)

it("never costs less for one line more, unless a promotion or a tier is named, or shipping is taxed like the goods", () => {
  fc.assert(
    fc.property(anyCart, anyLine, anyContext, (cart, line, context) => {
      fc.pre(context.tax.shipping !== "share")
      const more = price({ ...cart, lines: [...cart.lines, { ...line, id: "more", product: "p0" }] }, context)
      if (more.totals.gross.amount >= price(cart, context).totals.gross.amount) return
      const isNamed = [...more.lines, ...more.shipping].some(({ net, gross }) => [...net.trace, ...gross.trace].some(names))
      assert.isTrue(isNamed)
    }),
    { numRuns: 300 }
  )
})

it("costs the same again when what was added is taken out", () => {
  fc.assert(
    fc.property(anyCart, anyLine, anyContext, (cart, line, context) => {
      const before = plainPriced(price(cart, context))
      assert.lengthOf(price({ ...cart, lines: [{ ...line, id: "more" }, ...cart.lines] }, context).lines, cart.lines.length + 1)
      assert.deepEqual(plainPriced(price(cart, context)), before)
    })
  )
})

it("gives what its own schema takes, leaves its input alone, and explains every amount in three languages", () => {
  fc.assert(
    fc.property(anyCart, anyContext, (cart, context) => {
      const before = JSON.stringify([cart, context])
      const priced = price(cart, context)
      assert.deepEqual(PricedCartSchema.parse(priced), plainPriced(priced))
      for (const amount of amountsOf(priced))
        for (const locale of ["en", "de-AT", "es"]) assert.notMatch(explain(amount, locale), /undefined|NaN|\[object/)
      assert.equal(JSON.stringify([cart, context]), before)
    })
  )
})
