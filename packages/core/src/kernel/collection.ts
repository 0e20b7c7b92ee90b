import type * as z from "zod"

/** JSON as rows, inputs and events hold it. */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json }

/**
 * Which fields of a value are somebody's personal data. They are sealed with that person's key while committing and opened while
 * loading; once the key is destroyed they read as absent, which is why only optional fields may be personal.
 */
export interface Personal<T> {
  /** Whose they are; `undefined` when this value holds nobody's data. It must not itself be personal. */
  subject(value: T): string | undefined
  readonly fields: ReadonlyArray<string>
}

/** `Personal`, as it is declared: its fields are optional ones of `T`. */
export interface PersonalSpec<T> extends Personal<T> {
  readonly fields: ReadonlyArray<OptionalKeys<T>>
}

/** The fields of `T` that may be absent. */
export type OptionalKeys<T> = { [K in keyof T & string]-?: undefined extends T[K] ? K : never }[keyof T & string]

/** A named, typed set of rows. */
export interface Collection<R = unknown, I extends string = string> {
  readonly name: string
  readonly schema: z.ZodType<R>
  /** Raised with every change of the schema that is not merely additive. */
  readonly version: number
  /** From each older version to the next: `upcasts[1]` makes a row of version 2 out of one of version 1. */
  readonly upcasts: { readonly [version: number]: (row: never) => unknown }
  /** Name → fields, compared in this order. A row whose first field is absent is not in the index; an array field has an entry for each element. */
  readonly indexes: { readonly [K in I]: ReadonlyArray<string> }
  readonly personal: Personal<R> | undefined
  /** The ids are personal data too (an e-mail address, say): they are stored as keyed hashes, and go with the person's key. */
  readonly personalId: boolean
  /** When a row wants the engine's attention. Only the kernel's own ask for it; what an app wants to be done later is a timer. */
  due(row: R): number | undefined
}

/** Whether rows have index entries, which must be taken back when they change. */
export const isIndexed = ({ indexes }: Collection): boolean => {
  for (const _ in indexes) return true
  return false
}

/** Whether it is one of the kernel's own, which no other release writes differently. */
export const isKernels = ({ name }: Collection): boolean => name.startsWith("omni.")

/** The type of a collection's rows. */
export type RowOf<C> = C extends Collection<infer R, infer _> ? R : never

/** Declares a collection. Its name is a durable contract; rows are checked by `schema` when they are loaded, and must be plain JSON. */
export const collection = <
  S extends z.ZodType,
  const X extends { readonly [index: string]: ReadonlyArray<keyof z.output<S> & string> } = {}
>(
  name: string,
  spec: {
    readonly schema: S
    readonly version?: number
    readonly upcasts?: { readonly [version: number]: (row: never) => unknown }
    readonly indexes?: X
    readonly personal?: PersonalSpec<z.output<S>>
    readonly personalId?: boolean
  }
): Collection<z.output<S>, keyof X & string> => ({
  name,
  schema: spec.schema as z.ZodType<z.output<S>>,
  version: spec.version ?? 1,
  upcasts: spec.upcasts ?? {},
  indexes: (spec.indexes ?? {}) as X,
  personal: spec.personal,
  personalId: spec.personalId ?? false,
  due: () => undefined
})
