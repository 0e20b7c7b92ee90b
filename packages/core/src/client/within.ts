import type { Actor } from "../kernel/event.ts"
import type { Module } from "../kernel/module.ts"
import type { JoiningDriver, StoreDriver } from "../ports/store.ts"
import { fromService, type Client, type Run } from "./client.ts"
import { Engine } from "./engine.ts"
import { serviceOf, type Caller, type Service } from "./service.ts"
import { transactOf, type Transact } from "./transact.ts"

/** The clients of all modules inside of a transaction of the app's own: each call runs by itself, and lands when the app commits. */
export type Within<M extends { readonly [name: string]: Module }> = { readonly [K in keyof M]: Client<Service<M[K]>> } & {
  readonly transact: Transact
  tenant(id: string): Within<M>
  as(actor: Actor): Within<M>
}

/** What a client has when its store can join a transaction. */
export type Joining<M extends { readonly [name: string]: Module }, S> =
  S extends JoiningDriver<infer C>
    ? {
        /**
         * The same client inside of the transaction that the app has begun on `client`: rows, events, receipts, timers and messages are
         * written with the app's own statements, and land or go with them. Calls are made one after the other. A refusal leaves the
         * transaction as it was; after `StoreUnavailable` it must be rolled back, and may be run again.
         */
        within(client: C): Within<M>
      }
    : {}

export const isJoining = (store: StoreDriver): store is JoiningDriver<unknown> => "within" in store

/** An engine of its own for the transaction: it shares no rows in memory, and what it writes is nobody else's until the app commits. */
export const withinOf = <M extends { readonly [name: string]: Module }>(
  caller: Caller,
  store: StoreDriver,
  { modules, run }: { readonly modules: M; readonly run: Run | undefined }
): Within<M> => {
  const outer = caller.engine
  const engine = new Engine({ ...outer.options, store: { ...store, migrate: () => outer.migrate() }, batch: 1 })
  const faceFor = (inside: Caller): Within<M> => {
    const clients = Object.entries(modules).map(([name, module]) => [name, fromService(serviceOf(inside, module), run)])
    const face: object = {
      ...Object.fromEntries(clients),
      transact: transactOf(inside, run),
      tenant: (id: string) => faceFor({ ...inside, tenant: id }),
      as: (actor: Actor) => faceFor({ ...inside, actor })
    }
    return face as Within<M>
  }
  return faceFor({ ...caller, engine })
}
