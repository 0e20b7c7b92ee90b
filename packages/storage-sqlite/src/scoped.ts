import type { Commit, CommitResult, EventPage, IndexQuery, Key, LockedStore, Position, Row, ScopedStore, Snapshot } from "@omni/core"

import type { StoreFile } from "./file.ts"
import { readEvents } from "./log.ts"
import { cursorOf, toPosition } from "./position.ts"
import { logEnds, readPages, readRows } from "./reading.ts"
import { Session } from "./session.ts"
import { trim } from "./trim.ts"

/** The rows, log and due work of one scope of a file. */
export class SqliteScope implements Required<ScopedStore> {
  readonly #scope: string
  readonly #use: () => StoreFile

  /** `use` answers the open file, or throws once it is closed. */
  constructor(scope: string, use: () => StoreFile) {
    this.#scope = scope
    this.#use = use
  }

  async read(keys: ReadonlyArray<Key>, queries: ReadonlyArray<IndexQuery> = []): Promise<Snapshot> {
    return this.#use().reading(this.#scope, async (source) => {
      const position = toPosition(logEnds(source)[0])
      const rows = await readRows(source, keys)
      return { position, rows, pages: await readPages(source, queries) }
    })
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const file = this.#use()
    return (await file.answerOf(this.#scope, commit)) ?? file.writing(() => file.commit(this.#scope, commit))
  }

  async events(after: Position, limit: number, types?: ReadonlyArray<string>): Promise<EventPage> {
    return this.#use().reading(this.#scope, (source) => readEvents(source, after, limit, types))
  }

  async trim(upto: Position): Promise<void> {
    await trim(this.#use(), this.#scope, cursorOf(upto))
  }

  async begin(keys: ReadonlyArray<Key>): Promise<LockedStore & { readonly rows: ReadonlyArray<Row | undefined> }> {
    return Session.open(this.#use(), this.#scope, keys)
  }

  async watch(wake: () => void): Promise<AsyncDisposable> {
    return this.#use().watchers.add(this.#scope, wake)
  }
}
