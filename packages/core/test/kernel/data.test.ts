import * as fc from "fast-check"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { collection, createOmni, InvalidRow, module, operation, query, reactor, SubjectErased, type Json } from "../../src/index.ts"
import { memory } from "../../src/memory/index.ts"
import { manualClock } from "./clock.ts"
import { People, Reserved, shop, Stock, Tally } from "./shop.ts"

const thrownBy = async (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => assert.fail("It should have been refused"),
    (error: unknown) => error
  )

describe("schema evolution", () => {
  const V1 = collection("t.items", { schema: z.object({ name: z.string() }) })
  const V2 = collection("t.items", {
    schema: z.object({ title: z.string(), size: z.number() }),
    version: 2,
    upcasts: { 1: (row: { name: string }) => ({ title: row.name, size: 0 }) }
  })
  const V3 = collection("t.items", {
    schema: z.looseObject({ title: z.string(), size: z.number(), colour: z.string() }),
    version: 3,
    upcasts: { 1: (row: { name: string }) => ({ title: row.name, size: 0 }), 2: (row: object) => ({ ...row, colour: "none" }) }
  })
  const put = (of: typeof V1 | typeof V2 | typeof V3) =>
    operation("t.put", z.object({ id: z.string(), row: z.record(z.string(), z.unknown()) }), function* (tx, { id, row }) {
      tx.put(of as never, id, row as never)
    })
  const get = (of: typeof V1 | typeof V2 | typeof V3) =>
    operation("t.get", z.object({ id: z.string() }), function* (tx, { id }) {
      return tx.get(of as never, id) as Json | undefined
    })
  const list = (of: typeof V1 | typeof V2 | typeof V3) =>
    query("t.list", z.object({}), function* (view) {
      return view.find(of as never, "id")
    })
  const app = (of: typeof V1 | typeof V2 | typeof V3, store: ReturnType<typeof memory>) =>
    createOmni({ store, modules: { t: module("t", { operations: { put: put(of), get: get(of) }, queries: { list: list(of) } }) } })

  it("upcasts old rows when they are read", async () => {
    const store = memory()
    await app(V1, store).t.put({ id: "a", row: { name: "shaver" } })
    assert.deepEqual(await app(V2, store.shared()).t.get({ id: "a" }), { title: "shaver", size: 0 })
    assert.deepEqual(await app(V3, store.shared()).t.get({ id: "a" }), { title: "shaver", size: 0, colour: "none" })
  })

  it("keeps what it does not know of a row one version ahead, and its version", async () => {
    const store = memory()
    await app(V3, store).t.put({ id: "a", row: { title: "shaver", size: 2, colour: "red" } })
    const old = app(V2, store.shared())
    assert.deepEqual(await old.t.get({ id: "a" }), { title: "shaver", size: 2, colour: "red" })
    await old.transact(function* (tx) {
      tx.put(V2, "a", { ...tx.get(V2, "a")!, size: 3 })
    })
    assert.deepEqual(await app(V3, store.shared()).t.get({ id: "a" }), { title: "shaver", size: 3, colour: "red" })
  })

  it("names the collection, id and path of a row that fits no version, leaves it, and is not held up by it", async () => {
    const store = memory()
    const scope = await store.open("default")
    const key = { collection: "t.items", id: "bad" }
    await scope.commit({
      id: "raw",
      time: 0,
      retry: false,
      checks: [],
      events: [],
      writes: [{ key, row: { schema: 2, value: `{"title":1,"size":2}` }, add: [], drop: [], due: undefined }]
    })
    await scope.commit({
      id: "new",
      time: 0,
      retry: false,
      checks: [],
      events: [],
      writes: [{ key: { ...key, id: "new" }, row: { schema: 9, value: `{}` }, add: [], drop: [], due: undefined }]
    })
    const omni = app(V2, store.shared())
    await omni.t.put({ id: "good", row: { title: "x", size: 1 } })
    const error = (await thrownBy(omni.t.get({ id: "bad" }))) as InvalidRow
    assert.instanceOf(error, InvalidRow)
    assert.deepEqual([error.collection, error.id, error.issues.map((i) => i.path)], ["t.items", "bad", ["title"]])
    assert.instanceOf(await thrownBy(omni.t.put({ id: "bad", row: { title: "x", size: 1 } })), InvalidRow)
    assert.match(String(await thrownBy(omni.t.get({ id: "new" }))), /version 9 of its schema.*Update/)
    const page = (await omni.t.list({})) as { items: ReadonlyArray<{ id: string }>; invalid?: ReadonlyArray<InvalidRow> }
    assert.deepEqual(
      page.invalid?.map((row) => row.id),
      ["bad", "new"]
    )
    assert.includeMembers(
      page.items.map((item) => item.id),
      ["good"]
    )
  })
})

describe("queries", () => {
  it("page without gaps or repeats while writers go on", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 7 }),
        async (quantities, limit) => {
          const omni = createOmni({ store: memory(), modules: { shop: shop() } })
          await omni.shop.stock({ sku: "a", onHand: 1e6 })
          const ids = await Promise.all(quantities.map((quantity) => omni.shop.reserve({ sku: "a", quantity })))
          const seen: Array<string> = []
          let after: string | undefined
          do {
            const page = await omni.shop.reservations({ sku: "a", limit, ...(after === undefined ? {} : { after }) })
            assert.isAtMost(page.items.length, limit)
            seen.push(...page.items.map((item) => item.id))
            after = page.cursor
            await omni.shop.reserve({ sku: "a", quantity: 1 + (seen.length % 9) })
          } while (after !== undefined)
          assert.equal(new Set(seen).size, seen.length, "a row came twice")
          assert.includeMembers(seen, ids)
        }
      ),
      { numRuns: 25 }
    ))

  it("tell a watcher of every change that touches the answer, also by another process", async () => {
    const store = memory()
    const omni = createOmni({ store, modules: { shop: shop() } })
    const other = createOmni({ store: store.shared(), modules: { shop: shop() } })
    const stop = new AbortController()
    const seen: Array<ReadonlyArray<number>> = []
    const watching = (async () => {
      for await (const { value } of omni.shop.watch.levels({ skus: ["a"] }, { signal: stop.signal })) seen.push(value)
    })()
    const until = async (level: number) => {
      for (let i = 0; i < 200 && seen.at(-1)?.[0] !== level; i++) await new Promise((resolve) => setTimeout(resolve, 5))
      assert.deepEqual(seen.at(-1), [level])
    }
    await until(0)
    await omni.shop.stock({ sku: "a", onHand: 5 })
    await until(5)
    await other.shop.stock({ sku: "a", onHand: 7 })
    await until(7)
    await omni.shop.stock({ sku: "b", onHand: 1 })
    stop.abort()
    await watching
    assert.deepEqual(seen, [[0], [5], [7]])
  })

  it("say what is wrong with an unknown cursor", async () => {
    const omni = createOmni({ store: memory(), modules: { shop: shop() } })
    assert.match(String(await thrownBy(omni.shop.reservations({ sku: "a", after: "nonsense" }))), /no cursor/)
  })
})

describe("as of", () => {
  const time = Date.UTC(2020, 1, 2)
  const facts = [1, 2, 3].map((quantity) => ({ sku: "a", quantity, at: time + quantity * 1000 }))
  const importAll = async (omni: ReturnType<typeof start>["omni"]) => {
    const ids: Array<string> = []
    for (const { at, ...input } of facts) ids.push(await omni.shop.sold(input, { key: `import ${input.quantity}`, asOf: { time: at } }))
    return ids
  }
  const start = () => {
    const sent: Array<unknown> = []
    const clock = manualClock()
    return {
      sent,
      clock,
      omni: createOmni({ store: memory(), clock, modules: { shop: shop({ deliver: async (d) => void sent.push(d) }) } })
    }
  }

  it("records facts at their own time and ids, twice the same, and starts nothing", async () => {
    const [first, second] = [start(), start()]
    await first.omni.shop.stock({ sku: "a", onHand: 4 })
    await second.omni.shop.stock({ sku: "a", onHand: 4 })
    second.clock.advance(86_400_000)
    const ids = await importAll(first.omni)
    assert.deepEqual(await importAll(second.omni), ids)
    assert.deepEqual(await importAll(first.omni), ids)
    const log = async (omni: typeof first.omni) => (await omni.events()).events.map(({ position: _, ...event }) => event)
    assert.deepEqual(await log(first.omni), await log(second.omni))
    const reserved = (await log(first.omni)).filter((e) => e.type === Reserved.name)
    assert.deepEqual(
      reserved.map((e) => [e.time, e.imported]),
      facts.map((f) => [f.at, true])
    )
    await first.omni.drain()
    assert.isUndefined(
      await first.omni.transact(function* (tx) {
        return tx.get(Tally, "a")
      })
    )
  })

  it("never refuses a fact: what could not be is recorded for somebody to settle", async () => {
    const { omni } = start()
    await omni.shop.stock({ sku: "a", onHand: 4 })
    await importAll(omni)
    assert.deepEqual(
      await omni.transact(function* (tx) {
        return tx.get(Stock, "a")
      }),
      { onHand: -2, held: 0 }
    )
    const odd = (await omni.events()).events.filter((e) => e.type === "omni.DiscrepancyRecorded")
    assert.deepEqual(
      odd.map((e) => (e.data as { error: string }).error),
      ["OutOfStock"]
    )
    assert.isFalse((await omni.shop.safe.sold({ sku: "a", quantity: 1 })).ok)
  })

  it("sends and schedules nothing in the past unless asked", async () => {
    const { omni, sent, clock } = start()
    const input = { person: "p", email: "p@x.org", city: "c" }
    await omni.shop.register(input, { asOf: { time } })
    await omni.drain()
    clock.advance(7_200_000)
    await omni.drain()
    assert.equal(sent.length, 0)
    await omni.shop.register(input, { asOf: { time, send: true, start: true } })
    await omni.drain()
    assert.isAbove(sent.length, 0)
  })

  it("runs the reactors that ask for imports as of the events' own time", async () => {
    const times: Array<number> = []
    const Seen = collection("t.seen", { schema: z.object({ at: z.number() }) })
    const seen = reactor(
      "t.seen",
      [Reserved],
      function* (tx) {
        tx.put(Seen, "last", { at: tx.now })
      },
      { imports: "run" }
    )
    const omni = createOmni({ store: memory(), clock: manualClock(), modules: { shop: shop(), t: module("t", { reactors: [seen] }) } })
    await omni.shop.sold({ sku: "a", quantity: 1 }, { asOf: { time } })
    await omni.drain()
    times.push(
      (await omni.transact(function* (tx) {
        return tx.get(Seen, "last")
      }))!.at
    )
    assert.deepEqual(times, [time])
  })
})

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
})

describe("time", () => {
  it("never runs backwards in the data, though a machine's clock does", async () => {
    const store = memory()
    const [fast, slow] = [manualClock(2_000_000), manualClock(1_000_000)]
    const At = collection("t.at", { schema: z.object({ at: z.number() }) })
    const stamp = operation("t.stamp", z.object({}), function* (tx) {
      const before = tx.get(At, "x")?.at ?? 0
      tx.put(At, "x", { at: tx.now })
      return tx.now - before
    })
    const modules = { t: module("t", { operations: { stamp } }) }
    await createOmni({ store, clock: fast, modules }).t.stamp({})
    assert.isAtLeast(await createOmni({ store: store.shared(), clock: slow, modules }).t.stamp({}), 0)
  })
})
