import type { Commit, CommitResult, EventPage, IndexQuery, Key, LockedStore, Position, Row, ScopedStore, Snapshot } from "@omni/core"

import { answerOf, land } from "./commit.ts"
import { readEvents, trim } from "./log.ts"
import { cursorOf } from "./position.ts"
import { answered, snapshotOf } from "./reading.ts"
import type { Store } from "./store.ts"

type Begin = Required<ScopedStore>["begin"]

/** The rows, log and due work of one scope. */
export class PostgresScope implements Required<ScopedStore> {
  readonly #store: Store
  readonly #scope: string
  readonly #begin: Begin

  /** `begin` takes the commit lock of the scope, in the way of its database. */
  constructor(store: Store, scope: string, begin: Begin) {
    this.#store = store
    this.#scope = scope
    this.#begin = begin
  }

  async read(keys: ReadonlyArray<Key>, queries: ReadonlyArray<IndexQuery> = []): Promise<Snapshot> {
    const { tables, database } = this.#store
    return answered(
      tables,
      () => snapshotOf(tables, this.#scope, keys, queries),
      (statements) => database.read(statements)
    )
  }

  async commit(commit: Commit): Promise<CommitResult> {
    const { database } = this.#store
    const answer = await answerOf(this.#store, this.#scope, commit, (statements) => database.read(statements))
    return answer ?? land(this.#store, this.#scope, commit, (statements) => database.write(statements))
  }

  async events(after: Position, limit: number, types?: ReadonlyArray<string>): Promise<EventPage> {
    return readEvents(this.#store, this.#scope, after, limit, types)
  }

  async trim(upto: Position): Promise<void> {
    await trim(this.#store, this.#scope, cursorOf(upto))
  }

  async begin(keys: ReadonlyArray<Key>): Promise<LockedStore & { readonly rows: ReadonlyArray<Row | undefined> }> {
    return this.#begin(keys)
  }

  async watch(wake: () => void): Promise<AsyncDisposable> {
    this.#store.listen()
    return this.#store.watchers.add(this.#scope, wake)
  }
}
