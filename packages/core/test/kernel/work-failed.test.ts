import { createOmni, DeliveryFailed, type Handler, handler, module, operation, reactor, topic, WorkFailed } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, expect, it } from "vitest"
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

const End = z.object({
  id: z.string(),
  payload: z.string(),
  attempt: z.number(),
  answer: z.unknown().exactOptional(),
  error: z.string().exactOptional()
})
const broken = operation("t.broken", End, function* () {
  throw new RangeError("no room")
})

/** One app that sends and one that delivers, over one store. */
const sending = async (handlers: ReadonlyArray<Handler>) => {
  const told: Array<WorkFailed> = []
  const [clock, store] = [manualClock(), memory()]
  const sender = createOmni({ store, clock, modules: { t: module("t", { operations: { post } }) } })
  await sender.t.post("hello")
  const onError = (error: unknown) => void told.push(error as WorkFailed)
  const app = () => createOmni({ store: store.shared(), clock, modules: { t: module("t", { operations: { post }, handlers }) }, onError })
  const omni = app()
  return { clock, omni, app, told, messages: () => told.map(({ message }) => message) }
}

it("tells onError of a message that no module delivers", async () => {
  const { omni, told, messages } = await sending([])
  await omni.drain()
  await omni.drain()
  assert.deepEqual(messages(), [`The delivery of "t.mail" failed: UnknownTopic: No module delivers "t.mail". It is a dead letter now.`])
  expect(told[0]).toMatchObject({ kind: "message", of: "t.mail", tries: 0, next: "dead-letter" })
})

it("tells onError of an operation that fails after a delivery, and of the delivery too where that failed", async () => {
  const after = { delivered: broken, failed: broken }
  const sent = await sending([handler(Mail, async () => "sent", after)])
  await sent.omni.drain()
  await sent.omni.drain()
  const follows = `The operation "t.broken" after a delivery of "t.mail" failed: RangeError: no room. It is a dead letter now.`
  assert.deepEqual(sent.messages(), [follows])
  const [letter] = (await sent.omni.deadLetters()).items
  assert.equal(sent.told[0]?.of, letter?.row.name)
  assert.instanceOf(sent.told[0]?.cause, RangeError)
  const failing = async () => {
    throw new DeliveryFailed("No such address.", { retry: false })
  }
  const failed = await sending([handler(Mail, failing, { ...after, tries: 2 })])
  await failed.omni.drain()
  assert.deepEqual(failed.messages(), [
    `The delivery of "t.mail" failed, try 1 of 2: DeliveryFailed: No such address. It is a dead letter now.`,
    follows
  ])
})

it("tells onError of an operation that fails when somebody settles a held message", async () => {
  const failing = async () => {
    throw new TypeError("gone")
  }
  const { omni, told } = await sending([handler(Mail, failing, { delivered: broken })])
  await omni.drain()
  const [held] = (await omni.heldMessages()).items
  await omni.settleMessage(held!.id, "delivered")
  assert.deepEqual(
    told.map(({ of, next }) => [of, next]),
    [
      ["t.mail", "held"],
      ["t.mail (after delivery)", "dead-letter"]
    ]
  )
})

it("tells onError once of a delivery whose process did not come back, and not again when it does", async () => {
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const deliver = () => {
    begun.resolve()
    return gate.promise
  }
  const { clock, omni, app, messages } = await sending([handler(Mail, deliver, { unknown: "drop", timeout: 2 ** 30 })])
  const stop = omni.run()
  await begun.promise
  clock.advance(2 ** 30 + 6_000)
  await app().drain()
  gate.reject(new TypeError("late"))
  await stop()
  assert.deepEqual(messages(), [
    `The delivery of "t.mail" failed, try 1 of 8: LeaseExpired: The process that was delivering the message did not come back. It is a dead letter now.`
  ])
})

it("goes on when onError throws or rejects", async () => {
  for (const onError of [
    () => {
      throw new Error("onError is broken")
    },
    async () => {
      throw new Error("onError is broken")
    }
  ]) {
    const clock = manualClock()
    let deliveries = 0
    const deliver = async () => {
      deliveries++
      throw new TypeError("no such field")
    }
    const handlers = [handler(Mail, deliver, { idempotent: true, tries: 2 })]
    const omni = createOmni({
      store: memory(),
      clock,
      modules: { t: module("t", { operations: { ...operations, post }, handlers }) },
      onError
    })
    const stop = omni.run()
    await omni.t.post("hello")
    await omni.t.later({ subject: "a", text: "bad", after: 1 })
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      clock.advance(3_600_000)
      // What is committed wakes the loop.
      await omni.t.note({ subject: "b", text: "good" })
    }
    await stop()
    assert.equal(deliveries, 2)
    assert.lengthOf((await omni.deadLetters()).items, 2)
  }
})
