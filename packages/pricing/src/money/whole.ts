/** The greatest whole number that divides both. */
export const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b))

/** The least common multiple of whole numbers. */
export const lcm = (list: Iterable<bigint>): bigint => {
  let common = 1n
  for (const next of list) common = (common / gcd(common, next)) * next
  return common
}

/** A number where it is exact as one. */
export const small = (value: bigint): number | bigint => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value)
