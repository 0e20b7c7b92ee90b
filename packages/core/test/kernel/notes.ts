import { collection, createOmni, event, operation, type Module, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as z from "zod"

import { manualClock } from "./clock.ts"

/** A module that takes notes, at once, later or on an event: its rows tell in which order things happened. */

export const Notes = collection("t.notes", { schema: z.object({ lines: z.array(z.string()) }) })
export const Noted = event("t.Noted", z.object({ text: z.string() }))
export const note = operation("t.note", z.object({ subject: z.string(), text: z.string() }), function* (tx, { subject, text }) {
  const row = tx.get(Notes, subject) ?? { lines: [] }
  if (text.startsWith("bad")) throw new Error(`cannot note ${text}`)
  tx.put(Notes, subject, { lines: [...row.lines, text] })
})
const later = operation(
  "t.later",
  z.object({ subject: z.string(), text: z.string(), after: z.number(), key: z.string().optional() }),
  function* (tx, { subject, text, after, key }) {
    return tx.schedule(tx.now + after, note, { subject, text }, { subject, ...(key === undefined ? {} : { key }) })
  }
)
const cancel = operation("t.cancel", z.object({ key: z.string() }), function* (tx, { key }) {
  tx.cancel(key)
})
const say = operation("t.say", z.object({ subject: z.string(), text: z.string() }), function* (tx, { subject, text }) {
  tx.emit(Noted, subject, { text })
})
export const operations = { note, later, cancel, say }

export const open = <M extends { readonly [name: string]: Module }>(modules: M, store: StoreDriver = memory()) => {
  const clock = manualClock()
  return { clock, omni: createOmni({ store, modules, clock }) }
}
