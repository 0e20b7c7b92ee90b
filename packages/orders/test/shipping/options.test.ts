import { money, toInstant } from "@omni/core"
import { type ShippingMethod, shippingOptions, type ShippingRequest } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

const dispatch = {
  zone: "Europe/Madrid",
  cutOff: "14:00",
  workdays: ["monday", "tuesday", "wednesday", "thursday", "friday"],
  holidays: ["2026-12-08"]
} satisfies ShippingMethod["dispatch"]

const home: ShippingMethod = {
  id: "home",
  name: "Home delivery",
  kind: "delivery",
  rates: [
    { zone: { countries: ["ES"], postalCodes: ["35", "38"] }, rate: { currency: "EUR", amount: 1490 } },
    {
      zone: { countries: ["ES"], except: { postalCodes: ["51000-52999"] } },
      rate: {
        currency: "EUR",
        amount: 490,
        tiers: {
          by: "weight",
          steps: [
            { from: 5000, amount: 790 },
            { from: 15_000, amount: 1290 }
          ]
        },
        freeFrom: 5000
      }
    },
    { zone: { countries: ["PT"], postalCodes: ["1000-1999"] }, rate: { currency: "EUR", amount: 690 } }
  ],
  dispatch,
  transit: { min: 1, max: 2 },
  maxWeight: 30_000,
  excludes: ["dangerous"],
  carrier: { name: "post", service: "parcel" }
}
const pickup: ShippingMethod = {
  id: "pickup",
  name: "Pickup",
  kind: "pickup",
  rates: [{ rate: { currency: "EUR", amount: 100 } }],
  dispatch
}

const at = (civil: string) => toInstant(civil, "Europe/Madrid")
const asked = (more: Partial<ShippingRequest> = {}): ShippingRequest => ({
  destination: { country: "ES", postalCode: "28013" },
  currency: "EUR",
  value: money(3000, "EUR"),
  items: 2,
  weight: 1000,
  at: at("2026-12-02T13:59"),
  ...more
})
const option = (more: Partial<ShippingRequest> = {}, method = home) => shippingOptions([method], asked(more))[0]!

describe("what sending costs", () => {
  it("goes by where to, how heavy it is, and what it is worth", () => {
    const cases: ReadonlyArray<[Partial<ShippingRequest>, number | string]> = [
      [{}, 490],
      [{ weight: 4999 }, 490],
      [{ weight: 5000 }, 790],
      [{ weight: 20_000 }, 1290],
      [{ value: money(5000, "EUR") }, 0],
      [{ destination: { country: "ES", postalCode: "35001" } }, 1490],
      [{ destination: { country: "ES", postalCode: "35001" }, value: money(9000, "EUR") }, 1490],
      [{ destination: { country: "PT", postalCode: "1999-123" } }, 690],
      [{ destination: { country: "PT", postalCode: "2000-001" } }, "not-there"],
      [{ destination: { country: "ES", postalCode: "51001" } }, "not-there"],
      [{ destination: { country: "FR", postalCode: "75001" } }, "not-there"],
      [{ currency: "USD", value: money(1, "USD") }, "no-rate"],
      [{ weight: 30_001 }, "too-heavy"],
      [{ marks: ["fragile", "dangerous"] }, "excluded"]
    ]
    for (const [more, expected] of cases) {
      const { amount, reason } = option(more)
      assert.equal(typeof expected === "number" ? amount?.amount : reason.code, expected, JSON.stringify(more))
    }
    const { destination: _, ...nowhere } = asked()
    assert.equal(shippingOptions([home], nowhere)[0]?.reason.code, "no-address")
    assert.equal(shippingOptions([pickup], nowhere)[0]?.amount?.amount, 100)
  })

  it("is what the carrier answered last, and says so, unless the shop gives it away", () => {
    const quotes = [
      { carrier: "post", service: "parcel", amount: money(555, "EUR"), at: 2 },
      { carrier: "post", service: "parcel", amount: money(444, "EUR"), at: 1 },
      { carrier: "post", service: "express", amount: money(1, "EUR"), at: 9 }
    ]
    assert.deepInclude(option({ quotes }), { amount: money(555, "EUR"), source: { kind: "quote", carrier: "post", at: 2 } })
    assert.deepInclude(option({ quotes, value: money(5000, "EUR") }), { amount: money(0, "EUR"), usual: money(555, "EUR") })
  })

  it("never costs more for goods that are worth more, nor less for heavier ones", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(30_000), fc.nat(30_000), (a, b, light, heavy) => {
        const price = (value: number, weight: number) => option({ value: money(value, "EUR"), weight }).amount!.amount
        assert.isAtLeast(price(Math.min(a, b), light), price(Math.max(a, b), light))
        assert.isAtMost(price(a, Math.min(light, heavy)), price(a, Math.max(light, heavy)))
      })
    )
  })
})

describe("when it arrives", () => {
  it("counts days of work from the cut-off on, in the shop's own time zone", () => {
    const cases: ReadonlyArray<[string, string, string, string]> = [
      // Wednesday before and after two o'clock.
      ["2026-12-02T13:59", "2026-12-02", "2026-12-03", "2026-12-04"],
      ["2026-12-02T14:00", "2026-12-03", "2026-12-04", "2026-12-07"],
      // On a Saturday; and on the eve of a holiday.
      ["2026-12-05T09:00", "2026-12-07", "2026-12-09", "2026-12-10"],
      ["2026-12-07T15:00", "2026-12-09", "2026-12-10", "2026-12-11"]
    ]
    for (const [civil, dispatched, from, to] of cases)
      assert.deepEqual(option({ at: at(civil) }).promise, { dispatch: dispatched, from, to }, civil)
    // It is two o'clock in Madrid when it is one in the Canaries.
    assert.equal(option({ at: toInstant("2026-12-02T13:30", "Atlantic/Canary") }).promise?.dispatch, "2026-12-03")
  })

  it("takes as long again as the goods take to be made ready", () => {
    const slow = { ...home, dispatch: { ...dispatch, prepare: 3 } }
    assert.equal(option({}, slow).promise?.dispatch, "2026-12-07")
  })
})
