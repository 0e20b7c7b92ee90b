import {
  addCivilDays,
  addCivilMonths,
  anniversaryIn,
  CivilDate,
  fromIso,
  isWithinLocalWindow,
  minutes,
  nextAnniversary,
  nextLocalTime,
  startOfDay,
  toCivil,
  toCivilDate,
  toInstant,
  toIso,
  Weekday,
  weekdayOf
} from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const zones = Intl.supportedValuesOf("timeZone")
const anyZone = fc.constantFrom(...zones)
const anyInstant = fc
  .integer({ min: fromIso("1950-01-01T00:00:00Z") / 1000, max: fromIso("2037-01-01T00:00:00Z") / 1000 })
  .map((s) => s * 1000)
const anyDate = fc.integer({ min: -700_000, max: 2_900_000 }).map((days) => toIso(days * 86_400_000).slice(0, 10))
const anyTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 15, 30, 45))
  .map((parts) => parts.map((part) => String(part).padStart(2, "0")).join(":"))

const clocks = new Map<string, Intl.DateTimeFormat>()

/** What the platform's own calendar shows, with no part of the library: the oracle. */
const clock = (instant: number, timeZone: string): string => {
  const known = clocks.get(timeZone)
  const format = known ?? new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" })
  clocks.set(timeZone, format)
  return format.format(instant).replace(" ", "T")
}

const offsetOf = (instant: number, zone: string): number => Date.parse(`${clock(instant, zone)}Z`) - instant

/** The changes of a zone's clocks in one year, found by halving every week in which the offset differs. */
const changes = (zone: string, year: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let week = Date.UTC(year, 0, 1); week < Date.UTC(year + 1, 0, 1); week += minutes(7 * 24 * 60)) {
    let [before, after] = [week, week + minutes(7 * 24 * 60)]
    if (offsetOf(before, zone) === offsetOf(after, zone)) continue
    while (after - before > 1000) {
      const middle = Math.floor((before + after) / 2000) * 1000
      if (offsetOf(middle, zone) === offsetOf(before, zone)) before = middle
      else after = middle
    }
    found.push(after)
  }
  return found
}

describe("civil time", () => {
  it("shows in every zone what the platform's clocks show, and finds the way back", () => {
    for (const zone of zones) {
      fc.assert(
        fc.property(anyInstant, (instant) => {
          const civil = toCivil(instant, zone)
          expect(civil).toBe(clock(instant, zone))
          expect([toInstant(civil, zone), toInstant(civil, zone, { overlap: "later" })]).toContain(instant)
        }),
        { numRuns: 5 }
      )
    }
  })

  it("finds the way back around every change of the clocks of 2026 in every zone", () => {
    let seen = 0
    for (const zone of zones) {
      for (const change of changes(zone, 2026)) {
        seen++
        for (let around = change - minutes(90); around <= change + minutes(90); around += minutes(15)) {
          const civil = toCivil(around, zone)
          const [first, second] = [toInstant(civil, zone), toInstant(civil, zone, { overlap: "later" })]
          expect([first, second]).toContain(around)
          expect(first).toBeLessThanOrEqual(second)
          expect(clock(first, zone)).toBe(civil)
          expect(clock(second, zone)).toBe(civil)
        }
      }
    }
    expect(seen).toBeGreaterThan(200)
  })

  it("moves a wall time that is left out by the length of the gap, both ways", () => {
    let seen = 0
    for (const zone of zones) {
      for (const change of changes(zone, 2026)) {
        const gap = offsetOf(change, zone) - offsetOf(change - 1000, zone)
        if (gap <= 0) continue
        seen++
        const missing = toIso(Date.parse(`${clock(change - 1000, zone)}Z`) + 1000 + gap / 2).slice(0, 19)
        const [earlier, later] = [toInstant(missing, zone, { gap: "earlier" }), toInstant(missing, zone, { gap: "later" })]
        expect(later - earlier).toBe(gap)
        expect(earlier).toBeLessThan(change)
        expect(later).toBeGreaterThanOrEqual(change)
        expect(Date.parse(`${clock(later, zone)}Z`) - Date.parse(`${missing}Z`)).toBe(gap)
      }
    }
    expect(seen).toBeGreaterThan(100)
  })

  it("starts each day at its first moment", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, (instant, zone) => {
        const date = toCivilDate(instant, zone)
        const start = startOfDay(date, zone)
        expect(start).toBeLessThanOrEqual(instant)
        expect(clock(start, zone).slice(0, 10)).toBe(date)
        expect(clock(start - 1000, zone) < `${date}T00:00:00`).toBe(true)
      }),
      { numRuns: 300 }
    )
  })
})

describe("nextLocalTime", () => {
  const step = minutes(15)

  /** Every quarter of an hour after `instant`, the oracle's clock is looked at until it shows the time; a gap ends the search. */
  const law = (instant: number, zone: string, time: string, weekday: Weekday | undefined) => {
    const next = nextLocalTime(instant, zone, time, weekday)
    expect(next).toBeGreaterThan(instant)
    const shown = clock(next, zone)
    const wanted = (civil: string) => civil.slice(11, 16) === time && (weekday === undefined || weekdayOf(civil.slice(0, 10)) === weekday)
    if (!wanted(shown)) {
      // Only a gap may have moved it: by the clocks of the day before, it is the asked time.
      const unmoved = toIso(next + offsetOf(next - minutes(24 * 60), zone))
      expect(unmoved.slice(0, 16)).not.toBe(shown.slice(0, 16))
      expect(wanted(unmoved)).toBe(true)
    }
    for (let between = Math.floor(instant / step) * step + step; between < next; between += step) {
      if (!wanted(clock(between, zone))) continue
      // A time that comes twice counts the first time only, so what was passed over must be a second showing.
      expect(toInstant(clock(between, zone), zone)).toBeLessThan(between)
    }
  }

  const modern = fc
    .integer({ min: fromIso("2015-01-01T00:00:00Z") / 1000, max: fromIso("2035-01-01T00:00:00Z") / 1000 })
    .map((s) => s * 1000)

  it("is after the moment, has the asked time unless in a gap, and is the first such", () => {
    fc.assert(
      fc.property(modern, anyZone, anyTime, (instant, zone, time) => law(instant, zone, time, undefined)),
      { numRuns: 300 }
    )
  })

  it("is the first such on a weekday", () => {
    const anyWeekday = fc.constantFrom(...Weekday.options)
    fc.assert(
      fc.property(modern, anyZone, anyTime, anyWeekday, (instant, zone, time, weekday) => law(instant, zone, time, weekday)),
      { numRuns: 100 }
    )
  })

  it("holds around every change of the clocks of 2026", () => {
    for (const zone of zones.filter((_, index) => index % 4 === 0)) {
      for (const change of changes(zone, 2026)) {
        for (const time of ["00:30", "01:30", "02:30", "23:30", "09:00"]) {
          for (const before of [1440, 90, 30, -15, -90]) law(change - minutes(before), zone, time, undefined)
        }
      }
    }
    expect.hasAssertions()
  })
})

describe("isWithinLocalWindow", () => {
  it("is one side of the clock or the other: a window and its complement share no moment and leave none out", () => {
    fc.assert(
      fc.property(anyInstant, anyZone, anyTime, anyTime, (instant, zone, from, to) => {
        fc.pre(from !== to)
        expect(isWithinLocalWindow(instant, zone, from, to)).toBe(!isWithinLocalWindow(instant, zone, to, from))
      }),
      { numRuns: 300 }
    )
  })

  it("holds exactly when walking the clock from its start meets the time before its end", () => {
    const ofDay = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
    fc.assert(
      fc.property(anyInstant, anyZone, anyTime, anyTime, (instant, zone, from, to) => {
        const length = (ofDay(to) - ofDay(from) + 1440) % 1440 || 1440
        const walked = (ofDay(clock(instant, zone).slice(11)) - ofDay(from) + 1440) % 1440
        expect(isWithinLocalWindow(instant, zone, from, to)).toBe(walked < length)
      }),
      { numRuns: 300 }
    )
  })
})

describe("the calendar", () => {
  it("adds days as the count of days says, and takes them back", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -10_000, max: 10_000 }), (date, days) => {
        const moved = addCivilDays(date, days)
        expect(Date.parse(moved) - Date.parse(date)).toBe(days * 86_400_000)
        expect(addCivilDays(moved, -days)).toBe(date)
      })
    )
  })

  it("adds months to the same day, or to the last one of a shorter month", () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -500, max: 500 }), (date, months) => {
        const moved = addCivilMonths(date, months)
        const count = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months
        const month = `${String(Math.floor(count / 12)).padStart(4, "0")}-${String((count % 12) + 1).padStart(2, "0")}`
        expect(moved.slice(0, 7)).toBe(month)
        const shorter = moved.slice(8) < date.slice(8)
        expect(moved.slice(8) === date.slice(8) || (shorter && addCivilDays(moved, 1).slice(0, 7) !== month)).toBe(true)
      })
    )
  })

  it("has the weekday that the platform has", () => {
    const names = new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" })
    fc.assert(
      fc.property(anyDate, (date) => {
        expect(weekdayOf(date)).toBe(names.format(Date.parse(date)).toLowerCase())
      })
    )
  })

  it("knows exactly the days that exist", () => {
    const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"))
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), part(14), part(33), (year, month, day) => {
        const text = `${String(year).padStart(4, "0")}-${month}-${day}`
        const time = Date.parse(`${text}T00:00:00Z`)
        const exists = !Number.isNaN(time) && toIso(time).slice(0, 10) === text
        expect(CivilDate.safeParse(text).success).toBe(exists)
      }),
      { numRuns: 2000 }
    )
  })

  it("has one anniversary a year, the next of which is the first on or after a day", () => {
    fc.assert(
      fc.property(
        anyDate.filter((date) => date < "9800"),
        fc.integer({ min: 0, max: 40_000 }),
        fc.constantFrom("02-28" as const, "03-01" as const),
        (born, age, leapDay) => {
          const from = addCivilDays(born, age)
          const next = nextAnniversary(born, from, leapDay)
          const year = Number(from.slice(0, 4))
          const all = [year, year + 1].map((each) => anniversaryIn(born, each, leapDay))
          expect(next).toBe(all.find((date) => date >= from))
          expect(next.slice(5) === born.slice(5) || (born.slice(5) === "02-29" && next.slice(5) === leapDay)).toBe(true)
        }
      )
    )
  })
})
