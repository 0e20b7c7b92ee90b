export { Answer, answerWith } from "./answer.ts"
export { type Comparison, compareScores, type Estimate, postStratified, weightedScore } from "./compare.ts"
export {
  AlreadyAnswered,
  EmptySample,
  FollowUpIsClosed,
  InvalidStatistic,
  InvitationExpired,
  InvitationNotSent,
  SurveyBudgetExceeded,
  FollowUpNotFound,
  InvitationNotFound,
  SurveyNotFound
} from "./errors.ts"
export { Assign, assign, Close, close } from "./follow-up.ts"
export { adjusted, type Interval, type IntervalOptions, intervalOf, sampleSize, waldInterval } from "./interval.ts"
export { Invite, InviteLater, invitingWith } from "./invite.ts"
export {
  Answers,
  Contacts,
  FollowUp,
  FollowUpAssigned,
  FollowUpClosed,
  FollowUpOpened,
  FollowUpOverdue,
  FollowUps,
  FollowUpStatus,
  Invitations,
  Kind,
  NpsAnswered,
  NpsInvitationSkipped,
  NpsInvited,
  NpsReplyNotSent,
  Score,
  Tallies
} from "./model.ts"
export { nps } from "./module.ts"
export { normalBelow, zOf } from "./normal.ts"
export { answers, followUps } from "./queries.ts"
export { type Counts, isScore, kindOf, npsOf, sizeOf, standardErrorOf, tally, varianceOf } from "./score.ts"
export {
  type AnswerFacts,
  defineSurvey,
  type InvitationFacts,
  type NpsOptions,
  type Send,
  type Settings,
  settingsOf,
  type Survey
} from "./survey.ts"
export { type Figure, ScoreOf, scoreWith } from "./tallies.ts"
