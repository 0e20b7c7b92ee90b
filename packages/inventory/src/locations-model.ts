import { CivilDate, CivilTime, collection, Coordinates, Id, TimeZone, Weekday } from "@omni/core"
import * as z from "zod"

/** From when to when a location is open; a window that does not end after it starts goes over midnight. */
export const OpeningHours = z.object({ from: CivilTime, to: CivilTime })
export type OpeningHours = z.infer<typeof OpeningHours>

/** How orders are collected at a location. */
export const PickupTerms = z.object({
  timeZone: TimeZone,
  /** A day that is not named is a day on which it is closed. */
  hours: z.partialRecord(Weekday, z.array(OpeningHours).max(5)),
  /** Days on which it is closed whatever the day of the week. */
  closed: z.array(CivilDate).max(366).exactOptional(),
  /** Who orders later than this on the wall gets it on a later day; when it is not named, until it closes. */
  cutOff: CivilTime.exactOptional(),
  /** How long it takes to put an order aside, in milliseconds. */
  preparation: z.int().nonnegative().max(86_400_000).exactOptional()
})
export type PickupTerms = z.infer<typeof PickupTerms>

/** What a location is called, and which pools of stock it belongs to (`Channel.stockPool` names the one that a channel sells from). */
export const Locations = collection("inventory.locations", {
  schema: z.object({
    name: z.string().min(1).max(200),
    pools: z.array(Id).max(100),
    pickup: PickupTerms.exactOptional(),
    coordinates: Coordinates.exactOptional()
  })
})
export type Location = z.infer<typeof Locations.schema>
