import * as z from "zod"

import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import { openEvents } from "../encoding/log.ts"
import { InvalidOperation, PositionExpired } from "../errors.ts"
import type { Recorded } from "../kernel/event.ts"
import type { Tx } from "../kernel/tx.ts"
import type { Position } from "../ports/store.ts"
import { ask } from "../queries/ask.ts"
import { query, type Item, type Page } from "../queries/query.ts"
import { reviveMessage } from "./delivery.ts"
import type { Reactor } from "./reactor.ts"
import { DeadLetters, type DeadLetter, type Message, type Timer } from "./system.ts"
import { reviveTimer } from "./timers.ts"

const List = z.object({
  kind: z.enum(["event", "timer", "message"]).optional(),
  limit: z.number().optional(),
  after: z.string().optional()
})

const list = query("omni.deadLetters", List, function* (view, { kind, limit, after }) {
  const find = { order: "desc" as const, ...(limit === undefined ? {} : { limit }), ...(after === undefined ? {} : { after }) }
  return kind === undefined ? view.find(DeadLetters, "at", find) : view.find(DeadLetters, "kind", { ...find, equals: [kind] })
})

/** The newest first. */
export const letters = async (
  scope: Scope,
  now: number,
  options: { readonly kind?: DeadLetter["kind"]; readonly limit?: number; readonly after?: string } = {}
): Promise<Page<Item<DeadLetter>>> => {
  const { answer } = await ask(scope, now, list, options)
  if (!answer.ok) throw answer.error
  return answer.value.value
}

interface Revival {
  readonly id: string
  readonly event: { readonly reactor: Reactor; readonly recorded: Recorded } | undefined
}

const revive = kernelOperation<Revival>("omni.redrive", function* (tx, { id, event }) {
  const letter = tx.get(DeadLetters, id)
  if (letter === undefined) return
  tx.remove(DeadLetters, id)
  if (letter.kind === "timer") reviveTimer(tx, letter.row as Timer)
  else if (letter.kind === "message") reviveMessage(tx, letter.row as Message & { readonly id: string })
  else if (event !== undefined) yield* again(tx, event.reactor, event.recorded)
})

/** The reactor's refusal is the caller's: the letter then stays where it is. */
function* again(tx: Tx, reactor: Reactor, event: Recorded): Generator<never, void, unknown> {
  yield* reactor.body(tx, event as never) as Generator<never, unknown, unknown>
}

/** Tries a dead letter again. A reactor that refuses once more rejects, and the letter stays. */
export const redrive = async (engine: Engine, scope: Scope, id: string): Promise<void> => {
  const { rows } = await scope.store.read([{ collection: DeadLetters.name, id }])
  if (rows[0] === undefined) throw new InvalidOperation({ operation: "omni.redrive", message: `There is no dead letter "${id}".` })
  const letter = JSON.parse(rows[0].value) as DeadLetter
  await engine.internal(scope, revive, { id, event: letter.kind === "event" ? await eventOf(engine, scope, letter) : undefined })
}

const eventOf = async (engine: Engine, scope: Scope, letter: DeadLetter): Promise<Revival["event"]> => {
  const reactor = engine.reactors.get(letter.name)
  if (reactor === undefined)
    throw new InvalidOperation({ operation: "omni.redrive", message: `No module brings the reactor "${letter.name}" any more.` })
  const page = await scope.store.events(letter.after as Position, 10_000, reactor.on)
  if (page._tag === "PositionExpired") throw new PositionExpired({ oldest: page.oldest, message: "The event was trimmed from the log." })
  const found = page.events.find((event) => event.position === letter.position)
  if (found === undefined)
    throw new InvalidOperation({ operation: "omni.redrive", message: `The event of the dead letter is not in the log.` })
  const [recorded] = await openEvents([found], scope.vault)
  return { reactor, recorded: recorded! }
}
