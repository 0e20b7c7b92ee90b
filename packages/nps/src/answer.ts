import { fail, Id, operation, type Tx } from "@omni/core"
import * as z from "zod"

import { AlreadyAnswered, InvitationExpired, InvitationNotFound } from "./errors.ts"
import { openFollowUp } from "./follow-up.ts"
import { Answers, Contacts, Invitations, NpsAnswered, NpsReplyNotSent, Score } from "./model.ts"
import { kindOf } from "./score.ts"
import { type AnswerFacts, deadlineOf, type Settings, type Survey } from "./survey.ts"

/** An answer: the token of the invitation, the score, and what the customer wrote. */
export const Answer = z.object({ token: Id, score: Score, comment: z.string().trim().min(1).max(10_000).exactOptional() })

/**
 * Takes an answer, once. Whoever is to be called back gets a follow-up in the same commit, and the survey's reply goes out; one that is
 * refused or cannot be made does not touch the answer, and `NpsReplyNotSent` tells of it. Refuses with `InvitationNotFound`, `AlreadyAnswered` or `InvitationExpired`.
 */
export const answerWith = <M, D>(settings: Settings<M, D>) =>
  operation("nps.answer", Answer, function* (tx, { comment, score, token }) {
    const invitation = tx.get(Invitations, token)
    if (invitation === undefined) return yield* fail(unknown())
    if (invitation.answered) return yield* fail(answered(invitation.id))
    if (tx.now > invitation.expiresAt) return yield* fail(expired(invitation.expiresAt))
    const { answered: _, at: __, expiresAt: ___, id, ...asked } = invitation
    const kind = kindOf(score)
    const said = { ...asked, score, kind, at: tx.now }
    tx.put(Invitations, token, { ...invitation, answered: true })
    tx.put(Contacts, asked.customer, { ...tx.get(Contacts, asked.customer), answeredAt: tx.now })
    tx.put(Answers, id, { ...said, ...(comment === undefined ? {} : { comment }) })
    tx.emit(NpsAnswered, asked.customer, { invitation: id, ...said })
    const survey = settings.surveys.get(asked.survey)
    const deadline = survey === undefined ? undefined : deadlineOf(survey, kind, tx.now)
    const opened = deadline === undefined ? {} : { followUp: openFollowUp(tx, { ...asked, invitation: id, score, deadline }) }
    const failed = survey === undefined ? undefined : reply(tx, settings, survey, { ...asked, score, kind, ...opened })
    if (failed !== undefined) tx.emit(NpsReplyNotSent, asked.customer, { invitation: id, ...asked, reason: failed })
    return { invitation: id, kind, ...opened }
  })

/** Sends the survey's reply, if it has one; gives what went wrong. A row that is being loaded passes: the tx is no use until it is there. */
const reply = <M, D>(tx: Tx, { send }: Settings<M, D>, { replies }: Survey<M>, facts: AnswerFacts): string | undefined => {
  try {
    const message = replies?.[facts.kind]?.(facts)
    if (send === undefined || message === undefined) return undefined
    const told = tx.attempt(send(tx, message))
    return told.ok ? undefined : tagOf(told.error)
  } catch (defect) {
    return tagOf(defect)
  }
}

const tagOf = (error: unknown): string => {
  const { _tag, name } = Object(error) as { readonly _tag?: unknown; readonly name?: unknown }
  return String(_tag ?? name ?? "Error")
}

const unknown = (): InvitationNotFound =>
  new InvitationNotFound({ message: "No invitation has this token. Take it from the link of the message as it stands." })

const answered = (invitation: string): AlreadyAnswered =>
  new AlreadyAnswered({ invitation, message: "This invitation was answered before, and the first answer counts." })

const expired = (expiredAt: number): InvitationExpired =>
  new InvitationExpired({ expiredAt, message: "The time to answer this invitation is over. Invite the customer anew." })
