import type { Commit, CommitResult, IndexQuery, Key, LockedStore, Position, Row, ScopedStore } from "../ports/store.ts"
import { type Limits, problemOf } from "../store/limits.ts"
import type { ScopeData } from "./scope.ts"

type Session = LockedStore & { readonly rows: ReadonlyArray<Row | undefined> }

/** What is open at one client and ends with it. */
export interface Client {
  readonly limits: Limits
  closed: boolean
  readonly sessions: Set<LockedStore>
  readonly watches: Set<AsyncDisposable>
}

const open = (client: Client): void => {
  if (client.closed) throw new Error("This memory store was closed.")
}

/** One client's view of a scope. */
export const scopedStore = (data: ScopeData, client: Client): Required<ScopedStore> => ({
  async read(keys, queries: ReadonlyArray<IndexQuery> = []) {
    open(client)
    return data.snapshot(keys, queries)
  },
  async commit(commit) {
    open(client)
    await data.lock.acquire()
    try {
      return data.commit(commit, problemOf(commit, client.limits))
    } finally {
      data.lock.release()
    }
  },
  async events(after: Position, limit, types) {
    open(client)
    return data.events(after, limit, types)
  },
  async trim(upto) {
    open(client)
    data.trim(upto)
  },
  async begin(keys) {
    open(client)
    await data.lock.acquire()
    if (client.closed) data.lock.release()
    open(client)
    return session(data, client, keys)
  },
  async watch(wake) {
    open(client)
    // A wake of its own for each call, so that the same function can watch twice.
    const own = () => wake()
    data.watchers.add(own)
    const watch: AsyncDisposable = {
      async [Symbol.asyncDispose]() {
        data.watchers.delete(own)
        client.watches.delete(watch)
      }
    }
    client.watches.add(watch)
    return watch
  }
})

const session = (data: ScopeData, client: Client, keys: ReadonlyArray<Key>): Session => {
  let ended = false
  const live = () => {
    if (ended) throw new Error("This session has ended: it held the commit lock until its commit or release.")
  }
  const end = () => {
    ended = true
    client.sessions.delete(self)
    data.lock.release()
  }
  const self: Session = {
    rows: keys.map((key) => data.row(key)),
    async read(more) {
      live()
      return more.map((key) => data.row(key))
    },
    async commit(commit: Commit): Promise<CommitResult> {
      live()
      try {
        return data.commit(commit, problemOf(commit, client.limits))
      } finally {
        end()
      }
    },
    async release() {
      if (!ended) end()
    }
  }
  client.sessions.add(self)
  return self
}
