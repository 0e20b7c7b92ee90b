import { Id, type Tx } from "@omni/core"
import * as z from "zod"

import type { Provenance } from "./model.ts"

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
