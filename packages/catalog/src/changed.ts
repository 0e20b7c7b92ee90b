import { isSame } from "./same.ts"

type Row = Readonly<Record<string, unknown>>

/** What is told part by part: languages, attributes, options, channels. */
const PARTS = new Set(["name", "description", "slugs", "attributes", "options", "channels"])

/** The fields in which two rows differ, with the language, attribute or channel where there is one: `["name.de", "brand"]`, sorted. */
export const changedFields = (before: object | undefined, after: object): ReadonlyArray<string> =>
  fieldsOf((before ?? {}) as Row, after as Row, (field) => PARTS.has(field)).sort()

const fieldsOf = (before: Row, after: Row, hasParts: (field: string) => boolean): Array<string> =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field) => {
    const [was, is] = [own(before, field), own(after, field)]
    if (isSame(was, is)) return []
    if (!hasParts(field) || !isParted(was ?? is)) return [field]
    return fieldsOf((was ?? {}) as Row, (is ?? {}) as Row, () => false).map((part) => `${field}.${part}`)
  })

const isParted = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value)

const own = (row: Row, field: string): unknown => (Object.hasOwn(row, field) ? row[field] : undefined)
