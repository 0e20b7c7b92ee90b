import * as Data from "effect/Data"

/** Why an identifier was not taken, at which place of the input; never its value. */
export interface Refused {
  readonly index: number
  readonly type: string
  /** `blocked`: it stands for nobody. `malformed`: no such address. `limit`: it would tie too much together. */
  readonly reason: "blocked" | "malformed" | "limit"
  readonly message: string
}

/** None of the identifiers of a call could be used: each is refused, with its reason. */
export class NoUsableIdentifier extends Data.TaggedError("NoUsableIdentifier")<{
  readonly message: string
  readonly refused: ReadonlyArray<Refused>
}> {}

/** There is no profile with this id, or nothing is left of it after its erasure. */
export class ProfileNotFound extends Data.TaggedError("ProfileNotFound")<{
  readonly message: string
  readonly profile: string
}> {}
