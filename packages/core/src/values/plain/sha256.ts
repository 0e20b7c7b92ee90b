/**
 * SHA-256 (FIPS 180-4) and HMAC over it (RFC 2104). WebCrypto's are asynchronous, and what an operation decides by a code has to be
 * worked out in it.
 */

/** The first bits of the fractional parts of roots of the first primes; made here, since a list of 72 numbers hides a typing error. */
const primes = (count: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

const bitsOf = (root: number): number => Math.floor((root - Math.floor(root)) * 2 ** 32)

const INITIAL: ReadonlyArray<number> = /* @__PURE__ */ primes(8).map((prime) => bitsOf(Math.sqrt(prime)))
const ROUND = /* @__PURE__ */ Uint32Array.from(/* @__PURE__ */ primes(64).map((prime) => bitsOf(Math.cbrt(prime))))

const BLOCK = 64
const words = new Uint32Array(64)

const rotate = (word: number, by: number): number => (word >>> by) | (word << (32 - by))

/** The state after one more block, in place. */
const compress = (state: Uint32Array, view: DataView, at: number): void => {
  for (let i = 0; i < 16; i++) words[i] = view.getUint32(at + 4 * i)
  for (let i = 16; i < 64; i++) {
    const x = words[i - 15]!
    const y = words[i - 2]!
    const small = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)
    const large = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10)
    words[i] = words[i - 16]! + small + words[i - 7]! + large
  }
  let a = state[0]!
  let b = state[1]!
  let c = state[2]!
  let d = state[3]!
  let e = state[4]!
  let f = state[5]!
  let g = state[6]!
  let h = state[7]!
  for (let i = 0; i < 64; i++) {
    const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + words[i]!) | 0
    const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + one) | 0
    d = c
    c = b
    b = a
    a = (one + two) | 0
  }
  state[0]! += a
  state[1]! += b
  state[2]! += c
  state[3]! += d
  state[4]! += e
  state[5]! += f
  state[6]! += g
  state[7]! += h
}

/** The digest of a message that follows `before` bytes which are in the state already. */
const digest = (from: Uint32Array, before: number, message: Uint8Array): Uint32Array => {
  const state = Uint32Array.from(from)
  const bytes = new Uint8Array(Math.ceil((message.length + 9) / BLOCK) * BLOCK)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  const bits = (before + message.length) * 8
  view.setUint32(bytes.length - 8, Math.floor(bits / 2 ** 32))
  view.setUint32(bytes.length - 4, bits >>> 0)
  for (let at = 0; at < bytes.length; at += BLOCK) compress(state, view, at)
  return state
}

const bytesOf = (digested: Uint32Array): Uint8Array => {
  const view = new DataView(new ArrayBuffer(32))
  digested.forEach((word, i) => view.setUint32(4 * i, word))
  return new Uint8Array(view.buffer)
}

const text = new TextEncoder()

/** A keyed hash of texts in UTF-8, as eight words of 32 bits. */
export type Hmac = (message: string) => Uint32Array

/** SHA-256 of a text in UTF-8. */
export const sha256 = (message: string): Uint32Array => digest(Uint32Array.from(INITIAL), 0, text.encode(message))

/** HMAC-SHA-256 by a secret; making it costs more than using it. */
export const hmacSha256 = (secret: string): Hmac => {
  const given = text.encode(secret)
  const key = new Uint8Array(BLOCK)
  key.set(given.length > BLOCK ? bytesOf(digest(Uint32Array.from(INITIAL), 0, given)) : given)
  const padded = (pad: number): Uint32Array => {
    const state = Uint32Array.from(INITIAL)
    compress(state, new DataView(key.map((byte) => byte ^ pad).buffer), 0)
    return state
  }
  const [inner, outer] = [padded(0x36), padded(0x5c)]
  return (message) => short(inner, outer, message) ?? digest(outer, BLOCK, bytesOf(digest(inner, BLOCK, text.encode(message))))
}

/** The most bytes of a message that fit into one block with their ending. */
const SHORT = BLOCK - 9
const only = new Uint8Array(BLOCK)
const onlyView = new DataView(only.buffer)
const start = only.subarray(0, SHORT)

/** The same of a message that fits into one block, as those of codes do, without a buffer for each; `undefined` of a longer one. */
const short = (inner: Uint32Array, outer: Uint32Array, message: string): Uint32Array | undefined => {
  if (message.length > SHORT) return undefined
  const { read, written } = text.encodeInto(message, start)
  if (read < message.length) return undefined
  const state = Uint32Array.from(inner)
  ending(written)
  compress(state, onlyView, 0)
  for (let i = 0; i < 8; i++) onlyView.setUint32(4 * i, state[i]!)
  state.set(outer)
  ending(32)
  compress(state, onlyView, 0)
  return state
}

const ending = (length: number): void => {
  only.fill(0, length)
  only[length] = 0x80
  onlyView.setUint32(BLOCK - 4, (BLOCK + length) * 8)
}

/** A digest as hexadecimal text in small letters. */
export const hexDigest = (digested: Uint32Array): string => [...digested].map((word) => word.toString(16).padStart(8, "0")).join("")
