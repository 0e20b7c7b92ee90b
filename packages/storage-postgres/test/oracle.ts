import type { Commit, CommitResult, Position, ScopedStore, StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { expect } from "vitest"

/** Text that sorts differently by UTF-16 unit and by code point. */
const text = fc.constantFrom("a", "b", "aa", "\u{1f600}", "\uff5e", "z\u0001", "é")
const key = fc.record({ collection: fc.constantFrom("c", "d", "\u{1f600}"), id: text })
const entry = fc.record({ index: fc.constantFrom("x", "y"), value: text })

interface Step {
  readonly scope: string
  readonly checks: ReadonlyArray<{ readonly key: { readonly collection: string; readonly id: string }; readonly fresh: boolean }>
  readonly writes: ReadonlyArray<{
    readonly key: { readonly collection: string; readonly id: string }
    readonly value: string | undefined
    readonly entries: ReadonlyArray<{ readonly index: string; readonly value: string }>
    readonly due: number | undefined
  }>
  readonly events: ReadonlyArray<string>
  readonly again: boolean
}

const steps: fc.Arbitrary<ReadonlyArray<Step>> = fc.array(
  fc.record({
    scope: fc.constantFrom("main", "other"),
    checks: fc.array(fc.record({ key, fresh: fc.boolean() }), { maxLength: 3 }),
    writes: fc.uniqueArray(
      fc.record({
        key,
        value: fc.option(text, { nil: undefined }),
        entries: fc.array(entry, { maxLength: 2 }),
        due: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })
      }),
      { maxLength: 4, selector: ({ key: { collection, id } }) => `${collection} ${id}` }
    ),
    events: fc.array(fc.constantFrom("A", "B"), { maxLength: 3 }),
    again: fc.boolean()
  }),
  { minLength: 1, maxLength: 12 }
)

/** Runs the same steps on one store; positions are numbered by first sight, since each store has its own. */
const replay = async (driver: StoreDriver, all: ReadonlyArray<Step>): Promise<unknown> => {
  const scopes = new Map<string, ScopedStore>()
  const order: Array<string> = []
  const seen: Array<unknown> = []
  let scope = ""
  const version = (position: Position | undefined) => {
    if (position === undefined || position === "") return position
    const name = `${scope} ${position}`
    if (!order.includes(name)) order.push(name)
    return order.indexOf(name)
  }
  const answer = (result: CommitResult) =>
    result._tag === "Conflict"
      ? { ...result, stale: result.stale.map(({ key: at, row }) => ({ key: at, row: row && { ...row, version: version(row.version) } })) }
      : result._tag === "Committed"
        ? result._tag
        : result
  const entriesOf = new Map<string, ReadonlyArray<{ index: string; value: string }>>()
  for (const [n, step] of all.entries()) {
    scope = step.scope
    const store = scopes.get(step.scope) ?? (await driver.open(step.scope))
    scopes.set(step.scope, store)
    const current = await store.read(step.checks.map((c) => c.key))
    const commit: Commit = {
      id: `cmt-${n}`,
      time: 1_000 + n,
      retry: false,
      checks: step.checks.map((c, i) => ({ key: c.key, version: c.fresh ? current.rows[i]?.version : undefined })),
      writes: step.writes.map((w) => {
        const at = `${step.scope} ${w.key.collection} ${w.key.id}`
        const before = entriesOf.get(at) ?? []
        const after = w.value === undefined ? [] : w.entries
        return {
          key: w.key,
          row: w.value === undefined ? undefined : { schema: 1, value: JSON.stringify(w.value) },
          add: after,
          drop: before,
          due: w.due
        }
      }),
      events: step.events.map((type) => ({ type, subject: "s", time: 1, body: `{"type":"${type}","n":${n}}` }))
    }
    const result = await store.commit(commit)
    if (result._tag === "Committed")
      for (const [i, w] of step.writes.entries()) entriesOf.set(`${step.scope} ${w.key.collection} ${w.key.id}`, commit.writes[i]!.add)
    seen.push(answer(result))
    if (step.again) seen.push(answer(await store.commit({ ...commit, retry: true })))
    const queries = (["asc", "desc"] as const).flatMap((direction) =>
      ["", "x", "y"].map((index) => ({ collection: "c", index, from: "", to: "\u{10ffff}", order: direction, limit: 2, after: undefined }))
    )
    const snapshot = await store.read(
      [
        { collection: "c", id: "a" },
        { collection: "d", id: "\u{1f600}" }
      ],
      queries
    )
    seen.push(snapshot.rows.map((row) => row && { ...row, version: version(row.version) }))
    for (const [i, page] of snapshot.pages.entries()) {
      const items = [...page.items]
      for (let more = page.more; more;) {
        const last = items.at(-1)!
        const next = (await store.read([], [{ ...queries[i]!, after: { value: last.value, id: last.id } }])).pages[0]!
        items.push(...next.items)
        more = next.more
      }
      seen.push(items.map((item) => ({ ...item, row: { ...item.row, version: version(item.row.version) } })))
    }
    for (const types of [undefined, ["A"], ["nobody"]]) {
      const page = await store.events("" as Position, 1_000, types)
      seen.push(page._tag === "Events" ? page.events.map(({ body }) => body) : page._tag)
    }
    seen.push(await driver.due(2, 100), await driver.due(Infinity, 2), await driver.due(Infinity, 1), await driver.due(0, 3))
  }
  return seen
}

/** A store answers what the memory store answers, in scopes of its own. Gives how many histories were tried. */
export const answersAsMemory = async (ours: StoreDriver, numRuns: number): Promise<number> => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const own = `${run++}`
      expect(await replay(inScopes(ours, own), all)).toEqual(await replay(inScopes(memory(), own), all))
    }),
    { numRuns }
  )
  return run
}

/** The same store, whose scopes begin with a name of their own: an empty store for each history without tables of its own. */
const inScopes = (driver: StoreDriver, own: string): StoreDriver => ({
  ...driver,
  open: (scope) => driver.open(`${own} ${scope}`),
  due: async (now, limit) => {
    const all = await driver.due(now, 1_000_000)
    return all.filter(({ scope }) => scope.startsWith(`${own} `)).slice(0, limit)
  }
})
