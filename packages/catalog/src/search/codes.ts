import { canonicalCode } from "../codes/read.ts"

/** What a code is searched by: its canonical form in small letters, since nobody types a SKU as it is printed. */
export const searchCode = (text: string): string => canonicalCode(text).toLowerCase()

/** Of so many parts of a text each may be a code. */
const MOST_PARTS = 16

/** Each part of a text that may be a code among other words, as in "shaver SH-100", with the rest of the text. */
export const codesAmong = (text: string): ReadonlyArray<{ readonly code: string; readonly rest: string }> => {
  const parts = text.split(/\s+/).filter((part) => part !== "")
  if (parts.length < 2) return []
  return parts.slice(0, MOST_PARTS).map((part, at) => ({ code: searchCode(part), rest: parts.toSpliced(at, 1).join(" ") }))
}
