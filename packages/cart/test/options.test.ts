import { cart, type CartOptions, credit, loyalty } from "@omni/cart"
import { InvalidOptions } from "@omni/core"
import { assert, describe, it } from "vitest"

import { channels } from "./shop.ts"

const tax = { entry: "gross", rates: { standard: "19" } } as const

const issuesOf = (make: () => unknown): ReadonlyArray<string> => {
  try {
    make()
    return []
  } catch (error) {
    assert.instanceOf(error, InvalidOptions)
    return error.issues.map(({ path }) => path)
  }
}

const cartIssues = (options: object): ReadonlyArray<string> => issuesOf(() => cart({ channels, tax, ...options } as CartOptions))

describe("what a cart is told is looked at when it is put together, not when somebody buys", () => {
  it("names that there are none of", () => {
    assert.deepEqual(cartIssues({ retention: 5 }), ["retention"])
    assert.deepEqual(cartIssues({ cancelled: { coupon: "keep" } }), ["cancelled.coupon"])
    assert.deepEqual(cartIssues({ policies: { returns: { widnow: 5 }, delivery: {} } }), ["policies.returns.widnow"])
    assert.deepEqual(
      issuesOf(() => credit({ secret: "0123456789abcdef0123456789abcdef", grase: 1 } as never)),
      ["grase"]
    )
    assert.deepEqual(
      issuesOf(() => loyalty({ earn: () => 1, teirs: [] } as never)),
      ["teirs"]
    )
  })

  it("rates", () => {
    assert.deepEqual(cartIssues({ tax: { entry: "gross", rates: { standard: "nineteen" } } }), ["tax.rates.standard"])
    assert.deepEqual(cartIssues({ tax: { entry: "brutto", rates: {} } }), ["tax.entry"])
    assert.deepEqual(cartIssues({ tax: { entry: "gross", rates: {}, shiping: "share" } }), ["tax.shiping"])
    assert.deepEqual(cartIssues({ tax: undefined }), ["tax"])
    assert.deepEqual(cartIssues({ tax: () => ({ ...tax, rates: { standard: -1 } }) }), ["tax.rates.standard"])
    assert.deepEqual(cartIssues({ rounding: { level: "cart", mode: "half-up" } }), ["rounding.level"])
  })

  it("channels, their currencies and zones", () => {
    const [web] = channels
    assert.deepEqual(cartIssues({ channels: [{ ...web, timeZone: "Europe/Berln" }] }), ["channels.0.timeZone"])
    assert.deepEqual(cartIssues({ channels: [{ ...web, currency: "EURO" }] }), ["channels.0.currency"])
    assert.deepEqual(cartIssues({ channels: [web, web] }), ["channels"])
    assert.deepEqual(cartIssues({ channels: [{ ...web, country: "DE" }] }), [], "a channel of the catalogue has more")
  })

  it("times and choices", () => {
    const wrong = { merge: "both", idle: -1, expiry: Number.NaN, handOver: "10 minutes", priceOrder: ["cheapest"] }
    assert.sameMembers([...cartIssues(wrong)], ["merge", "idle", "expiry", "handOver", "priceOrder.0"])
    assert.deepEqual(cartIssues({ idle: () => 5, tax: () => tax, expiry: undefined }), [])
  })
})
