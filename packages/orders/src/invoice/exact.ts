import { divideRounded, type Rounding, toFraction } from "@omni/core"

/** A decimal number without loss: `units / 10^scale`. */
export interface Exact {
  readonly units: bigint
  readonly scale: number
}

/** Zero. */
export const nothing: Exact = { units: 0n, scale: 0 }

/** The value of a decimal text, with as many decimals as it is written with. Throws `InvalidDecimal`. */
export const exact = (text: string): Exact => {
  const point = text.indexOf(".")
  return { units: toFraction(text).numerator, scale: point === -1 ? 0 : text.length - point - 1 }
}

/** The decimal text, with exactly the decimals of its scale. */
export const textOf = ({ units, scale }: Exact): string => {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0")
  const whole = digits.slice(0, digits.length - scale)
  return `${units < 0n ? "-" : ""}${scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`}`
}

/** The same value with at least so many decimals. */
export const widen = (value: Exact, scale: number): Exact =>
  value.scale >= scale ? value : { units: value.units * 10n ** BigInt(scale - value.scale), scale }

/** The value with exactly so many decimals, rounded where it has more. */
export const round = (value: Exact, scale: number, mode: Rounding): Exact =>
  value.scale <= scale ? widen(value, scale) : { units: divideRounded(value.units, 10n ** BigInt(value.scale - scale), mode), scale }

/** The exact sum. */
export const plus = (a: Exact, b: Exact): Exact => {
  const scale = Math.max(a.scale, b.scale)
  return { units: widen(a, scale).units + widen(b, scale).units, scale }
}

/** The same amount with the other sign. */
export const negate = ({ units, scale }: Exact): Exact => ({ units: -units, scale })

/** The exact difference. */
export const minus = (a: Exact, b: Exact): Exact => plus(a, negate(b))

/** The exact sum of a list. */
export const sum = (list: Iterable<Exact>): Exact => {
  let total = nothing
  for (const item of list) total = plus(total, item)
  return total
}

/** The exact product. */
export const times = (a: Exact, b: Exact): Exact => ({ units: a.units * b.units, scale: a.scale + b.scale })

/** So many per cent of a value, exactly. */
export const percentOf = (percent: Exact, value: Exact): Exact => {
  const product = times(percent, value)
  return { units: product.units, scale: product.scale + 2 }
}

/** `a × b / c` with so many decimals, rounded once. `c` must not be zero. */
export const share = (a: Exact, b: Exact, c: Exact, scale: number, mode: Rounding): Exact => {
  const shift = scale + c.scale - a.scale - b.scale
  const over = a.units * b.units * 10n ** BigInt(Math.max(shift, 0))
  return { units: divideRounded(over, c.units * 10n ** BigInt(Math.max(-shift, 0)), mode), scale }
}

/** `a / b` with so many decimals, rounded once. `b` must not be zero. */
export const quotient = (a: Exact, b: Exact, scale: number, mode: Rounding): Exact => share(a, { units: 1n, scale: 0 }, b, scale, mode)

/** Negative when `a` is less than `b`, positive when it is more, 0 when they are equal, however they are written. */
export const compare = (a: Exact, b: Exact): number => {
  const { units } = minus(a, b)
  return units < 0n ? -1 : units > 0n ? 1 : 0
}

/** Whether two decimal texts, or their absence, say the same: "21" and "21.0" do. */
export const sameDecimal = (a: string | null | undefined, b: string | null | undefined): boolean => {
  const [one, two] = [a ?? undefined, b ?? undefined]
  return one === undefined || two === undefined ? one === two : compare(exact(one), exact(two)) === 0
}

/** The magnitude. */
export const magnitude = (value: Exact): Exact => (value.units < 0n ? negate(value) : value)
