import type { Check, Commit, CommitResult, Key, KeyStore, LockedStore, Row, ScopedStore, StoreDriver } from "@omni/core"

import { type FaultOptions, type Plan, plan, type Work } from "./plan.ts"

/** A store that fails as told, and says what it did. */
export interface FaultyDriver extends StoreDriver {
  /** Every call so far, in order: what a test counts to walk each of them. */
  readonly calls: Plan["calls"]
  /** What was done to which call. */
  readonly injected: Plan["injected"]
  /** From now on nothing fails. Copies that are under way still land. */
  heal(): void
  /** Resolves when every copy that is under way has landed, or has come to nothing. */
  settled(): Promise<void>
}

/**
 * The same store, seen through a network that fails by seed, or at exactly the calls named by `at`. It never breaks a law of the port:
 * what throws is an unknown outcome, what conflicts has conflicted, and what lands late lands once.
 */
export const faulty = (driver: StoreDriver, options: FaultOptions): FaultyDriver => {
  const faults = plan(options)
  return {
    specVersion: driver.specVersion,
    capabilities: driver.capabilities,
    migrate: () => faults.meet("read", { send: () => driver.migrate() }),
    close: () => driver.close(),
    open: (scope) => faults.meet("read", { send: async () => scoped(await driver.open(scope), faults) }),
    due: (collection, now, limit) => faults.meet("read", { send: () => driver.due(collection, now, limit) }),
    scopes: () => faults.meet("read", { send: () => driver.scopes() }),
    keys: faultyKeys(driver.keys, faults),
    calls: faults.calls,
    injected: faults.injected,
    heal: faults.heal,
    settled: faults.settled
  }
}

const faultyKeys = (keys: KeyStore, faults: Plan): KeyStore => ({
  specVersion: keys.specVersion,
  get: (scope, subjects) => faults.meet("key", { send: () => keys.get(scope, subjects) }),
  create: (scope, subject, key) => faults.meet("key", { send: () => keys.create(scope, subject, key) }),
  destroy: (scope, subject) => faults.meet("key", { send: () => keys.destroy(scope, subject) })
})

const scoped = (store: ScopedStore, faults: Plan): ScopedStore => ({
  read: (keys, queries) => faults.meet("read", { send: () => store.read(keys, queries) }),
  events: (after, limit, types) => faults.meet("read", { send: () => store.events(after, limit, types) }),
  trim: (upto) => faults.meet("read", { send: () => store.trim(upto) }),
  commit: (commit) =>
    faults.meet(
      "commit",
      sending(store, commit, (sent) => store.commit(sent))
    ),
  ...(store.begin === undefined ? {} : { begin: (keys: ReadonlyArray<Key>) => beginning(store, faults, keys) }),
  ...(store.watch === undefined ? {} : { watch: (wake: () => void) => store.watch!(wake) })
})

/** A session whose connection breaks is released, as its store would do. */
const beginning = (store: ScopedStore, faults: Plan, keys: ReadonlyArray<Key>) =>
  faults.meet("read", {
    send: async () => session(store, faults, await store.begin!(keys)),
    abandon: async (lost) => lost?.release()
  })

const session = (
  store: ScopedStore,
  faults: Plan,
  inner: LockedStore & { readonly rows: ReadonlyArray<Row | undefined> }
): typeof inner => ({
  rows: inner.rows,
  read: (keys) => faults.meet("read", { send: () => inner.read(keys) }),
  commit: (commit) =>
    faults.meet("commit", {
      ...sending(store, commit, (sent) => inner.commit(sent)),
      abandon: () => inner.release().catch(() => undefined)
    }),
  release: () => inner.release()
})

const sending = (store: ScopedStore, commit: Commit, send: (commit: Commit) => Promise<CommitResult>): Work<CommitResult> => ({
  send: () => send(commit),
  late: () => store.commit(commit),
  conflict: async () => withoutImpossible(await send({ ...commit, checks: [...commit.checks, impossible] }), store, commit)
})

/** A check that never holds, so that the store itself answers Conflict, and keeps to it. */
const impossible: Check = { key: { collection: "omni.testkit", id: "never written" }, version: "never" as NonNullable<Check["version"]> }

const isImpossible = ({ key }: { readonly key: Key }): boolean =>
  key.collection === impossible.key.collection && key.id === impossible.key.id

/** A conflict brings a row that could have caused it. */
const withoutImpossible = async (result: CommitResult, store: ScopedStore, { checks }: Commit): Promise<CommitResult> => {
  if (result._tag !== "Conflict") return result
  const stale = result.stale.filter((row) => !isImpossible(row))
  if (stale.length > 0 || checks.length === 0) return { _tag: "Conflict", stale }
  const { key } = checks[0]!
  return { _tag: "Conflict", stale: [{ key, row: (await store.read([key])).rows[0] }] }
}
