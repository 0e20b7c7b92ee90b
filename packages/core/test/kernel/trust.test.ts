import { createOmni, module, operation, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { People, shop, Tally } from "./shop.ts"

/** Keys are taken for new until the commit tells otherwise: what was done under one is the answer all the same. */

const greet = operation("t.greet", z.object({ person: z.string() }), function* (tx, { person }) {
  tx.put(People, person, { id: person, email: `${person}@x.org`, city: "Lyon" })
  return `welcome ${person}`
})
const note = operation("t.note", z.object({ text: z.string() }), function* (tx, { text }) {
  const row = tx.get(Tally, "notes") ?? { reserved: 0, last: [] }
  tx.put(Tally, "notes", { reserved: row.reserved + 1, last: [...row.last, text] })
  return row.reserved + 1
})
/** Reads nothing that could conflict. */
const brief = operation("t.brief", { input: z.object({}), remember: 1000 }, function* (tx) {
  return tx.newId("run")
})
const modules = { shop: shop(), t: module("t", { operations: { greet, note } }) }
const open = (store: StoreDriver, options: { readonly verify?: boolean } = {}) => createOmni({ store, modules, ...options })

/** A store that takes nothing more. */
const full = (driver: StoreDriver): StoreDriver => ({
  ...driver,
  open: async (scope) => {
    const store = await driver.open(scope)
    const commit: typeof store.commit = async (made) =>
      made.writes.length > 0 ? { _tag: "NotWritten", reason: "full" } : store.commit(made)
    return { ...store, commit }
  }
})

/** Some microtasks, so that others have made their calls and no batch has begun. */
const after = async (turns: number) => {
  for (let i = 0; i < turns; i++) await undefined
}

describe("what was done under a key is the answer", () => {
  for (const verify of [true, false]) {
    it(`though it could not be done again for somebody who was erased, alone or among others (verify ${verify})`, async () => {
      const store = memory()
      const first = open(store.shared())
      await first.t.greet({ person: "p" }, { key: "k" })
      await first.erase("p")
      assert.equal(await open(store.shared(), { verify }).t.greet({ person: "p" }, { key: "k" }), "welcome p")
      const among = open(store.shared(), { verify })
      const told = await Promise.all(
        Array.from({ length: 30 }, (_, n) =>
          among.t.safe.greet({ person: n === 17 ? "p" : `q${n}` }, { key: n === 17 ? "k" : `k${n}` }).then((end) => end.ok)
        )
      )
      assert.isTrue(told.every(Boolean))
      const refused = await among.t.safe.greet({ person: "p" }, { key: "new" })
      assert.equal(!refused.ok && refused.error._tag, "SubjectErased")
    })

    it(`though the store is full by now, and says so before it checks (verify ${verify})`, async () => {
      const store = memory()
      assert.equal(await open(store.shared()).t.note({ text: "a" }, { key: "k" }), 1)
      const late = open(full(store.shared()), { verify })
      assert.equal(await late.t.note({ text: "a" }, { key: "k" }), 1)
      const refused = await late.t.safe.note({ text: "a" }, { key: "new" })
      assert.equal(!refused.ok && refused.error._tag, "StoreUnavailable")
    })
  }
})

describe("a key whose receipt expires", () => {
  it("is not used twice by who forgets the old receipt and calls again in one batch, while somebody else has done so", async () => {
    const clock = manualClock()
    const store = memory()
    const modules = { t: module("t", { operations: { brief, note } }) }
    const rival = createOmni({ store: store.shared(), clock, modules })
    const first = await rival.t.brief({}, { key: "k" })
    clock.advance(1000)
    const replies: Array<Promise<string>> = []
    let second: string | undefined
    const own = store.shared()
    const omni = createOmni({
      clock,
      modules,
      verify: false,
      store: {
        ...own,
        due: async (collection, now, limit) => {
          const due = await own.due(collection, now, limit)
          if (due.length > 0 && replies.length === 0) void after(20).then(() => replies.push(omni.t.brief({}, { key: "k" })))
          return due
        },
        open: async (scope) => {
          const scoped = await own.open(scope)
          const read: typeof scoped.read = async (keys, queries) => {
            if (replies.length > 0 && second === undefined) {
              second = ""
              await rival.drain()
              second = await rival.t.brief({}, { key: "k" })
            }
            return scoped.read(keys, queries)
          }
          return { ...scoped, read }
        }
      }
    })
    await omni.t.note({ text: "open" })
    await omni.drain()
    assert.notEqual(second, first)
    assert.deepEqual(await Promise.all(replies), [second])
  })
})
