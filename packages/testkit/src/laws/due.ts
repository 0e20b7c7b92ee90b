import type { Due, StoreDriver } from "@omni/core"
import fc from "fast-check"

import { same, show } from "../assert.ts"
import { change, COLLECTION, dueIn, key, land, landAll, law, put, remove, times } from "./bench.ts"
import { byBytes, oddTexts } from "./texts.ts"

const byDue = (a: Due, b: Due): number => a.due - b.due || byBytes(a.key.id, b.key.id)

const all = (driver: StoreDriver, now = Infinity, limit = 1000, collection = COLLECTION) => driver.due(collection, now, limit)

const replaced = law("a row's due is replaced by each write, and cleared by a write without one and by its removal", async (bench) => {
  const scope = bench.scope()
  const store = await bench.driver.open(scope)
  const due = (expected: ReadonlyArray<number>, what: string) =>
    bench.found(async () =>
      same(
        (await dueIn(bench.driver, scope)).map(({ due: at }) => at),
        expected,
        what
      )
    )
  await land(store, { writes: [put("a", 1, { due: 50 })] })
  await due([50], "the first due")
  await land(store, { writes: [put("a", 2, { due: 30 })] })
  await due([30], "an earlier one")
  await land(store, { writes: [put("a", 2, { due: 70 })] })
  await due([70], "a later one")
  await land(store, { writes: [put("a", 3)] })
  await due([], "after a write without one")
  await land(store, { writes: [put("a", 3, { due: 0 })] })
  await due([0], "the due at the epoch")
  await land(store, { writes: [remove("a")] })
  await due([], "after the removal")
  await land(store, { writes: [put("a", 4)] })
  await due([], "after it was written anew")
  await land(store, { writes: [put("a", 5, { due: 5 })] })
  same(
    (await store.commit(change({ checks: [{ key: key("a"), version: undefined }], writes: [put("a", 6, { due: 9 })] })))._tag,
    "Conflict",
    "a conflict"
  )
  await due([5], "after a conflict")
})

const numeric = law("what is due comes by number, then by code points: up to now, `now` included, as many as asked for", async (bench) => {
  const stores = await bench.both()
  const instants = [-1, 0, 1, 9, 10, 11, 100, 1e9, 1_700_000_000_000, 8.64e15]
  await land(stores[0], { writes: instants.map((due) => put(`at ${due}`, 1, { due })) })
  const listed = (now: number, limit: number, expected: ReadonlyArray<number>, what: string) =>
    bench.found(async () =>
      same(
        (await all(bench.other, now, limit)).map(({ due }) => due),
        expected,
        what
      )
    )
  await listed(Infinity, 1000, instants, "all that will be due")
  for (const [i, now] of instants.entries()) {
    await listed(now, 1000, instants.slice(0, i + 1), `what is due at ${now}`)
    await listed(now, i, instants.slice(0, i), `the first ${i} of what is due at ${now}`)
  }
  await listed(-2, 10, [], "before anything is due")
  const names = oddTexts.slice(0, 40)
  await landAll(
    stores[1],
    names.map((id) => put(id, 1, { due: -5 }))
  )
  await bench.found(async () => {
    const tied = (await all(bench.driver, -5)).map(({ key: { collection, id }, due }) => ({ scope: "", key: { collection, id }, due }))
    same(tied.length, new Set(tied.map(show)).size, "what is due at the same instant, each once")
    same(tied.length, names.length, "how many are due at the same instant")
    same(tied, tied.toSorted(byDue), "what is due at the same instant, by id")
    same((await all(bench.driver, -5, 7)).length, 7, "as many of what is due at the same instant as were asked for")
  })
})

const apart = law("what is due is asked for by collection, and is that of no other", async (bench) => {
  const stores = await Promise.all([bench.driver, bench.other].map((driver) => driver.open(bench.scope())))
  const names = oddTexts.slice(0, 20)
  for (const [i, store] of stores.entries())
    await landAll(
      store,
      names.map((collection, n) => put("a", 1, { due: n + i / 2, collection }))
    )
  await land(stores[0]!, { writes: [put("a", 1, { due: 1_000, collection: names[0]! })] })
  await bench.found(async () => {
    for (const [n, collection] of names.entries()) {
      const found = await all(bench.other, Infinity, 10, collection)
      const expected = n === 0 ? [0.5, 1_000] : [n, n + 0.5]
      same(
        found.map(({ key: of, due }) => ({ ...of, due })),
        expected.map((due) => ({ collection, id: "a", due })),
        `what is due in the collection ${show(collection)}`
      )
    }
    same(await all(bench.driver, Infinity, 10, "nothing was ever written here"), [], "what is due in a collection without rows")
    same(await all(bench.driver, Infinity, 10), [], "what is due in a collection whose rows were never due")
  })
})

const write = fc.record({
  scope: fc.nat(3),
  id: fc.nat(5),
  due: fc.option(fc.integer({ min: -3, max: 20 }), { nil: undefined }),
  gone: fc.boolean()
})

const oracle = law("what is due over all scopes is what their rows say, earliest first", async (bench) => {
  const scopes = times(4).map(() => bench.scope())
  const stores = await Promise.all(scopes.map((scope, i) => (i % 2 === 0 ? bench.driver : bench.other).open(scope)))
  const expected = new Map<string, Due>()
  const property = fc.asyncProperty(
    fc.array(write, { maxLength: 12 }),
    fc.integer({ min: -4, max: 21 }),
    fc.integer({ min: 1, max: 30 }),
    async (writes, now, limit) => {
      for (const { scope, id, due, gone } of writes) {
        await land(stores[scope]!, { writes: [gone ? remove(`row ${id}`) : put(`row ${id}`, 1, due === undefined ? {} : { due })] })
        expected.delete(`${scope} ${id}`)
        if (!gone && due !== undefined) expected.set(`${scope} ${id}`, { scope: scopes[scope]!, key: key(`row ${id}`), due })
      }
      const listed = [...expected.values()].toSorted((a, b) => byDue(a, b))
      await bench.found(async () => {
        const found = await all(bench.driver, now, limit)
        const wanted = listed.filter(({ due }) => due <= now)
        same(found.length, Math.min(wanted.length, limit), "how many are due")
        same(
          found.map((due) => ({ ...due, scope: "" })),
          wanted.slice(0, limit).map((due) => ({ ...due, scope: "" })),
          "what is due, scopes aside"
        )
        // The port leaves the order of scopes open, so which of the last equals a limit cuts is not said.
        for (const due of found)
          same(expected.get(`${scopes.indexOf(due.scope)} ${due.key.id.slice(4)}`), due, "a row that is due, in its scope")
        same((await all(bench.driver, Infinity, 1))[0]?.due, listed[0]?.due, "what comes next")
      })
    }
  )
  await fc.assert(property, bench.runs(40))
})

export const dueLaws = [replaced, numeric, apart, oracle]
