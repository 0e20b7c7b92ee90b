/** A stream of numbers that a seed decides: the same seed, the same stream, on every platform. */
export interface Random {
  /** 32 bits. */
  next(): number
  /** In [0, 1). */
  fraction(): number
  /** In [0, limit), whole. */
  below(limit: number): number
  bytes(count: number): Uint8Array
}

/** Chris Doty-Humphrey's sfc32 (PractRand): small, fast, and passes its batteries. */
export const random = (seed: number): Random => {
  let [a, b, c, counter] = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0, 0x9e3779b9, 1]
  const next = (): number => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let i = 0; i < 15; i++) next()
  const fraction = () => next() / 2 ** 32
  return {
    next,
    fraction,
    below: (limit) => Math.floor(fraction() * limit),
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 255)
  }
}
