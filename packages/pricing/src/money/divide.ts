import { divideRounded, type Rounding } from "@omni/core/values"

const exact = Number.MAX_SAFE_INTEGER

/** `value × numerator / denominator`, rounded once. In numbers where their product is exact, else in big integers: never a cent off. */
export const scaled = (value: number, numerator: number | bigint, denominator: number | bigint, mode: Rounding): number => {
  if (typeof numerator === "number" && typeof denominator === "number") {
    const product = value * numerator
    if (product <= exact && product >= -exact) return divided(product, denominator, mode)
  }
  return Number(divideRounded(BigInt(value) * BigInt(numerator), BigInt(denominator), mode))
}

/** `dividend / divisor` of safe integers, rounded once; the divisor is above zero. The same as `divideRounded`, in numbers. */
export const divided = (dividend: number, divisor: number, mode: Rounding): number => {
  const whole = Math.trunc(dividend / divisor)
  const rest = dividend - whole * divisor
  if (rest === 0) return whole + 0
  const negative = rest < 0
  const beyond = (negative ? -2 * rest : 2 * rest) - divisor
  return away(mode, negative, beyond, whole % 2 !== 0) ? whole + (negative ? -1 : 1) : whole + 0
}

/** Whether what is `beyond` the half (above it, on it at zero, below it) is rounded away from zero. */
const away = (mode: Rounding, negative: boolean, beyond: number, odd: boolean): boolean => {
  switch (mode) {
    case "half-up":
      return beyond >= 0
    case "half-down":
      return beyond > 0
    case "half-even":
      return beyond > 0 || (beyond === 0 && odd)
    case "half-ceiling":
      return beyond > 0 || (beyond === 0 && !negative)
    case "half-floor":
      return beyond > 0 || (beyond === 0 && negative)
    case "up":
      return true
    case "down":
      return false
    case "ceiling":
      return !negative
    case "floor":
      return negative
  }
}
