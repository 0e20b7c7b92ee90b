import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import { SubjectErased, type WorkFailed } from "../errors.ts"
import type { Json } from "../kernel/collection.ts"
import { survive, type Tx } from "../kernel/tx.ts"
import { backoff, bury, describe, type Failure } from "./dead.ts"
import { workFailed } from "./failed.ts"
import { DeliveryFailed, type DeliveryEnd, type Handler } from "./outbox.ts"
import { Messages, type Message } from "./system.ts"

/** How a try ended, as far as the handler could say. */
type Outcome =
  | { readonly _tag: "Delivered"; readonly answer: Json | undefined }
  | { readonly _tag: "Failed"; readonly retry: boolean; readonly notBefore: number | undefined; readonly error: Failure }
  | { readonly _tag: "Unknown"; readonly error: Failure }

interface Ending {
  readonly id: string
  readonly lease: string
  readonly outcome: Outcome
  readonly jitter: number
}

/** What came of the operation that ends a message: its dead letter says which one is to run again, and on what. */
export interface AfterDelivery {
  readonly topic: string
  readonly end: "delivered" | "failed"
  readonly input: DeliveryEnd<unknown>
}

/** The operations that a message passes through: leased for a try, then ended by it, by whoever holds the lease. */
export const delivering = (engine: Engine) => {
  const lease = kernelOperation<{ readonly id: string }, { readonly message: Message; readonly lease: string } | undefined>(
    "omni.lease",
    function* (tx, { id }) {
      const message = tx.get(Messages, id)
      if (message?.due === undefined || message.due > tx.now) return undefined
      const handler = engine.handlers.get(message.topic)
      if (isErased(message)) tx.remove(Messages, id)
      else if (handler === undefined)
        close(tx, id, message, undefined, { tag: "UnknownTopic", message: `No module delivers "${message.topic}".` })
      // The holder of an expired lease died or is late: nobody knows whether the message went out.
      else if (message.lease !== undefined && !handler.idempotent && handler.unknown !== "retry")
        settleUnknown(tx, id, message, handler, {
          tag: "LeaseExpired",
          message: "The process that was delivering the message did not come back."
        })
      else if (message.tries >= handler.tries)
        close(tx, id, message, handler, {
          tag: "LeaseExpired",
          message: `None of ${message.tries} tries came back: each time the process ended meanwhile.`
        })
      else {
        const token = tx.newId("lease")
        const leased = { ...message, tries: message.tries + 1, lease: token, due: tx.now + handler.timeout + 5_000 }
        tx.put(Messages, id, leased)
        return { message: leased, lease: token }
      }
      return undefined
    }
  )

  const end = kernelOperation<Ending>("omni.end-delivery", function* (tx, { id, lease: token, outcome, jitter }) {
    const message = tx.get(Messages, id)
    if (message === undefined || message.lease !== token) return
    const handler = engine.handlers.get(message.topic)!
    if (outcome._tag === "Delivered") finish(tx, id, message, handler, outcome.answer)
    else if (outcome._tag === "Unknown" && !handler.idempotent && handler.unknown !== "retry")
      settleUnknown(tx, id, message, handler, outcome.error)
    else if ((outcome._tag === "Unknown" || outcome.retry) && message.tries < handler.tries) {
      const notBefore = outcome._tag === "Failed" ? (outcome.notBefore ?? 0) : 0
      tx.put(Messages, id, { ...freed(message), due: Math.max(notBefore, tx.now + backoff(message.tries, jitter)) })
    } else close(tx, id, message, handler, outcome.error)
  })
  return { lease, end }
}

const isErased = (message: Message): boolean => message.owner !== undefined && message.payload === undefined

/** Held by nobody, neither by a try nor for somebody's decision. */
const freed = (message: Message): Message => ({ ...message, lease: undefined, held: undefined, reason: undefined })

/** A held message keeps its lease: whoever had it may still come back and say what became of it. */
const settleUnknown = (tx: Tx, id: string, message: Message, handler: Handler, error: Failure): void => {
  if (handler.unknown === "drop") close(tx, id, message, handler, error)
  else tx.put(Messages, id, { ...message, due: undefined, held: tx.now, reason: error.message })
}

/** It went out. */
export const finish = (tx: Tx, id: string, message: Message, handler: Handler | undefined, answer: Json | undefined): void => {
  tx.remove(Messages, id)
  follow(tx, handler, "delivered", { id, payload: message.payload, attempt: message.tries, answer }, message.owner)
}

/** It did not go out, and is given up. */
export const close = (tx: Tx, id: string, message: Message, handler: Handler | undefined, error: Failure): void => {
  tx.remove(Messages, id)
  const row = { ...freed(message), id }
  bury(tx, { kind: "message", name: message.topic, tries: message.tries, row, owner: message.owner }, error)
  follow(tx, handler, "failed", { id, payload: message.payload, attempt: message.tries, error: error.message }, message.owner)
}

/** What the module does at the end of a message. That it fails must not send the message again. */
const follow = (
  tx: Tx,
  handler: Handler | undefined,
  end: AfterDelivery["end"],
  input: DeliveryEnd<unknown>,
  owner: string | undefined
): void => {
  const body = handler?.[end]?.body
  if (body === undefined) return
  const done = survive(tx, () => body(tx, input as never))
  if (done.ok) return
  const topic = handler!.topic.name
  const row: AfterDelivery = { topic, end, input }
  bury(tx, { kind: "message", name: `${topic} (after delivery)`, tries: input.attempt, row, owner }, describe(done.error))
}

/** What somebody should be told of a try. Not that a provider could not take it yet: its handler has said that a later try may help. */
const failureOf = ({ topic, tries }: Message, handler: Handler, outcome: Outcome, cause: unknown): WorkFailed | undefined => {
  if (outcome._tag === "Delivered") return undefined
  const isUnknown = outcome._tag === "Unknown" && !handler.idempotent && handler.unknown !== "retry"
  const isLeft = !isUnknown && tries < handler.tries && (outcome._tag === "Unknown" || outcome.retry)
  if (isLeft && outcome._tag === "Failed") return undefined
  const next = isLeft ? "retry" : isUnknown && handler.unknown === "hold" ? "held" : "dead-letter"
  return workFailed("message", topic, [tries, handler.tries], next, cause ?? new Error(outcome.error.message))
}

/** One try of one message; `report` is told how it failed. */
export const deliver = async (
  engine: Engine,
  scope: Scope,
  id: string,
  operations: ReturnType<typeof delivering>,
  report: (error: unknown) => void
): Promise<void> => {
  const leased = await engine.internal(scope, operations.lease, { id })
  if (leased === undefined) return
  const handler = engine.handlers.get(leased.message.topic)!
  const thrown: { cause?: unknown } = {}
  const outcome = await attempt(engine, scope, id, leased.message, handler, thrown)
  const ending = { id, lease: leased.lease, outcome, jitter: scope.transactor.seeds.random() }
  // Only this process knows how it ended: while the store or the keys are away, it is said again.
  await engine.ask("The end of a delivery could not be recorded", () => engine.internal(scope, operations.end, ending), isErasure)
  const failure = failureOf(leased.message, handler, outcome, thrown.cause)
  if (failure !== undefined) report(failure)
}

/** Whoever the message was to is erased: with its lease the message goes too. */
const isErasure = (error: unknown): boolean => error instanceof SubjectErased

const attempt = async (
  engine: Engine,
  scope: Scope,
  id: string,
  message: Message,
  handler: Handler,
  thrown: { cause?: unknown }
): Promise<Outcome> => {
  const limit = new AbortController()
  const finished = new AbortController()
  const late = engine.options.platform.clock.sleep(handler.timeout, finished.signal).then((): Outcome => {
    if (!finished.signal.aborted) limit.abort(new Error(`Not delivered within ${handler.timeout} ms`))
    return {
      _tag: "Unknown",
      error: { tag: "Timeout", message: `The handler of "${message.topic}" did not answer within ${handler.timeout} ms.` }
    }
  })
  const delivery = { id, payload: message.payload as never, attempt: message.tries, tenant: scope.id, signal: limit.signal }
  const tried = (async (): Promise<Outcome> => {
    try {
      return { _tag: "Delivered", answer: json(await handler.deliver(delivery)) }
    } catch (error) {
      thrown.cause = error
      if (error instanceof DeliveryFailed) return { _tag: "Failed", retry: error.retry, notBefore: error.notBefore, error: describe(error) }
      return { _tag: "Unknown", error: describe(error) }
    }
  })()
  const outcome = await Promise.race([tried, late])
  finished.abort()
  return outcome
}

/** A provider's answer as it can be kept. One that is no JSON is no reason to take a message for undelivered. */
const json = (answer: unknown): Json | undefined => {
  try {
    const text = JSON.stringify(answer) as string | undefined
    return text === undefined ? undefined : (JSON.parse(text) as Json)
  } catch {
    return undefined
  }
}

/** Puts a dead or held message back, under the id that it had: providers that know it do not send it twice. */
export const reviveMessage = (tx: Tx, id: string, message: Message): void => {
  tx.put(Messages, id, { ...freed(message), tries: 0, due: tx.now })
}
