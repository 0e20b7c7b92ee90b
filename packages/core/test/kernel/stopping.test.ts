import { createOmni, handler, module, operation, StoreUnavailable, topic, type StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { over } from "../../../../scripts/test/over.ts"

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
    const deliver = async () => {
      begun++
      await pause(10)
    }
    const { omni, send } = mailing(deliver, { deliveries: 4 })
    await send(1000)
    const stop = omni.run()
    await pause(15)
    const before = begun
    await stop()
    assert.isAbove(before, 0)
    await pause(60)
    // Those that it has leased by then go out.
    assert.isAtMost(begun, before + 4)
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

describe("an app that is closed", () => {
  it("closes though its timers go on and on while it drains", async () => {
    let fired = 0
    const again = operation("t.again", z.object({}), function* (tx) {
      fired++
      tx.schedule(tx.now, again, {}, { subject: "s" })
    })
    const begin = operation("t.begin", z.object({}), function* (tx) {
      tx.schedule(tx.now, again, {}, { subject: "s" })
    })
    const omni = createOmni({ store: memory(), modules: { t: module("t", { operations: { begin }, internal: [again] }) }, verify: false })
    await omni.t.begin({})
    const draining = omni.drain().catch((error: unknown) => error)
    await pause(20)
    assert.isAbove(fired, 1)
    await omni.close()
    await draining
    const before = fired
    await pause(20)
    assert.equal(fired, before)
  })
})

describe("an app that runs again", () => {
  it("drains once it has stopped, also where stopping has failed", async () => {
    for (const fails of [false, true]) {
      const store = memory()
      const sticky = over(store, (scope) => ({
        watch: async (wake) => {
          const watching = await scope.watch!(wake)
          return {
            [Symbol.asyncDispose]: async () => {
              await pause(30)
              await watching[Symbol.asyncDispose]()
              if (fails) throw new Error("it does not let go")
            }
          }
        }
      }))
      let delivered = 0
      const { omni, send } = mailing(async () => void delivered++, { store: sticky })
      await send(1)
      const stop = omni.run()
      for (let i = 0; i < 100 && delivered < 1; i++) await pause(5)
      const stopped = stop().catch((error: unknown) => error)
      await send(1)
      await omni.drain()
      assert.equal(delivered, 2)
      assert.equal((await stopped) instanceof Error, fails)
      await send(1)
      await omni.drain()
      assert.equal(delivered, 3)
      assert.equal((await omni.close().catch((error: unknown) => error)) instanceof Error, fails)
    }
  })

  it("is woken by what is committed, as it was before", async () => {
    let delivered = 0
    const { omni, send } = mailing(async () => void delivered++)
    await omni.run()()
    await send(1)
    const stop = omni.run()
    await pause(50)
    await stop()
    omni.run()
    await pause(50)
    const began = performance.now()
    await send(1)
    for (let i = 0; i < 200 && delivered < 2; i++) await pause(5)
    assert.equal(delivered, 2)
    assert.isBelow(performance.now() - began, 800)
    await omni.close()
  })
})

describe("drain", () => {
  it("begins nothing more once the app closes, whatever it was waiting for", async () => {
    for (const slow of ["events", "due"] as const) {
      const store = memory()
      const lame: StoreDriver = {
        ...over(store, (scope) => ({
          read: async (...asked) => {
            if (slow === "events") await pause(40)
            return scope.read(...asked)
          }
        })),
        due: async (...asked) => {
          if (slow === "due") await pause(40)
          return store.due(...asked)
        }
      }
      let begun = 0
      const { omni, send } = mailing(async () => void begun++, { store: lame })
      await send(200)
      const draining = omni.drain().catch((error: unknown) => error)
      await pause(10)
      await omni.close()
      await draining
      assert.equal(begun, 0, slow)
    }
  })

  it("delivers what a delivery has led to", async () => {
    const got: Array<string> = []
    const End = z.looseObject({ payload: z.object({ to: z.string() }) })
    const next = operation("t.next", End, function* (tx, { payload }) {
      if (payload.to.length < 3) tx.send(Mail, { to: `${payload.to}+` })
    })
    const handlers = [handler(Mail, async ({ payload }) => void got.push(payload.to), { idempotent: true, delivered: next as never })]
    const clock = { now: () => 1_700_000_000_000, sleep: () => new Promise<void>(() => {}) }
    const omni = createOmni({ store: memory(), clock, modules: { t: module("t", { operations: { mail }, handlers }) } })
    await omni.t.mail({ to: "a" })
    await omni.drain()
    assert.deepEqual(got, ["a", "a+", "a++"])
    await omni.close()
  })

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
