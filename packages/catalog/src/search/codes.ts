import { canonicalCode } from "../codes/read.ts"
import type { SearchRequest } from "./port.ts"

/**
 * What a code is searched by: the letters and digits of its canonical form, in small letters, since nobody types a SKU as it is printed: "SHX-100/B" is found by
 * "shx 100 b". One without any of them stays as it is.
 */
export const searchCode = (text: string): string => {
  const code = canonicalCode(text).toLowerCase()
  const bare = code.normalize("NFC").replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, "")
  return bare === "" ? code : bare
}

/** A part of a text that may be a code, or where `begun` the beginning of one, and the rest of the text. */
export interface CodeAmong {
  readonly code: string
  readonly begun: boolean
  readonly rest: string
}

/** Of so many parts of a text each may be a code, or up to three in a row together. */
const MOST_PARTS = 16

/** The parts of a text that may be codes among other words, as in "shaver SH-100" or "sh 100 shaver": several in a row first, and those being typed at the end. */
export const codesAmong = ({ text, prefix }: Pick<SearchRequest, "text" | "prefix">): ReadonlyArray<CodeAmong> => {
  const parts = text.split(/\s+/).filter((part) => part !== "")
  const looked = parts.slice(0, MOST_PARTS)
  const lengths = [3, 2, 1].filter((length) => length < parts.length)
  const taken = (at: number, length: number, begun: boolean): CodeAmong => ({
    code: searchCode(parts.slice(at, at + length).join(" ")),
    begun,
    rest: parts.toSpliced(at, length).join(" ")
  })
  const whole = lengths.flatMap((length) => looked.flatMap((_, at) => (at + length > looked.length ? [] : [taken(at, length, false)])))
  const begun = prefix ? lengths.map((length) => taken(parts.length - length, length, true)) : []
  return [...whole, ...begun.filter(({ code }) => code.length >= LEAST_BEGUN)]
}

/** Fewer characters begin too many codes. */
const LEAST_BEGUN = 3

/** The beginning of a code that may be being typed: of three characters and more. */
export const begunCode = ({ code, prefix }: Pick<SearchRequest, "code" | "prefix">): string | undefined =>
  prefix && code.length >= LEAST_BEGUN ? code : undefined
