/** Crockford's base 32 (https://www.crockford.com/base32.html): no letter can be taken for a digit. */
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

/**
 * Six characters that a text decides, of a thousand million: short enough to call out over a counter. It is a name, not a secret: who
 * knows the text knows the code. The hash is FNV-1a with the finaliser of murmur3.
 */
export const codeFrom = (text: string): string => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  hash ^= hash >>> 16
  return [0, 5, 10, 15, 20, 25].map((shift) => alphabet[(hash >>> shift) & 31]!).join("")
}

/** A code as it is kept, however it was typed: without spaces and hyphens, in capitals, with O read as 0 and I and L as 1. */
export const normaliseCode = (typed: string): string =>
  typed.replaceAll(/[\s-]/g, "").toUpperCase().replaceAll("O", "0").replaceAll(/[IL]/g, "1")

/** The key of a code at a location. */
export const codeKey = (location: string, code: string): string => `${normaliseCode(code)}@${location}`

/** What the QR code of a pickup says: `omni-pickup:<location>:<code>`. A till reads it with `readPickupQr`. */
export const pickupQr = (location: string, code: string): string => `omni-pickup:${encodeURIComponent(location)}:${normaliseCode(code)}`

/** The location and the code that a QR code names; `undefined` when it is not one of a pickup. */
export const readPickupQr = (text: string): { readonly location: string; readonly code: string } | undefined => {
  const [, location, code] = /^omni-pickup:([^:]+):([0-9A-Z]{4,20})$/.exec(text) ?? []
  if (location === undefined || code === undefined) return undefined
  try {
    return { location: decodeURIComponent(location), code }
  } catch {
    return undefined
  }
}
