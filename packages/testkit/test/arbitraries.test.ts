import { Actor, Channel, Id, Instant, Money } from "@omni/core"
import { arbitraries } from "@omni/testkit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import type * as z from "zod"

const schemas: ReadonlyArray<readonly [string, fc.Arbitrary<unknown>, z.ZodType]> = [
  ["money", arbitraries.money(), Money],
  ["prices", arbitraries.money({ min: 0 }), Money],
  ["money in one currency", arbitraries.moneyIn("JPY"), Money],
  ["ids", arbitraries.id("ord"), Id],
  ["skus", arbitraries.sku, Id],
  ["instants", arbitraries.instant, Instant],
  ["actors", arbitraries.actor, Actor],
  ["channels", arbitraries.channel, Channel]
]

const drawn = <A>(of: fc.Arbitrary<A>): ReadonlyArray<A> => fc.sample(of, { numRuns: 1000, seed: 1 })

describe("arbitraries", () => {
  it.each(schemas)("%s fit their schema as they are", (_, arbitrary, schema) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(schema.parse(value)).toEqual(value)
      }),
      { numRuns: 300 }
    )
  })

  it("hold the edges that break code", () => {
    const amounts = drawn(arbitraries.money())
    expect(new Set(amounts.map(({ currency }) => currency)).size).toBeGreaterThan(20)
    expect(amounts.some(({ amount }) => amount === 0) && amounts.some(({ amount }) => amount < 0)).toBe(true)
    expect(amounts.some(({ amount }) => amount > 1e15)).toBe(true)
    expect(drawn(arbitraries.money({ min: 1, max: 9 })).every(({ amount }) => amount >= 1 && amount <= 9)).toBe(true)
    const skus = drawn(arbitraries.sku)
    expect(skus.some((a) => skus.some((b) => a !== b && a.toLowerCase() === b.toLowerCase()))).toBe(true)
    expect(new Set(drawn(arbitraries.id("ord"))).size).toBeLessThan(600)
    expect(drawn(arbitraries.indexValue).some((value) => Object.is(value, -0))).toBe(true)
  })

  it("has texts that a store must take: well-formed, without U+0000, at most 512 bytes", () => {
    fc.assert(
      fc.property(arbitraries.text, (text) => {
        expect(/[\0\p{Cs}]/u.test(text)).toBe(false)
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(512)
      }),
      { numRuns: 1000 }
    )
  })
})
