import { collection, createOmni, DeliveryFailed, event, handler, module, operation, reactor, StoreUnavailable, topic } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { over } from "../../../../scripts/test/over.ts"

const Mail = topic("t.mail", z.object({ to: z.string() }))
const mail = operation("t.mail", z.object({ to: z.string() }), function* (tx, input) {
  return tx.send(Mail, input)
})
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe("what no store takes", () => {
  const Rows = collection("t.rows", { schema: z.object({ n: z.number() }) })
  const Asked = event("t.Asked", z.object({ rows: z.number() }))
  const ask = operation("t.ask", z.object({ rows: z.number() }), function* (tx, { rows }) {
    tx.emit(Asked, "s", { rows })
  })
  const fill = operation("t.fill", z.object({ rows: z.number() }), function* (tx, { rows }) {
    for (let n = 0; n < rows; n++) tx.put(Rows, `${rows}-${n}`, { n })
  })
  const later = operation("t.later", z.object({ rows: z.number() }), function* (tx, input) {
    tx.schedule(tx.now, fill, input, { subject: "s" })
  })
  const filling = reactor("t.filling", [Asked], (tx, { data }) => fill(tx, data), { from: "start", tries: 2 })

  it("is given up after its tries, as anything else that fails, and holds up nothing behind it", { timeout: 60_000 }, async () => {
    let now = 1_700_000_000_000
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    for (const way of ["event", "timer"] as const) {
      const t = module("t", { collections: [Rows], operations: { ask, later }, internal: [fill], reactors: [filling] })
      const omni = createOmni({ store: memory({ limits: { keys: 60 } }), modules: { t }, clock, verify: false })
      const send = way === "event" ? omni.t.ask : omni.t.later
      await send({ rows: 100 })
      await send({ rows: 3 })
      for (let i = 0; i < 12; i++) {
        await omni.drain()
        now += 3_600_000
      }
      const { items } = await omni.deadLetters()
      assert.deepEqual(
        items.map(({ row }) => [row.kind, row.tag]),
        [[way, "StoreUnavailable"]]
      )
      const there = await omni.transact(function* (tx) {
        return [tx.get(Rows, "3-0")?.n, tx.get(Rows, "100-0")?.n]
      })
      assert.deepEqual(there, [0, undefined])
      await omni.close()
    }
  })

  it("is no reason to send a message again, where it is what follows its delivery", async () => {
    for (const fails of [false, true]) {
      let sent = 0
      const End = z.looseObject({})
      const much = operation("t.much", End, function* (tx) {
        for (let n = 0; n < 100; n++) tx.put(Rows, `${n}`, { n })
      })
      const deliver = async () => {
        sent++
        if (fails) throw new DeliveryFailed("no such address", { retry: false })
      }
      const handlers = [handler(Mail, deliver, { idempotent: true, delivered: much as never, failed: much as never })]
      const t = module("t", { collections: [Rows], operations: { mail }, handlers })
      const omni = createOmni({ store: memory({ limits: { keys: 60 } }), modules: { t }, verify: false })
      await omni.t.mail({ to: "ann" })
      await omni.drain()
      assert.equal(sent, 1)
      const { items } = await omni.deadLetters()
      assert.include(
        items.map(({ row }) => row.name),
        "t.mail (after delivery)"
      )
      await omni.close()
    }
  })

  it("and what can not be written down, is given up too", async () => {
    let now = 1_700_000_000_000
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    const odd = reactor(
      "t.odd",
      [Asked],
      function* (tx, { data }) {
        tx.put(Rows, `${data.rows}`, { n: data.rows === 1 ? (1n as never) : 0 })
      },
      { from: "start", tries: 2 }
    )
    const t = module("t", { collections: [Rows], operations: { ask }, reactors: [odd] })
    const omni = createOmni({ store: memory(), modules: { t }, clock, verify: false })
    await omni.t.ask({ rows: 1 })
    await omni.t.ask({ rows: 2 })
    for (let i = 0; i < 4; i++) {
      await omni.drain()
      now += 3_600_000
    }
    assert.lengthOf((await omni.deadLetters()).items, 1)
    const there = await omni.transact(function* (tx) {
      return tx.get(Rows, "2")?.n
    })
    assert.equal(there, 0)
    await omni.close()
  })

  it("holds up no timers, where theirs can not be read", async () => {
    const store = memory()
    const row = { schema: 99, value: JSON.stringify({ operation: "of a release to come" }) }
    const writes = Array.from({ length: 600 }, (_, n) => ({
      key: { collection: "omni.timers", id: `tmr-newer-${n}` },
      row,
      add: [],
      drop: [],
      due: 1
    }))
    await (await store.open("default")).commit({ id: "newer", time: 1, retry: false, checks: [], writes, events: [] })
    const t = module("t", { collections: [Rows], operations: { later }, internal: [fill] })
    for (const way of ["drain", "run"] as const) {
      const omni = createOmni({ store: store.shared(), modules: { t }, verify: false })
      const rows = way === "drain" ? 3 : 4
      await omni.t.later({ rows })
      if (way === "drain") await omni.drain().catch(() => undefined)
      else omni.run()
      const there = () =>
        omni.transact(function* (tx) {
          return tx.get(Rows, `${rows}-0`)?.n
        })
      for (let i = 0; i < 200 && (await there()) === undefined; i++) await pause(10)
      assert.equal(await there(), 0, way)
      await omni.close()
    }
  })

  it("is no fault of a store that is full for now: what happened is made up for once there is room", async () => {
    let now = 1_700_000_000_000
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    let full = false
    // A note still finds room where more does not.
    const small = over(memory(), (scope) => ({
      commit: async (commit) =>
        full && commit.writes.length > 10 ? { _tag: "NotWritten" as const, reason: "the disk is full" } : scope.commit(commit)
    }))
    const t = module("t", { collections: [Rows], operations: { ask }, internal: [fill], reactors: [filling] })
    const omni = createOmni({ store: small, modules: { t }, clock, verify: false })
    await omni.t.ask({ rows: 50 })
    full = true
    for (let i = 0; i < 5; i++) {
      assert.instanceOf(await omni.drain().catch((error: unknown) => error), StoreUnavailable)
      now += 3_600_000
    }
    full = false
    await omni.drain()
    assert.deepEqual((await omni.deadLetters()).items, [])
    const there = await omni.transact(function* (tx) {
      return tx.get(Rows, "50-49")?.n
    })
    assert.equal(there, 49)
    await omni.close()
  })

  it("holds up nobody where it is about somebody who was erased", async () => {
    let now = 1_700_000_000_000
    const clock = { now: () => now, sleep: () => Promise.resolve() }
    const Told = event("t.Told", z.object({ who: z.string(), name: z.string().optional(), rows: z.number() }), {
      personal: { subject: ({ who }) => who, fields: ["name"] }
    })
    const tell = operation("t.tell", z.object({ who: z.string(), rows: z.number() }), function* (tx, { who, rows }) {
      tx.emit(Told, who, { who, name: who, rows })
    })
    const following = reactor("t.following", [Told], (tx, { data }) => fill(tx, { rows: data.rows }), {
      from: "start",
      tries: 1,
      partitions: 1
    })
    const t = module("t", { collections: [Rows], operations: { tell }, internal: [fill], reactors: [following] })
    const omni = createOmni({ store: memory({ limits: { keys: 60 } }), modules: { t }, clock, verify: false })
    await omni.t.tell({ who: "ann", rows: 100 })
    await omni.t.tell({ who: "bob", rows: 3 })
    await omni.erase("ann")
    for (let i = 0; i < 3; i++) {
      await omni.drain()
      now += 3_600_000
    }
    const there = await omni.transact(function* (tx) {
      return tx.get(Rows, "3-0")?.n
    })
    assert.equal(there, 0)
    await omni.close()
  })
})
