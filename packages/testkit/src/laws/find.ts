import type { IndexQuery, Row, ScopedStore } from "@omni/core"
import fc from "fast-check"

import { holds, same, show } from "../assert.ts"
import { type Bench, change, COLLECTION, committed, findsLate, key, land, landAll, law, put, remove, times } from "./bench.ts"
import { byBytes, oddTexts, texts } from "./texts.ts"

interface Place {
  readonly value: string
  readonly id: string
}

const query = (parts: Partial<IndexQuery>): IndexQuery => ({
  collection: COLLECTION,
  index: "by",
  from: "",
  to: "\u{10ffff}".repeat(130),
  order: "asc",
  limit: 1000,
  after: undefined,
  ...parts
})

const byPlace = (a: Place, b: Place): number => byBytes(a.value, b.value) || byBytes(a.id, b.id)

/** What `find` means, recomputed over all entries. */
const expected = (entries: ReadonlyArray<Place>, { from, to, order, limit, after }: IndexQuery) => {
  const inside = entries.filter(({ value }) => byBytes(value, from) >= 0 && byBytes(value, to) <= 0).toSorted(byPlace)
  const ordered = order === "asc" ? inside : inside.toReversed()
  const rest = ordered.filter((place) => after === undefined || (order === "asc" ? byPlace(place, after) > 0 : byPlace(place, after) < 0))
  return { items: rest.slice(0, limit), more: rest.length > limit }
}

const page = async (store: ScopedStore, of: IndexQuery) => (await store.read([], [of])).pages[0]!

const places = (items: ReadonlyArray<Place & { readonly row: Row }>): ReadonlyArray<Place> => items.map(({ value, id }) => ({ value, id }))

const collation = law("entries and ids are in order of code points: case, accents, spaces, digits and emoji alike", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  await landAll(
    store,
    oddTexts.map((text) => put(text, 1, { add: [["by", text]] }))
  )
  await landAll(
    store,
    oddTexts.map((text) => put(text, 1, { collection: "tied", add: [["by", "tie"]] }))
  )
  const sorted = oddTexts.toSorted(byBytes)
  await bench.found(async () => {
    for (const order of ["asc", "desc"] as const) {
      const ordered = order === "asc" ? sorted : sorted.toReversed()
      for (const asked of [query({ order }), query({ order, index: "" }), query({ order, collection: "tied" })])
        same(
          (await page(store, asked)).items.map(({ id }) => id),
          ordered,
          `${order} in the index "${asked.index}" of ${asked.collection}`
        )
    }
  })
})

const bounds = law("a range has its bounds, byte for byte and nothing else", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  await landAll(
    store,
    oddTexts.map((text) => put(text, 1, { add: [["by", text]] }))
  )
  await bench.found(async () => {
    for (const text of oddTexts)
      for (const index of ["", "by"])
        same(places((await page(store, query({ index, from: text, to: text }))).items), [{ value: text, id: text }], `only ${show(text)}`)
    same((await page(store, query({ from: "b", to: "a" }))).items, [], "a range that ends before it begins")
    same((await page(store, query({ collection: "none" }))).items, [], "a collection that nobody has written")
    same((await page(store, query({ index: "none" }))).items, [], "an index that nobody has written")
  })
})

const rowPool = 12

interface Version {
  readonly id: number
  /** `undefined` removes the row. */
  readonly entries: ReadonlyArray<string> | undefined
}

const versions = fc.array(
  fc.record<Version>({ id: fc.nat(rowPool - 1), entries: fc.option(fc.uniqueArray(texts, { maxLength: 3 }), { nil: undefined, freq: 6 }) }),
  { minLength: 1, maxLength: 30 }
)

const ids = fc.uniqueArray(texts, { minLength: rowPool, maxLength: rowPool })

interface Ask {
  readonly index: "" | "by"
  readonly from: string
  readonly to: string
  readonly order: "asc" | "desc"
  readonly limit: number
  readonly after: Place | undefined
}

/** Bounds and cursors are drawn from what is there as often as not. */
const askOf = (values: ReadonlyArray<string>, all: ReadonlyArray<string>): fc.Arbitrary<Ask> => {
  const value = values.length === 0 ? texts : fc.oneof(texts, fc.constantFrom(...values))
  const id = fc.oneof(texts, fc.constantFrom(...all))
  return fc.record({
    index: fc.constantFrom("" as const, "by" as const),
    from: fc.oneof(fc.constant(""), value),
    to: fc.oneof(fc.constant("\u{10ffff}".repeat(130)), value),
    order: fc.constantFrom("asc" as const, "desc" as const),
    limit: fc.integer({ min: 1, max: 20 }),
    after: fc.option(fc.record({ value, id }), { nil: undefined })
  })
}

const program = fc.tuple(ids, versions).chain(([all, changes]) =>
  fc.record({
    all: fc.constant(all),
    changes: fc.constant(changes),
    asks: fc.array(askOf([...new Set(changes.flatMap(({ entries }) => entries ?? []))], all), { minLength: 1, maxLength: 10 })
  })
)

const difference = (from: ReadonlyArray<string>, without: ReadonlyArray<string>) =>
  from.filter((value) => !without.includes(value)).map((value) => ["by", value] as const)

const oracle = law("find answers as a plain filter and sort over all entries would, after any history of the rows", async (bench) => {
  const property = fc.asyncProperty(program, async ({ all, changes, asks }) => {
    const store = await bench.driver.open(bench.scope())
    const now = new Map<string, ReadonlyArray<string>>()
    for (const { id: at, entries } of changes) {
      const id = all[at]!
      const old = now.get(id) ?? []
      if (entries === undefined) now.delete(id)
      else now.set(id, entries)
      const drop = difference(old, entries ?? [])
      await land(store, { writes: [entries === undefined ? remove(id, drop) : put(id, entries, { add: difference(entries, old), drop })] })
    }
    const entries = [...now].flatMap(([id, values]) => values.map((value) => ({ value, id })))
    const own = [...now.keys()].map((id) => ({ value: id, id }))
    const queries = asks.map((ask) =>
      query(ask.index === "" && ask.after !== undefined ? { ...ask, after: { value: ask.after.id, id: ask.after.id } } : ask)
    )
    await bench.found(async () => {
      const { pages } = await store.read([], queries)
      for (const [i, asked] of queries.entries()) {
        const { items, more } = pages[i]!
        same({ items: places(items), more }, expected(asked.index === "" ? own : entries, asked), `the answer to ${show(asked)}`)
        const { rows } = await store.read(items.map(({ id }) => key(id)))
        same(
          items.map(({ row }) => row),
          rows,
          `the rows that came with the answer to ${show(asked)}`
        )
      }
    })
  })
  await fc.assert(property, bench.runs(60))
})

const apart = law("an index belongs to one collection: equal names in two of them do not mix", async (bench) => {
  const store = await bench.driver.open(bench.scope())
  await land(store, { writes: ["left", "right"].map((collection) => put("a", collection, { collection, add: [["by", collection]] })) })
  await bench.found(async () => {
    for (const collection of ["left", "right"]) {
      const { items } = await page(store, query({ collection }))
      same(
        items.map(({ value, row }) => [value, row.value]),
        [[collection, `"${collection}"`]],
        `what is in ${collection}`
      )
    }
  })
})

const readAll = async (store: ScopedStore, of: Partial<IndexQuery>, between: () => Promise<void>): Promise<ReadonlyArray<Place>> => {
  const all: Array<Place> = []
  for (let after: Place | undefined; ;) {
    const { items, more } = await page(store, query({ ...of, after }))
    all.push(...places(items))
    if (!more) return all
    after = places(items).at(-1)
    holds(after !== undefined, "a page that says there is more has items")
    await between()
  }
}

/** Rows come and go around those that stay, also at the very place where the last page ended. */
const disturb = async (store: ScopedStore, round: number): Promise<void> => {
  const id = (i: number) => `${String(i).padStart(3, "0")}!${round % 3}`
  const at = times(10).map((i) => (i * 7 + round * 13) % 60)
  await land(store, {
    writes: at.map((i) => (round % 2 === 0 ? put(id(i), 1, { add: [["by", `v${i % 5}`]] }) : remove(id(i), [["by", `v${i % 5}`]])))
  })
}

const paging = law("paging has neither gaps nor repeats for rows that stay, while others come and go", async (bench: Bench) => {
  const store = await bench.driver.open(bench.scope())
  const staying = times(60).map((i) => ({ id: String(i).padStart(3, "0"), value: `v${i % 5}` }))
  await landAll(
    store,
    staying.map(({ id, value }) => put(id, 1, { add: [["by", value]] }))
  )
  await bench.found(async () => same((await page(store, query({}))).items.length, 60, "the rows that stay"))
  let round = 0
  for (const index of ["", "by"])
    for (const order of ["asc", "desc"] as const)
      for (const limit of [1, 7, 59, 60]) {
        const all = await readAll(store, { index, order, limit }, () => disturb(store, round++))
        const seen = all.filter(({ id }) => id.length === 3)
        const sorted = staying.map(({ id, value }) => ({ value: index === "" ? id : value, id })).toSorted(byPlace)
        same(seen, order === "asc" ? sorted : sorted.toReversed(), `the rows that stay, ${order} by "${index}" in pages of ${limit}`)
        if (!findsLate(bench.driver)) same(new Set(all.map(show)).size, all.length, "the places met, each once")
      }
})

const racing = law("entries of commits that race are all there", async (bench) => {
  const stores = await bench.both()
  const count = bench.scaled(60)
  const results = await Promise.all(
    times(count).map((i) => stores[i % 2]!.commit(change({ writes: [put(`row ${i}`, i, { add: [["by", `v${i % 7}`]] })] })))
  )
  for (const result of results) committed(result, "commits of different rows")
  const all = times(count).map((i) => ({ value: `v${i % 7}`, id: `row ${i}` }))
  await bench.found(async () => same(places((await page(stores[1], query({}))).items), all.toSorted(byPlace), "the entries"))
})

export const findLaws = [collation, bounds, oracle, apart, paging, racing]
