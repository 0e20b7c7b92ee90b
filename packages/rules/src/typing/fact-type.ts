/**
 * What a fact is, as plain JSON. `money` is an amount in minor units of the currency that the facts are in; `instant` and `duration`
 * are milliseconds; `any` is not checked. A `record` that is `open` may have more than it declares.
 */
export type FactType =
  | "text"
  | "number"
  | "boolean"
  | "money"
  | "instant"
  | "duration"
  | "any"
  | { readonly oneOf: ReadonlyArray<string | number> }
  | { readonly list: FactType }
  | { readonly record: Readonly<Record<string, FactType>>; readonly open?: boolean }
  /** May be null or absent. */
  | { readonly maybe: FactType }

/** The kinds that values have while they are checked. */
export type Kind = "text" | "number" | "boolean" | "money" | "instant" | "duration" | "any" | "null" | "list" | "record"

/** What a part of a rule gives. */
export interface Typed {
  readonly kind: Kind
  readonly maybe: boolean
  /** The values it can have at most, where they are known. */
  readonly values?: ReadonlyArray<unknown>
  /** What a list is of. */
  readonly of?: Typed
  readonly fields?: Readonly<Record<string, FactType>>
  readonly open?: boolean
  /** The fact that it is read from. */
  readonly fact?: string
}

export const any: Typed = { kind: "any", maybe: true }

export const plain = (kind: Kind): Typed => ({ kind, maybe: false })

/** What a declared fact gives. */
export const typed = (type: FactType): Typed => {
  if (typeof type === "string") return { kind: type, maybe: type === "any" }
  if ("maybe" in type) return { ...typed(type.maybe), maybe: true }
  if ("list" in type) return { kind: "list", maybe: false, of: typed(type.list) }
  if ("record" in type) return { kind: "record", maybe: false, fields: type.record, open: type.open ?? false }
  return { kind: typeof type.oneOf[0] === "number" ? "number" : "text", maybe: false, values: type.oneOf }
}

/** The kind in words, with the fact that it was read from. */
export const described = ({ kind, maybe, values, fact }: Typed): string => {
  const what =
    values === undefined
      ? kind
      : values
          .map((value) => JSON.stringify(value))
          .join(", ")
          .slice(0, 60)
  return `${fact === undefined ? "" : `${fact}, `}${what}${maybe && kind !== "any" && kind !== "null" ? " or nothing" : ""}`
}
