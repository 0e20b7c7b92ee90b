import type { Commit, CommitResult, Found, IndexQuery, ScopedStore, Snapshot, StoreDriver } from "@omni/core"
import { memory, type MemoryDriver, type MemoryOptions } from "@omni/core/memory"
import type { StoreUnderTest } from "@omni/testkit"

/** What is done to a sound store. Made anew for each store, so that what its closures keep is shared by the store's clients only. */
export interface Wreck {
  readonly options?: MemoryOptions
  readonly scoped?: (inner: Required<ScopedStore>, scope: string) => Partial<ScopedStore>
  readonly driver?: (inner: MemoryDriver) => Partial<StoreDriver>
  /** What is found when the store is opened again. */
  readonly reopen?: (keeper: MemoryDriver) => MemoryDriver
}

/** A store that breaks laws, and which: a piece of each law's name. */
export interface Saboteur {
  readonly does: string
  readonly breaks: ReadonlyArray<string>
  readonly wreck: () => Wreck
}

const wrecked = (inner: MemoryDriver, { scoped, driver }: Wreck): StoreDriver => ({
  ...inner,
  async open(scope) {
    const store = (await inner.open(scope)) as Required<ScopedStore>
    return { ...store, ...scoped?.(store, scope) }
  },
  ...driver?.(inner)
})

export const underTest = (wreck: Wreck) => async (): Promise<StoreUnderTest> => {
  const keeper = memory(wreck.options)
  return {
    driver: wrecked(keeper.shared(), wreck),
    second: async () => wrecked(keeper.shared(), wreck),
    reopen: async () => wrecked(wreck.reopen?.(keeper) ?? keeper.shared(), wreck)
  }
}

export const pause = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

let made = 0
export const another = (): string => `another-${made++}`

/** Changes each commit before it is sent. */
export const sending =
  (change: (commit: Commit, inner: ScopedStore) => Commit | Promise<Commit>): NonNullable<Wreck["scoped"]> =>
  (inner) => ({ commit: async (commit) => inner.commit(await change(commit, inner)) })

/** Changes each answer to a commit. */
export const answering =
  (
    change: (result: CommitResult, commit: Commit, inner: ScopedStore) => CommitResult | Promise<CommitResult>
  ): NonNullable<Wreck["scoped"]> =>
  (inner) => ({ commit: async (commit) => change(await inner.commit(commit), commit, inner) })

type Item = Pick<Found, "id" | "value">

const LAST = "\u{10ffff}".repeat(130)

/** Answers queries from all entries of the index, by the saboteur's own idea of a page. */
export const paging =
  (page: (all: ReadonlyArray<Found>, query: IndexQuery) => Snapshot["pages"][number]): NonNullable<Wreck["scoped"]> =>
  (inner) => ({
    read: async (keys, queries = []) => {
      const whole = queries.map((query) => ({ ...query, from: "", to: LAST, limit: 1e6, after: undefined, order: "asc" as const }))
      const snapshot = await inner.read(keys, whole)
      return { ...snapshot, pages: snapshot.pages.map(({ items }, i) => page(items, queries[i]!)) }
    }
  })

export type Compare = (a: string, b: string) => number

/** An index that is right but for its collation. */
export const collated = (compare: Compare): NonNullable<Wreck["scoped"]> => {
  const byPlace = (a: Item, b: Item) => compare(a.value, b.value) || compare(a.id, b.id)
  return paging((all, { from, to, order, limit, after }) => {
    const inside = all.filter(({ value }) => compare(value, from) >= 0 && compare(value, to) <= 0).toSorted(byPlace)
    const ordered = order === "asc" ? inside : inside.toReversed()
    const rest = ordered.filter((item) => after === undefined || (order === "asc" ? byPlace(item, after) > 0 : byPlace(item, after) < 0))
    return { items: rest.slice(0, limit), more: rest.length > limit }
  })
}
