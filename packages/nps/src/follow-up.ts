import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { FollowUpIsClosed, FollowUpNotFound } from "./errors.ts"
import { type FollowUp, FollowUpAssigned, FollowUpClosed, FollowUpOpened, FollowUpOverdue, FollowUps } from "./model.ts"

const Named = z.object({ followUp: Id })

/** Who takes a follow-up on. */
export const Assign = Named.extend({ owner: Id })

/** How a follow-up ended, in a word that can be counted ("refunded"), and a note about the customer. */
export const Close = Named.extend({ resolution: z.string().min(1).max(200), note: z.string().min(1).max(10_000).exactOptional() })

/** Opens a follow-up, and watches its deadline. Gives its id. */
export const openFollowUp = (
  tx: Tx,
  { invitation, ...opened }: Pick<FollowUp, "survey" | "customer" | "about" | "location" | "invitation" | "score" | "deadline">
): string => {
  const followUp = tx.newId("fup")
  tx.put(FollowUps, followUp, { ...opened, invitation, status: "open", openedAt: tx.now })
  tx.schedule(opened.deadline, followUpDue, { followUp }, { key: timerOf(followUp) })
  tx.emit(FollowUpOpened, opened.customer, { followUp, ...opened })
  return followUp
}

const timerOf = (followUp: string): string => `nps.followUpDue ${followUp}`

/** Somebody takes a follow-up on, or from somebody else. Refuses with `FollowUpNotFound` or `FollowUpIsClosed`. */
export const assign = operation("nps.assign", Assign, function* (tx, { followUp, owner }) {
  const row = yield* unfinished(tx, followUp)
  if (row.owner !== owner) tx.emit(FollowUpAssigned, row.customer, { followUp, owner })
  return tx.put(FollowUps, followUp, { ...row, owner, status: "assigned" })
})

/** Ends a follow-up, and answers it without its note: what a call with a key has answered is kept in the clear. Refuses with `FollowUpNotFound` or `FollowUpIsClosed`. */
export const close = operation("nps.close", Close, function* (tx, { followUp, note, resolution }) {
  const row = yield* unfinished(tx, followUp)
  tx.cancel(timerOf(followUp))
  tx.emit(FollowUpClosed, row.customer, { followUp, resolution })
  const closed: FollowUp = { ...row, status: "closed", closedAt: tx.now, resolution }
  tx.put(FollowUps, followUp, note === undefined ? closed : { ...closed, note })
  return closed
})

/** Runs at the deadline. */
export const followUpDue = operation("nps.followUpDue", Named, function* (tx, { followUp }) {
  const row = tx.get(FollowUps, followUp)
  if (row === undefined || row.status === "closed") return
  const { about, customer, deadline, location, survey } = row
  const asked = { survey, customer, ...(about === undefined ? {} : { about }), ...(location === undefined ? {} : { location }) }
  tx.emit(FollowUpOverdue, customer, { followUp, ...asked, deadline })
})

function* unfinished(tx: Tx, followUp: string): Generator<FollowUpNotFound | FollowUpIsClosed, FollowUp, unknown> {
  const row = tx.get(FollowUps, followUp)
  if (row === undefined) return yield* fail(new FollowUpNotFound({ followUp, message: `There is no follow-up "${followUp}".` }))
  if (row.status === "closed")
    return yield* fail(
      new FollowUpIsClosed({ followUp, message: `The follow-up "${followUp}" is closed; open a new one by a new answer.` })
    )
  return row
}
