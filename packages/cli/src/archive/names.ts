import { createHash } from "node:crypto"

/** The longest name (bytes) that is safe on any file system. */
const LONGEST = 120

/** Any text as part of a file's name, where letters of either case are the same: what is not plain stands as `%xx` for each byte. */
export const fileName = (text: string): string => {
  const plain = Array.from(Buffer.from(text), (byte, i) => {
    const letter = String.fromCharCode(byte)
    return /[a-z0-9_-]/.test(letter) || (letter === "." && i > 0) ? letter : `%${byte.toString(16).padStart(2, "0")}`
  }).join("")
  if (plain === "") return "%"
  if (plain.length <= LONGEST) return plain
  return `${plain.slice(0, LONGEST - 20)}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`
}

/** The file of a part. Its name says all that decides what is in it, so that two who write it write the same. */
export const partFile = ({ month, first, last }: { readonly month: string; readonly first: string; readonly last: string }): string =>
  `${month}.${fileName(first)}-${fileName(last)}.ndjson.gz`

export const manifestFile = (part: string): string => part.replace(/\.ndjson\.gz$/, ".json")
