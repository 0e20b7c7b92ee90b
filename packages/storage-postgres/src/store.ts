import type { Database } from "./connections.ts"
import type { Forgetting } from "./forgetting.ts"
import type { Settings } from "./options.ts"
import type { Tables } from "./tables.ts"
import type { Watchers } from "./watchers.ts"

/** What the scopes of one driver share. */
export interface Store {
  readonly settings: Settings
  readonly database: Database
  readonly tables: Tables
  readonly watchers: Watchers
  readonly forgetting: Forgetting
  /** Asks to be told of the commits of other processes from now on. */
  listen(): void
  /** Those that hold a commit lock. */
  readonly sessions: Set<{ release(): Promise<void> }>
}
