import { addCivilDays, money, toCivilDate, toInstant, Weekday, weekdayOf } from "@omni/core"
import { type Dispatch, type ShippingMethod, shippingOptions } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

const promised = (dispatch: Dispatch, at: number, transit = 0, more: Partial<ShippingMethod> = {}, location?: string) => {
  const method: ShippingMethod = {
    id: "home",
    name: "Home",
    kind: "delivery",
    rates: [{ rate: { currency: "EUR", amount: 0 } }],
    dispatch,
    transit: { min: transit, max: transit },
    ...more
  }
  const [option] = shippingOptions([method], {
    destination: { country: "ES" },
    currency: "EUR",
    value: money(1, "EUR"),
    items: 1,
    at,
    ...(location === undefined ? {} : { location })
  })
  return option!
}

const zone = fc.constantFrom("Europe/Madrid", "Atlantic/Canary", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC")
/** Most of them in the hours in which clocks change. */
const time = fc
  .tuple(fc.oneof({ weight: 3, arbitrary: fc.nat(3) }, fc.nat(23)), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"))
const workdays = fc.uniqueArray(fc.constantFrom(...Weekday.options), { minLength: 1, maxLength: 7 })
/** Days around both changes of the clocks. */
const day = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom("2026-03-08", "2026-03-29", "2026-04-05", "2026-09-06", "2026-10-04", "2026-10-25", "2026-11-01")
  },
  fc.nat(364).map((n) => addCivilDays("2026-01-01", n))
)

describe("days of work", () => {
  it("are counted right however many they are, and past any holidays", () => {
    const holidays = fc.uniqueArray(
      fc.nat(500).map((n) => addCivilDays("2026-01-01", n)),
      { maxLength: 400 }
    )
    fc.assert(
      fc.property(workdays, holidays, day, fc.integer({ min: 0, max: 365 }), (days, closed, from, count) => {
        const dispatch = { zone: "UTC", cutOff: "12:00", workdays: days, holidays: closed }
        const { promise } = promised(dispatch, toInstant(`${from}T11:59`, "UTC"), count)
        // Counted backwards, day by day: between the two lie as many days of work as were asked for.
        const works = (date: string) => days.includes(weekdayOf(date)) && !closed.includes(date)
        const between: Array<string> = []
        for (let date = promise!.dispatch; date < promise!.to; date = addCivilDays(date, 1)) if (works(date)) between.push(date)
        assert.isTrue(works(promise!.to) && works(promise!.dispatch) && promise!.dispatch >= from)
        assert.lengthOf(between, count)
      }),
      { numRuns: 60 }
    )
  })

  it("go on after more than a year without any", () => {
    const mondays = Array.from({ length: 300 }, (_, week) => addCivilDays("2026-01-05", 7 * week))
    const dispatch: Dispatch = { zone: "UTC", cutOff: "12:00", workdays: ["monday"], holidays: mondays }
    assert.equal(promised(dispatch, toInstant("2026-01-05T09:00", "UTC")).promise!.dispatch, addCivilDays("2026-01-05", 7 * 300))
    const weekly: Dispatch = { zone: "UTC", cutOff: "12:00", workdays: ["monday"] }
    assert.equal(promised(weekly, toInstant("2026-01-05T09:00", "UTC"), 100).promise!.to, addCivilDays("2026-01-05", 700))
  })
})

describe("the cut-off", () => {
  it("comes once a day, by the clock of the place, also where the clocks change: who orders later is never served earlier", () => {
    fc.assert(
      fc.property(zone, time, day, (place, cutOff, date) => {
        const dispatch: Dispatch = { zone: place, cutOff, workdays: [...Weekday.options] }
        const first = toInstant(`${date}T00:00`, place)
        const steps = Array.from({ length: 26 * 12 }, (_, i) => first + i * 300_000).filter((at) => toCivilDate(at, place) === date)
        const sameDay = steps.map((at) => promised(dispatch, at).promise!.dispatch === date)
        const late = sameDay.indexOf(false)
        assert.isTrue(late < 0 || sameDay.slice(late).every((is) => !is), `${place} ${date} ${cutOff}`)
        const at = toInstant(`${date}T${cutOff}`, place)
        if (toCivilDate(at, place) !== date) return
        assert.deepEqual(
          [promised(dispatch, at - 1).promise!.dispatch, promised(dispatch, at).promise!.dispatch],
          [date, addCivilDays(date, 1)]
        )
      }),
      { numRuns: 100 }
    )
  })

  it("counts to the second, and does not come back when an hour does", () => {
    const dispatch: Dispatch = { zone: "Europe/Madrid", cutOff: "02:30", workdays: [...Weekday.options] }
    // 25 October 2026: two to three o'clock comes twice.
    const first = toInstant("2026-10-25T02:40", "Europe/Madrid")
    const second = first + 30 * 60_000 // 02:10 again
    assert.deepEqual(
      [first, second].map((at) => promised(dispatch, at).promise!.dispatch),
      ["2026-10-26", "2026-10-26"]
    )
    const exact = { ...dispatch, cutOff: "14:00:30" }
    assert.equal(promised(exact, toInstant("2026-12-02T14:00:29", "Europe/Madrid")).promise!.dispatch, "2026-12-02")
  })
})

describe("a place of its own", () => {
  const dispatch: Dispatch = { zone: "Europe/Madrid", cutOff: "14:00", workdays: [...Weekday.options] }
  const canary: Dispatch = { zone: "Atlantic/Canary", cutOff: "14:00", workdays: [...Weekday.options], holidays: ["2026-12-03"] }
  const locations = [{ id: "madrid" }, { id: "tenerife", dispatch: canary }]

  it("keeps to its own clock and holidays", () => {
    const at = toInstant("2026-12-02T14:30", "Europe/Madrid")
    const leaves = (location?: string) => promised(dispatch, at, 0, { locations }, location).promise?.dispatch
    assert.deepEqual([leaves("madrid"), leaves("tenerife"), leaves()], ["2026-12-03", "2026-12-02", "2026-12-03"])
    const later = toInstant("2026-12-02T15:30", "Europe/Madrid")
    assert.equal(promised(dispatch, later, 0, { locations }, "tenerife").promise?.dispatch, "2026-12-04")
  })

  it("is one that the method goes from", () => {
    const { available, reason } = promised(dispatch, toInstant("2026-12-02T12:00", "Europe/Madrid"), 0, { locations }, "bilbao")
    assert.deepEqual([available, reason.code], [false, "not-from-there"])
  })
})
