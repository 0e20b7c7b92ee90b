import type { Commit, CommitResult, Found, IndexQuery, Position, ScopedStore, Snapshot, StoreDriver } from "@omni/core"
import { START } from "@omni/core"
import { memory } from "@omni/core/memory"
import fc from "fast-check"

import { same, show } from "../assert.ts"
import { type Bench, change, findsLate, law } from "./bench.ts"

/** Text that sorts differently by UTF-16 unit and by code point. */
const text = fc.constantFrom("a", "b", "aa", "\u{1f600}", "\uff5e", "z\u0001", "é")
const key = fc.record({ collection: fc.constantFrom("c", "d", "\u{1f600}"), id: text })
const entry = fc.record({ index: fc.constantFrom("x", "y"), value: text })

const step = fc.record({
  scope: fc.constantFrom<"one" | "other">("one", "other"),
  checks: fc.array(fc.record({ key, isFresh: fc.boolean() }), { maxLength: 3 }),
  writes: fc.uniqueArray(
    fc.record({
      key,
      value: fc.option(text, { nil: undefined }),
      entries: fc.uniqueArray(entry, { maxLength: 2, selector: ({ index, value }) => `${index} ${value}` }),
      due: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined })
    }),
    { maxLength: 4, selector: ({ key: { collection, id } }) => `${collection} ${id}` }
  ),
  events: fc.array(fc.constantFrom("A", "B"), { maxLength: 3 }),
  again: fc.boolean()
})

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

const queries: ReadonlyArray<IndexQuery> = (["asc", "desc"] as const).flatMap((order) =>
  ["", "x", "y"].map((index) => ({ collection: "c", index, from: "", to: "\u{10ffff}", order, limit: 2, after: undefined }))
)
const shown = [
  { collection: "c", id: "a" },
  { collection: "d", id: "\u{1f600}" }
]

/** A scope of one of the two stores. Positions are numbered by first sight, since each store has its own. */
class Side {
  readonly #told: Array<Position> = []
  readonly #entries = new Map<string, ReadonlyArray<{ readonly index: string; readonly value: string }>>()

  readonly #driver: StoreDriver
  readonly #store: ScopedStore
  readonly #scope: string

  private constructor(driver: StoreDriver, store: ScopedStore, scope: string) {
    this.#driver = driver
    this.#store = store
    this.#scope = scope
  }

  static async of(driver: StoreDriver, scope: string): Promise<Side> {
    return new Side(driver, await driver.open(scope), scope)
  }

  /** Everything that the store answers to a step, and shows after it. */
  async take(step: Step, at: number): Promise<unknown> {
    const commit = await this.#resolve(step, at)
    const result = await this.#store.commit(commit)
    if (result._tag === "Committed") for (const { key: of, add } of commit.writes) this.#entries.set(`${of.collection} ${of.id}`, add)
    const again = step.again ? await this.#store.commit({ ...commit, retry: true }) : undefined
    return { result: this.#answer(result), again: again && this.#answer(again), view: await this.#view() }
  }

  async #resolve({ checks, writes, events }: Step, at: number): Promise<Commit> {
    const { rows } = await this.#store.read(checks.map((check) => check.key))
    return change({
      id: `${this.#scope}/${at}`,
      time: 1_000 + at,
      checks: checks.map((check, i) => ({ key: check.key, version: check.isFresh ? rows[i]?.version : undefined })),
      writes: writes.map(({ key: of, value, entries, due }) => ({
        key: of,
        row: value === undefined ? undefined : { schema: 1, value: JSON.stringify(value) },
        add: value === undefined ? [] : entries,
        drop: this.#entries.get(`${of.collection} ${of.id}`) ?? [],
        due
      })),
      events: events.map((type) => ({ type, subject: "s", time: 1, body: JSON.stringify({ type, at }) }))
    })
  }

  #rank(position: Position): number {
    if (!this.#told.includes(position)) this.#told.push(position)
    return this.#told.indexOf(position)
  }

  #row<R extends { readonly version: Position }>(row: R | undefined): unknown {
    return row && { ...row, version: this.#rank(row.version) }
  }

  #answer(result: CommitResult): unknown {
    if (result._tag === "Committed") return result._tag
    return result._tag === "Conflict" ? result.stale.map(({ key: of, row }) => ({ key: of, row: this.#row(row) })) : result
  }

  async #view(): Promise<unknown> {
    const { rows, pages } = await this.#store.read(shown, queries)
    const lists = await Promise.all(pages.map((page, i) => this.#rest(page, queries[i]!)))
    const events = await Promise.all([undefined, ["A"], ["nobody"]].map((types) => this.#store.events(START, 1_000, types)))
    const due = (await Promise.all(["c", "d", "\u{1f600}"].map((collection) => this.#driver.due(collection, 2, 1_000_000)))).flat()
    return {
      rows: rows.map((row) => this.#row(row)),
      lists: lists.map((items) => items.map((item) => ({ ...item, row: this.#row(item.row) }))),
      events: events.map((page) => (page._tag === "Events" ? page.events.map(({ body }) => body) : page._tag)),
      due: due.filter(({ scope }) => scope === this.#scope).map((row) => ({ ...row, scope: "" }))
    }
  }

  /** A list to its end, page by page. */
  async #rest(page: Snapshot["pages"][number], query: IndexQuery): Promise<ReadonlyArray<Found>> {
    const { value, id } = page.items.at(-1) ?? { value: "", id: "" }
    if (!page.more) return page.items
    const [next] = (await this.#store.read([], [{ ...query, after: { value, id } }])).pages
    return [...page.items, ...(await this.#rest(next!, query))]
  }
}

export const oracleLaw = law(
  "a store answers what the memory store answers, whatever the scopes, collections, indexes and texts",
  async (bench: Bench) => {
    const oracle = memory()
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      const names = { one: bench.scope(), other: bench.scope() }
      const sides = (driver: StoreDriver) => Promise.all([Side.of(driver, names.one), Side.of(driver, names.other)])
      const [real, model] = [await sides(bench.driver), await sides(oracle)]
      for (const [at, taken] of steps.entries()) {
        const i = taken.scope === "one" ? 0 : 1
        same(await real[i].take(taken, at), await model[i].take(taken, at), `what is there after step ${at}, ${show(taken)}`)
      }
    })
    await fc.assert(property, bench.runs(60))
  },
  ({ driver }) => (findsLate(driver) ? "the store's `find` lags behind" : undefined)
)
