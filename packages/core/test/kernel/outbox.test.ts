import { createOmni, DeliveryFailed, handler, module, operation, topic } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"
import { Notes, open } from "./notes.ts"
import { shop } from "./shop.ts"

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

  it("gives up after its tries with what went wrong last, and waits as long as the provider asks", async () => {
    const at: Array<number> = []
    const { omni, clock } = open({
      t: module("t", {
        operations: { mail },
        handlers: [
          handler(
            Mail,
            async () => {
              at.push(clock.now())
              throw new DeliveryFailed(`busy ${at.length}`, { retry: true, notBefore: clock.now() + (at.length === 1 ? 90_000 : 0) })
            },
            { tries: 3 }
          )
        ]
      })
    })
    await omni.t.mail({ to: "a" })
    for (let i = 0; i < 60; i++) {
      await omni.drain()
      clock.advance(10_000)
    }
    assert.equal(at.length, 3)
    assert.isAtLeast(at[1]! - at[0]!, 90_000)
    assert.isBelow(at[2]! - at[1]!, 30_000)
    const { items } = await omni.deadLetters()
    assert.deepEqual(
      items.map(({ row }) => [row.tag, row.error, row.tries]),
      [["DeliveryFailed", "busy 3", 3]]
    )
  })

  it("waits twice as long after each failure, an hour at most, and not always the same", async () => {
    const store = memory()
    const { omni, clock } = open(
      {
        t: module("t", {
          operations: { mail },
          handlers: [handler(Mail, async () => Promise.reject(new DeliveryFailed("busy", { retry: true })), { tries: 16 })]
        })
      },
      store
    )
    await omni.t.mail({ to: "a" })
    const waits: Array<number> = []
    for (let n = 1; n < 16; n++) {
      await omni.drain()
      const wait = (await store.due("omni.messages", Infinity, 1))[0]!.due - clock.now()
      const most = Math.min(2 ** n * 1000, 3_600_000)
      assert.isAtMost(wait, most)
      assert.isAtLeast(wait, most / 2)
      waits.push(wait / most)
      clock.advance(Math.ceil(wait))
    }
    assert.isAbove(new Set(waits).size, 5)
  })

  it("believes whoever holds the lease: a process that comes back after it was taken over changes nothing", async () => {
    const store = memory()
    const clock = manualClock()
    const answers: Array<(answer: string) => void> = []
    const slowly = handler(Mail, () => new Promise((resolve) => answers.push(resolve)), {
      idempotent: true,
      timeout: 1000,
      delivered: ended as never
    })
    const process = (each: typeof store) =>
      createOmni({
        store: each,
        // Its own timers stand still: it neither gives up nor wakes.
        clock: { ...clock, sleep: () => new Promise(() => {}) },
        modules: { t: module("t", { operations: { mail }, handlers: [slowly] }) }
      })
    const [first, second] = [process(store), process(store.shared())]
    await first.t.mail({ to: "a" })
    const begun = async (client: typeof first, count: number) => {
      const drained = client.drain()
      for (let i = 0; i < 100 && answers.length < count; i++) await new Promise((resolve) => setTimeout(resolve, 2))
      assert.equal(answers.length, count)
      return { drained }
    }
    const one = await begun(first, 1)
    clock.advance(60_000)
    const two = await begun(second, 2)
    answers[0]!("first")
    await one.drained
    answers[1]!("second")
    await two.drained
    assert.equal(await outcome(first, "a"), "second")
  })
})

describe("run", () => {
  it("begins when a store that was away at first can be had", async () => {
    const store = memory()
    const before = createOmni({ store, modules: { shop: shop() } })
    await before.shop.register({ person: "p", email: "e@x.org", city: "c" })
    let away = 3
    const sent: Array<unknown> = []
    const omni = createOmni({
      store: { ...store.shared(), migrate: async () => (away-- > 0 ? Promise.reject(new Error("away")) : undefined) },
      modules: { shop: shop({ deliver: async ({ payload }) => void sent.push(payload.to) }) }
    })
    omni.run()
    for (let i = 0; i < 400 && sent.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.deepEqual(sent, ["e@x.org"])
    assert.isAtMost(away, 0)
    await omni.close()
  })

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
