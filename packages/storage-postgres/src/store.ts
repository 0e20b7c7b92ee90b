import type { Database } from "./database.ts"
import type { Forgetting } from "./forgetting.ts"
import type { Tables } from "./tables.ts"
import type { Watchers } from "./watchers.ts"

/** What the scopes of one driver share. */
export interface Store {
  readonly database: Database
  readonly tables: Tables
  readonly watchers: Watchers
  readonly forgetting: Forgetting
  /** Asks to be told of commits that are not our own from now on. */
  listen(): void
  /** Those that hold a commit lock. */
  readonly sessions: Set<{ release(): Promise<void> }>
}
