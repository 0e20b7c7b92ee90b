import { type Country, normalisePostalCode } from "@omni/core"
import { describe, expect, it } from "vitest"

describe("normalisePostalCode", () => {
  it.each<[string, Country, string | undefined]>([
    ["sw1a1aa", "GB", "SW1A 1AA"],
    [" m1  1ae ", "GB", "M1 1AE"],
    ["gir0aa", "GB", undefined],
    ["12345", "GB", undefined],
    ["403cm", "GB", undefined],
    ["D-10115", "DE", "10115"],
    ["DE10115", "DE", "10115"],
    ["1011", "DE", undefined],
    ["A-1010", "AT", "1010"],
    ["１０００００１", "JP", "100-0001"],
    ["100－0001", "JP", "100-0001"],
    ["k1a0b1", "CA", "K1A 0B1"],
    ["123456789", "US", "12345-6789"],
    ["12345-6789", "US", "12345-6789"],
    ["1234", "US", undefined],
    ["1010", "LV", "LV-1010"],
    ["lv 1010", "LV", "LV-1010"],
    ["SE-123 45", "SE", "123 45"],
    ["d6wx285", "IE", "D6W X285"],
    ["D02AF30", "IE", "D02 AF30"],
    ["1234ab", "NL", "1234 AB"],
    ["00-950", "PL", "00-950"],
    ["01310200", "BR", "01310-200"],
    ["1000001", "PT", "1000-001"],
    ["c1425dqf", "AR", "C1425DQF"],
    ["1425", "AR", "1425"],
    ["AD500", "AD", "AD500"],
    ["00100", "KE", "00100"],
    ["  ab  12 ", "MU", "AB 12"],
    ["", "MU", undefined],
    ["", "DE", undefined],
    ["DE", "DE", undefined]
  ])("makes %j of %s into %j", (code, country, expected) => {
    expect(normalisePostalCode(code, country)).toBe(expected)
    if (expected !== undefined) expect(normalisePostalCode(expected, country)).toBe(expected)
  })
})
