import * as fc from "fast-check"
import { expect, it } from "vitest"

import type { Promotion } from "../../src/promotions/promotion.ts"
import { basketFrom, linesOf } from "./arbitraries.ts"
import { choosePromotions } from "./by-force.ts"

/** What one promotion takes off, worked out unit by unit, with fractions as whole numbers: none of it is code of ours. */

type Lines = typeof linesOf extends (...args: never) => fc.Arbitrary<infer All> ? All : never

interface Unit {
  readonly line: number
  readonly id: string
  readonly price: number
}

const unitsOf = (lines: Lines, fits: (product: string) => boolean): Array<Unit> =>
  lines.flatMap(({ id, quantity, unitPrice, product }, line) =>
    fits(product) ? Array.from({ length: quantity }, () => ({ line, id, price: unitPrice })) : []
  )

const byId = (a: Unit, b: Unit): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)

const halfUp = (over: number, under: number): number => Math.floor((2 * over + under) / (2 * under))

/** By largest remainder, of equal ones to the smaller id. */
const shared = (total: number, weights: ReadonlyArray<number>, ids: ReadonlyArray<string>): Array<number> => {
  const sum = weights.reduce((sofar, one) => sofar + one, 0)
  if (sum === 0) return weights.map(() => 0)
  const shares = weights.map((weight) => Math.floor((weight * total) / sum))
  const rest = (at: number): number => (weights[at]! * total) % sum
  const order = [...weights.keys()].sort((a, b) => rest(b) - rest(a) || (ids[a]! < ids[b]! ? -1 : 1))
  for (const at of order.slice(0, total - shares.reduce((sofar, one) => sofar + one, 0))) shares[at]!++
  return shares
}

/** What comes off each line. */
const offsOf = (lines: Lines, promotion: Omit<Promotion, "id" | "name">): Array<number> => {
  const { basket, offs } = { basket: basketFrom(lines, 490), offs: lines.map(() => 0) }
  const { given } = choosePromotions([{ id: "p", name: "P", ...promotion }], basket)
  for (const { rows, offs: taken } of given) for (const [at, row] of [...rows].entries()) offs[row]! += taken[at]!
  return offs
}

const currency = "EUR"
const few = linesOf(5)

it("a percentage, a sum or a price for each line", () => {
  fc.assert(
    fc.property(few, fc.integer({ min: 0, max: 130 }), fc.integer({ min: 0, max: 3000 }), (lines, percent, amount) => {
      const listed = lines.map(({ quantity, unitPrice }) => quantity * unitPrice)
      const each = (value: Promotion["value"]) => offsOf(lines, { target: "line", value })
      expect(each({ type: "percentage", percent })).toEqual(listed.map((cost) => Math.min(cost, halfUp(cost * percent, 100))))
      expect(each({ type: "fixed", amount, currency })).toEqual(lines.map((line, at) => Math.min(listed[at]!, amount * line.quantity)))
      expect(each({ type: "price", amount, currency })).toEqual(lines.map((line, at) => Math.max(0, listed[at]! - amount * line.quantity)))
    })
  )
})

it("a percentage, a sum or a price for the order, shared out by largest remainder", () => {
  fc.assert(
    fc.property(few, fc.integer({ min: 0, max: 130 }), fc.integer({ min: 0, max: 30_000 }), (lines, percent, amount) => {
      const listed = lines.map(({ quantity, unitPrice }) => quantity * unitPrice)
      const whole = listed.reduce((sum, one) => sum + one, 0)
      const ids = lines.map(({ id }) => id)
      const order = (value: Promotion["value"]) => offsOf(lines, { target: "order", value })
      expect(order({ type: "percentage", percent })).toEqual(shared(Math.min(whole, halfUp(whole * percent, 100)), listed, ids))
      expect(order({ type: "fixed", amount, currency })).toEqual(shared(Math.min(whole, amount), listed, ids))
      expect(order({ type: "price", amount, currency })).toEqual(shared(Math.max(0, whole - amount), listed, ids))
    })
  )
})

it("so many bought, the dearest first, and the cheapest that are left given, as often as there are sets", () => {
  const product = fc.constantFrom("a", "b", "c", "d")
  const count = fc.integer({ min: 1, max: 3 })
  fc.assert(
    fc.property(few, count, count, product, fc.integer({ min: 1, max: 4 }), (lines, buy, get, only, times) => {
      const fits = (one: string): boolean => one <= only
      const wanted = lines.map(() => 0)
      let units = unitsOf(lines, fits)
      for (let set = 0; set < times && units.length >= buy + get; set++) {
        units = units.sort((a, b) => b.price - a.price || byId(a, b)).slice(buy)
        units.sort((a, b) => a.price - b.price || byId(a, b))
        for (const { line, price } of units.splice(0, get)) wanted[line]! += price
      }
      const products = ["a", "b", "c", "d"].filter(fits)
      const value = { type: "buy-get", buy: { quantity: buy }, get: { quantity: get }, times } as const
      expect(offsOf(lines, { target: "line", products, value })).toEqual(wanted)
    }),
    { numRuns: 300 }
  )
})

it("bundles of the dearest units, as long as they are worth more than they cost", () => {
  fc.assert(
    fc.property(few, fc.integer({ min: 0, max: 6000 }), fc.integer({ min: 1, max: 2 }), (lines, price, quantity) => {
      const parts = [
        { products: ["a", "b"], quantity },
        { products: ["c"], quantity: 1 }
      ]
      const left = parts.map(({ products }) =>
        unitsOf(lines, (product) => products.includes(product)).sort((a, b) => b.price - a.price || byId(a, b))
      )
      const worth = lines.map(() => 0)
      let sets = 0
      while (parts.every((part, at) => left[at]!.length >= part.quantity)) {
        const set = parts.flatMap((part, at) => left[at]!.slice(0, part.quantity))
        if (set.reduce((sum, unit) => sum + unit.price, 0) <= price) break
        parts.forEach((part, at) => left[at]!.splice(0, part.quantity))
        for (const unit of set) worth[unit.line]! += unit.price
        sets++
      }
      const total = worth.reduce((sum, one) => sum + one, 0) - sets * price
      const ids = lines.map(({ id }) => id)
      expect(offsOf(lines, { target: "line", value: { type: "bundle", parts, price: { EUR: price } } })).toEqual(shared(total, worth, ids))
    }),
    { numRuns: 300 }
  )
})

it("more off for more: the furthest step that is reached", () => {
  const steps = fc.uniqueArray(fc.record({ from: fc.integer({ min: 1, max: 12 }), percent: fc.integer({ min: 1, max: 90 }) }), {
    minLength: 1,
    maxLength: 4,
    selector: ({ from }) => from
  })
  fc.assert(
    fc.property(few, steps, (lines, all) => {
      const units = lines.reduce((sum, { quantity }) => sum + quantity, 0)
      const [reached] = all.filter(({ from }) => from <= units).sort((a, b) => b.from - a.from)
      const whole = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)
      const value = {
        type: "tiers",
        by: "quantity",
        steps: all.map(({ from, percent }) => ({ from, value: { type: "percentage", percent } as const }))
      } as const
      const off = offsOf(lines, { target: "order", value }).reduce((sum, one) => sum + one, 0)
      expect(off).toBe(halfUp(whole * (reached?.percent ?? 0), 100))
    })
  )
})
