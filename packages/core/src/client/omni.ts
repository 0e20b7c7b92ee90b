import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as z from "zod"

import type { Actor } from "../kernel/event.ts"
import type { Module } from "../kernel/module.ts"
import type { InputOf, ValueOf } from "../kernel/operation.ts"
import { isDevelopment, systemPlatform, type Platform } from "../ports/platform.ts"
import type { KeyStore, StoreDriver } from "../ports/store.ts"
import type { Answer } from "../queries/query.ts"
import { watch } from "../queries/watch.ts"
import { Publisher, type Feed } from "../transport/publisher.ts"
import { Receiving, type Receiver } from "../transport/receiver.ts"
import { heard } from "../work/failed.ts"
import { Runner } from "../work/runner.ts"
import { fromService, type Client, type Run } from "./client.ts"
import { Engine, type EngineOptions } from "./engine.ts"
import { checkOptions, type KnownOptions } from "./options.ts"
import { serviceOf, type Caller, type Service } from "./service.ts"
import { transactOf, type Transact } from "./transact.ts"
import { upkeepOf, type Upkeep } from "./upkeep.ts"
import { isJoining, withinOf, type Joining } from "./within.ts"

export interface OmniOptions<M extends { readonly [name: string]: Module }, S extends StoreDriver = StoreDriver> {
  readonly store: S
  readonly modules: M
  readonly keys?: KeyStore
  readonly clock?: Platform["clock"]
  readonly entropy?: Platform["entropy"]
  readonly yield?: Platform["yield"]
  /** Runs every operation twice and checks what is written; on unless NODE_ENV is "production". */
  readonly verify?: boolean
  /** The most calls in one commit; 1,024 by default. */
  readonly batch?: number
  /** Rows kept in memory; 50,000 by default. */
  readonly cache?: number
  /** The most messages that this process delivers at once; 64 by default. */
  readonly deliveries?: number
  /** The tenant of this client; "default" unless said. */
  readonly tenant?: string
  /** Runs every call as an Effect with these services: a tracer's layer makes spans of them, a metrics exporter's exports ours. */
  readonly layer?: Layer.Layer<never>
  /** Which events leave the store, and to where: `run` and `drain` publish them. */
  readonly publish?: ReadonlyArray<Feed>
  /** Reactors on the events of other apps; `run` and `drain` let them take what has come. */
  readonly receive?: ReadonlyArray<Receiver>
  /** Told of each try of a reactor, timer or delivery that failed, as a `WorkFailed`, and of what keeps them or feeds from going on; they go on trying. What it throws is dropped. */
  readonly onError?: (error: unknown) => void
}

type Watches<M> =
  M extends Module<infer _, infer Q>
    ? {
        readonly [K in keyof Q]: (
          input: InputOf<Q[K]>,
          options?: { readonly signal?: AbortSignal }
        ) => AsyncGenerator<Answer<ValueOf<Q[K]>>>
      }
    : never

/** The clients of all modules, under the names that the app gave them. */
export type Clients<M extends { readonly [name: string]: Module }> = {
  readonly [K in keyof M]: Client<Service<M[K]>> & { readonly watch: Watches<M[K]> }
}

export interface OmniClient<M extends { readonly [name: string]: Module }, S extends StoreDriver = StoreDriver>
  extends Omit<Client<Upkeep>, "safe">, AsyncDisposable {
  readonly transact: Transact
  /** Works off reactors, timers, the outbox and feeds until `close`, or until the returned function is called. */
  run(): () => Promise<void>
  /** The same client for another tenant. */
  tenant(id: string): Omni<M, S>
  /** The same client on behalf of somebody. */
  as(actor: Actor): Omni<M, S>
  /** Stops the work, waits for what is under way, and closes the store and the transports. Calls that come after it are `Closed`; watches end. */
  close(): Promise<void>
}

export type Omni<M extends { readonly [name: string]: Module }, S extends StoreDriver = StoreDriver> = Clients<M> &
  OmniClient<M, S> &
  Joining<M, S>

const reserved = new Set([
  "safe",
  "transact",
  "run",
  "drain",
  "tenant",
  "within",
  "as",
  "events",
  "erase",
  "deadLetters",
  "redrive",
  "heldMessages",
  "settleMessage",
  "close",
  "then"
])

/** Puts modules together over one store. Nothing is opened until the first call. Throws `ModuleMissing` where a module needs another one. */
export const createOmni = <const M extends { readonly [name: string]: Module }, const S extends StoreDriver>(
  options: OmniOptions<M, S>
): Omni<M, S> => {
  checkParts(options)
  checkOptions<OmniOptions<M, S>>("createOmni()", options, { ...engineOnly, modules: true })
  const system = systemPlatform()
  const engine = new Engine(
    engineOptions(options, {
      clock: options.clock ?? system.clock,
      entropy: options.entropy ?? system.entropy,
      yield: options.yield ?? system.yield
    })
  )
  for (const [name, module] of Object.entries(options.modules)) {
    if (reserved.has(name)) throw new TypeError(`A module cannot be named "${name}": the client has a method of that name.`)
    engine.register(module)
  }
  engine.assertComplete()
  const runner = runnerFor(engine, options)
  const runtime = options.layer === undefined ? undefined : ManagedRuntime.make(options.layer)
  const run: Run | undefined = runtime && ((effect, settings) => runtime.runPromiseExit(effect, settings))
  const close = async () => {
    await closeAll(engine, runner, options)
    await runtime?.dispose()
  }
  return clientFor({ engine, tenant: options.tenant ?? "default", actor: undefined }, { modules: options.modules, runner, run, close })
}

/** What an engine is told by itself. */
export const engineOnly: KnownOptions<Omit<OmniOptions<never>, "modules">> = {
  store: true,
  keys: true,
  clock: true,
  entropy: true,
  yield: true,
  verify: true,
  batch: z.int().min(1),
  cache: z.int().min(0),
  deliveries: z.int().min(1),
  tenant: z.string().min(1),
  layer: true,
  publish: true,
  receive: true,
  onError: true
}

/** Types say it all; whoever writes without them is told which part is none, rather than what came of it. */
const checkParts = ({ store, modules }: { readonly store?: Partial<StoreDriver>; readonly modules: object }): void => {
  if (typeof store?.open !== "function") throw new TypeError("`store` is none.")
  for (const [name, module] of Object.entries(modules))
    if (!Array.isArray(module?.collections)) throw new TypeError(`"${name}" is no module.`)
}

/** The engine's settings, with their defaults. */
export const engineOptions = (options: Omit<OmniOptions<never>, "modules">, platform: Platform): EngineOptions => ({
  store: options.store,
  ...(options.keys === undefined ? {} : { keys: options.keys }),
  platform,
  verify: options.verify ?? isDevelopment(),
  batch: options.batch ?? 1024,
  cache: options.cache ?? 50_000,
  deliveries: options.deliveries ?? 64
})

/** What works beside the calls of clients. */
export const runnerFor = (
  engine: Engine,
  { publish = [], receive = [], onError = () => {} }: Omit<OmniOptions<never>, "modules">
): Runner => {
  const report = heard(onError)
  return new Runner(engine, { report, others: [new Publisher(engine, publish, report), new Receiving(engine, receive, report)] })
}

/** Stops what works, and closes what it worked with. */
export const closeAll = async (engine: Engine, runner: Runner, { publish = [], receive = [] }: Omit<OmniOptions<never>, "modules">) => {
  await runner.stop()
  const transports = new Set([...publish.map(({ to }) => to), ...receive.map(({ from }) => from)])
  await Promise.all([...transports].map((transport) => transport.close()))
  await engine.close()
}

/** What the clients of one engine share, whoever calls. */
interface Shared<M> {
  readonly modules: M
  readonly runner: Runner
  readonly run: Run | undefined
  readonly close: () => Promise<void>
}

const clientFor = <M extends { readonly [name: string]: Module }, S extends StoreDriver>(caller: Caller, shared: Shared<M>): Omni<M, S> => {
  const { modules, runner, run, close } = shared
  const clients: Record<string, unknown> = {}
  for (const [name, module] of Object.entries(modules)) {
    const watches: Record<string, unknown> = {}
    for (const [method, query] of Object.entries(module.queries))
      watches[method] = (input: unknown, options?: { readonly signal?: AbortSignal }) => watch(caller, query, input, options)
    clients[name] = { ...fromService(serviceOf(caller, module), run), watch: watches }
  }
  const own: OmniClient<M, S> = {
    ...fromService(upkeepOf(caller, runner), run),
    transact: transactOf(caller, run),
    run: () => {
      runner.start()
      return () => runner.stop()
    },
    tenant: (id) => clientFor({ ...caller, tenant: id }, shared),
    as: (actor) => clientFor({ ...caller, actor }, shared),
    close,
    [Symbol.asyncDispose]: close
  }
  const { store } = caller.engine.options
  const joining = isJoining(store) ? { within: (client: unknown) => withinOf(caller, store.within(client), shared) } : {}
  const client: object = { ...clients, ...own, ...joining }
  callers.set(client, caller)
  return client as Omni<M, S>
}

/** On whose behalf a client calls, and through which engine. */
const callers = new WeakMap<object, Caller>()

/** For whoever looks after an app and has its client; `undefined` for what is none. */
export const callerOf = (client: object): Caller | undefined => callers.get(client)
