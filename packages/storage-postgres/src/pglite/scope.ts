import type { Commit, CommitResult } from "@omni/core"

import { PostgresScope } from "../scope.ts"
import type { Store } from "../store.ts"
import { EmbeddedSession } from "./session.ts"
import type { Shared } from "./shared.ts"

/** What the scopes of an embedded store need beside it. */
export interface Embedded {
  readonly store: Store
  readonly shared: Shared
  /** How long (ms) a commit waits for a session of somebody else. */
  readonly patience: number
}

/**
 * One scope of a PGlite. Who holds its commit lock does not hold the session of PGlite, where nobody could read any more: the lock is one
 * of this process, and every commit waits for it.
 */
export class EmbeddedScope extends PostgresScope {
  readonly #embedded: Embedded
  readonly #scope: string

  constructor(embedded: Embedded, scope: string) {
    super(embedded.store, scope, (keys) => EmbeddedSession.open(embedded, scope, this, keys))
    this.#embedded = embedded
    this.#scope = scope
  }

  override async commit(commit: Commit): Promise<CommitResult> {
    const release = await this.#embedded.shared.lock(this.#scope, this.#embedded.patience)
    try {
      return await this.commitHeld(commit)
    } finally {
      release()
    }
  }

  /** For whoever holds the lock. Checks are made as ever: the app's own transactions do not know the lock. */
  commitHeld(commit: Commit): Promise<CommitResult> {
    return super.commit(commit)
  }
}
