import * as z from "zod"

import { freeze, hash128 } from "../encoding/ids.ts"
import { Closed, InvalidOperation } from "../errors.ts"
import { Call, type CallOptions, type Ended, type Settle } from "../kernel/call.ts"
import type { Module } from "../kernel/module.ts"
import { operation, type AnyOperation, type Body, type Operation } from "../kernel/operation.ts"
import { Transactor } from "../kernel/transactor.ts"
import { Vault } from "../personal/vault.ts"
import { type Ask, askOf, patientScope, patientStore } from "../ports/patient.ts"
import type { Platform } from "../ports/platform.ts"
import { type KeyStore, type Position, START, type StoreDriver } from "../ports/store.ts"
import type { Handler } from "../work/outbox.ts"
import type { Reactor } from "../work/reactor.ts"
import { Cursors, kernelCollections } from "../work/system.ts"
import { checkInput, checkKnown } from "./input.ts"
import { assertComplete } from "./needs.ts"
import { telemetry } from "./telemetry.ts"

export interface EngineOptions {
  readonly store: StoreDriver
  /** Where the keys of personal data live; by default where the store's driver keeps them. */
  readonly keys?: KeyStore
  readonly platform: Platform
  readonly verify: boolean
  readonly batch: number
  readonly deliveries: number
  readonly cache: number
}

/** One tenant: its rows, its log, its transactor. */
export interface Scope {
  readonly id: string
  readonly store: ReturnType<typeof patientScope>
  readonly vault: Vault
  readonly transactor: Transactor
}

/** What can be taken back. */
export interface Cancellable {
  cancel(): void
}

/** Holds the store, what the modules brought, and one transactor a tenant. */
export class Engine {
  readonly operations = new Map<string, AnyOperation>()
  readonly reactors = new Map<string, Reactor>()
  /** Reactors on the events of other apps. */
  readonly received = new Map<string, Reactor>()
  readonly handlers = new Map<string, Handler>()
  /** The types of events that leave by each feed, and where one begins that is new. */
  readonly feeds = new Map<string, { readonly on: ReadonlyArray<string>; readonly from: "start" | "now" }>()
  readonly #modules: Array<Module> = []
  readonly #collections = new Set(kernelCollections)
  readonly #scopes = new Map<string, Scope | Promise<Scope>>()
  #migrated: Promise<void> | undefined
  readonly #closing = new AbortController()
  /** Aborted when the app is closed: what waits for changes ends. */
  readonly closing = this.#closing.signal

  readonly options: EngineOptions
  /** Asks the store again while it is away, until the app is closed. */
  readonly ask: Ask
  /** The store, asked so. */
  readonly store: ReturnType<typeof patientStore>

  constructor(options: EngineOptions) {
    this.options = options
    this.ask = askOf(options.platform.clock, this.closing)
    this.store = patientStore(options.store, this.ask)
  }

  get now(): number {
    return this.options.platform.clock.now()
  }

  /** What the store must have a place for. */
  get collections(): ReadonlyArray<string> {
    return [...this.#collections]
  }

  /** Names are durable contracts, so two things of one name are a mistake. */
  register(module: Module): void {
    this.#modules.push(module)
    for (const { name } of module.collections) this.#collections.add(name)
    for (const operation of [...Object.values(module.operations), ...module.internal])
      add(this.operations, operation.name, operation, module.name)
    for (const reactor of module.reactors) add(this.reactors, reactor.name, reactor, module.name)
    for (const handler of module.handlers) add(this.handlers, handler.topic.name, handler, module.name)
  }

  /** Refuses to go on where a module lacks what it needs, or the one that is named does. Throws `ModuleMissing`. */
  assertComplete(module?: Module): void {
    assertComplete(this.#modules, module === undefined ? this.#modules : [module])
  }

  registerReceived(reactor: Reactor): void {
    add(this.received, reactor.name, reactor, "receive")
  }

  /** The scope, opened on first use; its reactors begin where they were declared to. */
  scope(id: string): Scope | Promise<Scope> {
    const known = this.#scopes.get(id)
    if (known !== undefined) return known
    const opening = this.#open(id).then((scope) => {
      this.#scopes.set(id, scope)
      return scope
    })
    this.#scopes.set(id, opening)
    opening.catch(() => this.#scopes.delete(id))
    return opening
  }

  /** Done once; what failed is tried anew by whoever comes next. */
  migrate(): Promise<void> {
    return (this.#migrated ??= this.store.migrate(this.collections).catch((error: unknown) => {
      this.#migrated = undefined
      throw error
    }))
  }

  async #open(id: string): Promise<Scope> {
    const { store: driver, platform, verify, batch, cache } = this.options
    await this.migrate()
    const opened = await this.store.open(id)
    const vault = new Vault(this.options.keys ?? driver.keys, id, platform.entropy)
    const transactor = new Transactor(id, opened, vault, {
      platform,
      telemetry,
      verify,
      batch,
      cache,
      limits: driver.capabilities.limits
    })
    const scope: Scope = { id, store: patientScope(opened, this.ask), vault, transactor }
    await this.beginReactors(scope)
    return scope
  }

  /** Puts the reactors that have never run where they are to begin. */
  async beginReactors({ store, transactor }: Pick<Scope, "store" | "transactor">): Promise<void> {
    const ids = [...this.reactors.values()].flatMap((reactor) =>
      Array.from({ length: reactor.partitions }, (_, i) => ({ reactor, id: cursorId(reactor.name, i) }))
    )
    if (ids.length === 0) return
    const { rows, position } = await store.read(ids.map(({ id }) => ({ collection: Cursors.name, id })))
    const fresh = ids.filter((_, i) => rows[i] === undefined)
    if (fresh.length === 0) return
    const begin = kernelOperation<undefined>("omni.begin-reactors", function* (tx) {
      tx.getMany(
        Cursors,
        fresh.map(({ id }) => id)
      ).forEach((cursor, i) => {
        if (cursor === undefined) tx.put(Cursors, fresh[i]!.id, { position: fresh[i]!.reactor.from === "start" ? "" : position, tries: 0 })
      })
    })
    const ended = await new Promise<Ended>((resolve) => this.enter(transactor, begin, undefined, {}, resolve))
    if (!("ok" in ended)) throw ended.defect
    if (!ended.ok) throw ended.error
  }

  /** Checks the input and runs the operation in a scope. The returned handle takes the call back, if it has not run. */
  submit(scopeId: string, operation: AnyOperation, input: unknown, options: CallOptions, settle: Settle): Cancellable | undefined {
    const check = options.asOf === undefined ? checkInput : checkKnown
    const checked = check(operation.name, operation.input, input)
    if (!checked.ok) {
      settle(checked, nothingTaken)
      return undefined
    }
    const scope = this.closing.aborted ? Promise.reject(closed(operation.name)) : this.scope(scopeId)
    if (!(scope instanceof Promise)) return this.enter(scope.transactor, operation, freeze(checked.value), options, settle)
    let call: Call | undefined
    let cancelled = false
    scope.then(
      (opened) => {
        if (!cancelled) call = this.enter(opened.transactor, operation, freeze(checked.value), options, settle)
      },
      (error: unknown) => settle({ ok: false, error }, nothingTaken)
    )
    return {
      cancel: () => {
        cancelled = true
        call?.cancel()
      }
    }
  }

  enter(
    transactor: Transactor,
    operation: AnyOperation,
    input: unknown,
    options: CallOptions & { readonly lane?: string },
    settle: Settle
  ): Call {
    const call = new Call(operation, input, options, this.now, transactor.seeds.draw, settle)
    transactor.submit(call)
    return call
  }

  /** Runs one of the kernel's own operations, without an edge to check. */
  internal<I, A>(
    scope: Scope,
    operation: Operation<I, I, A, unknown>,
    input: I,
    options: CallOptions & { readonly lane?: string } = {}
  ): Promise<A> {
    return new Promise((resolve, reject) =>
      this.enter(scope.transactor, operation, input, options, (ended) => {
        if (!("ok" in ended)) reject(ended.defect)
        else if (ended.ok) resolve(ended.value as A)
        else reject(ended.error)
      })
    )
  }

  /** Where the scopes stand that this process has open, and those that the store has. */
  async heads(): Promise<ReadonlyMap<string, Position>> {
    await this.migrate()
    const heads = new Map<string, Position>([...this.#scopes.keys()].map((id) => [id, START]))
    for (const { scope, position } of await this.store.scopes()) heads.set(scope, position)
    return heads
  }

  async close(): Promise<void> {
    this.#closing.abort()
    for (const scope of await Promise.allSettled(this.#scopes.values()))
      if (scope.status === "fulfilled") await scope.value.transactor.close()
    await this.options.store.close()
  }
}

/** The names of the collections that an app's store has rows of: those of its modules, and the kernel's own. */
export const collectionsOf = (modules: { readonly [name: string]: Pick<Module, "collections"> }): ReadonlyArray<string> => [
  ...new Set([...kernelCollections, ...Object.values(modules).flatMap(({ collections }) => collections.map(({ name }) => name))])
]

const add = <T>(to: Map<string, T>, name: string, value: T, module: string): void => {
  if (to.has(name) && to.get(name) !== value)
    throw new InvalidOperation({
      operation: name,
      message: `Two modules bring "${name}" (the second is "${module}"). Names of operations, reactors and topics are unique in an app.`
    })
  to.set(name, value)
}

const nothingTaken = { attempts: 0, batch: 0 }

const closed = (operation: string): Closed => new Closed({ message: `"${operation}" was called after close().` })

export const cursorId = (reactor: string, partition: number): string => `${reactor}/${partition}`

export const partitionOf = (subject: string, partitions: number): number => hash128(subject)[0] % partitions

/** An operation of the kernel's own: what it is given needs no check, and no client sees it. */
export const kernelOperation = <I, A = void>(name: string, body: Body<I, A, never>): Operation<I, I, A, never> =>
  operation(name, z.custom<I>(), body)
