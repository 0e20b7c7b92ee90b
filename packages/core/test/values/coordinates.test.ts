import { Coordinates, greatCircleKilometres } from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const anyPlace = fc.record({
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true })
})

const HALF = Math.PI * 6371.0088

describe("greatCircleKilometres", () => {
  it("agrees with known distances", () => {
    const berlin = { latitude: 52.52, longitude: 13.405 }
    const paris = { latitude: 48.8566, longitude: 2.3522 }
    expect(greatCircleKilometres(berlin, paris)).toBeCloseTo(877.46, 1)
    expect(greatCircleKilometres({ latitude: 90, longitude: 0 }, { latitude: -90, longitude: 77 })).toBeCloseTo(HALF, 6)
    expect(greatCircleKilometres({ latitude: 0, longitude: 179.5 }, { latitude: 0, longitude: -179.5 })).toBeCloseTo(HALF / 180, 6)
  })

  it("is a distance: zero to itself, symmetric, at most half way round, never longer by going straight", () => {
    fc.assert(
      fc.property(anyPlace, anyPlace, anyPlace, (a, b, c) => {
        const ab = greatCircleKilometres(a, b)
        expect(greatCircleKilometres(a, a)).toBe(0)
        expect(greatCircleKilometres(b, a)).toBeCloseTo(ab, 6)
        expect(ab).toBeLessThanOrEqual(HALF + 1e-6)
        expect(ab).toBeLessThanOrEqual(greatCircleKilometres(a, c) + greatCircleKilometres(c, b) + 1e-3)
      })
    )
  })

  it("takes places on the globe only", () => {
    expect(Coordinates.safeParse({ latitude: 91, longitude: 0 }).success).toBe(false)
    expect(Coordinates.safeParse({ latitude: 0, longitude: 181 }).success).toBe(false)
    expect(Coordinates.safeParse({ latitude: NaN, longitude: 0 }).success).toBe(false)
  })
})
