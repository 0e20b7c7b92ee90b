import type { AnyQuery } from "../queries/query.ts"
import type { Handler } from "../work/outbox.ts"
import type { Reactor } from "../work/reactor.ts"
import type { Collection } from "./collection.ts"
import type { EventType } from "./event.ts"
import type { AnyOperation } from "./operation.ts"

/** What a package brings to an app. `operations` and `queries` become the methods of its client, under these names. */
export interface Module<
  O extends { readonly [method: string]: AnyOperation } = { readonly [method: string]: AnyOperation },
  Q extends { readonly [method: string]: AnyQuery } = { readonly [method: string]: AnyQuery }
> {
  readonly name: string
  readonly collections: ReadonlyArray<Collection>
  readonly events: ReadonlyArray<EventType>
  readonly operations: O
  readonly queries: Q
  /** Operations that timers run and clients do not see. */
  readonly internal: ReadonlyArray<AnyOperation>
  readonly reactors: ReadonlyArray<Reactor>
  readonly handlers: ReadonlyArray<Handler>
}

/** Names that a client keeps for itself. */
const reserved = ["safe", "watch", "then", "constructor"]

export const module = <O extends { readonly [method: string]: AnyOperation } = {}, Q extends { readonly [method: string]: AnyQuery } = {}>(
  name: string,
  parts: Partial<Omit<Module<O, Q>, "name">>
): Module<O, Q> => {
  for (const method of [...Object.keys(parts.operations ?? {}), ...Object.keys(parts.queries ?? {})]) {
    if (reserved.includes(method))
      throw new TypeError(`The module "${name}" names a method "${method}", which every client has of its own. Choose another name.`)
  }
  return {
    name,
    collections: parts.collections ?? [],
    events: parts.events ?? [],
    operations: parts.operations ?? ({} as O),
    queries: parts.queries ?? ({} as Q),
    internal: parts.internal ?? [],
    reactors: parts.reactors ?? [],
    handlers: parts.handlers ?? []
  }
}
