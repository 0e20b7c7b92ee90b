import type { Actor } from "@omni/core"

import type { Omnishop } from "../app.ts"
import type { StoryClock } from "../clock.ts"

/** What a chapter is told with. */
export interface Teller {
  readonly omni: Omnishop
  /** The same shop on behalf of somebody on a channel. */
  as(actor: Actor): Omnishop
  /** Lets it be this moment, and everything happen that is due by then. */
  at(instant: number): Promise<void>
}

/** Tells a story over a shop whose clock is `clock`. */
export const tellerOf = (omni: Omnishop, clock: StoryClock): Teller => ({
  omni,
  as: (actor) => omni.as(actor),
  at: async (instant) => {
    await omni.drain()
    clock.set(instant)
    await omni.drain()
  }
})
