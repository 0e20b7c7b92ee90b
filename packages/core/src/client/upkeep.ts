import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import * as z from "zod"

import { openEvents } from "../encoding/log.ts"
import {
  type EventTooLarge,
  type FeedDiverged,
  type InvalidOperation,
  type KernelError,
  PositionExpired,
  type StoreTooNew,
  type TransportUnavailable
} from "../errors.ts"
import type { CallOptions } from "../kernel/call.ts"
import type { Recorded } from "../kernel/event.ts"
import type { AnyOperation, ErrorOf, InputOf, ValueOf } from "../kernel/operation.ts"
import { START, type Position } from "../ports/store.ts"
import type { Item, Page } from "../queries/query.ts"
import { heldMessages, letters, redrive, settleMessage, type Part, type Verdict } from "../work/letters.ts"
import type { Runner } from "../work/runner.ts"
import { Erased, type DeadLetter, type Message } from "../work/system.ts"
import { kernelOperation } from "./engine.ts"
import { checkKnown } from "./input.ts"
import { callEffect, startOf, type Caller } from "./service.ts"

/** What the upkeep of an app may meet. */
export type UpkeepError =
  | KernelError
  | PositionExpired
  | StoreTooNew
  | InvalidOperation
  | FeedDiverged
  | TransportUnavailable
  | EventTooLarge

/** Which part of the log: events after a position, of these types if given, 100 unless told. */
export interface EventsOptions {
  readonly after?: Position
  readonly types?: ReadonlyArray<{ readonly name: string }>
  readonly limit?: number
}

const EventsAsked = z.object({
  types: z.array(z.object({ name: z.string() }, { error: "Give event types, not names" })).exactOptional(),
  limit: z.int().min(1).exactOptional()
})

/** What concerns an app as a whole, and none of its modules in particular. */
export interface Upkeep {
  /** Does what is due now and what follows from it, then returns. */
  drain(): Effect.Effect<void, UpkeepError>
  /** The log from a position on, in pages. */
  events(options?: EventsOptions): Effect.Effect<{ readonly events: ReadonlyArray<Recorded>; readonly upto: Position }, UpkeepError>
  /** Destroys the key of a person: what was personal is unreadable at once, everywhere. It cannot be taken back. */
  erase(subject: string): Effect.Effect<void, UpkeepError>
  /** What was given up after its tries, the newest first. */
  deadLetters(options?: Part & { readonly kind?: DeadLetter["kind"] }): Effect.Effect<Page<Item<DeadLetter>>, UpkeepError>
  /** Tries a dead letter again: an event by its reactor, out of order; a timer or message as if new. It fails with what the reactor refuses with. */
  redrive(id: string): Effect.Effect<void, unknown>
  /** Messages of which nobody knows whether they went out, and which must not go out twice; the newest first. */
  heldMessages(options?: Part): Effect.Effect<Page<Item<Message>>, UpkeepError>
  /** Says what became of a held message, as the provider's own records tell: it was delivered, is to be sent again, or is given up. */
  settleMessage(id: string, verdict: Verdict): Effect.Effect<void, UpkeepError>
}

/** Upkeep, with what has no twin among promises. */
export interface EngineService extends Upkeep {
  /** Works off reactors, timers and the outbox until the scope closes. */
  readonly run: Effect.Effect<void, never, EffectScope.Scope>
  /** An operation of any package as a commit of its own. */
  transact<O extends AnyOperation>(
    operation: O,
    input: InputOf<O>,
    options?: CallOptions
  ): Effect.Effect<ValueOf<O>, ErrorOf<O> | KernelError>
}

/** Typed errors fail; anything else is a defect. */
const effect = <A>(work: () => Promise<A>): Effect.Effect<A, UpkeepError> =>
  Effect.catch(Effect.tryPromise({ try: work, catch: (error) => error }), (error) =>
    typeof error === "object" && error !== null && "_tag" in error ? Effect.fail(error as UpkeepError) : Effect.die(error)
  )

export const upkeepOf = (caller: Caller, runner: Runner): Upkeep => {
  const { engine } = caller
  const scope = () => engine.scope(caller.tenant)
  return {
    drain: () => effect(() => runner.drain()),
    events: (options = {}) =>
      effect(async () => {
        const checked = checkKnown("events", EventsAsked, options)
        if (!checked.ok) throw checked.error
        const { after = START, types, limit = 100 } = options
        const { store, vault } = await scope()
        const names = types?.map((type) => type.name)
        const page = await store.events(after, limit, names)
        if (page._tag === "PositionExpired") throw expired(page.oldest)
        return { events: await openEvents(page.events, vault), upto: page.upto }
      }),
    erase: (subject) =>
      effect(async () => {
        if (subject === "" || subject.startsWith("omni:")) throw new TypeError(`"${subject}" is no subject that can be erased.`)
        const opened = await scope()
        await opened.vault.destroy(subject)
        await engine.internal(opened, recordErasure, subject, caller.actor === undefined ? {} : { actor: caller.actor })
      }),
    deadLetters: (options) => effect(async () => letters(await scope(), engine.now, options)),
    redrive: (id) => effect(async () => redrive(engine, await scope(), id)),
    heldMessages: (options) => effect(async () => heldMessages(await scope(), engine.now, options)),
    settleMessage: (id, verdict) => effect(async () => settleMessage(engine, await scope(), id, verdict, runner.report))
  }
}

export const engineService = (caller: Caller, runner: Runner): EngineService => ({
  ...upkeepOf(caller, runner),
  run: Effect.asVoid(
    Effect.acquireRelease(
      Effect.sync(() => {
        caller.engine.assertComplete()
        runner.start()
      }),
      () => Effect.promise(() => runner.stop())
    )
  ),
  transact: <O extends AnyOperation>(operation: O, input: InputOf<O>, options?: CallOptions) =>
    callEffect(operation.name, caller.tenant, startOf(caller, operation))(input, options) as Effect.Effect<
      ValueOf<O>,
      ErrorOf<O> | KernelError
    >
})

const recordErasure = kernelOperation<string>("omni.erase", function* (tx, subject) {
  tx.emit(Erased, subject, { subject })
})

const expired = (oldest: string) =>
  new PositionExpired({ oldest, message: `The log was trimmed past this position; the oldest event that is kept is at ${oldest}.` })
