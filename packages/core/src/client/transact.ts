import { InvalidOperation } from "../errors.ts"
import type { CallOptions } from "../kernel/call.ts"
import type { AnyOperation, InputOf, ValueOf } from "../kernel/operation.ts"
import type { Tx } from "../kernel/tx.ts"
import { fromService, type Run } from "./client.ts"
import { kernelOperation } from "./engine.ts"
import { callEffect, startOf, type Caller } from "./service.ts"

/** Any operations of any modules in one commit: a function over `tx`, or an operation with its input (which can then have a key). */
export interface Transact {
  <A, E = never>(body: (tx: Tx) => Generator<E, A, unknown> | A, options?: Omit<CallOptions, "key" | "asOf">): Promise<A>
  <O extends AnyOperation>(operation: O, input: InputOf<O>, options?: CallOptions): Promise<ValueOf<O>>
}

export const transactOf =
  (caller: Caller, run: Run | undefined): Transact =>
  async (what: unknown, ...rest: ReadonlyArray<unknown>) => {
    const named = typeof what === "function" && "body" in what
    if (!named) demandNothing(rest[0] as CallOptions | undefined)
    const operation = named ? (what as AnyOperation) : closure(what as (tx: Tx) => unknown)
    const { call } = fromService({ call: callEffect(operation.name, caller.tenant, startOf(caller, operation)) }, run)
    return (await (named ? call(rest[0], rest[1] as CallOptions) : call(undefined, rest[0] as CallOptions))) as never
  }

/** What has no name can be neither found by a key nor replayed. */
const demandNothing = (options: CallOptions | undefined): void => {
  for (const option of ["key", "asOf"] as const)
    if (options?.[option] !== undefined)
      throw new InvalidOperation({
        operation: "transact",
        message: `A function over tx has no name, so it can not be called with \`${option}\`. Declare an operation, and hand it to transact with its input.`
      })
}

/** A closure as an operation: it has no name that could be referred to, so it can have no key and cannot be replayed. */
const closure = (body: (tx: Tx) => unknown): AnyOperation =>
  kernelOperation<undefined, unknown>("transact", function* (tx) {
    const made = body(tx)
    return isGenerator(made) ? yield* made : made
  })

const isGenerator = (value: unknown): value is Generator<never, unknown, unknown> =>
  Object.prototype.toString.call(value) === "[object Generator]"
