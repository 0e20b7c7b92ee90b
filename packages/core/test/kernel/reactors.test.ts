import { createOmni, module, reactor } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"

import { Noted, Notes, note, open, operations } from "./notes.ts"
import { Tally } from "./shop.ts"

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
})
