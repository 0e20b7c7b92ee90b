import { OutcomeUnknown, StoreUnavailable } from "../errors.ts"
import type { CallOptions } from "../kernel/call.ts"
import type { Actor } from "../kernel/event.ts"
import type { Module } from "../kernel/module.ts"
import type { JoiningDriver, ScopedStore, StoreDriver } from "../ports/store.ts"
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
  const gate = new Gate()
  const open = async (scope: string) => gate.over(await store.open(scope))
  const engine = new Engine({ ...outer.options, store: { ...store, open, migrate: () => outer.migrate() }, batch: 1 })
  const faceFor = (inside: Caller): Within<M> => {
    const clients = Object.entries(modules).map(([name, module]) => [name, gate.before(fromService(serviceOf(inside, module), run))])
    const face: object = {
      ...Object.fromEntries(clients),
      ...gate.before({ transact: transactOf(inside, run) }),
      tenant: (id: string) => faceFor({ ...inside, tenant: id }),
      as: (actor: Actor) => faceFor({ ...inside, actor })
    }
    return face as Within<M>
  }
  return faceFor({ ...caller, engine })
}

type Method = (...args: ReadonlyArray<unknown>) => Promise<unknown>

/**
 * Who is told that a call is given up ends the transaction, and hands its client to somebody else: by then nothing of the call may be
 * under way on it, and nothing may follow.
 */
class Gate {
  readonly #under = new Set<Promise<unknown>>()
  #shut = false

  over(store: ScopedStore): ScopedStore {
    return {
      read: (keys, queries) => this.#pass(() => store.read(keys, queries)),
      commit: (commit) => this.#pass(() => store.commit(commit)),
      events: (after, limit, types) => this.#pass(() => store.events(after, limit, types)),
      trim: (upto) => this.#pass(() => store.trim(upto))
    }
  }

  /** The same methods, those under `safe` too; what is given up is told of when it has come to rest. */
  before<S extends object>(methods: S): S {
    const guarded = Object.entries(methods).map(([name, method]: [string, unknown]) => [
      name,
      typeof method === "function" ? this.#guarded(method as Method) : this.before(method as object)
    ])
    return Object.fromEntries(guarded) as S
  }

  #guarded(method: Method): Method {
    return async (...args) => {
      const [result] = await Promise.allSettled([method(...args)])
      const answer = result!.status === "fulfilled" ? (result!.value as { readonly error?: unknown } | undefined)?.error : result!.reason
      const aborted = args.some((arg) => (arg as CallOptions | undefined)?.signal?.aborted === true)
      if (aborted || answer instanceof OutcomeUnknown || answer instanceof StoreUnavailable) await this.#close()
      if (result!.status === "rejected") throw result!.reason
      return result!.value
    }
  }

  async #close(): Promise<void> {
    this.#shut = true
    await Promise.allSettled(this.#under)
  }

  async #pass<A>(work: () => Promise<A>): Promise<A> {
    if (this.#shut)
      throw new StoreUnavailable({
        message: "A call in this transaction was given up. Roll it back; it may be run again.",
        cause: undefined,
        final: true
      })
    const under = work()
    this.#under.add(under)
    try {
      return await under
    } finally {
      this.#under.delete(under)
    }
  }
}
