import * as Data from "effect/Data"

/** There is no model of this name, no version of it to go back to, or none of this id. */
export class ModelNotFound extends Data.TaggedError("ModelNotFound")<{
  readonly message: string
  readonly model: string
  readonly version?: string
}> {}

/** Another process builds the models; its turn is over at `until` at the latest. */
export class LearningInProgress extends Data.TaggedError("LearningInProgress")<{ readonly message: string; readonly until: number }> {}

/** Whoever writes or activates this version is not the one who builds: the turn was over, and somebody else has it. */
export class NotTheBuilder extends Data.TaggedError("NotTheBuilder")<{ readonly message: string; readonly builder: string }> {}

/** Nothing of this id was shown to this person, or it was too long ago. */
export class ShowingNotFound extends Data.TaggedError("ShowingNotFound")<{ readonly message: string; readonly showing: string }> {}

/** The module has no experiment of this id. */
export class ExperimentNotFound extends Data.TaggedError("ExperimentNotFound")<{ readonly message: string; readonly experiment: string }> {}
