/** Seeds, ids and hashes: everything here is a function of its arguments. None of it is fit for secrets. */

/** 128 bits, as four unsigned 32-bit integers. */
export type Seed = readonly [number, number, number, number]

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

/** A bijection of 32-bit integers (murmur3's finaliser), so that different counters never give the same word. */
const mix = (x: number): number => {
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}

const five = (word: number): string =>
  alphabet[word & 31]! +
  alphabet[(word >>> 5) & 31]! +
  alphabet[(word >>> 10) & 31]! +
  alphabet[(word >>> 15) & 31]! +
  alphabet[(word >>> 20) & 31]! +
  alphabet[(word >>> 25) & 31]!

let lastTime = -1
let lastText = ""

/** Ten characters of Crockford base 32 that sort as the time does. */
const timeText = (time: number): string => {
  if (time === lastTime) return lastText
  let rest = Math.max(0, time)
  let text = ""
  for (let i = 0; i < 10; i++) {
    text = alphabet[rest % 32]! + text
    rest = Math.floor(rest / 32)
  }
  lastTime = time
  return (lastText = text)
}

/** `prefix_` + time + 18 characters that (seed, counter) decides: sorts by time, the same on every run with the same seed. */
export const makeId = (prefix: string, time: number, seed: Seed, counter: number): string => {
  const a = mix((seed[0] + Math.imul(counter, 0x9e3779b1)) | 0)
  const b = mix(seed[1] ^ a)
  const c = mix(seed[2] ^ b ^ seed[3])
  return `${prefix}_${timeText(time)}${five(a)}${five(b)}${five((c << 6) | ((a >>> 30) << 2) | (b >>> 30))}`
}

/** 128 bits of a text, well spread; for fingerprints and partitions, never against an adversary (cyrb128's construction). */
export const hash128 = (text: string): Seed => {
  let a = 1779033703,
    b = 3144134277,
    c = 1013904242,
    d = 2773480762
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ k, 597399067)
    b = c ^ Math.imul(b ^ k, 2869860233)
    c = d ^ Math.imul(c ^ k, 951274213)
    d = a ^ Math.imul(d ^ k, 2716044179)
  }
  a = mix(a ^ text.length)
  b = mix(b ^ a)
  c = mix(c ^ b)
  d = mix(d ^ c)
  return [(a ^ d) >>> 0, (b ^ a) >>> 0, (c ^ b) >>> 0, d >>> 0]
}

/**
 * Thirty-two hexadecimal digits that a JSON value is recognised by: equal values have the same, whatever the order of their keys. It is no protection
 * from somebody who looks for two values with one fingerprint.
 */
export const fingerprint = (value: unknown): string => seedText(hash128(canonical(value)))

/** Eight hexadecimal digits. */
const hex = (word: number): string => (word + 2 ** 32).toString(16).slice(1)

export const seedText = ([a, b, c, d]: Seed): string => hex(a) + hex(b) + hex(c) + hex(d)

/** Reads what `seedText` wrote; any other text is hashed, so that a key can serve as a seed. */
export const seedFrom = (text: string): Seed => {
  if (!/^[0-9a-f]{32}$/.test(text)) return hash128(text)
  const word = (i: number) => Number.parseInt(text.slice(i * 8, i * 8 + 8), 16)
  return [word(0), word(1), word(2), word(3)]
}

/** JSON with the keys of every object in order, so that equal values have equal texts. */
export const canonical = (value: unknown): string => JSON.stringify(value, isOrdered(value) ? undefined : ordered) ?? "undefined"

const ordered = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** Most values are written with their keys in order, or have one; putting them in order costs more than the rest. */
const isOrdered = (value: unknown): boolean => {
  if (typeof value !== "object" || value === null) return true
  if (Array.isArray(value)) return value.every(isOrdered)
  if ("toJSON" in value) return false
  let last = ""
  for (const [key, held] of Object.entries(value)) {
    if (key < last || !isOrdered(held)) return false
    last = key
  }
  return true
}

/** Freezes a value and all that it holds; what is frozen already is passed over. */
export const freeze = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const key in value) freeze(value[key])
  }
  return value
}
