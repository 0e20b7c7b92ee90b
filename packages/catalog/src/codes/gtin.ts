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

/**
 * The 14 digits of the UPC-A that a UPC-E of 8 digits stands for, in which zeros are left out: "04252614" is "042100005264"; `undefined` when it is none.
 * No two stand for one: of the ways to leave zeros out only the shortest is a UPC-E. Source: GS1 General Specifications, section 5.2.2.4.
 */
export const upcE = (text: string): string | undefined => {
  const parts = /^0(\d{5})(\d)(\d)$/.exec(text)
  if (parts === null) return undefined
  const [, body = "", last = "", check = ""] = parts
  const at = { "0": 2, "1": 2, "2": 2, "3": 3, "4": 4 }[last] ?? 5
  // What ends in a digit that could have been left out too is written by a rule before.
  if (at > 2 && body[at - 1]! <= (at === 3 ? "2" : "0")) return undefined
  // Of the last digit, 0 to 2 stand in the number, 3 and 4 only say where the zeros are, 5 to 9 come behind them.
  const full =
    `${body.slice(0, at)}${at === 2 ? last : ""}`.padEnd(at === 5 ? 9 : 10 - body.slice(at).length, "0") +
    (at === 5 ? last : body.slice(at))
  return gtin14(`0${full}${check}`)
}
