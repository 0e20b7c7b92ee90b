import { collection, createOmni, DeliveryFailed, event, handler, module, operation, reactor, topic } from "@omni/core"
import { inProcess, memory } from "@omni/core/memory"
import { examine, lag } from "@omni/core/upkeep"
import { assert, it } from "vitest"
import * as z from "zod"

import { manualClock } from "../kernel/clock.ts"

const Rang = event("door.Rang", z.object({ loud: z.boolean() }))
const Opened = event("door.Opened", z.object({}))
const Mail = topic("door.mail", z.object({}))
const Bells = collection("door.bells", { schema: z.object({ rang: z.number() }) })

const close = operation("door.close", z.object({}), function* () {
  return undefined
})
const ring = operation("door.ring", z.object({ door: z.string(), loud: z.boolean() }), function* (tx, { door, loud }) {
  tx.emit(Rang, door, { loud })
  tx.send(Mail, {})
  tx.schedule(tx.now + 1_000, close, {})
})
const open = operation("door.open", z.object({ door: z.string() }), function* (tx, { door }) {
  tx.emit(Opened, door, {})
})
const bell = reactor("door.bell", [Rang], function* (tx, { subject, data }) {
  if (data.loud) throw new Error("too loud")
  tx.put(Bells, subject, { rang: (tx.get(Bells, subject)?.rang ?? 0) + 1 })
})

const app = (options: { readonly reactors?: boolean; readonly answer?: () => Promise<unknown> } = {}) => {
  const clock = manualClock()
  const store = memory()
  const door = module("door", {
    collections: [Bells],
    operations: { ring, open },
    internal: [close],
    reactors: options.reactors === false ? [] : [bell],
    handlers: [handler(Mail, options.answer ?? (async () => "sent"))]
  })
  const publish = [{ name: "out", to: inProcess({ clock }), events: [Opened] }]
  return { clock, store, omni: createOmni({ store, clock, modules: { door }, publish }), begun: clock.now() }
}

it("counts what waits, since when, in each tenant and in all", async () => {
  const { clock, omni, begun } = app()
  const other = omni.tenant("other")
  await omni.door.ring({ door: "north", loud: false })
  await omni.door.ring({ door: "south", loud: false })
  await other.door.open({ door: "west" })
  await other.door.ring({ door: "west", loud: false })
  clock.advance(5_000)
  const { at, total, tenants } = await lag(omni)
  assert.equal(at, begun + 5_000)
  assert.deepEqual(total.timers, { count: 3, more: false, oldest: begun + 1_000 })
  assert.deepEqual(total.outbox, { count: 3, more: false, oldest: begun, tries: 0 })
  assert.deepEqual(
    tenants.map(({ tenant, timers, outbox }) => [tenant, timers.count, outbox.count]),
    [
      ["default", 2, 2],
      ["other", 1, 1]
    ]
  )
  const readers = Object.fromEntries(tenants.map(({ tenant, readers: all }) => [tenant, all.map(({ name, events }) => [name, events])]))
  assert.deepEqual(readers["default"], [
    ["door.bell", { count: 2, more: false, oldest: begun }],
    ["out", { count: 0, more: false }]
  ])
  assert.deepEqual(readers["other"], [
    ["door.bell", { count: 1, more: false, oldest: begun }],
    ["out", { count: 1, more: false, oldest: begun }]
  ])
  await omni.drain()
  const after = await lag(omni, { tenant: "other" })
  assert.deepEqual(
    after.tenants.map(({ tenant, readers: all }) => [tenant, all.map(({ kind, name, events }) => [kind, name, events?.count])]),
    [
      [
        "other",
        [
          ["reactor", "door.bell", 0],
          ["feed", "out", 0]
        ]
      ]
    ]
  )
  assert.deepEqual([after.total.timers.count, after.total.outbox.count], [0, 0])
  await omni.close()
})

it("tells dead letters and held messages apart from what waits", async () => {
  const { clock, omni } = app({
    answer: async () => {
      throw new Error("no answer")
    }
  })
  await omni.door.ring({ door: "north", loud: true })
  for (let i = 0; i < 10; i++) {
    await omni.drain()
    clock.advance(3_600_000)
  }
  const { total } = await lag(omni)
  assert.deepEqual([total.deadLetters.count, total.held.count, total.outbox.count], [1, 1, 0])
  assert.isDefined(total.deadLetters.oldest)
  const codes = (await examine(omni)).filter(({ level }) => level !== "ok").map(({ code }) => code)
  assert.deepEqual(codes, ["held", "dead-letters"])
  await omni.close()
})

it("says of a store alone how far its readers have come, and not what they have still to take", async () => {
  const { store, omni } = app()
  await omni.door.ring({ door: "north", loud: false })
  await omni.drain()
  const [tenant] = (await lag(store)).tenants
  assert.deepEqual(
    tenant!.readers.map(({ name, events, expired }) => [name, events, expired]),
    [
      ["door.bell", undefined, false],
      ["out", undefined, false]
    ]
  )
  await omni.close()
})

it("finds nothing wrong with an app that is up to date, and says when nobody works for it", async () => {
  const { clock, omni } = app({ answer: () => Promise.reject(new DeliveryFailed("later", { retry: true })) })
  const wrong = async () => (await examine(omni)).filter(({ level }) => level !== "ok")
  assert.deepEqual(await wrong(), [])
  await omni.door.ring({ door: "north", loud: false })
  assert.deepEqual(await wrong(), [])
  clock.advance(3_600_000)
  assert.deepEqual(
    (await wrong()).map(({ code, message }) => `${code}: ${message}`),
    [
      "timers: Overdue timers: 1, the oldest for 59 min.",
      "outbox: Messages not yet delivered: 1, the oldest for 1 h.",
      'reader-late: Tenant "default": the reactor "door.bell" is behind: 1, the oldest for 1 h.'
    ]
  )
  await omni.close()
})

it("counts dead letters by their index, and does not read them once more for who needs the log", async () => {
  const store = memory()
  const asked: Array<string> = []
  const counting: typeof store = {
    ...store,
    open: async (scope) => {
      const opened = await store.open(scope)
      const read: typeof opened.read = (keys, queries = []) => {
        asked.push(...queries.map(({ collection, index }) => `${collection} by ${index}`))
        return opened.read(keys, queries)
      }
      return { ...opened, read, commit: (commit) => opened.commit(commit), events: (...page) => opened.events(...page) }
    }
  }
  await lag(counting, { tenant: "default" })
  assert.include(asked, "omni.dead-letters by at")
  assert.notInclude(asked, "omni.dead-letters by ")
})
