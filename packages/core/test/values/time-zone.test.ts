import { canonicalTimeZone, TimeZone, UnknownTimeZone } from "@omni/core"
import { describe, expect, it } from "vitest"

const all = Intl.supportedValuesOf("timeZone")

const aliases = [
  "Europe/Kyiv",
  "Europe/Kiev",
  "Asia/Kolkata",
  "Asia/Calcutta",
  "US/Eastern",
  "US/East-Indiana",
  "GB",
  "GB-Eire",
  "NZ-CHAT",
  "PRC",
  "W-SU",
  "EST5EDT",
  "CET",
  "UTC",
  "GMT",
  "GMT+0",
  "Etc/GMT-14",
  "Etc/UCT",
  "Zulu",
  "Universal",
  "Iran",
  "America/Knox_IN",
  "Australia/NSW",
  "Australia/ACT",
  "Australia/LHI",
  "America/Argentina/ComodRivadavia",
  "Antarctica/DumontDUrville",
  "Antarctica/McMurdo",
  "America/Port-au-Prince",
  "America/Port_of_Spain",
  "Africa/Dar_es_Salaam",
  "Europe/Isle_of_Man",
  "Brazil/DeNoronha",
  "Chile/EasterIsland",
  "Mexico/BajaSur",
  "America/North_Dakota/New_Salem",
  "Asia/Ust-Nera"
]

describe("TimeZone", () => {
  it("knows the zones that the platform knows, in any case, by their own names", () => {
    expect(all.length).toBeGreaterThan(400)
    for (const name of [...all, ...aliases]) {
      expect(TimeZone.parse(name)).toBe(name)
      expect(TimeZone.parse(name.toUpperCase())).toBe(name)
      expect(canonicalTimeZone(name.toLowerCase())).toBe(name)
    }
  })

  it.each(["", "Berlin", "Europe/", "Mars/Olympus", "+02:00", "-0500", "Europe/Berlin ", "Europe/Berlin[x]", "\u212Aabul"])(
    "refuses %j",
    (name) => {
      expect(TimeZone.safeParse(name).success).toBe(false)
      expect(() => canonicalTimeZone(name)).toThrow(UnknownTimeZone)
    }
  )
})
