import type * as z from "zod"

/**
 * Whether a schema has left out something of a value, or may have: it is looked at for every input, so it is made once for each schema, and
 * looks only where something can be left out.
 */
export const isCut = (schema: z.core.$ZodType, input: unknown, output: unknown): boolean => {
  let cuts = known.get(schema)
  if (cuts === undefined) known.set(schema, (cuts = cutsOf(schema as Schema) ?? never))
  return cuts(input, output)
}

type Schema = z.core.$ZodTypes
type Cuts = (input: unknown, output: unknown) => boolean
type Fields = { readonly [key: string]: unknown }

const known = new WeakMap<z.core.$ZodType, Cuts>()

const never: Cuts = () => false

/** `undefined`: nothing can be left out. */
const cutsOf = (schema: Schema): Cuts | undefined => {
  const { def } = schema._zod
  switch (def.type) {
    case "string":
    case "number":
    case "boolean":
    case "bigint":
    case "literal":
    case "enum":
    case "null":
    case "undefined":
    case "any":
    case "unknown":
    case "custom":
      return undefined
    case "optional":
    case "nullable":
    case "nonoptional":
    case "readonly":
    case "default":
    case "prefault":
      return cutsOf(def.innerType as Schema)
    case "pipe":
      return cutsOf(def.in as Schema)
    case "object":
      return known.get(schema) ?? ofObject(schema, def)
    case "array": {
      const ofItem = cutsOf(def.element as Schema)
      if (ofItem === undefined) return undefined
      return (input, output) => Array.isArray(input) && Array.isArray(output) && input.some((item, i) => ofItem(item, output[i]))
    }
    default:
      return leftOut
  }
}

const ofObject = (schema: Schema, { shape, catchall }: z.core.$ZodObjectDef): Cuts => {
  known.set(schema, leftOut) // for a schema that holds itself
  if (catchall !== undefined) return leftOut
  const fields = new Map(Object.entries(shape).map(([name, field]) => [name, cutsOf(field as Schema)]))
  const deep = [...fields].flatMap(([name, cuts]) => (cuts === undefined ? [] : [{ name, cuts }]))
  const cuts: Cuts = (input, output) => {
    if (!isObject(input)) return false
    for (const name in input) if (!fields.has(name) && (input as Fields)[name] !== undefined) return true
    return isObject(output) && deep.some((field) => field.cuts((input as Fields)[field.name], (output as Fields)[field.name]))
  }
  known.set(schema, cuts)
  return cuts
}

/** Whether something of a value is not in what was made of it. */
const leftOut: Cuts = (input, output) => {
  if (input === output || !isObject(input) || !isObject(output)) return false
  if (Array.isArray(input)) return Array.isArray(output) && input.some((item, i) => leftOut(item, output[i]))
  for (const name in input) {
    const value = (input as Fields)[name]
    const kept = (output as Fields)[name]
    if (value !== undefined && (kept === undefined || leftOut(value, kept))) return true
  }
  return false
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null
