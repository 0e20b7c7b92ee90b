import { createOmni, handler, module, operation, topic } from "@omni/core"
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
      due: (now: number, limit: number) => {
        dues++
        return store.due(now, limit)
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
    const omni = createOmni({ store: counting as ReturnType<typeof memory>, modules, verify: false })
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
})
