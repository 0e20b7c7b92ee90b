import { canonicalCode } from "../codes/read.ts"
import type { SearchRequest } from "./port.ts"

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

/** The beginning of a code that may be being typed: three characters and more, with a digit among them and no blank. */
export const begunCode = ({ code, prefix }: Pick<SearchRequest, "code" | "prefix">): string | undefined =>
  prefix && code.length >= 3 && /\d/.test(code) && !/\s/.test(code) ? code : undefined
