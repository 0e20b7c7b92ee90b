import * as Data from "effect/Data"

/**
 * The schema lacks tables, and this role may not make them. Nothing was changed. Let the schema's owner call `migrate`, or run the SQL
 * of `migrations`.
 */
export class MigrationPending extends Data.TaggedError("MigrationPending")<{
  readonly message: string
  readonly schema: string
  /** What is to be done, in words. */
  readonly pending: ReadonlyArray<string>
}> {}
