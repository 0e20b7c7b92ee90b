import type { Commit, CommitResult, IndexQuery, Position, ScopedStore, StoreDriver } from "@omni/core"
import { START } from "@omni/core"
import { memory } from "@omni/core/memory"
import fc from "fast-check"

import { same, show } from "../assert.ts"
import { type Bench, change, COLLECTION, dueIn, event, eventsOf, findsLate, key, law, put, times } from "./bench.ts"

const ids = ["a", "b", "c"]

type Seen = "as it is" | "absent" | "as it was"

/** One step of a history. Positions are the store's own, so steps name rows and earlier steps, never positions. */
type Step =
  | {
      readonly kind: "commit"
      readonly checks: ReadonlyArray<{ readonly id: string; readonly seen: Seen }>
      readonly writes: ReadonlyArray<{
        readonly id: string
        readonly entry: string | undefined
        readonly due: number | undefined
        readonly gone: boolean
      }>
      readonly events: number
      readonly retry: boolean
    }
  | { readonly kind: "copy"; /** 0 is the latest. */ readonly of: number; readonly retry: boolean }
  | { readonly kind: "trim"; readonly to: number }

const id = fc.constantFrom(...ids)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record<Step & { readonly kind: "commit" }>({
      kind: fc.constant("commit" as const),
      checks: fc.uniqueArray(fc.record({ id, seen: fc.constantFrom<Seen>("as it is", "as it is", "as it is", "absent", "as it was") }), {
        selector: (check) => check.id
      }),
      writes: fc.uniqueArray(
        fc.record({
          id,
          entry: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
          due: fc.option(fc.nat(9), { nil: undefined }),
          gone: fc.boolean()
        }),
        { selector: (write) => write.id }
      ),
      events: fc.nat(3),
      retry: fc.boolean()
    })
  },
  {
    weight: 3,
    arbitrary: fc.record<Step & { readonly kind: "copy" }>({ kind: fc.constant("copy" as const), of: fc.nat(5), retry: fc.boolean() })
  },
  { weight: 1, arbitrary: fc.record<Step & { readonly kind: "trim" }>({ kind: fc.constant("trim" as const), to: fc.nat(10) }) }
)

const commit = (parts: Partial<Step & { readonly kind: "commit" }>): Step => ({
  kind: "commit",
  checks: [],
  writes: [],
  events: 1,
  retry: false,
  ...parts
})

/** A retry that finds a row in its way, and a copy of it once that row is gone: too rare to wait for. */
const late = fc.tuple(id, fc.boolean()).map(([at, retry]): ReadonlyArray<Step> => {
  const write = { id: at, entry: "x", due: undefined, gone: false }
  return [
    commit({ writes: [write] }),
    commit({ checks: [{ id: at, seen: "absent" }], writes: [write], retry: true }),
    commit({ writes: [{ ...write, gone: true }] }),
    { kind: "copy", of: 1, retry }
  ]
})

const history = fc
  .array(fc.oneof({ weight: 12, arbitrary: step.map((one) => [one]) }, { weight: 1, arbitrary: late }), { minLength: 1, maxLength: 40 })
  .map((parts) => parts.flat())

interface Side {
  readonly driver: StoreDriver
  readonly store: ScopedStore
  readonly scope: string
  readonly commits: Array<Commit>
  /** The answers' positions in the order they were first told, so that two stores can be compared by their ranks. */
  readonly told: Array<Position>
  /** Commits whose copies a store may answer one way or the other. */
  readonly unsaid: Set<string>
  readonly was: Map<string, Position | undefined>
}

const everywhere: IndexQuery = { collection: COLLECTION, index: "by", from: "", to: "z", order: "asc", limit: 100, after: undefined }

/** Positions by name: the how manieth commit the side was told of, or `-` for none. */
const rank = (side: Side, position: Position | undefined): string => {
  if (position === undefined) return "-"
  if (!side.told.includes(position)) side.told.push(position)
  return `#${side.told.indexOf(position)}`
}

const entriesOf = async (side: Side, of: string): Promise<ReadonlyArray<string>> =>
  (await side.driver.open(side.scope).then((store) => store.read([], [everywhere]))).pages[0]!.items.filter((item) => item.id === of).map(
    ({ value }) => value
  )

const resolve = async (side: Side, parts: Step & { readonly kind: "commit" }, at: number): Promise<Commit> => {
  const { rows } = await side.store.read(ids.map((name) => key(name)))
  const now = (name: string) => rows[ids.indexOf(name)]?.version
  const version = (name: string, seen: Seen) => (seen === "absent" ? undefined : seen === "as it is" ? now(name) : side.was.get(name))
  const checks = parts.checks.map(({ id: name, seen }) => ({ key: key(name), version: version(name, seen) }))
  const writes = await Promise.all(
    parts.writes.map(async ({ id: name, entry, due, gone }) => {
      const old = await entriesOf(side, name)
      const wanted = gone || entry === undefined ? [] : [entry]
      const write = put(name, at, {
        add: wanted.filter((value) => !old.includes(value)).map((value) => ["by", value]),
        drop: old.filter((value) => !wanted.includes(value)).map((value) => ["by", value]),
        ...(due === undefined || gone ? {} : { due })
      })
      return gone ? { ...write, row: undefined } : write
    })
  )
  for (const [i, name] of ids.entries()) side.was.set(name, rows[i]?.version)
  const events = times(parts.events).map((n) => event(`s${n}`, at))
  return change({ id: `${side.scope}/${at}`, time: at, retry: parts.retry, checks, writes, events })
}

/** The events that are left. */
const logOf = async ({ store }: Side) => {
  const page = await store.events(START, 1000)
  return eventsOf(store, page._tag === "Events" ? START : page.oldest)
}

const answered = (side: Side, result: CommitResult): unknown => {
  if (result._tag === "Committed") return rank(side, result.position)
  return result._tag
}

const apply = async (side: Side, taken: Step, at: number): Promise<unknown> => {
  if (taken.kind === "trim") return side.store.trim((await logOf(side))[taken.to]?.position ?? START)
  const again = taken.kind === "copy" ? side.commits.at(-1 - taken.of) : undefined
  if (taken.kind === "copy" && (again === undefined || side.unsaid.has(again.id))) return undefined
  const commit = taken.kind === "copy" ? { ...again!, retry: taken.retry } : await resolve(side, taken, at)
  if (taken.kind === "commit") side.commits.push(commit)
  const result = await side.store.commit(commit)
  const bare = commit.writes.length + commit.events.length === 0
  if (bare || (result._tag === "Conflict" && !commit.retry && taken.kind === "commit")) side.unsaid.add(commit.id)
  return bare ? result._tag : answered(side, result)
}

/** All that a store shows, with its positions by rank. */
const view = async (side: Side): Promise<unknown> => {
  const { rows, pages } = await side.store.read(
    ids.map((name) => key(name)),
    [everywhere, { ...everywhere, index: "", order: "desc" }]
  )
  const due = (await dueIn(side.driver, side.scope)).map((row) => ({ ...row, scope: "" }))
  return {
    rows: rows.map((row) => row && { ...row, version: rank(side, row.version) }),
    pages: pages.map((page) => ({
      ...page,
      items: page.items.map((item) => ({ ...item, row: { ...item.row, version: rank(side, item.row.version) } }))
    })),
    trimmed: (await side.store.events(START, 1))._tag,
    events: (await logOf(side)).map(({ body }) => body),
    due
  }
}

const sideOf = async (driver: StoreDriver, scope: string): Promise<Side> => ({
  driver,
  store: await driver.open(scope),
  scope,
  commits: [],
  told: [],
  unsaid: new Set(),
  was: new Map()
})

export const modelLaw = law(
  "a store does what the memory store does, after any history of commits, copies and trims",
  async (bench: Bench) => {
    const oracle = memory()
    const property = fc.asyncProperty(history, async (steps) => {
      const scope = bench.scope()
      const [real, model] = [await sideOf(bench.driver, scope), await sideOf(oracle, scope)]
      for (const [at, taken] of steps.entries()) {
        const [found, expected] = [await apply(real, taken, at), await apply(model, taken, at)]
        same(found, expected, `the answer to step ${at}, ${show(taken)}`)
        same(await view(real), await view(model), `what is there after step ${at}, ${show(taken)}`)
      }
    })
    await fc.assert(property, bench.runs(60))
  },
  ({ driver }) => (findsLate(driver) ? "the store's `find` lags behind" : undefined)
)
