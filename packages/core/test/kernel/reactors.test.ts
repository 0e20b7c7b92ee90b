import { createOmni, module, PositionExpired, reactor } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"

import { manualClock } from "./clock.ts"
import { Noted, Notes, note, open, operations } from "./notes.ts"
import { Registered, shop, Tally } from "./shop.ts"

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
    assert.deepEqual([letter?.row.name, letter?.row.error], ["t.seen", "cannot note bad 2"])
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

  it("hold up only the partition of a poison event, however long the log behind it", async () => {
    const seen = reactor(
      "t.seen",
      [Noted],
      function* (tx, { subject, data }) {
        if (data.text === "bad") throw new Error("poison")
        const tally = tx.get(Tally, subject) ?? { reserved: 0, last: [] }
        tx.put(Tally, subject, { ...tally, reserved: tally.reserved + 1 })
      },
      { tries: 3 }
    )
    const { omni, clock } = open({ t: module("t", { operations, reactors: [seen] }) })
    await omni.t.say({ subject: "s0", text: "bad" })
    await Promise.all(Array.from({ length: 1400 }, (_, i) => omni.t.say({ subject: `s${i % 7}`, text: `${i}` })))
    const counts = () =>
      omni.transact(function* (tx) {
        return tx.getMany(
          Tally,
          Array.from({ length: 7 }, (_, s) => `s${s}`)
        )
      })
    await omni.drain()
    const early = (await counts()).map((row) => row?.reserved ?? 0)
    assert.isAtLeast(early.filter((n) => n === 200).length, 3, `${early}`)
    assert.equal(early[0], 0)
    for (let i = 0; i < 3; i++) {
      clock.advance(60_000)
      await omni.drain()
    }
    assert.deepEqual(
      (await counts()).map((row) => row?.reserved),
      Array.from({ length: 7 }, () => 200)
    )
    assert.equal((await omni.deadLetters({ kind: "event" })).items.length, 1)
  })

  it("take a dead event again from far back in the log, and one that was imported as of its own time", async () => {
    let broken = true
    const times: Array<number> = []
    const time = Date.UTC(2020, 0, 1)
    const seen = reactor(
      "t.seen",
      [Noted],
      function* (tx, { data }) {
        if (broken && data.text === "bad") throw new Error("poison")
        if (data.text === "bad") times.push(tx.now)
      },
      { tries: 1, imports: "run" }
    )
    const { omni } = open({ t: module("t", { operations, reactors: [seen] }) })
    const others = await omni.events()
    assert.equal(others.events.length, 0)
    // Subjects of other partitions come first: the reactor's place before the event is far away.
    await Promise.all(Array.from({ length: 2500 }, (_, i) => omni.t.say({ subject: `s${i % 40}`, text: "fine" })))
    await omni.t.say({ subject: "late", text: "bad" }, { asOf: { time } })
    await omni.drain()
    const [letter] = (await omni.deadLetters()).items
    broken = false
    await omni.redrive(letter!.id)
    assert.deepEqual([...new Set(times)], [time])
  })

  it("wait before they try an imported event again, too", async () => {
    let tries = 0
    const seen = reactor(
      "t.seen",
      [Noted],
      function* (_tx, { data }) {
        if (data.text === "bad" && tries++ >= 0) throw new Error("poison")
      },
      { tries: 3, imports: "run" }
    )
    const { omni } = open({ t: module("t", { operations, reactors: [seen] }) })
    for (let i = 0; i < 600; i++) void omni.t.say({ subject: `s${i % 20}`, text: i === 0 ? "bad" : "fine" }, { asOf: { time: 1000 + i } })
    await omni.t.say({ subject: "s1", text: "last" })
    await omni.drain()
    // Once, and once more to compare.
    assert.equal(tries, 2)
    assert.deepEqual((await omni.deadLetters()).items, [])
  })

  it("seal what is kept of their failures with the key of whom the event is about", async () => {
    const store = memory()
    const seen = reactor(
      "t.seen",
      [Registered],
      function* (_tx, { data }): Generator<never, void, unknown> {
        throw new Error(`cannot greet ${data.email}`)
      },
      { tries: 1 }
    )
    const omni = createOmni({ store, modules: { shop: shop(), t: module("t", { reactors: [seen] }) } })
    await omni.shop.register({ person: "p", email: "jeanne@x.org", city: "Lyon" })
    await omni.drain()
    assert.equal((await omni.deadLetters({ kind: "event" })).items[0]?.row.error, "cannot greet jeanne@x.org")
    const scope = await store.shared().open("default")
    const { pages } = await scope.read(
      [],
      [{ collection: "omni.dead-letters", index: "", from: "", to: "\u{10ffff}", order: "asc", limit: 9, after: undefined }]
    )
    assert.isNotEmpty(pages[0]!.items)
    assert.notInclude(JSON.stringify(pages), "jeanne")
  })

  it("that are stuck hold up neither others, nor timers, nor other tenants; drain does the rest and then says what is wrong", async () => {
    const store = memory()
    const clock = manualClock()
    const count = (name: string) =>
      reactor(
        name,
        [Noted],
        function* (tx) {
          const tally = tx.get(Tally, name) ?? { reserved: 0, last: [] }
          tx.put(Tally, name, { ...tally, reserved: tally.reserved + 1 })
        },
        { from: "start" }
      )
    const first = createOmni({ store, clock, modules: { t: module("t", { operations, reactors: [count("t.stuck")] }) } })
    for (let i = 0; i < 5; i++) await first.t.say({ subject: "s", text: `${i}` })
    const scope = await store.open("default")
    await scope.trim((await first.events()).upto)
    const problems: Array<unknown> = []
    const omni = createOmni({
      store: store.shared(),
      clock,
      onError: (error) => void problems.push(error),
      modules: { t: module("t", { operations, reactors: [count("t.stuck")] }) }
    })
    await omni.t.note({ subject: "first", text: "this tenant is looked at first" })
    const other = omni.tenant("other")
    await other.t.say({ subject: "s", text: "1" })
    await omni.t.later({ subject: "s", text: "on time", after: 10 })
    clock.advance(20)
    assert.instanceOf(await omni.drain().catch((error: unknown) => error), PositionExpired)
    const tallies = () =>
      other.transact(function* (tx) {
        return tx.get(Tally, "t.stuck")?.reserved
      })
    assert.equal(await tallies(), 1)
    assert.deepEqual(
      await omni.transact(function* (tx) {
        return tx.get(Notes, "s")?.lines
      }),
      ["on time"]
    )
    omni.run()
    await other.t.say({ subject: "s", text: "2" })
    for (let i = 0; i < 200 && (await tallies()) !== 2; i++) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(await tallies(), 2)
    await omni.close()
    assert.instanceOf(problems[0], PositionExpired)
  })
})
