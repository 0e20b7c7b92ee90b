import { Id, operation, type Operation } from "@omni/core"
import * as z from "zod"

import type { Journeying } from "./advance.ts"
import { finishAll, liveEntries } from "./entry.ts"
import type { TakeBack } from "./take-back.ts"

const Exited = z.object({ customer: Id, journey: Id.exactOptional() })

/** The operation `exit`. */
export type ExitOperation = Operation<z.infer<typeof Exited>, z.input<typeof Exited>, { readonly ended: ReadonlyArray<string> }, never>

/**
 * Ends a customer's living entries, of one journey or of all, and gives their ids. Called in the commit of what ends them (a checkout),
 * no step can come in between, not even one that is due at that moment.
 */
export const exiting = ({ identities }: Pick<Journeying, "identities">, takeBack: TakeBack): ExitOperation =>
  operation("journeys.exit", Exited, function* (tx, { customer, journey }) {
    const ended = liveEntries(tx, identities(tx, customer)).filter(({ entry }) => journey === undefined || entry.journey === journey)
    finishAll(
      tx,
      ended.map((living) => ({ ...living, ending: { reason: "exited" } })),
      takeBack
    )
    return { ended: ended.map(({ id }) => id) }
  })
