import { hexDigest, type Hmac } from "@omni/core/values"

import { checkDigit, codeSecret, isChecked, plainCode, secretText } from "../code/code.ts"

const LENGTH = 16

/**
 * The code of the gift card with this number: sixteen characters in groups of four, the last of which checks the others. The number is the
 * shop's (an order line, what is printed on the card) and gives the code only with the secret, so the code is kept nowhere.
 * Throws `TypeError` for a secret that is too short.
 */
export const giftCardCode = (secret: string, number: string): string => grouped(codeOf(codeSecret(secret), number))

/**
 * What a gift card is known by where it is paid with: a keyed hash of its code, however that is written. `undefined` for a text that cannot be
 * a code, for it has another length or is mistyped. It is the `token` of a tender; the code itself never comes into the store or the log.
 */
export const giftCardToken = (secret: string, code: string): string | undefined => {
  const plain = plainCode(code)
  return plain.length === LENGTH && isChecked(plain) ? tokenOf(codeSecret(secret), plain) : undefined
}

/** See `giftCardToken`, of a code of another system, whatever its form. */
export const foreignGiftCardToken = (secret: string, code: string): string => tokenOf(codeSecret(secret), plainCode(code))

/** The token of the card with a number. */
export const tokenOfNumber = (mac: Hmac, number: string): string => tokenOf(mac, codeOf(mac, number))

const codeOf = (mac: Hmac, number: string): string => {
  const body = secretText(mac, `gift-card ${number}`, LENGTH - 1)
  return body + checkDigit(body)
}

const tokenOf = (mac: Hmac, code: string): string => `gc_${hexDigest(mac(`gift-card token ${code}`)).slice(0, 40)}`

const grouped = (code: string): string => code.replaceAll(/(.{4})(?=.)/g, "$1-")
