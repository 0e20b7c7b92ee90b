import { handedIn, module } from "@omni/core"

import { answerWith } from "./answer.ts"
import { assign, close, followUpDue } from "./follow-up.ts"
import { invitingWith } from "./invite.ts"
import {
  Answers,
  Contacts,
  FollowUpAssigned,
  FollowUpClosed,
  FollowUpOpened,
  FollowUpOverdue,
  FollowUps,
  Invitations,
  NpsAnswered,
  NpsInvitationSkipped,
  NpsInvited,
  NpsReplyNotSent,
  Tallies
} from "./model.ts"
import { answers, followUps } from "./queries.ts"
import { type NpsOptions, settingsOf } from "./survey.ts"
import { counting, scoreWith } from "./tallies.ts"

/** Surveys: who is asked when, what they answered, what it adds up to, and who calls the unhappy ones back. */
export const nps = <M, D = unknown>(options: NpsOptions<M, D>) => {
  const settings = settingsOf(options)
  const { invite, inviteLater, inviteWhenDue } = invitingWith(settings)
  return module("nps", {
    collections: [Invitations, Answers, Contacts, Tallies, FollowUps],
    events: [
      NpsInvited,
      NpsInvitationSkipped,
      NpsAnswered,
      NpsReplyNotSent,
      FollowUpOpened,
      FollowUpAssigned,
      FollowUpClosed,
      FollowUpOverdue
    ],
    operations: { invite, inviteLater, answer: answerWith(settings), assign, close },
    queries: { score: scoreWith(settings), followUps, answers },
    internal: [inviteWhenDue, followUpDue],
    reactors: [counting(settings)],
    needs: handedIn(options.send)
  })
}
