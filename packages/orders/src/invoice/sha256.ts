/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8, as upper-case hexadecimal. WebCrypto's is asynchronous, and what is chained in a commit has to
 * be worked out in it.
 */
export const sha256 = (text: string): string => {
  const bytes = padded(new TextEncoder().encode(text))
  const view = new DataView(bytes.buffer)
  const hash = Uint32Array.from(INITIAL)
  const words = new Uint32Array(64)
  for (let at = 0; at < bytes.length; at += 64) block(view, at, words, hash)
  return [...hash]
    .map((word) => word.toString(16).padStart(8, "0"))
    .join("")
    .toUpperCase()
}

/** The first bits of the fractional parts of roots of the first primes; made here, since a list of 72 numbers hides a typing error. */
const primes = (count: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

const bitsOf = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32)

const INITIAL: ReadonlyArray<number> = /* @__PURE__ */ primes(8).map((prime) => bitsOf(Math.sqrt(prime)))
const ROUND: ReadonlyArray<number> = /* @__PURE__ */ primes(64).map((prime) => bitsOf(Math.cbrt(prime)))

/** A one bit, zeros, and the length in bits, up to a multiple of 64 bytes. */
const padded = (message: Uint8Array): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 8, Math.floor(message.length / 2 ** 29))
  view.setUint32(bytes.length - 4, message.length * 8)
  return bytes
}

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

const block = (view: DataView, at: number, words: Uint32Array, hash: Uint32Array): void => {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + 4 * i)
  for (let i = 16; i < 64; i++) {
    const [x, y] = [words[i - 15]!, words[i - 2]!]
    const small = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const large = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    words[i] = words[i - 16]! + small + words[i - 7]! + large
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash
  for (let i = 0; i < 64; i++) {
    const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + words[i]!) | 0
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    ;[h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0]
  }
  for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = hash[i]! + word
}
