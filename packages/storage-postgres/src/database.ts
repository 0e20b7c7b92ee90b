import type { Rows, Session, Statement } from "./statement.ts"

/** The way to one database. Whatever fails comes back as an error of this driver, and leaves nothing open. */
export interface Database {
  /** One snapshot. */
  read(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>>
  /** One transaction. Each statement sees what was committed when it began. */
  write(statements: ReadonlyArray<Statement>): Promise<ReadonlyArray<Rows>>
  /** One transaction in several steps, which lands when `work` resolves. */
  transaction<A>(work: (session: Session) => Promise<A>): Promise<A>
  close(): Promise<void>
}

/**
 * Our statements know which way is right: from the keys given, by an index. The planner, with tables that grow faster than their
 * statistics, at times does not. One plan is made for each statement and kept.
 */
const PINS = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"].map((name) => `set_config('${name}', 'off', true)`).join(", ")

/** What a transaction of ours begins with, as the columns of a `select`. */
export const PINNED = `set_config('plan_cache_mode', 'force_generic_plan', true), ${PINS}`
