import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"

import type { CallOptions } from "./call.ts"
import type { Result } from "./operation.ts"

type Method = (...args: never) => Effect.Effect<unknown, unknown>
type Methods<S> = { readonly [K in keyof S as S[K] extends Method ? K : never]: S[K] }
type Promised<F> = F extends (...args: infer Args) => Effect.Effect<infer A, infer _> ? (...args: Args) => Promise<A> : never
type Safe<F> = F extends (...args: infer Args) => Effect.Effect<infer A, infer E> ? (...args: Args) => Promise<Result<A, E>> : never

/** A service for promises: each method rejects with the tagged error itself, and its twin under `safe` returns it, typed. */
export type Client<S> = { readonly [K in keyof Methods<S>]: Promised<S[K]> } & {
  readonly safe: { readonly [K in keyof Methods<S>]: Safe<S[K]> }
}

type Run = <A, E>(effect: Effect.Effect<A, E>, options?: { readonly signal?: AbortSignal | undefined }) => Promise<Exit.Exit<A, E>>

/** Every method of the service as a promise. Derived, so that no method is ever written twice. */
export const fromService = <S extends object>(service: S, run: Run = Effect.runPromiseExit): Client<S> => {
  const client: Record<string, unknown> = {}
  const safe: Record<string, unknown> = {}
  for (const [name, method] of Object.entries(service) as ReadonlyArray<[string, unknown]>) {
    if (typeof method !== "function") continue
    const start = async (args: ReadonlyArray<unknown>) => {
      const signal = (args[1] as CallOptions | undefined)?.signal
      if (aborted(signal)) throw signal!.reason
      const exit = await run(method(...args) as Effect.Effect<unknown, unknown>, { signal })
      if (Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause) && aborted(signal)) throw signal!.reason
      return exit
    }
    client[name] = async (...args: ReadonlyArray<unknown>) => {
      const exit = await start(args)
      if (Exit.isSuccess(exit)) return exit.value
      throw Cause.squash(exit.cause)
    }
    safe[name] = async (...args: ReadonlyArray<unknown>): Promise<Result<unknown, unknown>> => {
      const exit = await start(args)
      if (Exit.isSuccess(exit)) return { ok: true, value: exit.value }
      const error = Cause.findErrorOption(exit.cause)
      if (error._tag === "None") throw Cause.squash(exit.cause)
      return { ok: false, error: error.value }
    }
  }
  return { ...client, safe } as unknown as Client<S>
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
