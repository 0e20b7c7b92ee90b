import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import { SubjectErased, type WorkFailed } from "../errors.ts"
import type { Json } from "../kernel/collection.ts"
import { survive, type Tx } from "../kernel/tx.ts"
import { backoff, bury, describe, type Given, refusal, unlessRefused } from "./dead.ts"
import { type Met, tell, workFailed } from "./failed.ts"
import { DeliveryFailed, type DeliveryEnd, type Handler } from "./outbox.ts"
import { Messages, type Message } from "./system.ts"

/** How a try ended, as far as the handler could say. */
type Outcome =
  | { readonly _tag: "Delivered"; readonly answer: Json | undefined }
  | { readonly _tag: "Failed"; readonly retry: boolean; readonly notBefore: number | undefined; readonly cause: unknown }
  | { readonly _tag: "Unknown"; readonly cause: unknown }

/** A message, who delivers it, and where it is noted what fails. */
interface Sending {
  readonly id: string
  readonly message: Message
  readonly handler: Handler | undefined
  readonly met: Met
  /** What the module does at the end can not land. */
  readonly refused?: unknown
}

interface Leasing extends Given {
  readonly id: string
  readonly met: Met
}

interface Ending extends Leasing {
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
  const lease = kernelOperation<Leasing, { readonly message: Message; readonly lease: string } | undefined>(
    "omni.lease",
    function* (tx, { id, met, refused }) {
      met.failures = []
      const message = tx.get(Messages, id)
      if (message?.due === undefined || message.due > tx.now) return undefined
      const handler = engine.handlers.get(message.topic)
      const sending = { id, message, handler, met, refused }
      if (isErased(message)) tx.remove(Messages, id)
      else if (handler === undefined) giveUp(tx, sending, { _tag: "UnknownTopic", message: `No module delivers "${message.topic}".` })
      // The holder of an expired lease died or is late: nobody knows whether the message went out.
      else if (message.lease !== undefined && isInDoubt(handler))
        settleUnknown(tx, sending, { _tag: "LeaseExpired", message: "The process that was delivering the message did not come back." })
      else if (message.tries >= handler.tries)
        giveUp(tx, sending, {
          _tag: "LeaseExpired",
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

  const end = kernelOperation<Ending>("omni.end-delivery", function* (tx, { id, lease: token, outcome, jitter, met, refused }) {
    met.failures = []
    const message = tx.get(Messages, id)
    if (message === undefined || message.lease !== token) return
    const handler = engine.handlers.get(message.topic)!
    const sending = { id, message, handler, met, refused }
    if (outcome._tag === "Delivered") return finish(tx, sending, outcome.answer)
    if (outcome._tag === "Unknown" && isInDoubt(handler)) return settleUnknown(tx, sending, outcome.cause)
    if (message.tries >= handler.tries || (outcome._tag === "Failed" && !outcome.retry)) return giveUp(tx, sending, outcome.cause)
    // That a provider could not take it yet is told to nobody: its handler has said that a later try may help.
    if (outcome._tag === "Unknown") note(sending, "retry", outcome.cause)
    const notBefore = outcome._tag === "Failed" ? (outcome.notBefore ?? 0) : 0
    tx.put(Messages, id, { ...freed(message), due: Math.max(notBefore, tx.now + backoff(message.tries, jitter)) })
  })
  return { lease, end }
}

/** Whether a message may have gone out, and must not go out twice, when its try did not say how it ended. */
const isInDoubt = (handler: Handler): boolean => !handler.idempotent && handler.unknown !== "retry"

const isErased = (message: Message): boolean => message.owner !== undefined && message.payload === undefined

/** Held by nobody, neither by a try nor for somebody's decision. */
const freed = (message: Message): Message => ({ ...message, lease: undefined, held: undefined, reason: undefined })

/** A held message keeps its lease: whoever had it may still come back and say what became of it. */
const settleUnknown = (tx: Tx, sending: Sending, cause: unknown): void => {
  const { id, message, handler } = sending
  if (handler?.unknown === "drop") return giveUp(tx, sending, cause)
  note(sending, "held", cause)
  tx.put(Messages, id, { ...message, due: undefined, held: tx.now, reason: describe(cause).message })
}

/** It went out. */
export const finish = (tx: Tx, sending: Sending, answer: Json | undefined): void => {
  const { id, message } = sending
  tx.remove(Messages, id)
  follow(tx, sending, "delivered", { id, payload: message.payload, attempt: message.tries, answer })
}

/** It did not go out, and is given up. */
export const close = (tx: Tx, sending: Sending, cause: unknown): void => {
  const { id, message } = sending
  const error = describe(cause)
  tx.remove(Messages, id)
  const row = { ...freed(message), id }
  bury(tx, { kind: "message", name: message.topic, tries: message.tries, row, owner: message.owner }, error)
  follow(tx, sending, "failed", { id, payload: message.payload, attempt: message.tries, error: error.message })
}

/** The same, where nobody has asked for it. */
const giveUp = (tx: Tx, sending: Sending, cause: unknown): void => {
  note(sending, "dead-letter", cause)
  close(tx, sending, cause)
}

const note = ({ message: { topic, tries }, handler, met }: Sending, next: WorkFailed["next"], cause: unknown): void => {
  met.failures = [...met.failures, workFailed({ kind: "message", of: topic, tries, most: handler?.tries, next, cause })]
}

/** What the module does at the end of a message. That it fails must not send the message again. */
const follow = (tx: Tx, { message, handler, met, refused }: Sending, end: AfterDelivery["end"], input: DeliveryEnd<unknown>): void => {
  const operation = handler?.[end]
  if (operation === undefined) return
  const done = refusal({ erased: false, refused }) ?? survive(tx, () => operation.body(tx, input as never))
  if (done.ok) return
  const { owner, topic, tries } = message
  const letter = { kind: "message", name: `${topic} (after delivery)`, tries } as const
  const row: AfterDelivery = { topic, end, input }
  bury(tx, { ...letter, row, owner }, describe(done.error))
  const what = `The operation "${operation.name}" after a delivery of "${topic}"`
  met.failures = [...met.failures, workFailed({ kind: letter.kind, of: letter.name, what, tries, next: "dead-letter", cause: done.error })]
}

/** One try of one message; `report` is told how it failed. */
export const deliver = async (
  engine: Engine,
  scope: Scope,
  id: string,
  operations: ReturnType<typeof delivering>,
  report: (error: unknown) => void
): Promise<void> => {
  const met: Met = { failures: [] }
  const leased = await unlessRefused((given) => engine.internal(scope, operations.lease, { id, met, ...given }))
  if (leased === undefined) return tell(met, report)
  const handler = engine.handlers.get(leased.message.topic)!
  const outcome = await attempt(engine, scope, id, leased.message, handler)
  const ending = { id, lease: leased.lease, outcome, jitter: scope.transactor.seeds.random(), met }
  // Only this process knows how it ended: while the store or the keys are away, it is said again.
  await engine.ask(
    "The end of a delivery could not be recorded",
    () => unlessRefused((given) => engine.internal(scope, operations.end, { ...ending, ...given })),
    isErasure
  )
  tell(met, report)
}

/** Whoever the message was to is erased: with its lease the message goes too. */
const isErasure = (error: unknown): boolean => error instanceof SubjectErased

const attempt = async (engine: Engine, scope: Scope, id: string, message: Message, handler: Handler): Promise<Outcome> => {
  const limit = new AbortController()
  const finished = new AbortController()
  const late = engine.options.platform.clock.sleep(handler.timeout, finished.signal).then((): Outcome => {
    if (!finished.signal.aborted) limit.abort(new Error(`Not delivered within ${handler.timeout} ms`))
    return {
      _tag: "Unknown",
      cause: { _tag: "Timeout", message: `The handler of "${message.topic}" did not answer within ${handler.timeout} ms.` }
    }
  })
  const delivery = { id, payload: message.payload as never, attempt: message.tries, tenant: scope.id, signal: limit.signal }
  const tried = (async (): Promise<Outcome> => {
    try {
      return { _tag: "Delivered", answer: json(await handler.deliver(delivery)) }
    } catch (error) {
      if (error instanceof DeliveryFailed) return { _tag: "Failed", retry: error.retry, notBefore: error.notBefore, cause: error }
      return { _tag: "Unknown", cause: error }
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
