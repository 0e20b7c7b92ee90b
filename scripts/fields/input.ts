/** What zod says of a schema, as far as it is read here. */
interface Def {
  readonly type: string
  readonly shape?: Readonly<Record<string, Schema>>
  readonly innerType?: Schema
  readonly in?: Schema
  readonly options?: ReadonlyArray<Schema>
  readonly left?: Schema
  readonly right?: Schema
  readonly getter?: () => Schema
}

interface Schema {
  readonly _zod: { readonly def: Def; readonly optin?: "optional" | "defaulted" | undefined }
}

/** The fields that an input has, in their order; those that may be left out end in "?". */
export const fieldsOf = (input: object): ReadonlyArray<string> =>
  [...fieldsIn(input as Schema)].map(([name, needed]) => (needed ? name : `${name}?`))

const fieldsIn = (schema: Schema): ReadonlyMap<string, boolean> => {
  const { def } = schema._zod
  if (def.shape !== undefined) return new Map(Object.entries(def.shape).map(([name, { _zod }]) => [name, _zod.optin === undefined]))
  if (def.options !== undefined) return ofSome(def.options.map(fieldsIn))
  if (def.left !== undefined && def.right !== undefined) return new Map([...fieldsIn(def.left), ...fieldsIn(def.right)])
  const inner = def.innerType ?? def.in ?? def.getter?.()
  return inner === undefined ? new Map() : fieldsIn(inner)
}

/** Of alternatives a field is needed that each of them needs. */
const ofSome = (alternatives: ReadonlyArray<ReadonlyMap<string, boolean>>): ReadonlyMap<string, boolean> =>
  new Map(alternatives.flatMap((one) => [...one.keys()]).map((name) => [name, alternatives.every((one) => one.get(name) === true)]))
