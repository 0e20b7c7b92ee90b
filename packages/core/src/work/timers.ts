import { kernelOperation, type Engine, type Scope } from "../client/engine.ts"
import { survive, type Tx } from "../kernel/tx.ts"
import type { Key } from "../ports/store.ts"
import { backoff, bury, describe, type Given, refusal, unlessRefused } from "./dead.ts"
import { type Met, tell, workFailed } from "./failed.ts"
import { Receipts, TimerHeads, Timers, type Timer } from "./system.ts"

const TRIES = 8

interface Firing extends Given {
  readonly id: string
  /** As the timer's row has it: so that what else there is of the subject is loaded with it. */
  readonly subject: string | undefined
  readonly jitter: number
  readonly met: Met
}

/**
 * Runs a timer that is due and removes it, in one commit. One that fails is tried again later, and the later ones of its subject
 * wait for it; after its tries it is a dead letter.
 */
export const firing = (engine: Engine) =>
  kernelOperation<Firing>("omni.fire", function* (tx, { id, subject, jitter, erased: isErased, refused, met }) {
    met.failures = []
    if (subject !== undefined) tx.prefetch(TimerHeads, [subject])
    const timer = tx.get(Timers, id)
    if (timer === undefined || timer.due > tx.now) return
    const head = timer.subject === undefined ? undefined : tx.get(TimerHeads, timer.subject)
    const first = head === undefined || head.timer === id ? undefined : tx.get(Timers, head.timer)
    if (first !== undefined && first.tries > 0 && first.subject === timer.subject) {
      // Right behind it: it is taken up in the same pass, and by then the first has run or is due later.
      const due = Math.max(timer.due, first.due + 1)
      tx.put(Timers, id, { ...timer, due: due === timer.due ? tx.now + 1 : due })
      return
    }
    const operation = engine.operations.get(timer.operation)
    const erased = isErased || (timer.owner !== undefined && timer.input === undefined)
    const ended = erased
      ? { ok: true as const }
      : operation === undefined
        ? { ok: false as const, error: unknownOperation(timer) }
        : (refusal({ erased, refused }) ?? survive(tx, () => operation(tx, timer.input as never)))
    const tries = timer.tries + 1
    const isLast = operation === undefined || tries >= TRIES
    if (!ended.ok) {
      const next = isLast ? "dead-letter" : "retry"
      met.failures = [workFailed({ kind: "timer", of: timer.operation, tries, most: TRIES, next, cause: ended.error })]
    }
    if (ended.ok || isLast) {
      // An operation may schedule itself again by the same key: only what has just run is taken away.
      if (tx.get(Timers, id) === timer) tx.remove(Timers, id)
      if (head !== undefined) tx.remove(TimerHeads, timer.subject!)
      if (!ended.ok) bury(tx, { kind: "timer", name: timer.operation, tries, row: timer, owner: timer.owner }, describe(ended.error))
      return
    }
    const due = tx.now + backoff(tries, jitter)
    tx.put(Timers, id, { ...timer, tries, due })
    if (timer.subject !== undefined) tx.put(TimerHeads, timer.subject, { timer: id })
  })

const unknownOperation = (timer: Timer) => ({
  _tag: "UnknownOperation",
  message: `No module brings the operation "${timer.operation}". Names are durable contracts: keep an operation of the old name, or redrive once it is there.`
})

/** Removes receipts whose time is over. */
export const expire = kernelOperation<ReadonlyArray<string>>("omni.expire-receipts", function* (tx, ids) {
  tx.getMany(Receipts, ids).forEach((receipt, i) => {
    if (receipt?.until !== undefined && receipt.until <= tx.now) tx.remove(Receipts, ids[i]!)
  })
})

/** Fires timers in due order; those of one subject share a lane, so that none overtakes another. `report` is told of each that failed. Answers how each went. */
export const fireAll = async (
  engine: Engine,
  scope: Scope,
  keys: ReadonlyArray<Key>,
  fire: ReturnType<typeof firing>,
  report: (error: unknown) => void
): Promise<ReadonlyArray<PromiseSettledResult<void>>> => {
  const { rows } = await scope.store.read(keys)
  return Promise.allSettled(
    keys.map(async (key, i) => {
      const row = rows[i]
      if (row === undefined) return
      const { subject } = JSON.parse(row.value) as { readonly subject?: string }
      const met: Met = { failures: [] }
      const told = { id: key.id, subject, jitter: scope.transactor.seeds.random(), met }
      const how = subject === undefined ? {} : { lane: `timer ${subject}` }
      await unlessRefused((given) => engine.internal(scope, fire, { ...told, ...given }, how))
      tell(met, report)
    })
  )
}

/** Puts a dead timer back, under a key of its own: what has been scheduled by its old one since is something else. */
export const reviveTimer = (tx: Tx, timer: Timer): void => {
  tx.put(Timers, tx.newId("tmr"), { ...timer, tries: 0, due: tx.now })
}
