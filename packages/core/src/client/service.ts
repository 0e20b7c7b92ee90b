import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Tracer from "effect/Tracer"

import { Closed, type InvalidInput, type InvalidRow, type KernelError, StoreUnavailable } from "../errors.ts"
import type { CallOptions, Ended, Settle } from "../kernel/call.ts"
import type { Actor } from "../kernel/event.ts"
import type { Module } from "../kernel/module.ts"
import type { AnyOperation, ErrorOf, InputOf, ValueOf } from "../kernel/operation.ts"
import { ask } from "../queries/ask.ts"
import type { AnyQuery } from "../queries/query.ts"
import { type Cancellable, type Engine } from "./engine.ts"
import { checkInput } from "./input.ts"

type Operations<M> = M extends Module<infer O, infer _> ? O : never
type Queries<M> = M extends Module<infer _, infer Q> ? Q : never

/** What a query may meet beside the errors that it declares. */
export type QueryError = Closed | InvalidInput | InvalidRow | StoreUnavailable

/** A module as an Effect service: a method for each operation and query, with their errors in the type. */
export type Service<M> = {
  readonly [K in keyof Operations<M>]: (
    input: InputOf<Operations<M>[K]>,
    options?: CallOptions
  ) => Effect.Effect<ValueOf<Operations<M>[K]>, ErrorOf<Operations<M>[K]> | KernelError>
} & {
  readonly [K in keyof Queries<M>]: (
    input: InputOf<Queries<M>[K]>
  ) => Effect.Effect<ValueOf<Queries<M>[K]>, ErrorOf<Queries<M>[K]> | QueryError>
}

/** Who calls, for which tenant: what every call of a client has in common. */
export interface Caller {
  readonly engine: Engine
  readonly tenant: string
  readonly actor: Actor | undefined
}

/** The default tracer throws its spans away, and a span costs more than an operation: without another tracer there are none. */
const noTracer = Context.get(Context.empty(), Tracer.Tracer)

/** `make` is told whether there is a span to annotate. */
const traced = <A, E>(name: string, tenant: string, make: (spanned: boolean) => Effect.Effect<A, E>): Effect.Effect<A, E> =>
  Effect.withFiber((fiber) =>
    fiber.getRef(Tracer.Tracer) === noTracer
      ? make(false)
      : Effect.withSpan(make(true), name, {
          attributes: { "omni.package": name.split(".")[0], "omni.operation": name, "omni.tenant": tenant }
        })
  )

/** A call that has been made: it tells how it ended, once, and can be taken back until it runs. */
export type Start = (input: unknown, options: CallOptions | undefined, settle: Settle) => Cancellable | undefined

/** The calls behind a service's methods, for faces that need no fiber. */
export const starts = new WeakMap<object, Start>()

/** One operation, ready to be called by this caller. */
export const startOf = ({ engine, tenant, actor }: Caller, operation: AnyOperation): Start => {
  const mine: CallOptions = actor === undefined ? {} : { actor }
  return (input, options, settle) =>
    engine.submit(
      tenant,
      operation,
      input,
      options === undefined ? mine : actor === undefined || options.actor !== undefined ? options : { ...options, actor },
      settle
    )
}

/** A call as an effect. Interrupting it takes the call back if it has not run. */
export const callEffect = (
  name: string,
  tenant: string,
  start: Start
): ((input: unknown, options?: CallOptions) => Effect.Effect<unknown, unknown>) => {
  const method = (input: unknown, options?: CallOptions) =>
    traced(name, tenant, (spanned) =>
      Effect.callback<unknown, unknown>((resume) => {
        const call = start(input, options, (ended, { attempts, batch }) => {
          const told = Effect.annotateCurrentSpan({ "omni.retries": attempts, "omni.batch": batch })
          resume(spanned ? Effect.andThen(told, exit(ended)) : exit(ended))
        })
        return Effect.sync(() => call?.cancel())
      })
    )
  starts.set(method, start)
  return method
}

const exit = (ended: Ended): Effect.Effect<unknown, unknown> =>
  "ok" in ended ? (ended.ok ? Effect.succeed(ended.value) : Effect.fail(ended.error)) : Effect.die(ended.defect)

const queryEffect = (caller: Caller, query: AnyQuery, input: unknown): Effect.Effect<unknown, unknown> => {
  const checked = checkInput(query.name, query.input, input)
  if (!checked.ok) return Effect.fail(checked.error)
  const { engine, tenant } = caller
  return traced(query.name, tenant, () =>
    Effect.flatMap(
      Effect.result(
        Effect.tryPromise({
          try: async () => {
            if (engine.closing.aborted) throw closed(query.name)
            return ask(await engine.scope(tenant), engine.now, query, checked.value as never)
          },
          // What a closed store answers with says nothing of the store.
          catch: (error) => (engine.closing.aborted && error instanceof StoreUnavailable ? closed(query.name) : error)
        })
      ),
      (asked) => {
        if (asked._tag === "Failure")
          return asked.failure instanceof StoreUnavailable || asked.failure instanceof Closed
            ? Effect.fail(asked.failure)
            : Effect.die(asked.failure)
        const { answer } = asked.success
        return answer.ok ? Effect.succeed(answer.value.value) : Effect.fail(answer.error)
      }
    )
  )
}

const closed = (name: string): Closed => new Closed({ message: `"${name}" was asked after close(), or while the app was closing.` })

/** The service of a module: the one place where operations and queries become methods. */
export const serviceOf = <M extends Module>(caller: Caller, module: M): Service<M> => {
  const service: Record<string, (input: unknown, options?: CallOptions) => Effect.Effect<unknown, unknown>> = {}
  for (const [method, operation] of Object.entries(module.operations))
    service[method] = callEffect(operation.name, caller.tenant, startOf(caller, operation))
  for (const [method, query] of Object.entries(module.queries)) service[method] = (input) => queryEffect(caller, query, input)
  const derived: object = service
  return derived as Service<M>
}
