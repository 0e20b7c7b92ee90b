import { createOmni, DeliveryFailed, handler, module, operation, reactor, topic, WorkFailed } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { Noted, note, operations } from "./notes.ts"

const Mail = topic("t.mail", z.string())
const post = operation("t.post", z.string(), function* (tx, text) {
  tx.send(Mail, text)
})

const open = (options: { readonly idempotent?: boolean; readonly tries?: number }, deliver: () => Promise<unknown> = async () => {}) => {
  const told: Array<WorkFailed> = []
  const clock = manualClock()
  const noting = reactor(
    "t.noting",
    [Noted],
    function* (tx, { data, subject }) {
      yield* note(tx, { subject, text: data.text })
    },
    { tries: 2 }
  )
  const modules = {
    t: module("t", { operations: { ...operations, post }, reactors: [noting], handlers: [handler(Mail, deliver, options)] })
  }
  const onError = (error: unknown) => {
    assert.instanceOf(error, WorkFailed)
    told.push(error)
  }
  const omni = createOmni({ store: memory(), clock, modules, onError })
  const drain = async (times: number) => {
    for (let time = 0; time < times; time++) {
      await omni.drain()
      clock.advance(3_600_000)
    }
    return told.map(({ kind, next, of, tries }) => [kind, of, tries, next] as const)
  }
  return { drain, omni, told }
}

it("tells onError of each try of a reactor that fails, with what it threw, and of no other", async () => {
  const { drain, omni, told } = open({})
  await omni.t.say({ subject: "a", text: "good" })
  await omni.t.say({ subject: "b", text: "bad" })
  assert.deepEqual(await drain(4), [
    ["event", "t.noting", 1, "retry"],
    ["event", "t.noting", 2, "dead-letter"]
  ])
  assert.equal(told[0]?.message, `The reactor "t.noting" failed, try 1 of 2: Error: cannot note bad. It is tried again.`)
  assert.equal(String(told[0]?.cause), "Error: cannot note bad")
})

it("tells onError of each try of a timer that fails", async () => {
  const { drain, omni } = open({})
  await omni.t.later({ subject: "a", text: "bad", after: 1 })
  await omni.t.later({ subject: "b", text: "good", after: 1 })
  const expected = Array.from({ length: 8 }, (_, at) => ["timer", "t.note", at + 1, at < 7 ? "retry" : "dead-letter"] as const)
  assert.deepEqual(await drain(12), expected)
})

it("tells onError of a delivery that nobody expected to fail, and of the last try of one that its handler puts off", async () => {
  const broken = open({ idempotent: true, tries: 2 }, async () => {
    throw new TypeError("no such field")
  })
  await broken.omni.t.post("hello")
  assert.deepEqual(await broken.drain(4), [
    ["message", "t.mail", 1, "retry"],
    ["message", "t.mail", 2, "dead-letter"]
  ])
  const held = open({}, async () => {
    throw new TypeError("no such field")
  })
  await held.omni.t.post("hello")
  assert.deepEqual(await held.drain(3), [["message", "t.mail", 1, "held"]])
  const away = open({ tries: 3 }, async () => {
    throw new DeliveryFailed("The provider is away.", { retry: true })
  })
  await away.omni.t.post("hello")
  assert.deepEqual(await away.drain(5), [["message", "t.mail", 3, "dead-letter"]])
  assert.include(away.told[0]?.message, "DeliveryFailed: The provider is away. It is a dead letter now.")
})
