import { toInstant } from "@omni/core"

/** Whose clock the story goes by. */
export const ZONE = "Europe/Berlin"

/** A moment of the story: its day and the time of day in Berlin. */
export const moment = (day: string, time: string): number => toInstant(`${day}T${time}`, ZONE)

/** When the shop is filled. */
export const EVE = moment("2026-03-05", "20:00:00")

/** When all is told. */
export const THE_END = moment("2026-03-09", "18:05:00")
