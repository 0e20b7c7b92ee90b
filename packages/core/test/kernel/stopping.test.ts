import { collection, createOmni, event, handler, module, operation, reactor, StoreUnavailable, topic, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

const Mail = topic("t.mail", z.object({ to: z.string() }))
const mail = operation("t.mail", z.object({ to: z.string() }), function* (tx, input) {
  return tx.send(Mail, input)
})
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** An app that sends mails; `deliver` is its provider. */
const mailing = (deliver: (to: string) => Promise<unknown>, more: { readonly store?: StoreDriver; readonly deliveries?: number } = {}) => {
  const told: Array<unknown> = []
  const handlers = [handler(Mail, ({ payload }) => deliver(payload.to), { idempotent: true })]
  const omni = createOmni({
    store: memory(),
    ...more,
    modules: { t: module("t", { operations: { mail }, handlers }) },
    verify: false,
    onError: (error) => told.push(error)
  })
  const send = (count: number) => Promise.all(Array.from({ length: count }, (_, i) => omni.t.mail({ to: `${i}` })))
  return { omni, told, send }
}

describe("an app that stops", () => {
  it("records how each delivery ended that it had begun, also where it is closed while it drains", async () => {
    const store = memory()
    const delivered: Array<string> = []
    const deliver = async (to: string) => {
      await pause(3)
      delivered.push(to)
    }
    for (const runs of [false, true]) {
      const { omni, told, send } = mailing(deliver, { store: store.shared() })
      await send(1000)
      if (runs) omni.run()
      const draining = omni.drain().catch((error: unknown) => error)
      await pause(20)
      await omni.close()
      await draining
      assert.deepEqual(told, [])
      const left = await store.due("omni.messages", Infinity, 10_000)
      assert.isAbove(left.length, 0)
      const again = mailing(deliver, { store: store.shared() })
      await again.omni.drain()
      await again.omni.close()
      assert.equal(delivered.length, 1000)
      assert.equal(new Set(delivered.splice(0)).size, 1000)
    }
  })

  it("begins no delivery more once it has been told", async () => {
    let begun = 0
    const { omni, send } = mailing(async () => {
      begun++
      await pause(10)
    })
    await send(1000)
    const stop = omni.run()
    await pause(15)
    const before = begun
    await stop()
    assert.isAbove(before, 0)
    assert.equal(begun, before)
    await omni.drain()
    assert.equal(begun, 1000)
    await omni.close()
  })

  it("goes on as a whole when it is run again before it has stopped", async () => {
    const store = memory()
    let slow = true
    const lame: StoreDriver = {
      ...store,
      due: async (...asked) => {
        if (slow && asked[0] === "omni.messages") await pause(100)
        return store.due(...asked)
      }
    }
    let delivered = 0
    const { omni, send } = mailing(async () => void delivered++, { store: lame })
    const stop = omni.run()
    await pause(20)
    const stopped = stop()
    omni.run()
    await stopped
    slow = false
    await send(3)
    for (let i = 0; i < 200 && delivered < 3; i++) await pause(10)
    assert.equal(delivered, 3)
    await omni.close()
  })
})

describe("drain", () => {
  it("ends though messages keep coming, where the app runs beside it", async () => {
    const { omni, send } = mailing(() => pause(60))
    await send(10)
    omni.run()
    const coming = setInterval(() => void omni.t.mail({ to: "more" }), 15)
    const began = performance.now()
    await omni.drain()
    clearInterval(coming)
    assert.isBelow(performance.now() - began, 2000)
    await omni.close()
  })

  it("delivers on while one message takes its time", async () => {
    let others = 0
    let all: () => void = () => {}
    const done = new Promise<void>((resolve) => (all = resolve))
    const { omni, send } = mailing(async (to) => {
      if (to === "0") return done
      if (++others === 1999) all()
      return undefined
    })
    await send(2000)
    await omni.drain()
    assert.equal(others, 1999)
    await omni.close()
  })

  it("asks a store for nothing before it is migrated", async () => {
    const store = memory()
    let migrated = false
    const strict: StoreDriver = {
      ...store,
      migrate: async () => {
        await pause(5)
        migrated = true
      },
      due: async (...asked) => {
        if (!migrated) throw new StoreUnavailable({ message: "There are no tables.", cause: undefined, final: true })
        return store.due(...asked)
      }
    }
    const { omni, told } = mailing(async () => undefined, { store: strict })
    omni.run()
    await omni.drain()
    await pause(20)
    assert.deepEqual(told, [])
    await omni.close()
  })
})

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
})
