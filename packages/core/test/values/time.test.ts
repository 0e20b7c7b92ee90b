import { days, fromIso, hours, Instant, InvalidInstant, minutes, seconds, toIso } from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const anyInstant = fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.integer({ min: -1e13, max: 1e13 }))

describe("instants", () => {
  it.each([
    ["1970-01-01T00:00:00Z", 0],
    ["2026-03-07T09:00:00+01:00", Date.UTC(2026, 2, 7, 8)],
    ["2026-03-07t09:00:00.5z", Date.UTC(2026, 2, 7, 9, 0, 0, 500)],
    ["2026-03-07T09:00:00.123999999Z", Date.UTC(2026, 2, 7, 9, 0, 0, 123)],
    ["1969-12-31T23:59:59.999Z", -1],
    ["2026-03-07T00:00:00+23:59", Date.UTC(2026, 2, 6, 0, 1)],
    ["2000-02-29T00:00:00-00:00", Date.UTC(2000, 1, 29)],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
    ["+275760-09-13T00:00:00.000Z", 8.64e15]
  ])("reads %s", (text, instant) => {
    expect(fromIso(text)).toBe(instant)
  })

  it.each([
    "",
    "2026-03-07",
    "2026-03-07T09:00Z",
    "2026-03-07T09:00:00",
    "2026-03-07 09:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-00-10T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-12-31T23:59:60Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+01:60",
    "2026-01-01T00:00:00+0100",
    "2026-01-01T00:00:00.Z",
    "-000000-01-01T00:00:00Z",
    "+275760-09-13T00:00:00.001Z",
    "20260101T000000Z",
    "2026-01-01T00:00:00Z ",
    "２０２６-01-01T00:00:00Z"
  ])("refuses %j with a typed error", (text) => {
    expect(() => fromIso(text)).toThrow(InvalidInstant)
  })

  it("reads back what it wrote, over the whole range", () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        expect(fromIso(toIso(instant))).toBe(instant)
        expect(Instant.parse(instant)).toBe(instant)
      }),
      { numRuns: 1000 }
    )
  })

  it("reads the same moment whatever the offset", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e13, max: 1e13 }), fc.integer({ min: -1439, max: 1439 }), (instant, offset) => {
        const local = toIso(instant + minutes(offset)).slice(0, -1)
        const at = Math.abs(offset)
        const suffix = `${offset < 0 ? "-" : "+"}${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`
        expect(fromIso(local + suffix)).toBe(instant)
      })
    )
  })

  it.each([0.5, NaN, Infinity, 8.64e15 + 1, -8.64e15 - 1])("does not take %d for a moment", (instant) => {
    expect(() => toIso(instant)).toThrow(InvalidInstant)
    expect(Instant.safeParse(instant).success).toBe(false)
  })
})

describe("durations", () => {
  it("are whole milliseconds", () => {
    expect([seconds(1.5), minutes(2), hours(1), days(7), seconds(0.0004)]).toEqual([1500, 120_000, 3_600_000, 604_800_000, 0])
  })
})
