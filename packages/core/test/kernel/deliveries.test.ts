import { createOmni, DeliveryFailed, handler, module, operation, SubjectErased, topic, type Delivery, type Handler } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { Notes, open, operations } from "./notes.ts"

/** What becomes of messages when providers, handlers and processes do not do what they should. */

const Mail = topic("t.mail", z.object({ to: z.string() }), { personal: () => "p" })
const mail = operation("t.mail", z.object({ to: z.string() }), function* (tx, input) {
  return tx.send(Mail, input)
})
const End = z.object({
  id: z.string(),
  payload: z.object({ to: z.string() }),
  attempt: z.number(),
  answer: z.unknown(),
  error: z.string().optional()
})

type Options = NonNullable<Parameters<typeof handler<{ to: string }>>[2]>
type Deliver = (delivery: Delivery<{ readonly to: string }>) => Promise<unknown>

const mailing = (deliver: Deliver, options: Options = {}, store = memory(), clock = manualClock()) => {
  let broken = false
  const ended = operation("t.ended", End, function* (tx, { payload, answer, error }) {
    if (broken) throw new Error(`no room for ${payload.to}`)
    const lines = tx.get(Notes, payload.to)?.lines ?? []
    tx.put(Notes, payload.to, { lines: [...lines, error ?? JSON.stringify(answer ?? null)] })
  })
  const handlers: ReadonlyArray<Handler> = [handler(Mail, deliver, { delivered: ended as never, failed: ended as never, ...options })]
  const modules = { t: module("t", { operations: { mail, note: operations.note, later: operations.later }, handlers }) }
  const omni = createOmni({ store, clock, modules })
  return {
    store,
    clock,
    omni,
    again: () => mailing(deliver, options, store.shared(), clock),
    breaks: (is: boolean) => {
      broken = is
    },
    ends: () =>
      omni.transact(function* (tx) {
        return tx.get(Notes, "a")?.lines ?? []
      }),
    stored: async () => {
      const scope = await store.shared().open("default")
      const pages = await Promise.all(
        ["omni.messages", "omni.dead-letters", "omni.timers"].flatMap((collection) =>
          ["", "held"].map((index) =>
            scope.read([], [{ collection, index, from: "", to: "\u{10ffff}", order: "asc", limit: 1000, after: undefined }])
          )
        )
      )
      return JSON.stringify(pages)
    }
  }
}

const passes = async (of: ReturnType<typeof mailing>, times: number) => {
  for (let i = 0; i < times; i++) {
    await of.omni.drain()
    of.clock.advance(3_600_000)
  }
}

describe("a message", () => {
  it("that was delivered is delivered, whatever the provider answered", async () => {
    const circle: { self?: unknown } = {}
    circle.self = circle
    for (const [answer, told] of [
      [circle, "null"],
      [() => 1, "null"],
      [1n, "null"],
      [{ id: "x", at: undefined }, `{"id":"x"}`]
    ] as const) {
      let calls = 0
      const sent = mailing(async () => {
        calls++
        return answer
      })
      await sent.omni.t.mail({ to: "a" })
      await passes(sent, 3)
      assert.equal(calls, 1)
      assert.deepEqual(await sent.ends(), [told])
    }
  })

  it("that ends its process each time is given up after its tries", async () => {
    const store = memory()
    const clock = manualClock()
    let tries = 0
    const deadly: Deliver = () => {
      tries++
      return new Promise(() => {})
    }
    const options = { idempotent: true, tries: 3, timeout: 1_000_000 }
    const alive = mailing(async () => assert.fail("It was tried once more"), options, store, clock)
    await alive.omni.t.mail({ to: "a" })
    for (let i = 0; i < 3; i++) {
      void mailing(deadly, options, store.shared(), clock).omni.drain()
      for (let n = 0; n < 100 && tries <= i; n++) await new Promise((resolve) => setTimeout(resolve, 2))
      clock.advance(2_000_000)
    }
    await alive.omni.drain()
    assert.equal(tries, 3)
    const { items } = await alive.omni.deadLetters()
    assert.deepEqual(
      items.map(({ row }) => [row.name, row.tries, row.tag]),
      [["t.mail", 3, "LeaseExpired"]]
    )
    assert.match((await alive.ends())[0]!, /None of 3 tries came back/)
  })

  it("of which nobody knows is listed, and ends as somebody says", async () => {
    for (const [verdict, calls, ends, letters] of [
      ["delivered", 1, ["null"], 0],
      ["retry", 2, [`"ok"`], 0],
      ["failed", 1, ["connection lost at a"], 1]
    ] as const) {
      let called = 0
      const sent = mailing(async ({ payload }) => {
        if (++called === 1) throw new Error(`connection lost at ${payload.to}`)
        return "ok"
      })
      const id = await sent.omni.t.mail({ to: "a" })
      await passes(sent, 2)
      assert.deepEqual(await sent.ends(), [])
      const { items } = await sent.omni.heldMessages({ limit: 5 })
      assert.deepEqual(
        items.map((item) => [item.id, item.row.topic, item.row.reason, typeof item.row.held]),
        [[id, "t.mail", "connection lost at a", "number"]]
      )
      await sent.omni.settleMessage(id, verdict)
      await passes(sent, 2)
      assert.equal(called, calls)
      assert.deepEqual(await sent.ends(), [...ends])
      assert.equal((await sent.omni.deadLetters()).items.length, letters)
      assert.deepEqual((await sent.omni.heldMessages()).items, [])
      assert.match(String(await sent.omni.settleMessage(id, verdict).catch((error: unknown) => error)), /no held message/)
    }
  })

  it("that nobody holds cannot be settled: it is still under way", async () => {
    const sent = mailing(async () => "ok")
    const id = await sent.omni.t.mail({ to: "a" })
    assert.match(String(await sent.omni.settleMessage(id, "failed").catch((error: unknown) => error)), /no held message/)
    await passes(sent, 1)
    assert.deepEqual(await sent.ends(), [`"ok"`])
  })

  it("whose process died is sent again where that is allowed, and held where it is not", async () => {
    for (const unknown of ["retry", "hold"] as const) {
      let begun = false
      const options = { unknown, timeout: 1000 }
      const dead = mailing(() => ((begun = true), new Promise(() => {})), options)
      await dead.omni.t.mail({ to: "a" })
      void dead.omni.drain()
      for (let i = 0; i < 100 && !begun; i++) await new Promise((resolve) => setTimeout(resolve, 2))
      dead.clock.advance(60_000)
      let calls = 0
      const alive = mailing(async () => ++calls, options, dead.store.shared(), dead.clock)
      await alive.omni.drain()
      assert.equal(calls, unknown === "retry" ? 1 : 0)
      assert.equal((await alive.omni.heldMessages()).items.length, unknown === "retry" ? 0 : 1)
    }
  })

  it("that was held because its process stood still ends when that process comes back and knows", async () => {
    const store = memory()
    const clock = manualClock()
    let answer: (value: unknown) => void = () => {}
    const slow = mailing(() => new Promise((resolve) => (answer = resolve)), { timeout: 1000 }, store, {
      ...clock,
      sleep: () => new Promise(() => {})
    })
    const other = mailing(async () => assert.fail("It may not be sent twice"), { timeout: 1000 }, store.shared(), clock)
    await slow.omni.t.mail({ to: "a" })
    const draining = slow.omni.drain()
    await new Promise((resolve) => setTimeout(resolve, 30))
    clock.advance(60_000)
    await other.omni.drain()
    assert.equal((await other.omni.heldMessages()).items.length, 1)
    answer("yes")
    await draining
    assert.deepEqual(await other.ends(), [`"yes"`])
    assert.deepEqual((await other.omni.heldMessages()).items, [])
  })

  it("is not sent again because what follows its delivery fails; a redrive runs just that", async () => {
    let calls = 0
    const sent = mailing(async () => ++calls)
    sent.breaks(true)
    await sent.omni.t.mail({ to: "a" })
    await passes(sent, 2)
    const { items } = await sent.omni.deadLetters()
    assert.deepEqual(
      items.map(({ row }) => row.name),
      ["t.mail (after delivery)"]
    )
    assert.match(String(await sent.omni.redrive(items[0]!.id).catch((error: unknown) => error)), /no room/)
    assert.equal((await sent.omni.deadLetters()).items.length, 1)
    sent.breaks(false)
    await sent.omni.redrive(items[0]!.id)
    await passes(sent, 2)
    assert.equal(calls, 1)
    assert.deepEqual(await sent.ends(), ["1"])
    assert.deepEqual((await sent.omni.deadLetters()).items, [])
  })

  it("leaves nothing of the person in what is kept of its failures, nor can it be redriven once the person is erased", async () => {
    for (const held of [true, false]) {
      const sent = mailing(
        async ({ payload }) => {
          throw held ? new Error(`no answer about ${payload.to}`) : new DeliveryFailed(`550 no such user ${payload.to}`, { retry: false })
        },
        { failed: undefined as never, delivered: undefined as never }
      )
      const id = await sent.omni.t.mail({ to: "jeanne@example.org" })
      await sent.omni.drain()
      assert.notInclude(await sent.stored(), "jeanne")
      const said = held ? (await sent.omni.heldMessages()).items[0]!.row.reason : (await sent.omni.deadLetters()).items[0]!.row.error
      assert.include(said, "jeanne@example.org")
      if (held) continue
      assert.equal((await sent.omni.deadLetters()).items[0]!.row.tag, "DeliveryFailed")
      await sent.omni.erase("p")
      const [letter] = (await sent.omni.deadLetters()).items
      assert.isUndefined(letter!.row.error)
      assert.instanceOf(await sent.omni.redrive(letter!.id).catch((error: unknown) => error), SubjectErased)
      assert.equal((await sent.omni.deadLetters()).items.length, 1)
      assert.isString(id)
    }
  })

  it("to somebody who has been erased is not handed to anybody any more", async () => {
    let calls = 0
    const sent = mailing(async () => ++calls)
    await sent.omni.t.mail({ to: "a" })
    await sent.omni.erase("p")
    await passes(sent, 3)
    assert.equal(calls, 0)
    assert.deepEqual([(await sent.omni.deadLetters()).items, (await sent.omni.heldMessages()).items], [[], []])
    assert.deepEqual(await sent.ends(), [])
    assert.deepEqual(await sent.store.due("omni.messages", Infinity, 10), [])
  })

  it("is waited for when the app closes while it is under way", async () => {
    let begun = false
    let answer: (value: unknown) => void = () => {}
    const store = memory()
    const sent = mailing(
      () => {
        begun = true
        return new Promise((resolve) => (answer = resolve))
      },
      {},
      store.shared()
    )
    await sent.omni.t.mail({ to: "a" })
    sent.omni.run()
    for (let i = 0; i < 200 && !begun; i++) await new Promise((resolve) => setTimeout(resolve, 5))
    const closing = sent.omni.close()
    setTimeout(() => answer("late"), 30)
    await closing
    const after = mailing(async () => assert.fail("It was sent already"), {}, store)
    assert.deepEqual(await after.ends(), [`"late"`])
  })
})

describe("a handler", () => {
  it("is not told to stop once it has answered, and is told when its time is up", async () => {
    const signals: Array<AbortSignal> = []
    const { omni } = open({
      t: module("t", {
        operations: { mail },
        handlers: [
          handler(
            Mail,
            ({ signal, payload }) => (signals.push(signal), payload.to === "slow" ? new Promise(() => {}) : Promise.resolve()),
            {
              timeout: 30,
              unknown: "drop"
            }
          )
        ]
      })
    })
    await omni.t.mail({ to: "quick" })
    await omni.drain()
    await omni.t.mail({ to: "slow" })
    await omni.drain()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.deepEqual(
      signals.map((signal) => signal.aborted),
      [false, true]
    )
  })
})
