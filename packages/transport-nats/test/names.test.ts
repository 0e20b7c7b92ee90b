import fc from "fast-check"
import { describe, expect, it } from "vitest"

import { consumerName, partitionOf, token, typeTokens } from "../src/names.ts"

const text = fc.string({ unit: "binary", maxLength: 40 }).map((s) => s.toWellFormed())

describe("names on NATS", () => {
  it("are tokens of what the protocol takes, and short ones read back as they were", () => {
    fc.assert(
      fc.property(text, (name) => {
        const made = token(name)
        expect(made).toMatch(/^[\w%~-]+$/)
        if (!made.includes("~")) expect(made === "%" ? "" : decodeURIComponent(made)).toBe(name)
      })
    )
  })

  it("differ for texts that differ, also where they are long", () => {
    const long = text.map((s) => `${"x".repeat(500)}${s}`)
    fc.assert(
      fc.property(fc.oneof(text, long), fc.oneof(text, long), (a, b) => {
        expect(token(a) === token(b)).toBe(a === b)
        expect(typeTokens(a) === typeTokens(b)).toBe(a === b)
        expect(consumerName(a, 1) === consumerName(b, 1)).toBe(a === b)
      })
    )
    expect(token("x".repeat(10_000)).length).toBeLessThan(200)
  })

  it("show the dots of a type, and keep an event's partition", () => {
    expect(typeTokens("inventory.StockReserved")).toBe("inventory.StockReserved")
    expect(typeTokens(".a..b c")).toBe("%.a.%.b%20c")
    expect(token("ord.1 > *")).toBe("ord%2E1%20%3E%20%2A")
    expect(partitionOf({ tenant: "default", subject: "ord_1" }, 16)).toBe(3)
  })
})
