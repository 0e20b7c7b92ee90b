import * as z from "zod"

import { collection, type Collection } from "../kernel/collection.ts"
import { event } from "../kernel/event.ts"

/** The kernel's own rows: ordinary collections, so that they change in the same commit as what they are about. */

const owned = <const F extends string>(fields: ReadonlyArray<F>) => ({
  subject: (row: { readonly owner?: string | undefined }) => row.owner,
  fields
})

/** A collection whose rows the engine takes up when they are due. */
const attended = <R, I extends string>(of: Collection<R, I>, due: (row: R) => number | undefined): Collection<R, I> => ({ ...of, due })

/** What was answered to (operation, key); removed when it is due. */
export const Receipts = attended(
  collection("omni.receipts", {
    schema: z.object({
      reply: z.string().optional(),
      input: z.string().optional(),
      seed: z.string(),
      at: z.number(),
      until: z.number().optional(),
      owner: z.string().optional()
    }),
    personal: owned(["reply", "input"])
  }),
  (row) => row.until
)

/** Operations due later. `at` is when they were asked for, `due` when they are tried next. */
export const Timers = attended(
  collection("omni.timers", {
    schema: z.object({
      operation: z.string(),
      input: z.unknown().optional(),
      at: z.number(),
      due: z.number(),
      subject: z.string().optional(),
      tries: z.number(),
      owner: z.string().optional()
    }),
    personal: owned(["input"])
  }),
  (row) => row.due
)

/** The earliest timer of a subject that is being tried again: later ones of that subject wait for it. */
export const TimerHeads = collection("omni.timer-heads", { schema: z.object({ timer: z.string() }) })

/** Messages to the world. `due` is when the next try, or the end of the running one's lease, is. */
export const Messages = attended(
  collection("omni.messages", {
    schema: z.object({
      topic: z.string(),
      payload: z.unknown().optional(),
      at: z.number(),
      due: z.number().optional(),
      tries: z.number(),
      lease: z.string().optional(),
      /** Since when, and why, it waits for somebody to say what became of it. */
      held: z.number().optional(),
      reason: z.string().optional(),
      owner: z.string().optional()
    }),
    personal: owned(["payload", "reason"]),
    indexes: { held: ["held"] }
  }),
  (row) => row.due
)

/** How far a reactor's partition has come, and how often the event after that has failed. */
export const Cursors = collection("omni.cursors", {
  schema: z.object({ position: z.string(), tries: z.number(), due: z.number().optional() })
})

/**
 * How far a feed has been published, and who is at it until when: others leave it alone, unless that one is late. The first of its
 * events after `before` is the one at `position`.
 */
export const Feeds = collection("omni.feeds", {
  schema: z.object({ position: z.string(), before: z.string().optional(), holder: z.string(), until: z.number() })
})

/** What was given up after its tries, with its error, until somebody redrives or drops it. */
export const DeadLetters = collection("omni.dead-letters", {
  schema: z.object({
    kind: z.enum(["event", "timer", "message"]),
    name: z.string(),
    at: z.number(),
    tries: z.number(),
    /** What went wrong, in one word that a program can tell apart, and in a sentence, which may speak of the person. */
    tag: z.string(),
    error: z.string().optional(),
    /** Of an event of this log: where it stands, and where the reactor stood before it. One from elsewhere is kept in `row`. */
    position: z.string().optional(),
    after: z.string().optional(),
    row: z.unknown().optional(),
    owner: z.string().optional()
  }),
  personal: owned(["row", "error"]),
  indexes: { kind: ["kind", "at"], at: ["at"] }
})

/** What a store must have a place for, whatever the app's modules bring. */
export const kernelCollections: ReadonlyArray<string> = [Receipts, Timers, TimerHeads, Messages, Cursors, Feeds, DeadLetters].map(
  ({ name }) => name
)

/**
 * A replayed fact met a state that would have refused it: somebody has to settle the difference. The sentence and the facts are
 * sealed when the operation declares whose personal data its input holds.
 */
export const Discrepancy = event(
  "omni.DiscrepancyRecorded",
  z.object({ error: z.string(), message: z.string().optional(), facts: z.unknown().optional(), owner: z.string().optional() }),
  { personal: owned(["message", "facts"]) }
)

/** Somebody's key was destroyed, and with it all that was personal. */
export const Erased = event("omni.SubjectErased", z.object({ subject: z.string() }))

export type Receipt = z.output<typeof Receipts.schema>
export type Timer = z.output<typeof Timers.schema>
export type Message = z.output<typeof Messages.schema>
export type DeadLetter = z.output<typeof DeadLetters.schema>
