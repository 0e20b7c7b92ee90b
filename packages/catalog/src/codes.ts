/** A GS1 Digital Link carries the GTIN behind the application identifier 01: `https://shop.example/01/09506000134352?10=ABC`. */
const digitalLink = /^https?:\/\/[^/]+\/(?:[^?#]*\/)?01\/(\d{8,14})(?:[/?#]|$)/i

/**
 * The GTIN of 8, 12, 13 or 14 digits as its 14 digits, so that an EAN-13 and the same number on a carton are one; `undefined` when
 * the length or the check digit is wrong. Source: GS1 General Specifications, section 7.9.
 */
export const gtin14 = (text: string): string | undefined => {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return undefined
  const digits = text.padStart(14, "0")
  let sum = 0
  for (let at = 0; at < 13; at++) sum += Number(digits[at]) * (at % 2 === 0 ? 3 : 1)
  return (10 - (sum % 10)) % 10 === Number(digits[13]) ? digits : undefined
}

/**
 * What a code is kept and found by: the 14 digits of a GTIN, bare or in a GS1 Digital Link, else the text itself without blanks
 * around it. All codes share one space, because a scanner does not say what kind of code it has read.
 */
export const canonicalCode = (text: string): string => {
  const code = text.trim()
  return gtin14(digitalLink.exec(code)?.[1] ?? code) ?? code
}
