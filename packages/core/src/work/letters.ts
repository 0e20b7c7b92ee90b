import * as z from "zod"

import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import { openEvents } from "../encoding/log.ts"
import { InvalidOperation, PositionExpired, SubjectErased } from "../errors.ts"
import type { CallOptions } from "../kernel/call.ts"
import type { Recorded } from "../kernel/event.ts"
import { fail } from "../kernel/operation.ts"
import type { Position } from "../ports/store.ts"
import type { Carried } from "../ports/transport.ts"
import { ask } from "../queries/ask.ts"
import { query, type Item, type Page } from "../queries/query.ts"
import { received } from "../transport/carried.ts"
import { close, finish, reviveMessage, type AfterDelivery } from "./delivery.ts"
import { type Met, tell } from "./failed.ts"
import { asOfImport } from "./reacting.ts"
import type { Reactor } from "./reactor.ts"
import { DeadLetters, Messages, type DeadLetter, type Message, type Timer } from "./system.ts"
import { reviveTimer } from "./timers.ts"

/** Which part of a list, newest first. */
export interface Part {
  /** 50 by default, 1,000 at most. */
  readonly limit?: number
  /** The `cursor` of the page before. */
  readonly after?: string
}

const Part = z.object({ limit: z.number().optional(), after: z.string().optional() })
const Letters = z.object({ ...Part.shape, kind: z.enum(["event", "timer", "message"]).optional() })

const newest = ({ limit, after }: z.output<typeof Part>) => ({
  order: "desc" as const,
  ...(limit === undefined ? {} : { limit }),
  ...(after === undefined ? {} : { after })
})

const listLetters = query("omni.deadLetters", Letters, function* (view, { kind, ...part }) {
  return kind === undefined
    ? view.find(DeadLetters, "at", newest(part))
    : view.find(DeadLetters, "kind", { ...newest(part), equals: [kind] })
})

const listHeld = query("omni.heldMessages", Part, function* (view, part) {
  return view.find(Messages, "held", newest(part))
})

export const letters = async (
  scope: Scope,
  now: number,
  options: Part & { readonly kind?: DeadLetter["kind"] } = {}
): Promise<Page<Item<DeadLetter>>> => valueOf(await ask(scope, now, listLetters, options))

/** Messages of which nobody knows whether they went out. */
export const heldMessages = async (scope: Scope, now: number, options: Part = {}): Promise<Page<Item<Message>>> =>
  valueOf(await ask(scope, now, listHeld, options))

const valueOf = <A>({ answer }: Awaited<ReturnType<typeof ask<never, A, never>>>): A => {
  if (!answer.ok) throw answer.error
  return answer.value.value
}

/** What somebody found out about a held message: it went out, it did not and is to be sent again, or it is given up. */
export type Verdict = "delivered" | "retry" | "failed"

/** Ends the waiting of a held message, with the operation that its handler runs at its end. */
export const settleMessage = async (
  engine: Engine,
  scope: Scope,
  id: string,
  verdict: Verdict,
  report: (error: unknown) => void
): Promise<void> => {
  const met: Met = { failures: [] }
  const settle = kernelOperation<undefined, boolean>("omni.settle-message", function* (tx) {
    met.failures = []
    const message = tx.get(Messages, id)
    if (message?.held === undefined) return false
    const handler = engine.handlers.get(message.topic)
    if (verdict === "retry") reviveMessage(tx, id, message)
    else if (verdict === "delivered") finish(tx, { id, message, handler, met }, undefined)
    else close(tx, { id, message, handler, met }, { _tag: "GivenUp", message: message.reason ?? "It was held, and given up." })
    return true
  })
  if (!(await engine.internal(scope, settle, undefined)))
    throw new InvalidOperation({ operation: "omni.settleMessage", message: `There is no held message "${id}".` })
  tell(met, report)
}

interface Revival {
  readonly id: string
  readonly event: { readonly reactor: Reactor; readonly recorded: Recorded } | undefined
}

const reviving = (engine: Engine) =>
  kernelOperation<Revival>("omni.redrive", function* (tx, { id, event }) {
    const letter = tx.get(DeadLetters, id)
    if (letter === undefined) return
    tx.remove(DeadLetters, id)
    if (letter.kind === "event") return event === undefined ? undefined : yield* again(event.reactor.body(tx, event.recorded as never))
    if (letter.row === undefined) return yield* again(fail(erased(letter)))
    if (letter.kind === "timer") return reviveTimer(tx, letter.row as Timer)
    const row = letter.row as (Message & { readonly id: string }) | AfterDelivery
    if (!("end" in row)) {
      const { id: of, ...message } = row
      return reviveMessage(tx, of, message)
    }
    const ending = engine.handlers.get(row.topic)?.[row.end]
    yield* again(ending === undefined ? fail(unknownEnding(row)) : ending.body(tx, row.input as never))
  })

/** A refusal is the caller's of `redrive`: the letter then stays where it is. */
function* again(body: Generator<unknown, unknown, unknown>): Generator<never, void, unknown> {
  yield* body as Generator<never, unknown, unknown>
}

const erased = ({ name, owner }: DeadLetter) =>
  new SubjectErased({
    subject: owner ?? "",
    message: `What "${name}" was given up on was personal data of "${owner}", whose key was destroyed.`
  })

const unknownEnding = ({ topic, end }: AfterDelivery) =>
  new InvalidOperation({ operation: "omni.redrive", message: `The app runs nothing when a message of "${topic}" was ${end}.` })

const oneLetter = query("omni.deadLetter", z.string(), function* (view, id) {
  return view.get(DeadLetters, id)
})

/** Tries a dead letter again. A reactor that refuses once more rejects, and the letter stays. */
export const redrive = async (engine: Engine, scope: Scope, id: string): Promise<void> => {
  const letter = valueOf<DeadLetter | undefined>(await ask(scope, engine.now, oneLetter, id))
  if (letter === undefined) throw new InvalidOperation({ operation: "omni.redrive", message: `There is no dead letter "${id}".` })
  const event = letter.kind === "event" ? await eventOf(engine, scope, letter) : undefined
  const options: CallOptions = event === undefined ? {} : asOfImport(event.reactor, event.recorded)
  await engine.internal(scope, reviving(engine), { id, event }, options)
}

const eventOf = async (engine: Engine, scope: Scope, letter: DeadLetter): Promise<Revival["event"]> => {
  const isReceived = letter.position === undefined
  const reactor = (isReceived ? engine.received : engine.reactors).get(letter.name)
  if (reactor === undefined)
    throw new InvalidOperation({ operation: "omni.redrive", message: `The app does not have the reactor "${letter.name}" any more.` })
  if (!isReceived) return { reactor, recorded: await recordedAt(scope, reactor, letter) }
  if (letter.row === undefined) throw erased(letter)
  return { reactor, recorded: await received(letter.row as Carried, scope.vault) }
}

/** The log is looked through from where the reactor's partition stood. */
const recordedAt = async (scope: Scope, reactor: Reactor, letter: DeadLetter): Promise<Recorded> => {
  for (let after = letter.after as Position; after < letter.position!;) {
    const page = await scope.store.events(after, 1000, reactor.on)
    if (page._tag === "PositionExpired") throw new PositionExpired({ oldest: page.oldest, message: "The event was trimmed from the log." })
    const found = page.events.find((event) => event.position === letter.position)
    if (found !== undefined) return (await openEvents([found], scope.vault))[0]!
    if (page.upto <= after) break
    after = page.upto
  }
  throw new InvalidOperation({ operation: "omni.redrive", message: "The event of the dead letter is not in the log." })
}
