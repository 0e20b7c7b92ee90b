import type * as z from "zod"

import type { Position } from "../ports/store.ts"
import type { Personal, PersonalSpec } from "./collection.ts"

/** Who did something, and on which channel. */
export interface Actor {
  readonly kind: "customer" | "staff" | "device" | "system"
  readonly id?: string
  readonly channel?: string
}

/** A named, typed fact. Past tense; its name is a durable contract. */
export interface EventType<D = unknown> {
  readonly name: string
  readonly schema: z.ZodType<D>
  readonly personal: Personal<D> | undefined
}

/** An event as it was recorded: a CloudEvent 1.0 with who did it, and its place in the log. */
export interface Recorded<D = unknown> {
  readonly position: Position
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  /** When it happened, epoch milliseconds. */
  readonly time: number
  readonly actor: Actor
  /** It was imported or replayed as of its own time: it starts nothing unless asked. */
  readonly imported: boolean
  readonly data: D
}

/** The type of an event's data. */
export type DataOf<T> = T extends EventType<infer D> ? D : never

/** Declares an event. */
export const event = <S extends z.ZodType>(
  name: string,
  schema: S,
  options: { readonly personal?: PersonalSpec<z.output<S>> } = {}
): EventType<z.output<S>> => ({ name, schema: schema as z.ZodType<z.output<S>>, personal: options.personal })
