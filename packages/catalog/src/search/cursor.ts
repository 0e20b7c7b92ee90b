import { BadCursor, type SearchRequest } from "./port.ts"

/** A place as it goes into a cursor; numbers may be infinite. */
export type CursorKey = number | string

/** A cursor for drivers: a place among the answers to a question, which belongs to that question. */
export const writeSearchCursor = (request: SearchRequest, place: ReadonlyArray<CursorKey>): string =>
  encodeURIComponent(JSON.stringify([questionOf(request), ...place.map(stored)]))

/** The place that a question goes on after, of so many keys; `undefined` where it begins. Throws `BadCursor` for what is none, or belongs to another question. */
export const readSearchCursor = (request: SearchRequest, length: number): ReadonlyArray<CursorKey> | undefined => {
  if (request.after === undefined) return undefined
  const parsed = parse(request.after)
  if (!Array.isArray(parsed) || parsed[0] !== questionOf(request) || parsed.length !== length + 1) {
    throw new BadCursor("A cursor of another question, or none at all")
  }
  return (parsed as ReadonlyArray<unknown>).slice(1).map((key) => {
    if (key === null) return Infinity
    if (typeof key === "number" || typeof key === "string") return key
    throw new BadCursor("No cursor")
  })
}

/** JSON knows no infinity. */
const stored = (key: CursorKey): CursorKey | null => (key === Infinity ? null : key)

const parse = (text: string): unknown => {
  try {
    return JSON.parse(decodeURIComponent(text))
  } catch {
    return undefined
  }
}

/** What makes a question another one: all but the page and the moment, and so but the lists that hold at that moment. A number, by FNV-1a. */
const questionOf = ({ view, text, values, ranges, price, sort }: SearchRequest): number => {
  const asked = JSON.stringify([view, text, values, ranges, price, sort])
  let hash = 0x811c9dc5
  for (let at = 0; at < asked.length; at++) hash = Math.imul(hash ^ asked.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
