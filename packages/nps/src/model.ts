import { collection, event } from "@omni/core"
import * as z from "zod"

/** What a score makes of a customer: 9 and 10 promoter, 7 and 8 passive, 0 to 6 detractor. */
export const Kind = z.enum(["promoter", "passive", "detractor"])
export type Kind = z.infer<typeof Kind>

/** A score: a whole number from 0 to 10. */
export const Score = z.int().min(0).max(10)

/** What was asked of whom: the survey, the customer, what it is about (an order's id), and the location that answers for it. */
const Asked = {
  survey: z.string(),
  customer: z.string(),
  about: z.string().exactOptional(),
  location: z.string().exactOptional()
}

/** Invitations by their token. `id` names one where its token must not be told. */
export const Invitations = collection("nps.invitations", {
  schema: z.object({ id: z.string(), ...Asked, at: z.number(), expiresAt: z.number(), answered: z.boolean() }),
  indexes: { customer: ["customer", "at"] }
})

/** Answers by the id of their invitation; what the customer wrote is sealed with the customer's key. */
export const Answers = collection("nps.answers", {
  schema: z.object({ ...Asked, score: Score, kind: Kind, at: z.number(), comment: z.string().exactOptional() }),
  personal: { subject: (row) => row.customer, fields: ["comment"] },
  indexes: { survey: ["survey", "at"], location: ["survey", "location", "at"] }
})

/** When a customer was last invited and last answered, over all surveys and channels: the row that the fatigue budget is kept by. */
export const Contacts = collection("nps.contacts", {
  schema: z.object({ invitedAt: z.number().exactOptional(), answeredAt: z.number().exactOptional() })
})

/** How many answers of each score from 0 to 10 a survey had on a day, at one location or (without one) at all. */
export const Tallies = collection("nps.tallies", {
  schema: z.object({ scores: z.array(z.number()).length(11).readonly() })
})

/** Where a follow-up stands. */
export const FollowUpStatus = z.enum(["open", "assigned", "closed"])
export type FollowUpStatus = z.infer<typeof FollowUpStatus>

/** A customer to be called back. `location` answers for it until `owner` does; `deadline` is when it has to be closed. */
export const FollowUp = z.object({
  ...Asked,
  invitation: z.string(),
  score: Score,
  status: FollowUpStatus,
  owner: z.string().exactOptional(),
  openedAt: z.number(),
  deadline: z.number(),
  closedAt: z.number().exactOptional(),
  resolution: z.string().exactOptional(),
  note: z.string().exactOptional()
})
export type FollowUp = z.infer<typeof FollowUp>

/** Follow-ups by id; a note about the customer is sealed with the customer's key. */
export const FollowUps = collection("nps.follow-ups", {
  schema: FollowUp,
  personal: { subject: (row) => row.customer, fields: ["note"] },
  indexes: { status: ["status", "deadline"], location: ["location", "status", "deadline"] }
})

/** A customer was asked. */
export const NpsInvited = event("nps.NpsInvited", z.object({ invitation: z.string(), ...Asked, expiresAt: z.number() }))

/** An invitation that was to go out later did not; `reason` is the tag of the error. */
export const NpsInvitationSkipped = event("nps.NpsInvitationSkipped", z.object({ ...Asked, reason: z.string(), message: z.string() }))

/** A customer answered. */
export const NpsAnswered = event(
  "nps.NpsAnswered",
  z.object({ invitation: z.string(), ...Asked, score: Score, kind: Kind, at: z.number() })
)

/** The message after an answer did not go out; `reason` is the tag or name of the error. The answer stands. */
export const NpsReplyNotSent = event("nps.NpsReplyNotSent", z.object({ invitation: z.string(), ...Asked, reason: z.string() }))

/** Somebody has to call a customer back before `deadline`. */
export const FollowUpOpened = event("nps.FollowUpOpened", z.object({ followUp: z.string(), ...Asked, score: Score, deadline: z.number() }))

/** Somebody took a follow-up on. */
export const FollowUpAssigned = event("nps.FollowUpAssigned", z.object({ followUp: z.string(), owner: z.string() }))

/** A follow-up is done, and how. */
export const FollowUpClosed = event("nps.FollowUpClosed", z.object({ followUp: z.string(), resolution: z.string() }))

/** The deadline of a follow-up came before its end. */
export const FollowUpOverdue = event("nps.FollowUpOverdue", z.object({ followUp: z.string(), ...Asked, deadline: z.number() }))
