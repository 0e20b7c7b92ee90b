import { collection, createOmni, event, module, operation, query, reactor, type StoreDriver, SubjectErased } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { Logins, People, shop } from "./shop.ts"

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

describe("personal data", () => {
  const secret = "jeanne.dupont@example.org"
  const register = { person: "p1", email: secret, city: "Lyon" }
  const dump = async (store: ReturnType<typeof memory>): Promise<string> => {
    const scope = await store.shared().open("default")
    const page = await scope.events("" as never, 1000)
    const rows = await Promise.all(
      ["shop.people", "shop.logins", "omni.receipts", "omni.timers", "omni.messages", "omni.dead-letters"].map((collection) =>
        scope.read([], [{ collection, index: "", from: "", to: "\u{10ffff}", order: "asc", limit: 1000, after: undefined }])
      )
    )
    return JSON.stringify([page, rows])
  }

  it("is nowhere in the clear: rows, ids, indexes, log, receipts, timers, outbox", async () => {
    const store = memory()
    const omni = createOmni({ store, modules: { shop: shop() } })
    await omni.shop.register(register, { key: "k" })
    assert.notInclude(await dump(store), "jeanne")
    assert.include(await dump(store), "Lyon")
    const found = await omni.shop.personByEmail({ email: secret })
    assert.deepEqual(
      found.found.map((item) => item.row),
      [{ id: "p1", email: secret, city: "Lyon" }]
    )
    assert.equal(found.login?.person, "p1")
    assert.deepEqual((await omni.events()).events[0]?.data, { person: "p1", email: secret })
    assert.deepEqual(await omni.shop.register(register, { key: "k" }), { person: "p1", email: secret })
  })

  it("cannot be opened after the key is destroyed, look-ups included; other people's rows are untouched", async () => {
    const store = memory()
    const sent: Array<string> = []
    const modules = { shop: shop({ deliver: async ({ payload }) => void sent.push(payload.to) }) }
    const omni = createOmni({ store, modules })
    const other = createOmni({ store: store.shared(), modules })
    await omni.shop.register(register, { key: "k" })
    await omni.shop.register({ person: "p2", email: "b@x.org", city: "Lyon" })
    await other.shop.personByEmail({ email: secret })
    await other.transact(function* (tx) {
      return tx.get(People, "p1")
    })
    await omni.erase("p1")
    for (const client of [omni, other]) {
      assert.deepEqual(await client.shop.personByEmail({ email: secret }), { found: [], login: undefined })
      assert.deepEqual(
        await client.transact(function* (tx) {
          return tx.getMany(People, ["p1", "p2"])
        }),
        [
          { id: "p1", city: "Lyon" },
          { id: "p2", email: "b@x.org", city: "Lyon" }
        ]
      )
    }
    assert.deepEqual((await omni.events()).events[0]?.data, { person: "p1" })
    await omni.drain()
    assert.deepEqual(sent, ["b@x.org"])
    assert.instanceOf(await thrownBy(omni.shop.register(register)), SubjectErased)
    const [bad, good] = await Promise.allSettled([
      omni.shop.register(register),
      omni.shop.register({ person: "p3", email: secret, city: "Nice" })
    ])
    assert.deepEqual([bad.status, good.status], ["rejected", "fulfilled"])
    assert.equal((await omni.shop.personByEmail({ email: secret })).login?.person, "p3")
  })

  it("that is an id can be listed by its owner alone, and goes with the person", async () => {
    const list = query("t.logins", z.object({}), function* (view) {
      return view.find(Logins, "id").items.map(({ id }) => id)
    })
    const omni = createOmni({ store: memory(), modules: { shop: shop(), t: module("t", { queries: { list } }) } })
    await omni.shop.register(register)
    await omni.shop.register({ person: "p2", email: "b@x.org", city: "Lyon" })
    assert.sameMembers([...(await omni.t.list({}))], [secret, "b@x.org"])
    await omni.erase("p1")
    assert.deepEqual(await omni.t.list({}), ["b@x.org"])
  })

  it("is in no answer as of after its erasure, though a query had read it before", async () => {
    const twice = query("t.twice", z.object({}), function* (view) {
      const first = view.get(People, "p1")
      const others = view.find(People, "id").items.map(({ row }) => row)
      return [first, ...others]
    })
    const store = memory()
    const modules = { shop: shop(), t: module("t", { queries: { twice } }) }
    const writer = createOmni({ store: store.shared(), modules })
    await writer.shop.register(register)
    const watched: StoreDriver = {
      ...store,
      open: async (scope) => {
        const scoped = await store.open(scope)
        const read: typeof scoped.read = async (keys, queries = []) => {
          if (queries.length > 0) await writer.erase("p1")
          return scoped.read(keys, queries)
        }
        return { ...scoped, read }
      }
    }
    const erased = { id: "p1", city: "Lyon" }
    const told = await createOmni({ store: watched, modules }).t.twice({})
    assert.deepEqual(told, [erased, erased])
  })

  it("of a row whose person is erased: the row can still change", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    await omni.shop.register(register)
    await omni.erase("p1")
    await omni.transact(function* (tx) {
      tx.put(People, "p1", { ...tx.get(People, "p1")!, city: "Paris" })
    })
    assert.deepEqual(
      await omni.transact(function* (tx) {
        return tx.get(People, "p1")
      }),
      { id: "p1", city: "Paris" }
    )
  })

  it("that an event or a timer would write of somebody who was erased meanwhile holds up nobody else's", async () => {
    const Notes = collection("t.notes", {
      schema: z.object({ person: z.string(), text: z.string().optional() }),
      personal: { subject: (row) => row.person, fields: ["text"] }
    })
    const Asked = event("t.Asked", z.object({ person: z.string() }))
    const note = operation("t.note", z.object({ person: z.string(), by: z.string() }), function* (tx, { person, by }) {
      tx.put(Notes, `${by} ${person}`, { person, text: "was here" })
    })
    const ask = operation("t.ask", z.object({ person: z.string() }), function* (tx, { person }) {
      tx.emit(Asked, person, { person })
      tx.schedule(tx.now, note, { person, by: "timer" }, { subject: "all" })
    })
    const noting = reactor(
      "t.noting",
      [Asked],
      function* (tx, { data: { person } }) {
        yield* note(tx, { person, by: "event" })
      },
      { partitions: 1 }
    )
    const list = query("t.list", z.object({}), function* (view) {
      return view.find(Notes, "id").items.map(({ id }) => id)
    })
    const t = module("t", { operations: { ask }, queries: { list }, internal: [note], reactors: [noting] })
    const omni = createOmni({ store: memory(), modules: { t } })
    for (const person of ["p1", "p2", "p3"]) await omni.t.ask({ person })
    await omni.erase("p1")
    await omni.drain()
    assert.deepEqual(await omni.t.list({}), ["event p2", "event p3", "timer p2", "timer p3"])
    assert.deepEqual((await omni.deadLetters()).items, [])
  })
})
