import { Id, type Tx } from "@omni/core"
import * as z from "zod"

import type { ProfileRow, Provenance } from "./model.ts"

/** Where a statement comes from: a source ("web", "import") and the id that the message has there. The actor is the call's. */
export const Said = z.object({ source: Id.exactOptional(), message: Id.exactOptional() })

/** Who said it and when. A time to come counts as now: a clock that runs ahead must not outlast what is said later. */
export const provenanceOf = (
  tx: Tx,
  { at, message, source }: { readonly at?: number; readonly source?: string; readonly message?: string }
): Provenance => ({
  at: Math.min(at ?? tx.now, tx.now),
  ...(source === undefined ? {} : { source }),
  ...(message === undefined ? {} : { message }),
  actor: tx.actor
})

/** The id that a caller had for a profile, where it is not its own: it tells which side a statement belongs to, should a merge be taken back. */
export const knownAs = (row: ProfileRow, id: string): { readonly knownAs?: string } => (row.id === id ? {} : { knownAs: id })
