import { hexDigest, sha256 } from "@omni/core/values"

/** A key of a store holds 512 bytes of UTF-8; a UTF-16 unit takes three of them at most. */
const MOST_UNITS = 170

/** A text as a key of a row: itself, or the beginning of it and its digest (SHA-256) where a key could not hold it. */
export const keyOf = (text: string): string => {
  if (text.length <= MOST_UNITS) return text
  // Not between the halves of a surrogate pair.
  return `${text.slice(0, 80).replace(/[\uD800-\uDBFF]$/, "")}…${hexDigest(sha256(text))}`
}
