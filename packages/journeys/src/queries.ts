import { fail, Id, paged, query } from "@omni/core"
import * as z from "zod"

import { EntryNotFound } from "./errors.ts"
import { Entries } from "./model.ts"

/** An entry as it stands. Errors: `EntryNotFound`. */
export const entryQuery = query("journeys.entry", z.object({ entry: Id }), function* (view, { entry }) {
  const row = view.get(Entries, entry)
  if (row === undefined) return yield* fail(new EntryNotFound({ entry, message: `There is no entry "${entry}" in any journey.` }))
  return row
})

/** A customer's entries, living and ended, the latest first, in pages of 50 unless told. */
export const entriesOf = query("journeys.entriesOf", z.object({ customer: Id, ...paged }), function* (view, { customer, ...page }) {
  return view.find(Entries, "customer", { equals: [customer], order: "desc", ...page })
})
