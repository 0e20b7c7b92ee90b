import { event, Id, Instant } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as z from "zod"

/** Something that a visitor did before anybody knew who it was, as the page kept it. */
export const Seen = z.object({
  /** The page's own id of it, so that it counts once. */
  message: Id,
  type: z.string().min(1),
  at: Instant,
  properties: z.record(z.string(), z.json()).exactOptional()
})
export type Seen = z.infer<typeof Seen>

/** Somebody asked a shop for an article, and heard where it is. Subject: the sku. */
export const AvailabilityAsked = event(
  "omnishop.AvailabilityAsked",
  z.object({
    sku: Sku,
    requested: z.int(),
    location: LocationId,
    customer: Id.exactOptional(),
    code: z.string(),
    sentence: z.string()
  })
)

/** The story was told to its end. What comes later in the log is not part of it. Subject: the story. */
export const StoryEnded = event("omnishop.StoryEnded", z.object({ story: Id }))
