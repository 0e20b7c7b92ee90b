import * as Data from "effect/Data"

/** The command line does not fit: what was wrong, and what was expected. Exit code 2. */
export class UsageError extends Data.TaggedError("UsageError")<{ readonly message: string }> {}

/** The store can not be used as it is; nothing was changed. */
export class StoreNotReady extends Data.TaggedError("StoreNotReady")<{ readonly message: string }> {}

/** What was asked for runs the app's own code, and there is no app. */
export class AppNeeded extends Data.TaggedError("AppNeeded")<{ readonly message: string }> {}

/** The files in the archive are not those of this log. Nothing was trimmed; use another folder. */
export class ArchiveMismatch extends Data.TaggedError("ArchiveMismatch")<{ readonly message: string; readonly file: string }> {}

/** A file of the archive is not what its manifest says. */
export class ArchiveDamaged extends Data.TaggedError("ArchiveDamaged")<{ readonly message: string; readonly file: string }> {}
