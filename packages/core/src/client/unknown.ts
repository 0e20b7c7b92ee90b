import type * as z from "zod"

import { nearest } from "./nearest.ts"

/** A field that is there and that nobody knows. */
export interface UnknownField {
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
}

/** Whether all that a value says is said by what a schema has made of it: then nothing of it was left out. */
export const isKept = (value: unknown, made: unknown): boolean => {
  if (value === made || value === undefined) return true
  if (!isObject(value) || !isObject(made)) return false
  if (Array.isArray(value)) return value.every((item, i) => isKept(item, (made as Fields)[i]))
  for (const name in value) if (!isKept((value as Fields)[name], (made as Fields)[name])) return false
  return true
}

/** The fields of a value that its schema does not know. What a schema says nothing of, or makes into something else, may hold any. */
export const unknownFields = (schema: z.core.$ZodType, value: unknown): ReadonlyArray<UnknownField> => unknownBy([schema], value, [])

type Schema = z.core.$ZodTypes
type Fields = { readonly [key: PropertyKey]: unknown }

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** No input of ours is deeper, and one that holds itself ends. */
const DEEPEST = 64

/** Those that none of the schemas knows which hold for a value together. */
const unknownBy = (
  schemas: ReadonlyArray<z.core.$ZodType>,
  value: unknown,
  path: ReadonlyArray<PropertyKey>
): ReadonlyArray<UnknownField> => {
  if (!isObject(value) || path.length > DEEPEST) return []
  const fields = schemas.flatMap((schema) => fieldsOf(schema as Schema, value))
  if (fields.includes(ANY)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return []
    const inner = fields.flatMap(({ of }) => of(key) ?? [])
    if (inner.length > 0) return unknownBy(inner, item, [...path, key])
    return [{ path: [...path, key], message: noSuchName("field", key, [...new Set(fields.flatMap(({ names }) => names))]) }]
  })
}

/** The fields that a schema knows: their names, as far as it has a list of them, and what holds for one; `undefined`: there is none of that name. */
interface Known {
  readonly names: ReadonlyArray<string>
  readonly of: (key: string) => z.core.$ZodType | undefined
}

/** Those of a schema that says nothing of fields. */
const ANY: Known = { names: [], of: () => undefined }

/** Of wrappers those of what they wrap, of a union those of the alternatives that take the value, or of all when none does. */
const fieldsOf = (schema: Schema, value: unknown): ReadonlyArray<Known> => {
  const { def } = schema._zod
  switch (def.type) {
    case "object": {
      const names = Object.keys(def.shape)
      const rest = (def.catchall as Schema | undefined)?._zod.def.type === "never" ? undefined : def.catchall
      return [{ names, of: (key) => (Object.hasOwn(def.shape, key) ? def.shape[key] : rest) }]
    }
    case "record": {
      const { values } = def.keyType._zod
      return [
        { names: [...(values ?? [])].map(String), of: (key) => (values === undefined || values.has(key) ? def.valueType : undefined) }
      ]
    }
    case "array":
      return [{ names: [], of: () => def.element }]
    case "tuple":
      return [{ names: [], of: (key) => def.items[Number(key)] ?? def.rest ?? undefined }]
    case "optional":
    case "nullable":
    case "nonoptional":
    case "readonly":
    case "default":
    case "prefault":
    case "catch":
      return fieldsOf(def.innerType as Schema, value)
    case "lazy":
      return fieldsOf(def.getter() as Schema, value)
    case "pipe":
      return fieldsOf(def.in as Schema, value)
    case "intersection":
      return [def.left, def.right].flatMap((side) => fieldsOf(side as Schema, value))
    case "union": {
      const taking = def.options.filter((option) => (option as z.ZodType).safeParse(value).success)
      return (taking.length > 0 ? taking : def.options).flatMap((option) => fieldsOf(option as Schema, value))
    }
    default:
      return [ANY]
  }
}

/** That there is no field or option of this name, and which was meant. */
export const noSuchName = (kind: string, name: string, known: ReadonlyArray<string>): string => {
  const meant = nearest(name, known)
  if (meant !== undefined) return `There is no such ${kind}. Did you mean "${meant}"?`
  return `There is no such ${kind}. There ${known.length === 0 ? "are none" : `are: ${known.join(", ")}`}.`
}
