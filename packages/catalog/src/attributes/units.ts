import { Decimal, divideRounded, type Fraction, type Ratio, type Rounding, toFraction } from "@omni/core"
import * as Data from "effect/Data"
import * as z from "zod"

/** So much of a unit, exact: `{ value: "1.5", unit: "kg" }`. */
export const Measure = z.object({ value: Decimal, unit: z.string().min(1).max(20) }).readonly()
export type Measure = z.infer<typeof Measure>

/** What kinds of things are measured. Units of one dimension can be converted into each other, and no others. */
export const Dimension = z.enum([
  "length",
  "area",
  "volume",
  "mass",
  "time",
  "temperature",
  "power",
  "energy",
  "voltage",
  "current",
  "charge",
  "frequency",
  "data",
  "data-rate",
  "pixels",
  "pixel-density",
  "luminance",
  "luminous-flux",
  "sound",
  "speed",
  "force",
  "torque",
  "pressure",
  "grammage",
  "angle",
  "pieces"
])
export type Dimension = z.infer<typeof Dimension>

/** The unit is not known, or is of another dimension than the one it is to become. */
export class UnitNotConvertible extends Data.TaggedError("UnitNotConvertible")<{
  readonly message: string
  readonly from: string
  readonly to: string
}> {}

interface UnitOf {
  readonly dimension: Dimension
  /** How much of the dimension's first unit one of it is; and, for temperatures, what is added before. */
  readonly factor: Fraction
  readonly offset: Fraction
}

// The first unit of each dimension is the one the others are told in. Inch, pound and gallon: exact by the agreement of 1959 and NIST Handbook 44.
const TABLE: Readonly<Record<Dimension, Readonly<Record<string, Ratio>>>> = {
  length: { mm: 1, cm: 10, dm: 100, m: 1000, km: 1_000_000, in: "25.4", ft: "304.8", yd: "914.4", mi: "1609344" },
  area: { mm2: 1, cm2: 100, m2: 1_000_000, ha: 10_000_000_000, in2: "645.16", ft2: "92903.04" },
  volume: {
    ml: 1,
    cl: 10,
    dl: 100,
    l: 1000,
    m3: 1_000_000,
    "fl-oz-us": "29.5735295625",
    "pt-us": "473.176473",
    "gal-us": "3785.411784",
    "fl-oz-uk": "28.4130625",
    "pt-uk": "568.26125",
    "gal-uk": "4546.09"
  },
  mass: { g: 1, mg: "0.001", kg: 1000, t: 1_000_000, oz: "28.349523125", lb: "453.59237" },
  time: { s: 1, ms: "0.001", min: 60, h: 3600, d: 86_400, week: 604_800 },
  temperature: { K: 1, "°C": 1, "°F": { numerator: 5, denominator: 9 } },
  power: { W: 1, mW: "0.001", kW: 1000, MW: 1_000_000, PS: "735.49875" },
  energy: { J: 1, kJ: 1000, Wh: 3600, kWh: 3_600_000, kcal: 4184 },
  voltage: { V: 1, mV: "0.001", kV: 1000 },
  current: { A: 1, mA: "0.001" },
  charge: { mAh: 1, Ah: 1000 },
  frequency: { Hz: 1, kHz: 1000, MHz: 1_000_000, GHz: 1_000_000_000 },
  data: {
    B: 1,
    kB: 1000,
    MB: 1_000_000,
    GB: 1_000_000_000,
    TB: 1_000_000_000_000,
    KiB: 1024,
    MiB: 1_048_576,
    GiB: 1_073_741_824,
    TiB: 1_099_511_627_776
  },
  "data-rate": { "bit/s": 1, "kbit/s": 1000, "Mbit/s": 1_000_000, "Gbit/s": 1_000_000_000 },
  pixels: { px: 1, MP: 1_000_000 },
  "pixel-density": { ppi: 1, "px/cm": "2.54" },
  luminance: { "cd/m2": 1 },
  "luminous-flux": { lm: 1 },
  sound: { dB: 1 },
  speed: { "m/s": 1, "km/h": { numerator: 5, denominator: 18 }, mph: "0.44704" },
  force: { N: 1, kN: 1000 },
  torque: { Nm: 1 },
  // A pound-force on a square inch.
  pressure: { Pa: 1, hPa: 100, kPa: 1000, bar: 100_000, mbar: 100, psi: { numerator: "4.4482216152605", denominator: "0.00064516" } },
  grammage: { "g/m2": 1 },
  angle: { "°": 1 },
  pieces: { piece: 1, pair: 2, dozen: 12 }
}

const OFFSETS: Readonly<Record<string, Ratio>> = { "°C": "273.15", "°F": "459.67" }

const units: ReadonlyMap<string, UnitOf> = /* @__PURE__ */ new Map(
  /* @__PURE__ */ Dimension.options.flatMap((dimension) =>
    Object.entries(TABLE[dimension]).map(([unit, factor]): [string, UnitOf] => [
      unit,
      { dimension, factor: toFraction(factor), offset: toFraction(OFFSETS[unit] ?? 0) }
    ])
  )
)

/** The dimension of a unit; `undefined` for a unit that is not known. */
export const dimensionOf = (unit: string): Dimension | undefined => units.get(unit)?.dimension

/** The units of a dimension. */
export const unitsOf = (dimension: Dimension): ReadonlyArray<string> => Object.keys(TABLE[dimension])

/**
 * The same measure in another unit of its dimension, rounded once to `decimals` places, 6 and `half-even` unless told; zeros at the end are left
 * out. Throws `UnitNotConvertible`.
 */
export const convertMeasure = (measure: Measure, to: string, decimals = 6, rounding: Rounding = "half-even"): Measure => {
  const { numerator, denominator } = inFirstUnit(measure, to)
  const { factor, offset } = units.get(to)!
  // v = base / factor - offset
  const n = numerator * factor.denominator * offset.denominator - offset.numerator * denominator * factor.numerator
  const d = denominator * factor.numerator * offset.denominator
  return { value: decimalOf(divideRounded(n * 10n ** BigInt(decimals), d, rounding), decimals), unit: to }
}

/** -1 when `a` is less than `b`, 1 when it is more, 0 when they are equal, exactly, whatever their units. Throws `UnitNotConvertible`. */
export const compareMeasure = (a: Measure, b: Measure): -1 | 0 | 1 => {
  const left = inFirstUnit(a, b.unit)
  const right = inFirstUnit(b, a.unit)
  const difference = left.numerator * right.denominator - right.numerator * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** The exact value in the first unit of the dimension, if `other` is of the same one. */
const inFirstUnit = ({ value, unit }: Measure, other: string): Fraction => {
  const from = units.get(unit)
  const to = units.get(other)
  if (from === undefined || to === undefined || from.dimension !== to.dimension) throw notConvertible(unit, other)
  const { numerator, denominator } = toFraction(value)
  return {
    numerator: (numerator * from.offset.denominator + from.offset.numerator * denominator) * from.factor.numerator,
    denominator: denominator * from.offset.denominator * from.factor.denominator
  }
}

/** Below zero when the first is less. */
export const compareDecimals = (a: Decimal, b: Decimal): number => {
  const [left, right] = [toFraction(a), toFraction(b)]
  const difference = left.numerator * right.denominator - right.numerator * left.denominator
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

const decimalOf = (scaled: bigint, decimals: number): string => {
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(decimals + 1, "0")
  const whole = digits.slice(0, digits.length - decimals)
  const rest = digits.slice(digits.length - decimals).replace(/0+$/, "")
  return `${scaled < 0n ? "-" : ""}${whole}${rest === "" ? "" : `.${rest}`}`
}

const notConvertible = (from: string, to: string) =>
  new UnitNotConvertible({
    from,
    to,
    message: `${describe(from)} cannot become ${describe(to)}: units are converted within one dimension.`
  })

const describe = (unit: string): string => `"${unit.slice(0, 20)}" (${dimensionOf(unit) ?? "not a known unit"})`
