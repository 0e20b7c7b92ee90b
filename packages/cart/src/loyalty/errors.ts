import * as Data from "effect/Data"

/** The customer collects no points, or no member has this card. */
export class MemberNotFound extends Data.TaggedError("MemberNotFound")<{
  readonly message: string
  readonly customer?: string
  readonly card?: string
}> {}

/** Another member has this card. */
export class CardTaken extends Data.TaggedError("CardTaken")<{ readonly message: string; readonly card: string }> {}

/** There are not so many points that can be spent now. */
export class PointsInsufficient extends Data.TaggedError("PointsInsufficient")<{
  readonly message: string
  readonly customer: string
  readonly requested: number
  readonly available: number
}> {}

/** Other points, or those of another member, were spent under this reference. Use a reference of its own for each. */
export class SpendExists extends Data.TaggedError("SpendExists")<{
  readonly message: string
  readonly reference: string
  readonly customer: string
  readonly points: number
}> {}

/** Nothing was spent under this reference, or less than is to come back. */
export class SpendNotFound extends Data.TaggedError("SpendNotFound")<{
  readonly message: string
  readonly reference: string
  readonly available: number
}> {}

/** There is no such reward, or not in this customer's tier. */
export class RewardNotFound extends Data.TaggedError("RewardNotFound")<{ readonly message: string; readonly reward: string }> {}
