import type * as z from "zod"

import { freeze } from "../encoding/ids.ts"
import { InvalidOperation } from "../errors.ts"
import { Discrepancy } from "../work/system.ts"
import type { InnerCall, Transaction, Tx } from "./tx.ts"

/** What came of a call that may be refused: the value, or the typed error. */
export type Result<A, E> = { readonly ok: true; readonly value: A } | { readonly ok: false; readonly error: E }

/** The body of an operation: synchronous, deterministic, over `tx` alone. It yields nothing but its refusal. */
export type Body<I, A, E> = (tx: Tx, input: I) => Generator<E, A, unknown>

/**
 * A named, typed piece of domain logic. Called inside another operation (`yield* reserve(tx, input)`) it takes part in that one's
 * commit; called through a client it is a commit of its own. Its name is a durable contract: timers and replays refer to it.
 */
export interface Operation<I, In = I, A = unknown, E = unknown> {
  (tx: Tx, input: I): Generator<E, A, unknown>
  readonly name: string
  readonly input: z.ZodType<I, In>
  readonly body: Body<I, A, E>
  /** It records what has happened already, so a replay may not refuse it: see `refuse`. */
  readonly fact: boolean
  /** How long its receipts are kept, milliseconds; `Infinity` for ever. */
  readonly remember: number
  /** It comes by its rows once, as an import does: they do not stay in memory unless others use them. */
  readonly passing: boolean
  /** Whose personal data its input and reply hold: receipts, timers and messages of it are sealed with that key. */
  readonly personal: ((input: I) => string | undefined) | undefined
}

/** Any operation, whatever its types. */
export interface AnyOperation {
  (tx: Tx, input: never): Generator<unknown, unknown, unknown>
  readonly name: string
  readonly input: z.ZodType
  readonly body: Body<never, unknown, unknown>
  readonly fact: boolean
  readonly remember: number
  readonly passing: boolean
  readonly personal: ((input: never) => string | undefined) | undefined
}

export type InputOf<O> = O extends { readonly input: z.ZodType<infer _, infer In> } ? In : never
export type ValueOf<O> = O extends { readonly body: (...args: never) => Generator<infer _, infer A, unknown> } ? A : never
export type ErrorOf<O> = O extends { readonly body: (...args: never) => Generator<infer E, infer _, unknown> } ? E : never

export interface OperationSpec<S extends z.ZodType> {
  readonly input: S
  readonly fact?: boolean
  readonly remember?: number
  readonly passing?: boolean
  readonly personal?: (input: z.output<S>) => string | undefined
}

const week = 7 * 24 * 3_600_000

/** Declares an operation. `body` must be a generator function, written where the module is, not inside another function's hot path. */
export const operation = <S extends z.ZodType, A, E = never>(
  name: string,
  spec: S | OperationSpec<S>,
  body: Body<z.output<S>, A, E>
): Operation<z.output<S>, z.input<S>, A, E> => {
  if (Object.prototype.toString.call(body) !== "[object GeneratorFunction]") {
    throw new InvalidOperation({
      operation: name,
      message: `The body of "${name}" must be a generator function (function*), neither async nor an arrow: operations are synchronous.`
    })
  }
  const { input, fact = false, passing = false, remember, personal }: OperationSpec<S> = "_zod" in spec ? { input: spec } : spec
  const call = (tx: Tx, value: z.output<S>) => savepoint(tx, body, value, (tx as Transaction).called(name))
  Object.defineProperty(call, "name", { value: name })
  const made: object = Object.assign(call, { input, body, fact, passing, remember: remember ?? (fact ? Infinity : week), personal })
  return made as Operation<z.output<S>, z.input<S>, A, E>
}

/** A call of one operation inside another: when it throws, the transaction is as it was before the call. */
function* savepoint<I, A, E>(tx: Tx, body: Body<I, A, E>, input: I, inner: InnerCall): Generator<E, A, unknown> {
  const transaction = tx as Transaction
  inner.begun = true
  const mark = transaction.mark()
  const { made } = transaction
  try {
    return yield* body(tx, freeze(input))
  } catch (defect) {
    transaction.rollback(mark, made)
    throw defect
  }
}

/** Refuses: `return yield* fail(new InsufficientStock({…}))`. The operation stops, and leaves no trace. */
export function* fail<const E>(error: E): Generator<E, never, unknown> {
  yield error
  throw new InvalidOperation({
    operation: "fail",
    message: "A failed operation was resumed: drive operations with yield* or tx.attempt only."
  })
}

/**
 * Refuses what has not happened yet, and records what has: on the replay of a *fact* (a sale that an offline till was paid for) the
 * error becomes an `omni.DiscrepancyRecorded` event for somebody to settle, and the operation goes on; else it fails.
 */
export function* refuse<E extends { readonly _tag: string; readonly message: string }>(
  tx: Tx,
  subject: string,
  error: E
): Generator<E, void, unknown> {
  if (!tx.fact) return yield* fail(error)
  const { owner } = tx as Transaction
  tx.emit(Discrepancy, subject, {
    error: error._tag,
    message: error.message,
    facts: JSON.parse(JSON.stringify(error)),
    ...(owner === undefined ? {} : { owner })
  })
}
