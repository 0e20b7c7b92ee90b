import * as Data from "effect/Data"

/** A code of the variant names another one already. Take it from that one first, or choose another code. */
export class CodeTaken extends Data.TaggedError("CodeTaken")<{
  readonly message: string
  readonly code: string
  /** Whose code it is. */
  readonly variant: string
}> {}
