import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"

import type { CallOptions, Ended } from "../kernel/call.ts"
import type { Result } from "../kernel/operation.ts"
import { type Start, starts } from "./service.ts"

type Method = (...args: never) => Effect.Effect<unknown, unknown>
type Methods<S> = { readonly [K in keyof S as S[K] extends Method ? K : never]: S[K] }
type Promised<F> = F extends (...args: infer Args) => Effect.Effect<infer A, infer _> ? (...args: Args) => Promise<A> : never
type Safe<F> = F extends (...args: infer Args) => Effect.Effect<infer A, infer E> ? (...args: Args) => Promise<Result<A, E>> : never

/** A service for promises: each method rejects with the tagged error itself, and its twin under `safe` returns it, typed. */
export type Client<S> = { readonly [K in keyof Methods<S>]: Promised<S[K]> } & {
  readonly safe: { readonly [K in keyof Methods<S>]: Safe<S[K]> }
}

/** How effects are run; without one, calls go straight to the engine, which spares a fiber for each. */
export type Run = <A, E>(effect: Effect.Effect<A, E>, options?: { readonly signal?: AbortSignal | undefined }) => Promise<Exit.Exit<A, E>>

type Call = (input: unknown, options?: CallOptions) => Promise<Ended>

/** Every method of the service as a promise. Derived, so that no method is ever written twice. */
export const fromService = <S extends object>(service: S, run?: Run): Client<S> => {
  const client: Record<string, unknown> = {}
  const safe: Record<string, unknown> = {}
  for (const [name, method] of Object.entries(service) as ReadonlyArray<[string, unknown]>) {
    if (typeof method !== "function") continue
    const start = run === undefined ? starts.get(method) : undefined
    const call = start === undefined ? byFiber(method as Method, run ?? Effect.runPromiseExit) : direct(start)
    client[name] = (input: unknown, options?: CallOptions) => call(input, options).then(valueOf)
    safe[name] = (input: unknown, options?: CallOptions) => call(input, options).then(resultOf)
  }
  const derived: object = { ...client, safe }
  return derived as Client<S>
}

const valueOf = (ended: Ended): unknown => {
  if (!("ok" in ended)) throw ended.defect
  if (!ended.ok) throw ended.error
  return ended.value
}

const resultOf = (ended: Ended): Result<unknown, unknown> => {
  if (!("ok" in ended)) throw ended.defect
  return ended
}

const direct =
  (start: Start): Call =>
  (input, options) =>
    new Promise((resolve, reject) => {
      const signal = options?.signal
      if (signal === undefined) return void start(input, options, resolve)
      if (signal.aborted) return reject(signal.reason)
      const cancel = () => {
        call?.cancel()
        reject(signal.reason)
      }
      signal.addEventListener("abort", cancel)
      const call = start(input, options, (ended) => {
        signal.removeEventListener("abort", cancel)
        resolve(ended)
      })
    })

const byFiber =
  (method: Method, run: Run): Call =>
  async (input, options) => {
    const signal = options?.signal
    if (aborted(signal)) throw signal!.reason
    const exit = await run((method as (...args: ReadonlyArray<unknown>) => Effect.Effect<unknown, unknown>)(input, options), { signal })
    if (Exit.isSuccess(exit)) return { ok: true, value: exit.value }
    if (Cause.hasInterruptsOnly(exit.cause) && aborted(signal)) throw signal!.reason
    const error = Cause.findErrorOption(exit.cause)
    return error._tag === "Some" ? { ok: false, error: error.value } : { defect: Cause.squash(exit.cause) }
  }

/** The client of a service that a layer builds, with `Symbol.asyncDispose` to close what the layer opened. */
export const fromLayer = <I, S extends object, E>(
  tag: Context.Key<I, S>,
  layer: Layer.Layer<I, E>
): Promise<Client<S> & AsyncDisposable> => {
  const runtime = ManagedRuntime.make(layer)
  return runtime.runPromise(
    Effect.map(tag, (service) =>
      Object.assign(
        fromService(service, (effect, options) => runtime.runPromiseExit(effect, options) as Promise<Exit.Exit<never, never>>),
        { [Symbol.asyncDispose]: () => runtime.dispose() }
      )
    )
  )
}

const aborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true
