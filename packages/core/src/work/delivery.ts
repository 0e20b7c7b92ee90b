import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import type { Json } from "../kernel/collection.ts"
import type { Body } from "../kernel/operation.ts"
import { survive, type Tx } from "../kernel/tx.ts"
import { backoff, bury, describe } from "./dead.ts"
import { DeliveryFailed, type DeliveryEnd, type Handler } from "./outbox.ts"
import { Messages, type Message } from "./system.ts"

/** How a try ended, as far as the handler could say. */
type Outcome =
  | { readonly _tag: "Delivered"; readonly answer: Json | undefined }
  | {
      readonly _tag: "Failed"
      readonly retry: boolean
      readonly notBefore: number | undefined
      readonly error: { readonly tag: string; readonly message: string }
    }
  | { readonly _tag: "Unknown"; readonly error: { readonly tag: string; readonly message: string } }

interface Ending {
  readonly id: string
  readonly lease: string
  readonly outcome: Outcome
  readonly jitter: number
}

/** The operations that a message passes through: leased for a try, then ended by it, by whoever holds the lease. */
export const delivering = (engine: Engine) => {
  const lease = kernelOperation<{ readonly id: string }, { readonly message: Message; readonly lease: string } | undefined>(
    "omni.lease",
    function* (tx, { id }) {
      const message = tx.get(Messages, id)
      if (message?.due === undefined || message.due > tx.now) return undefined
      const handler = engine.handlers.get(message.topic)
      if (message.owner !== undefined && message.payload === undefined) {
        tx.remove(Messages, id)
        return undefined
      }
      if (handler === undefined) {
        close(tx, id, message, undefined, { tag: "UnknownTopic", message: `No module delivers "${message.topic}".` })
        return undefined
      }
      // The holder of an expired lease died or is late: nobody knows whether the message went out.
      if (message.lease !== undefined && !handler.idempotent && handler.unknown !== "retry") {
        settleUnknown(tx, id, message, handler, {
          tag: "LeaseExpired",
          message: "The process that was delivering the message did not come back."
        })
        return undefined
      }
      const token = tx.newId("lease")
      const leased = { ...message, tries: message.tries + 1, lease: token, due: tx.now + handler.timeout + 5_000 }
      tx.put(Messages, id, leased)
      return { message: leased, lease: token }
    }
  )

  const end = kernelOperation<Ending>("omni.end-delivery", function* (tx, { id, lease: token, outcome, jitter }) {
    const message = tx.get(Messages, id)
    if (message === undefined || message.lease !== token) return
    const handler = engine.handlers.get(message.topic)!
    if (outcome._tag === "Delivered") {
      tx.remove(Messages, id)
      follow(tx, handler.delivered?.body, { id, payload: message.payload, attempt: message.tries, answer: outcome.answer }, message)
    } else if (outcome._tag === "Unknown" && !handler.idempotent && handler.unknown !== "retry")
      settleUnknown(tx, id, message, handler, outcome.error)
    else if ((outcome._tag === "Unknown" || outcome.retry) && message.tries < handler.tries) {
      const notBefore = outcome._tag === "Failed" ? (outcome.notBefore ?? 0) : 0
      tx.put(Messages, id, { ...message, lease: undefined, due: Math.max(notBefore, tx.now + backoff(message.tries, jitter)) })
    } else close(tx, id, message, handler, outcome.error)
  })
  return { lease, end }
}

const settleUnknown = (
  tx: Tx,
  id: string,
  message: Message,
  handler: Handler,
  error: { readonly tag: string; readonly message: string }
): void => {
  if (handler.unknown === "drop") close(tx, id, message, handler, error)
  else tx.put(Messages, id, { ...message, lease: undefined, due: undefined, held: error.message })
}

const close = (
  tx: Tx,
  id: string,
  message: Message,
  handler: Handler | undefined,
  error: { readonly tag: string; readonly message: string }
): void => {
  tx.remove(Messages, id)
  bury(tx, { kind: "message", name: message.topic, tries: message.tries, error, row: { ...message, id }, owner: message.owner })
  follow(tx, handler?.failed?.body, { id, payload: message.payload, attempt: message.tries, error: error.message }, message)
}

/** What the module does at the end of a message. That it fails must not send the message again. */
const follow = (tx: Tx, body: Body<never, unknown, unknown> | undefined, input: DeliveryEnd<unknown>, message: Message): void => {
  if (body === undefined) return
  const done = survive(tx, () => body(tx, input as never))
  if (!done.ok)
    bury(tx, {
      kind: "message",
      name: `${message.topic} (after delivery)`,
      tries: message.tries,
      error: describe(done.error),
      row: input,
      owner: message.owner
    })
}

/** One try of one message. */
export const deliver = async (engine: Engine, scope: Scope, id: string, operations: ReturnType<typeof delivering>): Promise<void> => {
  const leased = await engine.internal(scope, operations.lease, { id })
  if (leased === undefined) return
  const handler = engine.handlers.get(leased.message.topic)!
  const outcome = await attempt(engine, scope, id, leased.message, handler)
  await engine.internal(scope, operations.end, { id, lease: leased.lease, outcome, jitter: scope.transactor.seeds.random() })
}

const attempt = async (engine: Engine, scope: Scope, id: string, message: Message, handler: Handler): Promise<Outcome> => {
  const limit = new AbortController()
  const finished = new AbortController()
  const late = engine.options.platform.clock.sleep(handler.timeout, finished.signal).then((): Outcome => {
    limit.abort(new Error(`Not delivered within ${handler.timeout} ms`))
    return {
      _tag: "Unknown",
      error: { tag: "Timeout", message: `The handler of "${message.topic}" did not answer within ${handler.timeout} ms.` }
    }
  })
  const tried = (async (): Promise<Outcome> => {
    try {
      const answer = await handler.deliver({
        id,
        payload: message.payload as never,
        attempt: message.tries,
        tenant: scope.id,
        signal: limit.signal
      })
      return { _tag: "Delivered", answer: answer === undefined ? undefined : (JSON.parse(JSON.stringify(answer)) as Json) }
    } catch (error) {
      if (error instanceof DeliveryFailed) return { _tag: "Failed", retry: error.retry, notBefore: error.notBefore, error: describe(error) }
      return { _tag: "Unknown", error: describe(error) }
    }
  })()
  const outcome = await Promise.race([tried, late])
  finished.abort()
  return outcome
}

/** Puts a dead or held message back. */
export const reviveMessage = (tx: Tx, { id, ...message }: Message & { readonly id: string }): void => {
  tx.put(Messages, id, { ...message, tries: 0, lease: undefined, held: undefined, due: tx.now })
}
