import type { Tx } from "@omni/core"

import { type Defined, type EntryFacts, type Step } from "./definition.ts"
import { type Ending, factsOf, finish, schedule } from "./entry.ts"
import { Entries, type Entry, JourneyStepped } from "./model.ts"
import type { JourneyMessage, SendPort, Sent, StepMessage } from "./port.ts"
import type { TakeBack } from "./take-back.ts"

/** What moves entries: the journeys by id, and the ports. */
export interface Journeying {
  readonly journeys: ReadonlyMap<string, Defined>
  readonly send: SendPort
  readonly takeBack: TakeBack
  /** All ids of a customer, the one that holds now first. */
  readonly identities: (tx: Tx, customer: string) => readonly [string, ...ReadonlyArray<string>]
}

/** What rules and functions see of an entry. */
export const factsFor = (tx: Tx, id: string, entry: Entry): EntryFacts => ({
  event: { ...entry.trigger, data: entry.data ?? null },
  entry: { id, journey: entry.journey, customer: entry.customer, key: entry.key, enteredAt: entry.enteredAt },
  now: tx.now
})

/**
 * Does the step that has come due and those after it, up to the next wait or the end, in one commit. A step that was done, or is not due
 * yet, is left alone. Whatever goes wrong in a step ends the entry as "failed": nobody else's entry waits for it.
 */
export const step = (tx: Tx, journeying: Journeying, id: string, at: number): void => {
  const entry = tx.get(Entries, id)
  if (entry?.status !== "live" || entry.step !== at || (entry.due ?? 0) > tx.now) return
  const defined = journeying.journeys.get(entry.journey)
  if (defined === undefined) return finish(tx, id, entry, { reason: "removed" }, journeying.takeBack)
  // What is personal was erased: there is nothing left to say, and nobody to say it to.
  if (entry.data === undefined) return finish(tx, id, entry, { reason: "erased" }, journeying.takeBack)
  walk(tx, journeying, defined, id, entry)
}

const walk = (tx: Tx, journeying: Journeying, defined: Defined, id: string, from: Entry): void => {
  let entry = from
  for (;;) {
    const current: Step<never> | undefined = defined.journey.steps[entry.step]
    if (current === undefined) return finish(tx, id, entry, { reason: "completed" }, journeying.takeBack)
    const done = doStep(tx, journeying, defined, id, entry, current)
    if ("reason" in done) return finish(tx, id, entry, done, journeying.takeBack)
    const { due, sent } = done
    tx.emit(JourneyStepped, entry.customer, {
      ...factsOf(id, entry),
      step: entry.step,
      ...(sent === undefined ? {} : { message: sent.message, status: sent.status })
    })
    const said = sent === undefined ? entry.sent : [...entry.sent, { step: entry.step, message: sent.message, status: sent.status }]
    entry = { ...entry, step: entry.step + 1, sent: said, due: due ?? tx.now }
    if (due === undefined) continue
    tx.put(Entries, id, entry)
    return schedule(tx, id, entry, due)
  }
}

type Done = { readonly due?: number; readonly sent?: Sent }

const doStep = (tx: Tx, journeying: Journeying, defined: Defined, id: string, entry: Entry, current: Step<never>): Done | Ending => {
  if ("wait" in current) return { due: tx.now + current.wait }
  const facts = factsFor(tx, id, entry)
  try {
    if ("check" in current) return holds(tx, defined, entry.step, current.check, facts) ? {} : { reason: "condition" }
    const message = typeof current.send === "function" ? current.send(facts as EntryFacts<never>) : current.send
    return sends(tx, journeying, addressed(message, id, entry))
  } catch (defect) {
    return { reason: "failed", error: String(defect) }
  }
}

const holds = (
  tx: Tx,
  { checks }: Defined,
  at: number,
  check: Extract<Step<never>, { readonly check: unknown }>["check"],
  facts: EntryFacts
): boolean => (typeof check === "function" ? check(tx, facts as EntryFacts<never>) : (checks.get(at)?.test(facts) ?? false))

const addressed = (message: StepMessage, id: string, { customer, step }: Entry): JourneyMessage => ({
  ...message,
  customer,
  key: `journeys ${id} ${step}`
})

const sends = (tx: Tx, { send }: Journeying, message: JourneyMessage): Done | Ending => {
  const sent = tx.attempt(send(tx, message))
  return sent.ok ? { sent: sent.value } : { reason: "failed", error: String(sent.error) }
}
