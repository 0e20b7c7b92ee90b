import type { Rounding } from "@omni/core/values"

const exact = Number.MAX_SAFE_INTEGER

/** `value × numerator / denominator`, rounded once. In numbers where their product is exact, else in big integers: never a cent off. */
export const scaled = (value: number, numerator: number | bigint, denominator: number | bigint, mode: Rounding): number => {
  if (typeof numerator === "number" && typeof denominator === "number") {
    const product = value * numerator
    if (product <= exact && product >= -exact) return divided(product, denominator, mode)
  }
  return Number(dividedBig(BigInt(value) * BigInt(numerator), BigInt(denominator), mode))
}

/** `dividend / divisor` of safe integers, rounded once; the divisor is above zero. */
export const divided = (dividend: number, divisor: number, mode: Rounding): number => {
  const whole = Math.trunc(dividend / divisor)
  const rest = dividend - whole * divisor
  if (rest === 0) return whole + 0
  return whole + awayFrom(mode, rest < 0, Math.abs(rest) * 2 - divisor, whole % 2 !== 0) + 0
}

/** The same in big integers. */
export const dividedBig = (dividend: bigint, divisor: bigint, mode: Rounding): bigint => {
  const whole = dividend / divisor
  const rest = dividend % divisor
  if (rest === 0n) return whole
  const beyond = (rest < 0n ? -rest : rest) * 2n - divisor
  return whole + BigInt(awayFrom(mode, rest < 0n, beyond > 0n ? 1 : beyond < 0n ? -1 : 0, whole % 2n !== 0n))
}

/** The step away from zero, or none, for what is `beyond` the half: above it, on it at zero, below it. */
const awayFrom = (mode: Rounding, negative: boolean, beyond: number, odd: boolean): number => {
  const step = negative ? -1 : 1
  switch (mode) {
    case "up":
      return step
    case "down":
      return 0
    case "ceiling":
      return negative ? 0 : step
    case "floor":
      return negative ? step : 0
    case "half-up":
      return beyond >= 0 ? step : 0
    case "half-down":
      return beyond > 0 ? step : 0
    case "half-even":
      return beyond > 0 || (beyond === 0 && odd) ? step : 0
    case "half-ceiling":
      return beyond > 0 || (beyond === 0 && !negative) ? step : 0
    case "half-floor":
      return beyond > 0 || (beyond === 0 && negative) ? step : 0
  }
}
