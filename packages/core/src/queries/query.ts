import * as z from "zod"

import type { IndexValue } from "../encoding/index-key.ts"
import type { InvalidRow } from "../errors.ts"
import type { Collection } from "../kernel/collection.ts"
import type { Position } from "../ports/store.ts"

/** A row with its id. */
export interface Item<R> {
  readonly id: string
  readonly row: R
}

/** Part of a list, of items `{ id, row }` in every package; `cursor` asks for what comes after it, and is absent at the end. */
export interface Page<T> {
  readonly items: ReadonlyArray<T>
  readonly cursor?: string
  /** Rows of this page that fit no version of their schema: they are named here, and hold up nothing else. */
  readonly invalid?: ReadonlyArray<InvalidRow>
}

/** The place after which a page begins: what an index is stored by, and an id. */
export interface Place {
  readonly value: string
  readonly id: string
}

export const writeCursor = ({ value, id }: Place): string => encodeURIComponent(JSON.stringify([value, id]))

/** The place that a cursor names; `undefined` for a text that is none. */
export const readCursor = (text: string): Place | undefined => {
  try {
    const [value, id] = JSON.parse(decodeURIComponent(text)) as [unknown, unknown]
    return typeof value === "string" && typeof id === "string" ? { value, id } : undefined
  } catch {
    return undefined
  }
}

/**
 * What a query that answers in pages takes beside its own input: at most so many items, 50 unless told and 1,000 at most, and the
 * `cursor` of the page before. A text that is no cursor is `InvalidInput`: `z.object({ customer: Id, ...paged })`.
 */
export const paged = {
  limit: z.int().min(1).max(1000).exactOptional(),
  after: z
    .string()
    .refine((text) => readCursor(text) !== undefined, { error: "Hand back the `cursor` of the page before, unchanged" })
    .exactOptional()
}

/** Which part of an index: the leading fields equal to `equals`, the next one from `from` to `to` (included). */
export interface Find {
  readonly equals?: ReadonlyArray<IndexValue>
  readonly from?: IndexValue
  readonly to?: IndexValue
  readonly order?: "asc" | "desc"
  /** 50 by default, 1,000 at most. */
  readonly limit?: number
  /** The `cursor` of the page before. */
  readonly after?: string
}

/** What a query sees: one moment of the store, at a log position. */
export interface View {
  readonly now: number
  readonly tenant: string
  get<R>(collection: Collection<R>, id: string): R | undefined
  getMany<R>(collection: Collection<R>, ids: ReadonlyArray<string>): ReadonlyArray<R | undefined>
  /** By a declared index, or `"id"`. Paging has no gaps and no repeats for rows that stay where they are. */
  find<R, I extends string>(collection: Collection<R, I>, index: I | "id", find?: Find): Page<Item<R>>
  /** Several parts of an index, loaded in one round trip. */
  findMany<R, I extends string>(collection: Collection<R, I>, index: I | "id", finds: ReadonlyArray<Find>): ReadonlyArray<Page<Item<R>>>
}

/** A read-only, typed function over keys and declared indexes. Its body follows the rules of an operation's. */
export interface Query<I, In = I, A = unknown, E = unknown> {
  readonly name: string
  readonly input: z.ZodType<I, In>
  readonly body: (view: View, input: I) => Generator<E, A, unknown>
}

/** Any query, whatever its types. */
export interface AnyQuery {
  readonly name: string
  readonly input: z.ZodType
  readonly body: (view: View, input: never) => Generator<unknown, unknown, unknown>
}

/** An answer and the log position that it is true at. */
export interface Answer<A> {
  readonly position: Position
  readonly value: A
}

export const query = <S extends z.ZodType, A, E = never>(
  name: string,
  input: S,
  body: (view: View, input: z.output<S>) => Generator<E, A, unknown>
): Query<z.output<S>, z.input<S>, A, E> => ({ name, input: input as z.ZodType<z.output<S>, z.input<S>>, body })
