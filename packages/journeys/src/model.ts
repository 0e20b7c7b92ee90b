import { collection, event, Id, Instant, type Json } from "@omni/core"
import * as z from "zod"

const JsonValue: z.ZodType<Json, Json> = z.json()

/** Why an entry ended: its last step was done, an event or a call ended it, a check did not hold, it began anew, or it could not go on. */
export const EndReason = z.enum(["completed", "exited", "condition", "restarted", "failed", "removed", "merged", "erased"])
export type EndReason = z.infer<typeof EndReason>

/** The event that started an entry; its data is sealed with the customer's key. */
const Trigger = { type: z.string(), subject: z.string(), time: Instant }

/** A message that a step has sent. */
const SentBy = z.object({ step: z.int().min(0), message: Id, status: z.string() })

/** A customer's way through a journey. `step` is the one it stands before; an ended entry stands where it ended. */
export const Entries = collection("journeys.entries", {
  schema: z.object({
    customer: Id,
    journey: Id,
    key: z.string(),
    status: z.enum(["live", "ended"]),
    step: z.int().min(0),
    enteredAt: Instant,
    /** When the step is due. */
    due: Instant.exactOptional(),
    endedAt: Instant.exactOptional(),
    reason: EndReason.exactOptional(),
    error: z.string().exactOptional(),
    sent: z.array(SentBy).readonly(),
    trigger: z.object(Trigger),
    data: JsonValue.exactOptional()
  }),
  personal: { subject: (row) => row.customer, fields: ["data", "error"] },
  indexes: { customer: ["customer", "enteredAt"] }
})
export type Entry = z.infer<typeof Entries.schema>

/** The last entry for (journey, customer, key): what makes a living one the only one, and knows when the next may be. */
export const Slots = collection("journeys.slots", { schema: z.object({ entry: Id, live: z.boolean(), enteredAt: Instant }) })

/** The living entries of a customer. */
export const Travellers = collection("journeys.travellers", { schema: z.object({ live: z.array(Id).readonly() }) })

const facts = { entry: Id, journey: Id, customer: Id, key: z.string() }

/** A customer has entered a journey. Subject of this and the next three: the customer. */
export const JourneyEntered = event("journeys.JourneyEntered", z.object(facts))

/** A step of an entry has come due. It is done once everything that happened before this event is known. */
export const StepDue = event("journeys.StepDue", z.object({ entry: Id, step: z.int().min(0), customer: Id }))

/** An entry has done a step; `message` is what it sent. */
export const JourneyStepped = event(
  "journeys.JourneyStepped",
  z.object({ ...facts, step: z.int().min(0), message: Id.exactOptional(), status: z.string().exactOptional() })
)

/** An entry has ended; `by` names the event that ended it. */
export const JourneyEnded = event(
  "journeys.JourneyEnded",
  z.object({ ...facts, step: z.int().min(0), reason: EndReason, by: z.string().exactOptional() })
)

/** What makes a living entry the only one. */
export const slotId = (journey: string, customer: string, key: string): string => JSON.stringify([journey, customer, key])
