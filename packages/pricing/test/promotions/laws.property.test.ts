import { price, type PricedCart, type PricingContext, type Promotion } from "@omni/pricing"
import { definePromotions } from "@omni/pricing/promotions"
import * as fc from "fast-check"
import { expect, it } from "vitest"

import { linesOf, promotionsOf } from "./arbitraries.ts"

type Line = ReturnType<typeof linesOf> extends fc.Arbitrary<ReadonlyArray<infer One>> ? One : never

const priced = (lines: ReadonlyArray<Line>, promotions: ReadonlyArray<Promotion>, entry: "net" | "gross" = "gross"): PricedCart => {
  const context: PricingContext = {
    now: 1_000,
    currency: "EUR",
    tax: { entry, rates: { standard: 19, reduced: 7 } },
    promotions: definePromotions(promotions)
  }
  return price(
    {
      lines: lines.map(({ id, quantity, unitPrice, product }) => ({
        id,
        product,
        categories: [product < "c" ? "first" : "last"],
        quantity,
        taxCategory: product === "a" ? "reduced" : "standard",
        prices: [{ amount: unitPrice, currency: "EUR" }],
        facts: { colour: product === "a" ? "red" : "blue" }
      })),
      shipping: [{ id: "post", amount: 490, currency: "EUR", taxCategory: "standard" }],
      coupons: ["CODE"]
    },
    context
  )
}

const tracesOf = ({ lines, shipping }: PricedCart) => [...lines, ...shipping].flatMap(({ net, gross }) => [net, gross])

it("every discount is in the traces of what it was taken off, and they add up", () => {
  fc.assert(
    fc.property(linesOf(5), promotionsOf(8), fc.constantFrom("net" as const, "gross" as const), (lines, promotions, entry) => {
      const cart = priced(lines, promotions, entry)
      for (const { amount, trace } of tracesOf(cart)) expect(trace.reduce((sum, part) => sum + part.amount, 0)).toBe(amount)
      for (const { promotion, amount, shares } of cart.discounts) {
        expect(shares.reduce((sum, share) => sum + share.amount, 0)).toBe(amount)
        const traced = [...cart.lines, ...cart.shipping].flatMap((item) => item[entry].trace).filter(({ ref }) => ref === promotion)
        expect(traced.reduce((sum, part) => sum + part.amount, 0)).toBe(amount)
      }
      expect(cart.usage.map(({ promotion }) => promotion)).toEqual(
        [...cart.discounts, ...cart.gifts].map(({ promotion }) => promotion).sort((a, b) => indexIn(cart, a) - indexIn(cart, b))
      )
    })
  )
})

const indexIn = ({ usage }: PricedCart, id: string): number => usage.findIndex(({ promotion }) => promotion === id)

it("nothing costs less than nothing", () => {
  fc.assert(
    fc.property(linesOf(5), promotionsOf(8), (lines, promotions) => {
      const cart = priced(lines, promotions)
      for (const { amount } of tracesOf(cart)) expect(amount).toBeGreaterThanOrEqual(0)
      for (const total of Object.values(cart.totals)) if (total !== cart.totals.discounts) expect(total.amount).toBeGreaterThanOrEqual(0)
    })
  )
})

it("an item more never lowers the total, unless a promotion says that it takes off more", () => {
  fc.assert(
    fc.property(linesOf(5), promotionsOf(6), (lines, promotions) => {
      const [last, ...before] = lines.toReversed()
      const [less, more] = [priced(before, promotions), priced([...before, last!], promotions)]
      if (more.totals.gross.amount >= less.totals.gross.amount) return
      const given = (cart: PricedCart, id: string): number => cart.discounts.find(({ promotion }) => promotion === id)?.amount ?? 0
      expect(more.discounts.some(({ promotion }) => given(more, promotion) < given(less, promotion))).toBe(true)
    })
  )
})

it("taking out what was put in gives the price from before", () => {
  fc.assert(
    fc.property(linesOf(5), promotionsOf(6), (lines, promotions) => {
      const before = JSON.stringify(priced(lines.slice(1), promotions))
      priced(lines, promotions)
      expect(JSON.stringify(priced(lines.slice(1), promotions))).toBe(before)
    })
  )
})

it("the order of lines and of promotions makes no difference to any line", () => {
  fc.assert(
    fc.property(linesOf(5), promotionsOf(8), (lines, promotions) => {
      const one = priced(lines, promotions)
      const other = priced(lines.toReversed(), promotions.toReversed())
      const amounts = (cart: PricedCart) => Object.fromEntries(cart.lines.map(({ id, gross, tax }) => [id, [gross.amount, tax.amount]]))
      expect(amounts(other)).toEqual(amounts(one))
      expect(other.skipped).toEqual(one.skipped)
      expect(other.usage).toEqual(one.usage)
    })
  )
})
