import type * as z from "zod"

import { nearest } from "./nearest.ts"

/** A field that is there and that nobody knows. */
export interface UnknownField {
  readonly path: ReadonlyArray<PropertyKey>
  readonly message: string
}

type Schema = z.core.$ZodTypes

/** The fields of a value that its schema does not know. What a schema says nothing of, or makes into something else, may hold any. */
export const unknownFields = (
  schema: z.core.$ZodType | undefined,
  value: unknown,
  path: ReadonlyArray<PropertyKey> = []
): ReadonlyArray<UnknownField> => {
  if (!isObject(value) || schema === undefined || path.length > DEEPEST) return []
  const parts = partsFor(schema as Schema, value)
  const within = (inner: z.core.$ZodType | undefined, key: PropertyKey, item: unknown) => unknownFields(inner, item, [...path, key])
  if (Array.isArray(value)) return value.flatMap((item, i) => parts.flatMap((part) => within(itemOf(part, i), i, item)))
  const objects = parts.filter((part) => part._zod.def.type === "object") as ReadonlyArray<z.core.$ZodObject>
  const isOpen = parts.length === 0 || objects.some(isLoose) || objects.length < parts.length
  return Object.entries(value).flatMap(([key, item]) => {
    if (item === undefined) return []
    const owner = objects.find(({ _zod: { def } }) => Object.hasOwn(def.shape, key))
    if (owner !== undefined) return within(owner._zod.def.shape[key], key, item)
    if (isOpen) return parts.flatMap((part) => within(anyOf(part), key, item))
    const known = objects.flatMap(({ _zod: { def } }) => Object.keys(def.shape))
    return [{ path: [...path, key], message: noSuchName("field", key, known) }]
  })
}

/** That there is no field or option of this name, and which was meant. */
export const noSuchName = (kind: string, name: string, known: ReadonlyArray<string>): string => {
  const meant = nearest(name, known)
  if (meant !== undefined) return `There is no such ${kind}. Did you mean "${meant}"?`
  return `There is no such ${kind}. There ${known.length === 0 ? "are none" : `are: ${known.join(", ")}`}.`
}

/** No input of ours is deeper, and one that holds itself ends. */
const DEEPEST = 64

type Fields = { readonly [key: string]: unknown }

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

/** An object that takes more than it names. */
const isLoose = ({ _zod: { def } }: z.core.$ZodObject): boolean =>
  def.catchall !== undefined && (def.catchall as Schema)._zod.def.type !== "never"

/** The schemas that say what is in a value: of wrappers what they wrap, of a union the alternative that takes it. */
const partsFor = (schema: Schema, value: unknown): ReadonlyArray<Schema> => {
  const { def } = schema._zod
  switch (def.type) {
    case "object":
    case "array":
    case "tuple":
    case "record":
      return [schema]
    case "optional":
    case "nullable":
    case "nonoptional":
    case "readonly":
    case "default":
    case "prefault":
    case "catch":
      return partsFor(def.innerType as Schema, value)
    case "lazy":
      return partsFor(def.getter() as Schema, value)
    case "pipe":
      return partsFor(def.in as Schema, value)
    case "intersection":
      return [...partsFor(def.left as Schema, value), ...partsFor(def.right as Schema, value)]
    case "union": {
      const taking = takingOf(def, value)
      return taking === undefined ? [] : partsFor(taking as Schema, value)
    }
    default:
      return []
  }
}

/** The alternative of a union that takes a value; where none does, the one that is named. */
const takingOf = (def: z.core.$ZodUnionDef & { readonly discriminator?: string }, value: unknown): z.core.$ZodType | undefined => {
  const { discriminator } = def
  if (discriminator === undefined) return def.options.find((option) => (option as z.ZodType).safeParse(value).success)
  const named = (value as Fields)[discriminator]
  return def.options.find((option) => option._zod.propValues?.[discriminator]?.has(named as z.core.util.Primitive))
}

/** What holds for an item of a list. */
const itemOf = ({ _zod: { def } }: Schema, at: number): z.core.$ZodType | undefined => {
  if (def.type === "array") return def.element
  return def.type === "tuple" ? (def.items[at] ?? def.rest ?? undefined) : undefined
}

/** What holds for fields that are not named. */
const anyOf = ({ _zod: { def } }: Schema): z.core.$ZodType | undefined => {
  if (def.type === "record") return def.valueType
  return def.type === "object" ? def.catchall : undefined
}
