import type { Commit, CommitResult, Due, EventWrite, Key, Position, Row, ScopedStore, StoreDriver, Write } from "@omni/core"

import { eventually, holds, show } from "../assert.ts"
import { LawBroken } from "../assert.ts"

/** An empty store under test, and the ways to come back to its data. */
export interface StoreUnderTest {
  readonly driver: StoreDriver
  /** Closes nothing: the law has closed every client before. Opens the same data again. */
  readonly reopen?: () => Promise<StoreDriver>
  /** Another client of the same data, as another process would have; closed by the law. */
  readonly second?: () => Promise<StoreDriver>
  /** Removes what `make` made; every client is closed by then. */
  readonly dispose?: () => Promise<void>
}

/** What a law is given. */
export interface Bench {
  readonly driver: StoreDriver
  /** Another client if there is one, else the same. */
  readonly other: StoreDriver
  readonly hasOther: boolean
  /** Closes all clients and opens the data again. Only for laws that need `reopen`. */
  reopen(): Promise<StoreDriver>
  /** The name of a scope that nobody has used. */
  scope(): string
  /** A new scope, seen by both clients. */
  both(): Promise<readonly [ScopedStore, ScopedStore]>
  /** Parameters for fast-check: `runs` times the scale, with the seed. */
  runs(runs: number): { readonly numRuns: number; readonly seed?: number }
  /** A size times the scale. */
  scaled(size: number): number
  /** Rejects when what must come soon does not. */
  soon<A>(work: Promise<A>, what: string): Promise<A>
  /** Checks what `find` says: at once where it reads the snapshot, soon where it lags. */
  found(check: () => Promise<void>, driver?: StoreDriver): Promise<void>
}

export interface StoreLaw {
  readonly name: string
  /** Why the law does not apply to a store, if so. */
  readonly needs: ((store: StoreUnderTest) => string | undefined) | undefined
  readonly run: (bench: Bench) => Promise<void>
}

export const law = (name: string, run: StoreLaw["run"], needs?: StoreLaw["needs"]): StoreLaw => ({ name, needs, run })

let made = 0
/** Different in each process, so that stores that outlive it can be used again. */
const process = Math.random().toString(36).slice(2, 8)
export const fresh = (prefix: string): string => `${prefix}-${process}-${(made++).toString(36)}`

export const findsLate = (driver: StoreDriver): boolean => driver.capabilities.findConsistency === "eventual"

export const foundBy = (driver: StoreDriver, patience: number, check: () => Promise<void>): Promise<void> =>
  findsLate(driver) ? eventually(patience, check) : check()

export const COLLECTION = "things"

export const key = (id: string, collection = COLLECTION): Key => ({ collection, id })

/** A row to be written: any JSON value, with its entries as `[index, value]`. */
export const put = (
  id: string,
  value: unknown,
  more: {
    readonly collection?: string
    readonly schema?: number
    readonly add?: ReadonlyArray<readonly [string, string]>
    readonly drop?: ReadonlyArray<readonly [string, string]>
    readonly due?: number
  } = {}
): Write => ({
  key: key(id, more.collection),
  row: { schema: more.schema ?? 1, value: JSON.stringify(value) },
  add: (more.add ?? []).map(([index, entry]) => ({ index, value: entry })),
  drop: (more.drop ?? []).map(([index, entry]) => ({ index, value: entry })),
  due: more.due
})

export const remove = (id: string, drop: ReadonlyArray<readonly [string, string]> = [], collection = COLLECTION): Write => ({
  ...put(id, null, { drop, collection }),
  row: undefined
})

export const event = (subject: string, data: unknown, type = "Happened"): EventWrite => ({
  type,
  subject,
  time: 1_000,
  body: JSON.stringify({ type, subject, data })
})

export const change = (parts: Partial<Commit>): Commit => ({
  id: fresh("cmt"),
  time: 1_000,
  retry: false,
  checks: [],
  writes: [],
  events: [],
  ...parts
})

export const isCommitted = (result: CommitResult): result is CommitResult & { readonly _tag: "Committed" } => result._tag === "Committed"

export const committed = (result: CommitResult, what: string): Position => {
  if (!isCommitted(result)) throw new LawBroken(`${what}: expected Committed, found ${show(result)}`)
  return result.position
}

/** Commits what nothing stands against. */
export const land = async (store: Pick<ScopedStore, "commit">, parts: Partial<Commit>): Promise<Position> =>
  committed(await store.commit(change(parts)), "a commit that nothing stands against")

/** Commits any number of writes, few at a time, so that no store's limits matter. */
export const landAll = async (store: Pick<ScopedStore, "commit">, writes: ReadonlyArray<Write>): Promise<void> => {
  for (let i = 0; i < writes.length; i += 10) await land(store, { writes: writes.slice(i, i + 10) })
}

export const rowOf = async (store: ScopedStore, id: string, collection = COLLECTION): Promise<Row | undefined> =>
  (await store.read([key(id, collection)])).rows[0]

export const valueOf = (row: Row | undefined): unknown => (row === undefined ? undefined : JSON.parse(row.value))

/** Every event after a position, read in pages. */
export const eventsOf = async (
  store: ScopedStore,
  after: Position,
  limit = 1000
): Promise<ReadonlyArray<{ readonly position: Position; readonly body: string }>> => {
  const all: Array<{ readonly position: Position; readonly body: string }> = []
  for (let at = after; ;) {
    const page = await store.events(at, limit)
    holds(page._tag === "Events", `events after ${show(at)}: expected a page, found ${show(page)}`)
    all.push(...page.events)
    if (page.events.length < limit) return all
    at = page.upto
  }
}

export const dueIn = async (driver: StoreDriver, scope: string, now = Infinity): Promise<ReadonlyArray<Due>> =>
  (await driver.due(COLLECTION, now, 100_000)).filter((due) => due.scope === scope)

export const times = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, i) => i)

/** Runs `work` for 0…count-1, at most `width` at once. */
export const spread = async (count: number, width: number, work: (i: number) => Promise<void>): Promise<void> => {
  let next = 0
  const worker = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(times(Math.min(width, count)).map(worker))
}
