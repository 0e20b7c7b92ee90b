/** The check digit that follows these digits. Source: GS1 General Specifications, section 7.9. */
export const checkDigit = (digits: string): number => {
  let sum = 0
  for (let at = 0; at < digits.length; at++) sum += Number(digits[digits.length - 1 - at]) * (at % 2 === 0 ? 3 : 1)
  return (10 - (sum % 10)) % 10
}

/**
 * The GTIN of 8, 12, 13 or 14 digits as its 14 digits, so that an EAN-13 and the same number on a carton are one; `undefined` when
 * the length or the check digit is wrong.
 */
export const gtin14 = (text: string): string | undefined => {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return undefined
  return checkDigit(text.slice(0, -1)) === Number(text.at(-1)) ? text.padStart(14, "0") : undefined
}
