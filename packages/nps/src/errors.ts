import * as Data from "effect/Data"

/** No survey of this id is among the module's options. */
export class SurveyNotFound extends Data.TaggedError("SurveyNotFound")<{ readonly message: string; readonly survey: string }> {}

/** The customer was invited or has answered too lately, on whatever channel; `until` is when the next invitation may go out. */
export class SurveyBudgetExceeded extends Data.TaggedError("SurveyBudgetExceeded")<{
  readonly message: string
  readonly customer: string
  readonly until: number
}> {}

/** The sender took no invitation for this customer; `decision` is what it said. Nothing was written, and the budget is as it was. */
export class InvitationNotSent extends Data.TaggedError("InvitationNotSent")<{
  readonly message: string
  readonly customer: string
  readonly decision: unknown
}> {}

/** No invitation has this token. */
export class InvitationNotFound extends Data.TaggedError("InvitationNotFound")<{ readonly message: string }> {}

/** The time to answer this invitation is over. */
export class InvitationExpired extends Data.TaggedError("InvitationExpired")<{
  readonly message: string
  readonly expiredAt: number
}> {}

/** This invitation was answered before; the first answer counts. */
export class AlreadyAnswered extends Data.TaggedError("AlreadyAnswered")<{ readonly message: string; readonly invitation: string }> {}

/** There is no follow-up of this id. */
export class FollowUpNotFound extends Data.TaggedError("FollowUpNotFound")<{ readonly message: string; readonly followUp: string }> {}

/** The follow-up is closed, and stays so. */
export class FollowUpIsClosed extends Data.TaggedError("FollowUpIsClosed")<{ readonly message: string; readonly followUp: string }> {}

/** A statistic of no answers at all: it has no value, and zero would be wrong. */
export class EmptySample extends Data.TaggedError("EmptySample")<{ readonly message: string }> {}

/** A number that a formula can not take. */
export class InvalidStatistic extends Data.TaggedError("InvalidStatistic")<{ readonly message: string }> {}
