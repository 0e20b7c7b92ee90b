import { assert, describe, it } from "vitest"
import * as z from "zod"

import {
  collection,
  createOmni,
  DeliveryFailed,
  event,
  handler,
  module,
  operation,
  reactor,
  topic,
  type Module,
  type StoreDriver
} from "../../src/index.ts"
import { memory } from "../../src/memory/index.ts"
import { manualClock } from "./clock.ts"
import { Reservations, shop, Stock, Tally } from "./shop.ts"

const Notes = collection("t.notes", { schema: z.object({ lines: z.array(z.string()) }) })
const Noted = event("t.Noted", z.object({ text: z.string() }))
const note = operation("t.note", z.object({ subject: z.string(), text: z.string() }), function* (tx, { subject, text }) {
  const row = tx.get(Notes, subject) ?? { lines: [] }
  if (text.startsWith("bad")) throw new Error(`cannot note ${text}`)
  tx.put(Notes, subject, { lines: [...row.lines, text] })
})
const later = operation(
  "t.later",
  z.object({ subject: z.string(), text: z.string(), after: z.number(), key: z.string().optional() }),
  function* (tx, { subject, text, after, key }) {
    return tx.schedule(tx.now + after, note, { subject, text }, { subject, ...(key === undefined ? {} : { key }) })
  }
)
const cancel = operation("t.cancel", z.object({ key: z.string() }), function* (tx, { key }) {
  tx.cancel(key)
})
const say = operation("t.say", z.object({ subject: z.string(), text: z.string() }), function* (tx, { subject, text }) {
  tx.emit(Noted, subject, { text })
})
const operations = { note, later, cancel, say }

const open = <M extends { readonly [name: string]: Module }>(modules: M, store: StoreDriver = memory()) => {
  const clock = manualClock()
  return { clock, omni: createOmni({ store, modules, clock }) }
}

describe("timers", () => {
  const modules = { t: module("t", { operations }) }
  const notes = (omni: ReturnType<typeof open<typeof modules>>["omni"], subject: string) =>
    omni.transact(function* (tx) {
      return tx.get(Notes, subject)?.lines ?? []
    })

  it("fire once, never early, in due order", async () => {
    const { omni, clock } = open(modules)
    for (const after of [300, 100, 200]) await omni.t.later({ subject: "s", text: `${after}`, after })
    clock.advance(99)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), [])
    clock.advance(1)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["100"])
    clock.advance(1000)
    await omni.drain()
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["100", "200", "300"])
  })

  it("are replaced and cancelled by their key", async () => {
    const { omni, clock } = open(modules)
    await omni.t.later({ subject: "s", text: "first", after: 100, key: "k" })
    await omni.t.later({ subject: "s", text: "second", after: 500, key: "k" })
    await omni.t.later({ subject: "s", text: "gone", after: 100, key: "g" })
    await omni.t.cancel({ key: "g" })
    clock.advance(200)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), [])
    clock.advance(300)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["second"])
  })

  it("fire once though several processes work them off", async () => {
    const store = memory()
    const clock = manualClock()
    const clients = [store, store.shared(), store.shared()].map((each) => createOmni({ store: each, modules, clock }))
    for (let i = 0; i < 30; i++) await clients[0]!.t.later({ subject: `s${i % 5}`, text: `${i}`, after: i })
    clock.advance(100)
    await Promise.all(clients.map((client) => client.drain()))
    const all = await Promise.all([0, 1, 2, 3, 4].map((s) => notes(clients[0]!, `s${s}`)))
    assert.deepEqual(
      all,
      [0, 1, 2, 3, 4].map((s) => [0, 5, 10, 15, 20, 25].map((n) => `${n + s}`))
    )
  })

  it("that fail are tried again, hold back the later ones of their subject alone, and end as dead letters", async () => {
    const { omni, clock } = open(modules)
    await omni.t.later({ subject: "s", text: "bad", after: 10 })
    await omni.t.later({ subject: "s", text: "after", after: 20 })
    await omni.t.later({ subject: "other", text: "free", after: 20 })
    clock.advance(30)
    await omni.drain()
    assert.deepEqual(await notes(omni, "other"), ["free"])
    assert.deepEqual(await notes(omni, "s"), [])
    for (let i = 0; i < 40; i++) {
      clock.advance(600_000)
      await omni.drain()
    }
    assert.deepEqual(await notes(omni, "s"), ["after"])
    const { items } = await omni.deadLetters({ kind: "timer" })
    assert.deepEqual(
      items.map(({ row }) => [row.name, row.tries, row.error.message]),
      [["t.note", 8, "cannot note bad"]]
    )
    await omni.redrive(items[0]!.id)
    assert.equal((await omni.deadLetters()).items.length, 0)
  })

  it("of an operation that nobody brings are dead letters", async () => {
    const store = memory()
    const { omni, clock } = open(modules, store)
    await omni.t.later({ subject: "s", text: "x", after: 10 })
    clock.advance(20)
    const without = createOmni({ store: store.shared(), modules: { shop: shop() }, clock })
    await without.drain()
    assert.equal((await omni.deadLetters()).items[0]?.row.error.tag, "UnknownOperation")
    await omni.redrive((await omni.deadLetters()).items[0]!.id)
    await omni.drain()
    assert.deepEqual(await notes(omni, "s"), ["x"])
  })

  it("release what was held", async () => {
    const { omni, clock } = open({ shop: shop() })
    await omni.shop.stock({ sku: "a", onHand: 3 })
    const id = await omni.shop.reserve({ sku: "a", quantity: 2 })
    clock.advance(60_000)
    await omni.drain()
    const [row, stock] = await omni.transact(function* (tx) {
      return [tx.get(Reservations, id), tx.get(Stock, "a")] as const
    })
    assert.equal(row?.status, "released")
    assert.equal(stock?.held, 0)
  })
})

describe("reactors", () => {
  it("take each event once, in order for each subject, also when several processes run them", async () => {
    const store = memory()
    const seen = reactor("t.seen", [Noted], function* (tx, { subject, data }) {
      yield* note(tx, { subject, text: data.text })
    })
    const modules = { t: module("t", { operations, reactors: [seen] }) }
    const clients = [store, store.shared(), store.shared()].map((each) => createOmni({ store: each, modules }))
    await clients[0]!.drain()
    for (let i = 0; i < 60; i++) await clients[i % 3]!.t.say({ subject: `s${i % 7}`, text: `${i}` })
    await Promise.all(clients.map((client) => client.drain()))
    for (let s = 0; s < 7; s++) {
      const row = await clients[0]!.transact(function* (tx) {
        return tx.get(Notes, `s${s}`)
      })
      assert.deepEqual(
        row?.lines,
        Array.from({ length: 60 }, (_, i) => i)
          .filter((i) => i % 7 === s)
          .map(String)
      )
    }
  })

  it("put a poison event aside after its tries, go on, and take it again on redrive", async () => {
    let broken = true
    const seen = reactor(
      "t.seen",
      [Noted],
      function* (tx, { subject, data }) {
        yield* note(tx, { subject, text: broken ? data.text : data.text.replace("bad", "good") })
      },
      { tries: 3 }
    )
    const { omni, clock } = open({ t: module("t", { operations, reactors: [seen] }) })
    for (const text of ["1", "bad 2", "3"]) await omni.t.say({ subject: "s", text })
    const lines = () =>
      omni.transact(function* (tx) {
        return tx.get(Notes, "s")?.lines
      })
    await omni.drain()
    assert.deepEqual(await lines(), ["1"])
    for (let i = 0; i < 5; i++) {
      clock.advance(60_000)
      await omni.drain()
    }
    assert.deepEqual(await lines(), ["1", "3"])
    const [letter] = (await omni.deadLetters({ kind: "event" })).items
    assert.deepEqual([letter?.row.name, letter?.row.error.message], ["t.seen", "cannot note bad 2"])
    broken = false
    await omni.redrive(letter!.id)
    assert.deepEqual(await lines(), ["1", "3", "good 2"])
    assert.equal((await omni.deadLetters()).items.length, 0)
  })

  it("begin where they say, and get through a long log", async () => {
    const store = memory()
    const before = createOmni({ store, modules: { t: module("t", { operations }) } })
    await Promise.all(Array.from({ length: 1500 }, (_, i) => before.t.say({ subject: `s${i % 3}`, text: `${i}` })))
    const count = (name: string, from: "start" | "now") =>
      reactor(
        name,
        [Noted],
        function* (tx) {
          const tally = tx.get(Tally, name) ?? { reserved: 0, last: [] }
          tx.put(Tally, name, { ...tally, reserved: tally.reserved + 1 })
        },
        { from }
      )
    const omni = createOmni({
      store: store.shared(),
      modules: { t: module("t", { operations, reactors: [count("t.all", "start"), count("t.new", "now")] }) }
    })
    await omni.drain()
    await omni.t.say({ subject: "s0", text: "last" })
    await omni.drain()
    const [all, fresh] = await omni.transact(function* (tx) {
      return [tx.get(Tally, "t.all")?.reserved, tx.get(Tally, "t.new")?.reserved] as const
    })
    assert.deepEqual([all, fresh], [1501, 1])
  })
})

describe("the outbox", () => {
  const Mail = topic("t.mail", z.object({ to: z.string() }))
  const mail = operation("t.mail", z.object({ to: z.string() }), function* (tx, input) {
    return tx.send(Mail, input)
  })
  const ended = operation(
    "t.ended",
    z.object({
      id: z.string(),
      payload: z.object({ to: z.string() }),
      attempt: z.number(),
      answer: z.unknown(),
      error: z.string().optional()
    }),
    function* (tx, { payload, answer, error }) {
      tx.put(Notes, payload.to, { lines: [error ?? String(answer)] })
    }
  )
  const outcome = (omni: { transact: ReturnType<typeof open>["omni"]["transact"] }, to: string) =>
    omni.transact(function* (tx) {
      return tx.get(Notes, to)?.lines[0]
    })

  it("delivers after the commit, with one key over all tries, and records the end", async () => {
    const tries: Array<[string, number]> = []
    const deliver = handler(
      Mail,
      async ({ id, attempt }) => {
        tries.push([id, attempt])
        if (attempt < 3) throw new DeliveryFailed("busy", { retry: true })
        return `provider-${attempt}`
      },
      { delivered: ended as never, failed: ended as never }
    )
    const { omni, clock } = open({ t: module("t", { operations: { mail }, handlers: [deliver] }) })
    const id = await omni.t.mail({ to: "a" })
    for (let i = 0; i < 4; i++) {
      await omni.drain()
      clock.advance(60_000)
    }
    assert.deepEqual(tries, [
      [id, 1],
      [id, 2],
      [id, 3]
    ])
    assert.equal(await outcome(omni, "a"), "provider-3")
  })

  it("gives up what can not be delivered, as a dead letter that can be redriven", async () => {
    let broken = true
    const deliver = handler(
      Mail,
      async () => {
        if (broken) throw new DeliveryFailed("no such address", { retry: false })
        return "ok"
      },
      { delivered: ended as never, failed: ended as never }
    )
    const { omni } = open({ t: module("t", { operations: { mail }, handlers: [deliver] }) })
    await omni.t.mail({ to: "a" })
    await omni.drain()
    assert.equal(await outcome(omni, "a"), "no such address")
    const [letter] = (await omni.deadLetters({ kind: "message" })).items
    broken = false
    await omni.redrive(letter!.id)
    await omni.drain()
    assert.equal(await outcome(omni, "a"), "ok")
  })

  it("takes a time-out for unknown: tries again where the provider deduplicates, else holds, drops or retries as declared", async () => {
    for (const [idempotent, unknown, tried, letters] of [
      [true, "hold", 2, 0],
      [false, "hold", 1, 0],
      [false, "drop", 1, 1],
      [false, "retry", 2, 0]
    ] as const) {
      let calls = 0
      const deliver = handler(Mail, () => (++calls === 1 ? new Promise(() => {}) : Promise.resolve("ok")), {
        idempotent,
        unknown,
        timeout: 20
      })
      const { omni, clock } = open({ t: module("t", { operations: { mail }, handlers: [deliver] }) })
      await omni.t.mail({ to: "a" })
      for (let i = 0; i < 3; i++) {
        await omni.drain()
        clock.advance(60_000)
      }
      assert.equal(calls, tried, `${idempotent} ${unknown}`)
      assert.equal((await omni.deadLetters()).items.length, letters, `${idempotent} ${unknown}`)
    }
  })

  it("sends once though several processes work it off, and takes over what a dead one had leased", async () => {
    const store = memory()
    const clock = manualClock()
    const sent: Array<string> = []
    const modules = (deliver: (id: string) => Promise<unknown>) => ({
      t: module("t", { operations: { mail }, handlers: [handler(Mail, ({ id }) => deliver(id), { idempotent: true, timeout: 1000 })] })
    })
    const alive = [store.shared(), store.shared()].map((each) =>
      createOmni({ store: each, clock, modules: modules(async (id) => void sent.push(id)) })
    )
    const dead = createOmni({ store: store.shared(), clock, modules: modules(() => new Promise(() => {})) })
    const ids = await Promise.all(Array.from({ length: 10 }, (_, i) => dead.t.mail({ to: `${i}` })))
    void dead.drain()
    await new Promise((resolve) => setTimeout(resolve, 50))
    await Promise.all(alive.map((each) => each.drain()))
    assert.deepEqual(sent, [])
    clock.advance(10_000)
    await Promise.all(alive.map((each) => each.drain()))
    assert.deepEqual(sent.toSorted(), ids.toSorted())
  })
})

describe("run", () => {
  it("works until it is stopped", async () => {
    const sent: Array<unknown> = []
    const omni = createOmni({ store: memory(), modules: { shop: shop({ deliver: async ({ payload }) => void sent.push(payload.to) }) } })
    omni.run()
    await omni.shop.register({ person: "p", email: "e@x.org", city: "c" })
    for (let i = 0; i < 100 && sent.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(sent, ["e@x.org"])
    await omni.close()
  })
})
