import { collection, createOmni, module, operation, reactor, refuse, type Position } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { Reservations, Reserved, reserve, shop, Stock, Tally } from "./shop.ts"

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
    const log = async (omni: typeof first.omni) => (await omni.events()).events.map((event) => ({ ...event, position: "" }))
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

  it("leaves the index as the rows are, when a replay writes its rows once more", async () => {
    const store = memory()
    const client = () => createOmni({ store: store.shared(), modules: { shop: shop() } })
    const keep = operation("t.keep", z.object({ sku: z.string() }), function* (tx, { sku }) {
      return tx.put(Reservations, tx.newId("rsv"), { sku, quantity: 1, status: "held" })
    })
    // Each time by a process that has not seen the row.
    const once = () => client().transact(keep, { sku: "a" }, { asOf: { time } })
    await once()
    const omni = client()
    const { id } = (await omni.shop.reservations({ sku: "a" })).items[0]!
    await omni.transact(function* (tx) {
      tx.put(Reservations, id, { sku: "b", quantity: 2, status: "held" })
    })
    await once()
    assert.deepEqual(await Promise.all(["a", "b"].map(async (sku) => (await omni.shop.reservations({ sku })).items.length)), [1, 0])
  })

  it("remembers a keyed replay from when it was made, not from when it happened", async () => {
    const { omni } = start()
    const keep = operation("t.count", z.object({}), function* (tx) {
      tx.put(Tally, "n", { reserved: (tx.get(Tally, "n")?.reserved ?? 0) + 1, last: [] })
    })
    for (let i = 0; i < 3; i++) {
      await omni.transact(keep, {}, { key: "k", asOf: { time } })
      await omni.drain()
    }
    assert.equal(
      await omni.transact(function* (tx) {
        return tx.get(Tally, "n")?.reserved
      }),
      1
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

  it("starts what its events start when it is asked to", async () => {
    for (const asked of [true, false]) {
      const { omni } = start()
      await omni.shop.sold({ sku: "a", quantity: 1 }, { asOf: { time, start: asked } })
      await omni.drain()
      const tally = await omni.transact(function* (tx) {
        return tx.get(Tally, "a")?.reserved
      })
      assert.equal(tally, asked ? 1 : undefined)
      assert.isTrue((await omni.events()).events.every((event) => event.imported === !asked && event.time === time))
    }
  })

  it("schedules what is still to come", async () => {
    const { omni, clock } = start()
    await omni.shop.stock({ sku: "a", onHand: 4 })
    await omni.transact(reserve, { sku: "a", quantity: 1 }, { asOf: { time: clock.now() - 30_000 } })
    await omni.transact(reserve, { sku: "a", quantity: 1 }, { asOf: { time: clock.now() - 90_000 } })
    await omni.transact(reserve, { sku: "a", quantity: 2 }, { asOf: { time: clock.now() - 80_000, start: true } })
    const held = () =>
      omni.transact(function* (tx) {
        return tx.get(Stock, "a")?.held
      })
    await omni.drain()
    // What was asked to start began, and is over; what was not is not.
    assert.equal(await held(), 2)
    clock.advance(29_999)
    await omni.drain()
    assert.equal(await held(), 2)
    clock.advance(1)
    await omni.drain()
    assert.equal(await held(), 1)
  })

  it("keeps what the discrepancy is about to whom it is about", async () => {
    const store = memory()
    const Taken = class extends Error {
      readonly _tag = "Taken"
      readonly email = "jeanne@x.org"
    }
    const claim = operation(
      "t.claim",
      { input: z.object({ person: z.string(), email: z.string() }), fact: true, personal: (input) => input.person },
      function* (tx, { person, email }) {
        yield* refuse(tx, person, new Taken(`${email} is taken`))
      }
    )
    const omni = createOmni({ store, modules: { t: module("t", { operations: { claim } }) } })
    await omni.t.claim({ person: "p", email: "jeanne@x.org" }, { asOf: { time } })
    const page = await (await store.shared().open("default")).events("" as Position, 9)
    assert.include(JSON.stringify(page), "omni.DiscrepancyRecorded")
    assert.notInclude(JSON.stringify(page), "jeanne")
    const told = async () => (await omni.events()).events[0]?.data as { readonly message?: string }
    assert.equal((await told()).message, "jeanne@x.org is taken")
    await omni.erase("p")
    assert.deepEqual(await told(), { error: "Taken", owner: "p" } as object)
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

describe("time", () => {
  it("of a commit is no earlier than that of any row it read, in an import too", async () => {
    const store = memory()
    const [fast, slow] = [manualClock(2_000_000), manualClock(1_000_000)]
    const modules = { shop: shop() }
    await createOmni({ store, clock: fast, modules }).shop.stock({ sku: "a", onHand: 4 })
    await createOmni({ store: store.shared(), clock: slow, modules }).shop.sold({ sku: "a", quantity: 1 }, { asOf: { time: 5 } })
    const scope = await store.shared().open("default")
    assert.isAtLeast((await scope.read([{ collection: Stock.name, id: "a" }])).rows[0]!.time, 2_000_000)
  })

  it("does not run backwards for the rows of one process either", async () => {
    const clock = manualClock(2_000_000)
    const omni = createOmni({ store: memory(), clock, modules: { shop: shop() } })
    await omni.shop.stock({ sku: "a", onHand: 4 })
    clock.set(1_000_000)
    await omni.shop.stock({ sku: "a", onHand: 5 })
    assert.equal(
      await omni.transact(function* (tx) {
        tx.get(Stock, "a")
        return tx.now
      }),
      2_000_000
    )
  })

  it("that an operation was told of is no earlier than what it reads afterwards", async () => {
    const store = memory()
    const [fast, slow] = [manualClock(2_000_000), manualClock(1_000_000)]
    const At = collection("t.at", { schema: z.object({ at: z.number() }) })
    const since = operation("t.since", z.object({}), function* (tx) {
      const told = tx.now
      const before = tx.get(At, "x")?.at ?? 0
      tx.put(At, "x", { at: told })
      return [told - before, tx.now - told] as const
    })
    const modules = { t: module("t", { operations: { since } }) }
    await createOmni({ store, clock: fast, modules }).t.since({})
    for (const verify of [true, false])
      assert.deepEqual(await createOmni({ store: store.shared(), clock: slow, modules, verify }).t.since({}), [0, 0])
  })

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
