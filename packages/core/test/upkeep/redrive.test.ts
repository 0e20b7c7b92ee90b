import { createOmni, handler, module, operation, topic } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"
import * as z from "zod"

const Mail = topic("t.mail", z.object({}))
const mail = operation("t.mail", z.object({}), function* (tx) {
  tx.send(Mail, {})
})

it("leaves the letter of what follows a delivery to an app that has something to run then", async () => {
  const store = memory()
  let [broken, ended] = [true, 0]
  const note = operation("t.note", z.object({}), function* () {
    if (broken) throw new Error("no room")
    ended++
  })
  const t = module("t", { operations: { mail }, handlers: [handler(Mail, async () => "sent", { delivered: note as never })] })
  const omni = createOmni({ store, modules: { t }, verify: false })
  await omni.t.mail({})
  await omni.drain()
  const [letter] = (await omni.deadLetters()).items
  const without = createOmni({ store: store.shared(), modules: {} })
  assert.include(await without.redrive(letter!.id).catch((error: unknown) => error), { _tag: "InvalidOperation" })
  assert.equal((await without.deadLetters()).items.length, 1)
  broken = false
  await omni.redrive(letter!.id)
  assert.deepEqual([ended, (await omni.deadLetters()).items], [1, []])
  await Promise.all([omni.close(), without.close()])
})
