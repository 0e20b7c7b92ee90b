import { type Hmac, hmacSha256 } from "@omni/core/values"

/** What codes are written with: no letter that looks like a digit or another letter (0 and O, 1, I and L). 31 is a prime. */
const ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
const BASE = ALPHABET.length

/** The shortest secret. */
const SHORTEST = 32

/** The secret of an app, by which codes are made that nobody can guess. Throws `TypeError` for a short one. */
export const codeSecret = (secret: string): Hmac => {
  if (secret.length < SHORTEST)
    throw new TypeError(`The secret for codes has ${secret.length} characters; use at least ${SHORTEST} random ones, and keep them.`)
  return hmacSha256(secret)
}

/** A code as it is kept: in capitals, without blanks, what people put between groups, and characters that nobody sees. */
export const plainCode = (code: string): string => code.toUpperCase().replaceAll(/[\s\p{Pd}\p{Cf}.]/gu, "")

/** So many characters that only who has the secret can work out from the text. About 4.95 bits each, 40 characters at most. */
export const secretText = (mac: Hmac, about: string, length: number): string => {
  const words = mac(about)
  let made = ""
  for (let i = 0; made.length < length; i++) made += digits(words[i]! % BASE ** 5, 5)
  return made.slice(0, length)
}

/** A number in the digits of codes, the least significant last. */
export const digits = (value: number, length: number): string => {
  let made = ""
  for (let rest = value, i = 0; i < length; i++) {
    made = ALPHABET[rest % BASE]! + made
    rest = Math.floor(rest / BASE)
  }
  return made
}

/** The number that digits of codes write; `undefined` for other characters. */
export const valueOf = (text: string): number | undefined => {
  let value = 0
  for (const character of text) {
    const digit = ALPHABET.indexOf(character)
    if (digit < 0) return undefined
    value = value * BASE + digit
  }
  return value
}

/**
 * The character that checks the others: a sum weighted by place, modulo 31. One wrong character is always found, and so are two that
 * have changed places, up to 30 characters.
 */
export const checkDigit = (body: string): string => {
  let sum = 0
  for (let i = 0; i < body.length; i++) sum += (i + 1) * ALPHABET.indexOf(body[i]!)
  return ALPHABET[sum % BASE]!
}

/** Whether a code ends in the character that checks it. */
export const isChecked = (code: string): boolean =>
  code.length > 1 && valueOf(code) !== undefined && checkDigit(code.slice(0, -1)) === code.at(-1)
