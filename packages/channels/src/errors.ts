import * as Data from "effect/Data"

/** No template of this name was given to the module. */
export class TemplateNotFound extends Data.TaggedError("TemplateNotFound")<{
  readonly message: string
  readonly template: string
}> {}

/** There is no such message in the log, or what it said and where it went has been erased. */
export class MessageNotFound extends Data.TaggedError("MessageNotFound")<{
  readonly message: string
  readonly id: string
}> {}
