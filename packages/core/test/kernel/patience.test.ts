import { createOmni, DeliveryFailed, handler, module, operation, query, type ScopedStore, type StoreDriver, topic } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"
import * as z from "zod"

import { Notes, operations } from "./notes.ts"

/** A store that is away for a moment holds up who asks; it fails nobody, and nothing is forgotten meanwhile. */

/** The same scope, where every second question of each kind gets no answer. */
const shaky = (store: ScopedStore): ScopedStore => {
  const asked = { read: 0, events: 0 }
  const answer = (kind: keyof typeof asked) => {
    if (asked[kind]++ % 2 === 0) throw new Error("no answer")
  }
  return {
    read: async (...rest) => (answer("read"), store.read(...rest)),
    events: async (...rest) => (answer("events"), store.events(...rest)),
    commit: (commit) => store.commit(commit),
    trim: (upto) => store.trim(upto)
  }
}

const lines = query("t.lines", z.string(), function* (view, id) {
  return view.get(Notes, id)?.lines
})

it("queries and pages of the log wait for a store that is away for a moment", async () => {
  const store = memory()
  const driver: StoreDriver = { ...store.shared(), open: async (scope) => shaky(await store.open(scope)) }
  const omni = createOmni({ store: driver, modules: { t: module("t", { operations, queries: { lines } }) } })
  await omni.t.note({ subject: "a", text: "x" })
  assert.deepEqual(await omni.t.lines("a"), ["x"])
  await omni.t.say({ subject: "a", text: "y" })
  assert.lengthOf((await omni.events()).events, 1)
  await omni.close()
})

it("who asks a store that stays away is told, and closing ends the waiting", async () => {
  const store = memory()
  let away = false
  const driver: StoreDriver = {
    ...store.shared(),
    open: async (scope) => {
      const opened = await store.open(scope)
      return { ...shaky(opened), read: async (...rest) => (away ? Promise.reject(new Error("gone fishing")) : opened.read(...rest)) }
    }
  }
  const omni = createOmni({ store: driver, modules: { t: module("t", { operations, queries: { lines } }) } })
  await omni.t.note({ subject: "a", text: "x" })
  away = true
  const waiting = omni.t.lines("a").then(
    () => "answered",
    (error: { readonly _tag: string }) => error._tag
  )
  const began = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 50))
  await omni.close()
  assert.equal(await waiting, "Closed")
  assert.isBelow(performance.now() - began, 2000)
})

it("how a delivery ended is said again when the keys were away at that moment", async () => {
  const Mail = topic("t.mail", z.object({ to: z.string() }), { personal: () => "p" })
  const mail = operation("t.mail", z.object({ to: z.string() }), function* (tx, input) {
    return tx.send(Mail, input)
  })
  const store = memory()
  let delivered = false
  let asked = 0
  const keys: StoreDriver["keys"] = {
    ...store.keys,
    get: async (scope, subjects) => {
      if (delivered && ++asked === 2) throw new Error("keys away")
      return store.keys.get(scope, subjects)
    },
    create: (...rest) => store.keys.create(...rest),
    destroy: (...rest) => store.keys.destroy(...rest)
  }
  const refuses = handler(Mail, async () => {
    delivered = true
    throw new DeliveryFailed("no such address", { retry: false })
  })
  const omni = createOmni({ store: store.shared(), keys, modules: { t: module("t", { operations: { mail }, handlers: [refuses] }) } })
  await omni.t.mail({ to: "a" })
  await omni.drain()
  const { items } = await omni.deadLetters()
  assert.isAtLeast(asked, 2)
  assert.deepEqual(
    items.map(({ row }) => [row.tag, row.error]),
    [["DeliveryFailed", "no such address"]]
  )
  await omni.close()
})

it("closing waits for no store that says nothing more", async () => {
  const store = memory()
  let silent = false
  const driver: StoreDriver = {
    ...store.shared(),
    open: async (scope) => {
      const opened = await store.open(scope)
      const read: ScopedStore["read"] = async (...rest) => {
        if (!silent) return opened.read(...rest)
        await new Promise((resolve) => setTimeout(resolve, 300))
        throw new Error("no answer")
      }
      return {
        read,
        commit: (commit) => opened.commit(commit),
        events: (...rest) => opened.events(...rest),
        trim: (upto) => opened.trim(upto)
      }
    }
  }
  const omni = createOmni({ store: driver, modules: { t: module("t", { operations }) } })
  await omni.t.note({ subject: "a", text: "x" })
  silent = true
  const call = omni.t.note({ subject: "b", text: "x" }, { timeout: 100 }).catch((error: { readonly _tag: string }) => error._tag)
  assert.isString(await call)
  const began = performance.now()
  await omni.close()
  assert.isBelow(performance.now() - began, 1500)
})
