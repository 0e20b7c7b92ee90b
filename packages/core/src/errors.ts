import * as Data from "effect/Data"

/** The input of an operation or query did not fit its schema; nothing was done. `issues` name each path and what was expected there. */
export class InvalidInput extends Data.TaggedError("InvalidInput")<{
  readonly message: string
  readonly operation: string
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}> {}

/** The same idempotency key came with another input. Use a new key for a new intention. */
export class IdempotencyMismatch extends Data.TaggedError("IdempotencyMismatch")<{
  readonly message: string
  readonly operation: string
  readonly key: string
}> {}

/** The operation lost every race for its rows until its deadline; nothing was written. It may be called again. */
export class Contended extends Data.TaggedError("Contended")<{
  readonly message: string
  readonly operation: string
  readonly attempts: number
}> {}

/** The store did not answer until the deadline, so it is not known whether the operation took effect. Call again with the same key. */
export class OutcomeUnknown extends Data.TaggedError("OutcomeUnknown")<{
  readonly message: string
  readonly operation: string
  readonly cause: unknown
}> {}

/** The store could not be read, or refused the write; nothing was written. `final`: it is of no use to ask again. */
export class StoreUnavailable extends Data.TaggedError("StoreUnavailable")<{
  readonly message: string
  readonly cause: unknown
  readonly final?: boolean
}> {
  /** Whether what was thrown will be thrown again, however often one asks. */
  static isFinal(cause: unknown): boolean {
    return cause instanceof StoreUnavailable && cause.final === true
  }
}

/** A stored row fits no version of its collection, or is newer than this release can keep. It was left untouched. */
export class InvalidRow extends Data.TaggedError("InvalidRow")<{
  readonly message: string
  readonly collection: string
  readonly id: string
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}> {}

/** Personal data of somebody whose key was destroyed was written again; nothing was written. */
export class SubjectErased extends Data.TaggedError("SubjectErased")<{ readonly message: string; readonly subject: string }> {}

/** The file or database was written by a newer release than this one. */
export class StoreTooNew extends Data.TaggedError("StoreTooNew")<{
  readonly message: string
  readonly found: number
  readonly supported: number
}> {}

/** The log was trimmed past this cursor: rebuild from the rows, then go on from `oldest`. */
export class PositionExpired extends Data.TaggedError("PositionExpired")<{ readonly message: string; readonly oldest: string }> {}

/**
 * A reactor, a timer, a delivery or the operation after one failed. Nobody called it, so `onError` is told. `cause` is what it threw, `of` the reactor, the
 * timer's operation or the message's topic, as its dead letter's `name` says it; `next` says what becomes of it: it is tried again, is a dead letter, or is
 * held until somebody decides.
 */
export class WorkFailed extends Data.TaggedError("WorkFailed")<{
  readonly message: string
  readonly kind: "event" | "timer" | "message"
  readonly of: string
  readonly tries: number
  readonly next: "retry" | "dead-letter" | "held"
  readonly cause: unknown
}> {}

/** The transport did not take events, or did not say whether it did. Publish the same ones again: none is doubled. */
export class TransportUnavailable extends Data.TaggedError("TransportUnavailable")<{ readonly message: string; readonly cause: unknown }> {}

/** An event is larger than the transport can carry; those before it are published. */
export class EventTooLarge extends Data.TaggedError("EventTooLarge")<{
  readonly message: string
  readonly id: string
  readonly bytes: number
  readonly limit: number
}> {}

/** What was published to a feed does not come from this log (which was restored from a backup, say): nothing more is published to it. */
export class FeedDiverged extends Data.TaggedError("FeedDiverged")<{ readonly message: string; readonly feed: string }> {}

/** A defect: the same operation, run twice on the same rows, did different things. Use only `tx` for time, ids and data. */
export class ImpureOperation extends Data.TaggedError("ImpureOperation")<{ readonly message: string; readonly operation: string }> {}

/** A defect: the operation was written or called in a way the kernel forbids. */
export class InvalidOperation extends Data.TaggedError("InvalidOperation")<{ readonly message: string; readonly operation: string }> {}

/** The client was closed before the call could run; nothing was written. */
export class Closed extends Data.TaggedError("Closed")<{ readonly message: string }> {}

/** What a module or an app was told does not fit, or is an option that there is none of; `issues` name each and what was expected. */
export class InvalidOptions extends Data.TaggedError("InvalidOptions")<{
  readonly message: string
  readonly of: string
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}> {}

/** The app lacks what one of its modules needs: `missing` says who needs what, and how it is added. Nothing was opened. */
export class ModuleMissing extends Data.TaggedError("ModuleMissing")<{
  readonly message: string
  readonly missing: ReadonlyArray<{ readonly neededBy: string; readonly name: string; readonly add: string }>
}> {}

/** What any call may meet beside the errors that its operation declares. */
export type KernelError =
  | InvalidInput
  | IdempotencyMismatch
  | Contended
  | OutcomeUnknown
  | StoreUnavailable
  | InvalidRow
  | SubjectErased
  | Closed
