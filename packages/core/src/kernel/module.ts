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
  /** What it does not work without: other modules, operations and events that an app hands to it. An app that lacks any is refused. */
  readonly needs: ReadonlyArray<Need>
}

/** Another module, by its name, and how an app brings it; or an operation or an event that was handed in, which a module has to bring. */
export type Need =
  | { readonly module: string; readonly add: string }
  | { readonly operation: AnyOperation }
  | { readonly event: Pick<EventType, "name"> }

/** Names that a client keeps for itself. */
const reserved = ["safe", "watch", "then", "constructor"]

const nothing = { collections: [], events: [], internal: [], reactors: [], handlers: [], needs: [] }

export const module = <O extends { readonly [method: string]: AnyOperation } = {}, Q extends { readonly [method: string]: AnyQuery } = {}>(
  name: string,
  parts: Partial<Omit<Module<O, Q>, "name">>
): Module<O, Q> => {
  const own = [...Object.keys(parts.operations ?? {}), ...Object.keys(parts.queries ?? {})].find((method) => reserved.includes(method))
  if (own !== undefined)
    throw new TypeError(`The module "${name}" names a method "${own}", which every client has of its own. Choose another name.`)
  return { name, operations: {} as O, queries: {} as Q, ...nothing, ...parts }
}
