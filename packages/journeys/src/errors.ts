import * as Data from "effect/Data"

/** There is no such entry. */
export class EntryNotFound extends Data.TaggedError("EntryNotFound")<{
  readonly message: string
  readonly entry: string
}> {}
