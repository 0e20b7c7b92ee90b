import { type Actor, toInstant } from "@omni/core"

import type { Omnishop } from "../app.ts"
import type { StoryClock } from "../clock.ts"

/** Whose clock the story goes by. */
export const ZONE = "Europe/Berlin"

/** A moment of the story: its day and the time of day in Berlin. */
export const moment = (day: string, time: string): number => toInstant(`${day}T${time}`, ZONE)

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
