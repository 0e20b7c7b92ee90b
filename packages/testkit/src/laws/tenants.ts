import { type ScopedStore, START } from "@omni/core"

import { holds, same, show } from "../assert.ts"
import { change, committed, dueIn, event, eventsOf, isCommitted, key, land, law, put, rowOf, times, valueOf } from "./bench.ts"

/** Names that a store which builds paths, patterns or folded names from them would mix up. */
const names = (base: string): ReadonlyArray<string> =>
  ["a", "A", "a ", "a/b", "a.b", "a_b", "a%b", "a'b", "a:b", "../a", "ä", "a\u0308", "😀", "a\u0001b", "null", "x".repeat(60)].map(
    (name) => `${base}${name}`
  )

const find = async (store: ScopedStore): Promise<ReadonlyArray<string>> => {
  const everywhere = { collection: "things", index: "by", from: "", to: "\u{10ffff}", order: "asc" as const, limit: 10, after: undefined }
  return (await store.read([], [everywhere])).pages[0]!.items.map(({ row }) => row.value)
}

const separate = law("scopes are separate, whatever they are called: rows, entries, events, due work and trims", async (bench) => {
  const scopes = names(`${bench.scope()}-`)
  const stores = await Promise.all(scopes.map((scope, i) => (i % 2 === 0 ? bench.driver : bench.other).open(scope)))
  await Promise.all(
    stores.map((store, i) => land(store, { writes: [put("a", i, { add: [["by", "x"]], due: i })], events: [event("s", i)] }))
  )
  const expectAll = async (log: (i: number) => ReadonlyArray<number>) => {
    for (const [i, store] of stores.entries()) {
      same(valueOf(await rowOf(store, "a")), i, `the row in ${show(scopes[i])}`)
      await bench.found(async () => same(await find(store), [String(i)], `the index in ${show(scopes[i])}`))
      await bench.found(async () =>
        same(
          (await dueIn(bench.driver, scopes[i]!)).map(({ due }) => due),
          [i],
          `the due work of ${show(scopes[i])}`
        )
      )
      if (log(i).length > 0)
        same(
          (await eventsOf(store, START)).map(({ body }) => JSON.parse(body).data),
          log(i),
          `the log of ${show(scopes[i])}`
        )
    }
  }
  await expectAll((i) => [i])
  await stores[3]!.trim((await stores[3]!.read([])).position)
  await expectAll((i) => (i === 3 ? [] : [i]))
  for (const store of stores)
    same(
      (await store.commit(change({ checks: [{ key: key("b"), version: undefined }], writes: [put("c", 1)] })))._tag,
      "Committed",
      "a check of a row that only others could have"
    )
})

const listed = law("the scopes of a store are those that hold anything, each with its newest position", async (bench) => {
  const scopes = names(`${bench.scope()}-`)
  for (const [i, scope] of scopes.entries()) {
    const store = await bench.driver.open(scope)
    await land(store, i % 2 === 0 ? { writes: [put("a", i)] } : { events: times(i).map((n) => event("s", n)) })
    if (i % 3 === 0) await land(store, { events: times(i).map((n) => event("s", n)), writes: [put("b", i)] })
    if (i % 4 === 0) await store.trim((await store.read([])).position)
  }
  await bench.found(async () => {
    const found = await bench.other.scopes()
    const heads = new Map(found.map(({ scope, position }) => [scope, position]))
    same(heads.size, found.length, "the scopes, each once")
    for (const scope of scopes) {
      const { position } = await (await bench.other.open(scope)).read([])
      same(heads.get(scope), position, `where the scope ${show(scope)} stands`)
    }
  })
})

const concurrent = law("scopes do not wait for or fail each other: commits of many at once all land", async (bench) => {
  const scopes = times(bench.scaled(20)).map(() => bench.scope())
  const results = await Promise.all(
    scopes.flatMap((scope, i) =>
      times(5).map(async (n) =>
        (await (n % 2 === 0 ? bench.driver : bench.other).open(scope)).commit(
          change({ writes: [put(`row ${n}`, i)], events: [event("s", n)] })
        )
      )
    )
  )
  holds(results.every(isCommitted), "all commits landed")
  for (const [i, result] of results.entries()) committed(result, `commit ${i}`)
  for (const [i, scope] of scopes.entries()) {
    const { rows } = await (await bench.driver.open(scope)).read(times(5).map((n) => key(`row ${n}`)))
    same(
      rows.map(valueOf),
      times(5).map(() => i),
      "the rows of one scope"
    )
  }
})

export const tenantLaws = [separate, listed, concurrent]
