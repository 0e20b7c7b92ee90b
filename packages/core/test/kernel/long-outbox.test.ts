import { createOmni, handler, InvalidRow, module, operation, type StoreDriver, topic } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, describe, it } from "vitest"
import * as z from "zod"

import { Notes, operations } from "./notes.ts"

const Mail = topic("t.mail", z.object({ to: z.string() }))
const mail = operation("t.mail", z.object({ to: z.string() }), function* (tx, input) {
  return tx.send(Mail, input)
})

describe("a long outbox", () => {
  it("holds up no timer, keeps to its limit, and lets the process rest while all its deliveries are under way", async () => {
    const store = memory()
    let dues = 0
    const counting = {
      ...store.shared(),
      due: (collection: string, now: number, limit: number) => {
        dues++
        return store.due(collection, now, limit)
      }
    }
    let under = 0
    let most = 0
    const finish: Array<() => void> = []
    const modules = {
      t: module("t", {
        operations,
        handlers: [
          handler(
            Mail,
            () => {
              most = Math.max(most, ++under)
              return new Promise<void>((resolve) => finish.push(resolve)).then(() => void under--)
            },
            { idempotent: true }
          )
        ]
      }),
      m: module("m", { operations: { mail } })
    }
    const omni = createOmni({ store: counting as ReturnType<typeof memory>, modules, verify: false, deliveries: 16 })
    await Promise.all(Array.from({ length: 700 }, (_, i) => omni.m.mail({ to: `${i}` })))
    await omni.t.later({ subject: "s", text: "on time", after: 30 })
    omni.run()
    const noted = () =>
      omni.transact(function* (tx) {
        return tx.get(Notes, "s")?.lines
      })
    for (let i = 0; i < 100 && (await noted()) === undefined; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.deepEqual(await noted(), ["on time"])
    assert.equal(most, 16)
    dues = 0
    await new Promise((resolve) => setTimeout(resolve, 200))
    assert.isBelow(dues, 40, "it asked the store over and over")
    const stop = setInterval(() => {
      for (const done of finish.splice(0)) done()
    }, 1)
    await omni.close()
    clearInterval(stop)
  })

  it("is read about once while it is worked off, however long it is", async () => {
    const store = memory()
    let read = 0
    const counting: StoreDriver = {
      ...store,
      due: async (...asked) => {
        const due = await store.due(...asked)
        read += due.length
        return due
      }
    }
    let delivered = 0
    const handlers = [handler(Mail, async () => void delivered++, { idempotent: true })]
    const omni = createOmni({ store: counting, modules: { t: module("t", { operations: { mail }, handlers }) }, verify: false })
    await Promise.all(Array.from({ length: 5000 }, (_, i) => omni.t.mail({ to: `${i}` })))
    await omni.drain()
    assert.equal(delivered, 5000)
    assert.isBelow(read, 10_000)
    await omni.close()
  })

  it("is delivered on while timers go on and on", async () => {
    let fired = 0
    let delivered = 0
    const again = operation("t.again", z.object({}), function* (tx) {
      fired++
      tx.schedule(tx.now + 1, again, {}, { subject: "s" })
    })
    const begin = operation("t.begin", z.object({}), function* (tx) {
      tx.schedule(tx.now, again, {}, { subject: "s" })
    })
    const handlers = [handler(Mail, async () => void delivered++, { idempotent: true })]
    const t = module("t", { operations: { mail, begin }, internal: [again], handlers })
    const omni = createOmni({ store: memory(), modules: { t }, verify: false, deliveries: 2 })
    await omni.t.begin({})
    await Promise.all(Array.from({ length: 500 }, (_, i) => omni.t.mail({ to: `${i}` })))
    omni.run()
    for (let i = 0; i < 500 && delivered < 500; i++) await new Promise((resolve) => setTimeout(resolve, 10))
    assert.deepEqual([delivered, fired > 0], [500, true])
    await omni.close()
  })

  it("is not held up by messages that can not be begun, however many they are, and tells of them", async () => {
    const store = memory()
    const newer = (id: number) => ({
      key: { collection: "omni.messages", id: `msg-newer-${id}` },
      row: { schema: 99, value: JSON.stringify({ topic: "t.mail", of: "a release to come" }) },
      add: [],
      drop: [],
      due: 1
    })
    const writes = Array.from({ length: 700 }, (_, i) => newer(i))
    const rows = await store.open("default")
    assert.equal((await rows.commit({ id: "newer", time: 1, retry: false, checks: [], writes, events: [] }))._tag, "Committed")
    for (const way of ["drain", "run"] as const) {
      let delivered = 0
      const told: Array<unknown> = []
      const handlers = [handler(Mail, async () => void delivered++, { idempotent: true })]
      const modules = { t: module("t", { operations: { mail }, handlers }) }
      const omni = createOmni({ store: store.shared(), modules, verify: false, onError: (error) => told.push(error) })
      await omni.t.mail({ to: "ann" })
      if (way === "drain") assert.instanceOf(await omni.drain().catch((error: unknown) => error), InvalidRow)
      else omni.run()
      const unread = () => told.filter((error) => error instanceof InvalidRow).length
      for (let i = 0; i < 300 && (delivered === 0 || unread() < 700); i++) await new Promise((resolve) => setTimeout(resolve, 10))
      assert.equal(delivered, 1, way)
      assert.isAtLeast(unread(), 700)
      await omni.close()
    }
  })
})
