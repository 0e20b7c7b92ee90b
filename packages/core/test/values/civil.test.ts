import {
  addCivilDays,
  addCivilMonths,
  anniversaryIn,
  CivilDate,
  CivilDateTime,
  CivilTime,
  fromIso,
  InvalidCivilTime,
  isWithinLocalWindow,
  nextAnniversary,
  nextLocalTime,
  startOfDay,
  toCivil,
  toCivilDate,
  toInstant,
  toIso,
  UnknownTimeZone,
  type Weekday,
  weekdayOf
} from "@omni/core"
import { describe, expect, it } from "vitest"

describe("civil texts", () => {
  it.each(["2026-03-07", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])("%s is a day", (text) => {
    expect(CivilDate.parse(text)).toBe(text)
  })

  it.each([
    "2026-02-29",
    "1900-02-29",
    "2026-04-31",
    "2026-13-01",
    "2026-00-01",
    "2026-01-00",
    "0000-01-01",
    "2026-1-1",
    "20260101",
    "2026-01-01T00:00",
    "",
    "+002026-01-01"
  ])("%j is none", (text) => expect(CivilDate.safeParse(text).success).toBe(false))

  it.each(["00:00", "09:00", "23:59:59", "23:59:59.9", "12:00:00.123"])("%s is a time of day", (text) => {
    expect(CivilTime.parse(text)).toBe(text)
  })

  it.each(["24:00", "9:00", "09:60", "09:00:60", "09:00:00.", "09:00:00.1234", "09:00Z", "", "09"])("%j is none", (text) => {
    expect(CivilTime.safeParse(text).success).toBe(false)
  })

  it.each(["2026-03-07T09:00", "2026-03-07T09:00:00.5"])("%s is a day and time", (text) => {
    expect(CivilDateTime.parse(text)).toBe(text)
  })

  it.each([
    "2026-03-07 09:00",
    "2026-03-07",
    "2026-02-30T09:00",
    "2026-03-07T09:00Z",
    "2026-03-07T09:00+01:00",
    "2026-03-07T09:00[Europe/Berlin]"
  ])("%j is none", (text) => {
    expect(CivilDateTime.safeParse(text).success).toBe(false)
    expect(() => toInstant(text, "Europe/Berlin")).toThrow(InvalidCivilTime)
  })
})

describe("toInstant", () => {
  const at = (civil: string, zone: string, choice?: Parameters<typeof toInstant>[2]) => toIso(toInstant(civil, zone, choice))

  it("goes by the offset of that day", () => {
    expect(at("2026-03-28T09:00", "Europe/Berlin")).toBe("2026-03-28T08:00:00.000Z")
    expect(at("2026-03-29T09:00", "europe/berlin")).toBe("2026-03-29T07:00:00.000Z")
  })

  it("moves a time that is left out as it is told", () => {
    expect(at("2026-03-29T02:30", "Europe/Berlin")).toBe("2026-03-29T01:30:00.000Z")
    expect(at("2026-03-29T02:30", "Europe/Berlin", { gap: "later" })).toBe("2026-03-29T01:30:00.000Z")
    expect(at("2026-03-29T02:30", "Europe/Berlin", { gap: "earlier" })).toBe("2026-03-29T00:30:00.000Z")
    expect(at("2026-03-29T02:30", "Europe/Berlin", { gap: "earlier", overlap: "later" })).toBe("2026-03-29T00:30:00.000Z")
    expect(at("2026-03-29T02:30", "Europe/Berlin", { gap: "later", overlap: "later" })).toBe("2026-03-29T01:30:00.000Z")
  })

  it("chooses of a time that comes twice as it is told", () => {
    expect(at("2026-10-25T02:30", "Europe/Berlin")).toBe("2026-10-25T00:30:00.000Z")
    expect(at("2026-10-25T02:30", "Europe/Berlin", { overlap: "earlier", gap: "earlier" })).toBe("2026-10-25T00:30:00.000Z")
    expect(at("2026-10-25T02:30", "Europe/Berlin", { overlap: "later" })).toBe("2026-10-25T01:30:00.000Z")
    expect(at("2026-10-25T02:30", "Europe/Berlin", { overlap: "later", gap: "earlier" })).toBe("2026-10-25T01:30:00.000Z")
  })

  it("knows shifts of half an hour and days that were left out", () => {
    expect(at("2026-10-04T02:15", "Australia/Lord_Howe")).toBe("2026-10-03T15:45:00.000Z")
    expect(at("2011-12-30T12:00", "Pacific/Apia")).toBe("2011-12-30T22:00:00.000Z")
  })

  it("names a zone that does not exist", () => {
    expect(() => toInstant("2026-03-07T09:00", "Europe/Bonn")).toThrow(UnknownTimeZone)
    expect(() => toCivil(0, "Europe/Bonn")).toThrow(/IANA name/)
    expect(() => nextLocalTime(0, "+01:00", "09:00")).toThrow(UnknownTimeZone)
  })
})

describe("toCivil", () => {
  it("shows what the clocks show", () => {
    expect(toCivil(fromIso("2026-03-07T14:00:00Z"), "America/New_York")).toBe("2026-03-07T09:00:00")
    expect(toCivil(fromIso("2026-03-07T14:00:00.250Z"), "Asia/Kathmandu")).toBe("2026-03-07T19:45:00.25")
    expect(toCivilDate(fromIso("2026-03-07T23:30:00Z"), "Asia/Tokyo")).toBe("2026-03-08")
  })

  it.each([0.5, NaN, 8.64e15, -8.64e15])("refuses %d, which is no moment of the years 0001 to 9999", (instant) => {
    expect(() => toCivil(instant, "UTC")).toThrow(InvalidCivilTime)
  })
})

describe("days and months", () => {
  it("starts a day where midnight is left out when the gap ends", () => {
    expect(toIso(startOfDay("2026-03-29", "Europe/Berlin"))).toBe("2026-03-28T23:00:00.000Z")
    expect(toCivil(startOfDay("2018-11-04", "America/Sao_Paulo"), "America/Sao_Paulo")).toBe("2018-11-04T01:00:00")
    expect(toCivil(startOfDay("2026-11-01", "America/Havana"), "America/Havana")).toBe("2026-11-01T00:00:00")
  })

  it("counts calendar days", () => {
    expect(addCivilDays("2026-02-28", 1)).toBe("2026-03-01")
    expect(addCivilDays("2024-02-28", 1)).toBe("2024-02-29")
    expect(addCivilDays("2026-01-01", -1)).toBe("2025-12-31")
    expect(addCivilDays("2026-03-07", 0)).toBe("2026-03-07")
  })

  it("keeps the last day of a month inside the month", () => {
    expect(addCivilMonths("2026-01-31", 1)).toBe("2026-02-28")
    expect(addCivilMonths("2024-01-31", 1)).toBe("2024-02-29")
    expect(addCivilMonths("2026-03-31", -1)).toBe("2026-02-28")
    expect(addCivilMonths("2024-02-29", 12)).toBe("2025-02-28")
    expect(addCivilMonths("2026-12-15", 1)).toBe("2027-01-15")
  })

  it("knows the day of the week", () => {
    expect(weekdayOf("2026-03-07")).toBe("saturday")
    expect(weekdayOf("2026-03-09")).toBe("monday")
    expect(weekdayOf("2026-03-08")).toBe("sunday")
  })

  it.each([
    () => addCivilDays("9999-12-31", 1),
    () => addCivilDays("0001-01-01", -1),
    () => addCivilDays("2026-01-01", 1e15),
    () => addCivilDays("2026-01-01", 0.5),
    () => addCivilMonths("2026-02-30", 1),
    () => weekdayOf("today"),
    () => startOfDay("2026-02-30", "UTC")
  ])("reports with a typed error what has no day: %s", (compute) => {
    expect(compute).toThrow(InvalidCivilTime)
  })
})

describe("anniversaries", () => {
  it("falls on the day, and for 29 February where it is told", () => {
    expect(anniversaryIn("1990-05-17", 2026)).toBe("2026-05-17")
    expect(anniversaryIn("2000-02-29", 2028)).toBe("2028-02-29")
    expect(anniversaryIn("2000-02-29", 2026)).toBe("2026-02-28")
    expect(anniversaryIn("2000-02-29", 2026, "03-01")).toBe("2026-03-01")
    expect(anniversaryIn("2000-02-29", 2100, "03-01")).toBe("2100-03-01")
  })

  it("comes next on the day itself or after it", () => {
    expect(nextAnniversary("1990-05-17", "2026-05-17")).toBe("2026-05-17")
    expect(nextAnniversary("1990-05-17", "2026-05-18")).toBe("2027-05-17")
    expect(nextAnniversary("2000-02-29", "2026-03-01")).toBe("2027-02-28")
    expect(nextAnniversary("2000-02-29", "2026-03-01", "03-01")).toBe("2026-03-01")
    expect(nextAnniversary("2000-02-29", "2028-02-28")).toBe("2028-02-29")
    expect(nextAnniversary("2000-02-29", "2027-03-02", "03-01")).toBe("2028-02-29")
    expect(nextAnniversary("2030-01-01", "2026-01-01")).toBe("2030-01-01")
  })

  it.each([
    () => anniversaryIn("1990-05-17", 10_000),
    () => anniversaryIn("1990-05-17", 2026.5),
    () => nextAnniversary("1990-02-30", "2026-01-01"),
    () => nextAnniversary("1990-01-01", "soon")
  ])("reports %s", (compute) => expect(compute).toThrow(InvalidCivilTime))
})

describe("nextLocalTime", () => {
  // The first four are cases in which a widely used engine goes by today's offset, or by the weekday in UTC.
  it.each<[string, string, string, Weekday | undefined, string]>([
    ["2026-03-07T12:00:00-05:00", "America/New_York", "09:00", undefined, "2026-03-08T09:00:00-04:00"],
    ["2026-10-24T12:00:00+02:00", "Europe/Berlin", "09:00", undefined, "2026-10-25T09:00:00+01:00"],
    ["2026-03-05T12:00:00+09:00", "Asia/Tokyo", "08:00", "monday", "2026-03-09T08:00:00+09:00"],
    ["2026-03-10T12:00:00-07:00", "America/Los_Angeles", "20:00", "friday", "2026-03-13T20:00:00-07:00"],
    ["2026-03-07T08:59:59.999-05:00", "America/New_York", "09:00", undefined, "2026-03-07T09:00:00-05:00"],
    ["2026-03-07T09:00:00-05:00", "America/New_York", "09:00", undefined, "2026-03-08T09:00:00-04:00"],
    ["2026-03-09T08:00:00+09:00", "Asia/Tokyo", "08:00", "monday", "2026-03-16T08:00:00+09:00"],
    ["2026-03-09T07:59:00+09:00", "Asia/Tokyo", "08:00", "monday", "2026-03-09T08:00:00+09:00"],
    ["2026-03-28T12:00:00+01:00", "Europe/Berlin", "02:30", undefined, "2026-03-29T03:30:00+02:00"],
    ["2026-03-29T03:15:00+02:00", "Europe/Berlin", "02:30", undefined, "2026-03-29T03:30:00+02:00"],
    ["2026-10-24T12:00:00+02:00", "Europe/Berlin", "02:30", undefined, "2026-10-25T02:30:00+02:00"],
    ["2026-10-25T02:45:00+02:00", "Europe/Berlin", "02:30", undefined, "2026-10-26T02:30:00+01:00"],
    ["2026-03-28T21:30:00-02:00", "America/Nuuk", "23:30", "saturday", "2026-03-29T00:30:00-01:00"],
    ["2026-03-29T00:10:00-01:00", "America/Nuuk", "23:30", undefined, "2026-03-29T00:30:00-01:00"],
    ["2026-12-31T23:59:00+14:00", "Pacific/Kiritimati", "00:00", undefined, "2027-01-01T00:00:00+14:00"]
  ])("after %s in %s, %s %s, comes %4$s", (after, zone, time, weekday, expected) => {
    expect(toIso(nextLocalTime(fromIso(after), zone, time, weekday))).toBe(toIso(fromIso(expected)))
  })

  it("takes the second of two when it is told", () => {
    const after = fromIso("2026-10-24T12:00:00Z")
    expect(toIso(nextLocalTime(after, "Europe/Berlin", "02:30", undefined, { overlap: "later" }))).toBe("2026-10-25T01:30:00.000Z")
    expect(toIso(nextLocalTime(after, "Europe/Berlin", "02:30", "sunday", { overlap: "later" }))).toBe("2026-10-25T01:30:00.000Z")
  })

  it.each([
    ["Europe/Berlin", "02:30"],
    ["America/New_York", "01:30"],
    ["Australia/Lord_Howe", "02:15"],
    ["America/Havana", "00:30"]
  ])("comes once a day over a whole year of clock changes in %s", (zone, time) => {
    const end = fromIso("2027-01-01T12:00:00Z")
    let count = 0
    let next = nextLocalTime(fromIso("2026-01-01T12:00:00Z"), zone, time)
    for (; next <= end && count < 400; next = nextLocalTime(next, zone, time)) count++
    expect(count).toBe(365)
  })

  it("reports a time that is none, and a weekday that is none", () => {
    expect(() => nextLocalTime(0, "UTC", "9:00")).toThrow(InvalidCivilTime)
    expect(() => nextLocalTime(0, "UTC", "09:00", JSON.parse('"funday"'))).toThrow(InvalidCivilTime)
    expect(() => nextLocalTime(fromIso("9999-12-31T10:00:00Z"), "UTC", "09:00")).toThrow(InvalidCivilTime)
  })
})

describe("isWithinLocalWindow", () => {
  it.each<[string, string, string, boolean]>([
    ["21:59:59.999", "22:00", "06:00", false],
    ["22:00:00", "22:00", "06:00", true],
    ["00:00:00", "22:00", "06:00", true],
    ["05:59:59.9", "22:00", "06:00", true],
    ["06:00:00", "22:00", "06:00", false],
    ["12:00:00", "22:00", "06:00", false],
    ["09:00:00", "09:00", "17:00", true],
    ["08:59:59", "09:00", "17:00", false],
    ["17:00:00", "09:00", "17:00", false],
    ["23:00:00", "18:00", "00:00", true],
    ["00:00:00", "18:00", "00:00", false],
    ["12:00:00", "12:00", "12:00", true],
    ["03:00:00", "12:00", "12:00", true],
    ["12:00:00.5", "12:00:00.500", "12:00:01", true],
    ["12:00:00.49", "12:00:00.5", "12:00:01", false]
  ])("at %s, from %s to %s: %s", (time, from, to, within) => {
    const instant = toInstant(`2026-03-07T${time}`, "Europe/Berlin")
    expect(isWithinLocalWindow(instant, "Europe/Berlin", from, to)).toBe(within)
  })

  it("goes by the clocks of the zone, on the day of a change too", () => {
    expect(isWithinLocalWindow(fromIso("2026-03-29T04:30:00Z"), "Europe/Berlin", "22:00", "06:00")).toBe(false)
    expect(isWithinLocalWindow(fromIso("2026-03-28T04:30:00Z"), "Europe/Berlin", "22:00", "06:00")).toBe(true)
  })

  it("reports a bound that is none", () => {
    expect(() => isWithinLocalWindow(0, "UTC", "22", "06:00")).toThrow(InvalidCivilTime)
    expect(() => isWithinLocalWindow(0, "UTC", "22:00", "24:00")).toThrow(InvalidCivilTime)
  })
})
