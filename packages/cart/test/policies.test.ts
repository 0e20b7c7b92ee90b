import { cart, deliveryPromise, missingForFreeShipping, priceMatch, returnableUnits, returnableUntil, type ShopPolicies } from "@omni/cart"
import { catalog } from "@omni/catalog"
import { addCivilDays, createOmni, weekdayOf } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { carryOut, channels, clockAt, openShop } from "./shop.ts"

const day = 86_400_000
const euros = (amount: number) => ({ amount, currency: "EUR" }) as const

const policies: ShopPolicies = {
  returns: { window: 14 * day, excluded: ["SOAP"] },
  delivery: {
    standard: {
      zone: "Europe/Berlin",
      cutOff: "14:00",
      workdays: ["monday", "tuesday", "wednesday", "thursday", "friday"],
      holidays: ["2026-12-25"],
      prepare: 1,
      transit: { min: 1, max: 2 }
    }
  },
  priceMatch: { competitors: ["other.example"], after: 14 * day, most: 20, excluded: ["SOAP"] },
  freeShipping: [euros(5_000)]
}

it("says until when goods can come back, as the orders hold to it", async () => {
  const time = clockAt(1_000_000)
  const shop = createOmni({
    store: memory(),
    clock: time.clock,
    modules: {
      catalog: catalog(),
      inventory: inventory(),
      orders: orders({ returns: policies.returns }),
      cart: cart({ channels, tax: { entry: "gross", rates: { standard: 19 } }, policies })
    }
  })
  const line = (id: string, sku: string) => ({ id, sku, quantity: 2, unitPrice: euros(100), stocked: false })
  const order = await shop.orders.place({
    currency: "EUR",
    taxIncluded: true,
    lines: [line("1", "CASE"), line("2", "SOAP")],
    fulfilment: { kind: "carry-out", location: "mitte" }
  })
  const shown = await shop.cart.policies({})
  const units = returnableUnits(shown, order, await shop.orders.fulfilmentsOf({ order: order.id }))
  assert.deepEqual(
    units.map(({ sku, quantity, until }) => [sku, quantity, until]),
    [
      ["CASE", 2, 1_000_000 + 14 * day],
      ["SOAP", 2, "never"]
    ]
  )
  const ask = async (of: string) =>
    (await shop.orders.safe.requestReturn({ order: order.id, lines: [{ line: of, quantity: 1 }], reason: "no" })).ok
  assert.isFalse(await ask("2"))
  time.pass(14 * day)
  assert.isTrue(await ask("1"))
  time.pass(1)
  assert.isFalse(await ask("1"))
  assert.equal(returnableUntil({ returns: { window: "none" } }, 5), "always")
  await shop.close()
})

it("promises days of work, by the clock of where it leaves", () => {
  const at = (text: string) => deliveryPromise(policies, "standard", Date.parse(text))
  assert.deepEqual(at("2026-12-22T12:59:00Z"), {
    leaves: "2026-12-23",
    from: "2026-12-24",
    to: "2026-12-28",
    orderBefore: Date.parse("2026-12-22T13:00:00Z")
  })
  assert.include(at("2026-12-22T13:00:00Z"), { leaves: "2026-12-24", from: "2026-12-28", to: "2026-12-29" })
  assert.include(at("2026-12-26T09:00:00Z"), { leaves: "2026-12-29" })
  assert.isUndefined(deliveryPromise(policies, "toString", 0))
})

it("promises nothing sooner by ordering later, and only days of work", () => {
  const moment = fc.integer({ min: 1_767_000_000_000, max: 1_798_000_000_000 })
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      const [early, late] = [Math.min(a, b), Math.max(a, b)].map((at) => deliveryPromise(policies, "standard", at)!)
      assert.isTrue(early!.from <= late!.from && early!.to <= late!.to && early!.orderBefore <= late!.orderBefore)
      for (const date of [early!.leaves, early!.from, early!.to]) {
        assert.notInclude(["saturday", "sunday"], weekdayOf(date))
        assert.notEqual(date, "2026-12-25")
      }
      assert.isTrue(early!.from <= early!.to && early!.to <= addCivilDays(early!.leaves, 7))
      const inTime = deliveryPromise(policies, "standard", early!.orderBefore - 1)
      assert.isTrue(early!.orderBefore > Math.min(a, b) && inTime?.leaves === early!.leaves)
    })
  )
})

it("matches prices on the conditions that it says, and gives a reason where it does not", () => {
  const seen = { sku: "CASE", ours: euros(1_000), theirs: euros(900), competitor: "other.example" }
  assert.deepEqual(priceMatch(policies, seen, 0), { matches: true, price: euros(900), difference: euros(100) })
  const reason = (change: Partial<Parameters<typeof priceMatch>[1]>, now = 0, of: Pick<ShopPolicies, "priceMatch"> = policies) => {
    const answer = priceMatch(of, { ...seen, ...change }, now)
    return answer.matches ? "matches" : answer.reason
  }
  assert.equal(reason({ sku: "SOAP" }), "excluded")
  assert.equal(reason({ competitor: "unknown.example" }), "competitor")
  assert.equal(reason({ theirs: { amount: 1, currency: "USD" } }), "currency")
  assert.equal(reason({ theirs: euros(1_000) }), "not-lower")
  assert.equal(reason({ boughtAt: 0 }, 14 * day), "matches")
  assert.equal(reason({ boughtAt: 0 }, 14 * day + 1), "too-late")
  assert.equal(reason({ theirs: euros(800) }), "matches")
  assert.equal(reason({ theirs: euros(799) }), "too-much")
  assert.equal(reason({}, 0, {}), "not-offered")
})

it("says how much is missing for free shipping, and refuses policies that are none", () => {
  assert.equal(missingForFreeShipping(policies, euros(3_100))?.amount, 1_900)
  assert.equal(missingForFreeShipping(policies, euros(6_000))?.amount, 0)
  assert.isUndefined(missingForFreeShipping(policies, { amount: 1, currency: "USD" }))
  const wrong = { ...policies, delivery: { express: { ...policies.delivery["standard"]!, transit: { min: 3, max: 1 } } } }
  assert.throws(() => cart({ channels, tax: { entry: "gross", rates: {} }, policies: wrong }), /shortest/)
})

it("holds the order to what the cart has shown", async () => {
  const returns = { window: day, excluded: ["BOOK", "NOT-IN-IT"] }
  const shop = await openShop({ policies: { ...policies, returns } })
  await shop.cart.add({ customer: "p1", variant: "case-1" })
  await shop.cart.add({ customer: "p1", variant: "book-1" })
  const { order } = await shop.cart.checkout({ customer: "p1", fulfilment: carryOut })
  assert.deepEqual(order.terms, { window: day, excluded: ["BOOK"] })
  const refused = await shop.orders.safe.requestReturn({
    order: order.id,
    lines: [{ line: order.lines[1]!.id, quantity: 1 }],
    reason: "no"
  })
  assert.isTrue(!refused.ok && refused.error._tag === "NotReturnable")
})

it("matches no price that is none", () => {
  const seen = { sku: "CASE", ours: euros(1_000), competitor: "other.example" }
  for (const amount of [0, -100, Number.NaN, 899.5, -Infinity]) {
    const answer = priceMatch({ priceMatch: { after: 0 } }, { ...seen, theirs: { amount, currency: "EUR" } }, 0)
    assert.deepInclude(answer, { matches: false, reason: "no-price" }, String(amount))
  }
  assert.isTrue(priceMatch({ priceMatch: { after: 0 } }, { ...seen, theirs: euros(1) }, 0).matches)
})
