import type { Collection } from "../kernel/collection.ts"
import type { Entry } from "../ports/store.ts"

/**
 * Order-preserving text for index entries. Each part ends with U+0001, inside strings U+0001 and U+0002 are escaped, and a type tag
 * keeps `false < true < numbers < strings`, so a prefix of parts is a prefix of the text and ranges are plain text ranges.
 */
export type IndexValue = boolean | number | string

const END = "\u0001"
/** After every entry that begins with a prefix. U+10FFFF sorts last by code point. */
export const LAST = "\u{10ffff}"

const bits = new DataView(new ArrayBuffer(8))

/** IEEE 754 order: positive numbers get the sign bit set, negative ones are inverted. */
const numberText = (value: number): string => {
  bits.setFloat64(0, value === 0 ? 0 : value)
  const high = bits.getUint32(0)
  const low = bits.getUint32(4)
  const negative = high >>> 31 === 1
  const h = (negative ? ~high : high | 0x80000000) >>> 0
  const l = (negative ? ~low : low) >>> 0
  return h.toString(16).padStart(8, "0") + l.toString(16).padStart(8, "0")
}

export const encodePart = (value: IndexValue): string => {
  if (typeof value === "string")
    return `3${/[\u0001\u0002]/.test(value) ? value.replace(/[\u0001\u0002]/g, (c) => `\u0002${c === "\u0001" ? "a" : "b"}`) : value}${END}`
  if (typeof value === "number") return `2${numberText(value)}${END}`
  return `1${value ? 1 : 0}${END}`
}

/** A row's entry before personal parts are hashed: the parts in order. */
export interface RawEntry {
  readonly index: string
  readonly parts: ReadonlyArray<{ readonly field: string; readonly value: IndexValue }>
}

const scalar = (value: unknown): value is IndexValue => typeof value === "string" || typeof value === "number" || typeof value === "boolean"

/** All entries of a row. Array fields fan out; a missing later field ends the entry there, a missing first field leaves the row out. */
export const rawEntries = (collection: Collection, row: unknown): ReadonlyArray<RawEntry> => {
  const entries: Array<RawEntry> = []
  if (row === undefined) return entries
  const fields = row as { readonly [field: string]: unknown }
  for (const index in collection.indexes) {
    let partial: Array<Array<{ field: string; value: IndexValue }>> = [[]]
    for (const field of collection.indexes[index]!) {
      const value = fields[field]
      const values = (Array.isArray(value) ? [...new Set(value)] : [value]).filter(scalar)
      if (values.length === 0) break
      partial = partial.flatMap((parts) => values.map((v) => [...parts, { field, value: v }]))
    }
    for (const parts of partial) if (parts.length > 0) entries.push({ index, parts })
  }
  return entries
}

/** The entries of a row where no index has a personal field and no field is an array; nothing for any other, which takes longer. */
export const plainEntries = ({ indexes, personal }: Collection, row: unknown): ReadonlyArray<Entry> | undefined => {
  if (row === undefined) return []
  const fields = row as { readonly [field: string]: unknown }
  const entries: Array<Entry> = []
  for (const index in indexes) {
    let text = ""
    for (const field of indexes[index]!) {
      const value = fields[field]
      if (Array.isArray(value) || personal?.fields.includes(field) === true) return undefined
      if (!scalar(value)) break
      text += encodePart(value)
    }
    if (text !== "") entries.push({ index, value: text })
  }
  return entries
}

/** What a changed row gains and loses. */
export const diff = (
  before: ReadonlyArray<Entry>,
  after: ReadonlyArray<Entry>
): { readonly add: ReadonlyArray<Entry>; readonly drop: ReadonlyArray<Entry> } => {
  if (before.length === 0 || after.length === 0) return { add: after, drop: before }
  const without = (from: ReadonlyArray<Entry>, others: ReadonlyArray<Entry>) =>
    from.filter((a) => !others.some((b) => a.index === b.index && a.value === b.value))
  return { add: without(after, before), drop: without(before, after) }
}
