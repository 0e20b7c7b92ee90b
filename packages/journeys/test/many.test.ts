import { createOmni, hours, module, operation, type ScopedStore, type Tx } from "@omni/core"
import { memory } from "@omni/core/memory"
import { define, JourneyEnded, JourneyEntered, moveEntries } from "@omni/journeys"
import { assert, it } from "vitest"
import * as z from "zod"

import { abandoned, CartChanged, Merged, open, OrderPlaced } from "./shop.ts"

/** A store that says how often it was read. */
const counting = (store: ReturnType<typeof memory>) => {
  const told = { reads: 0 }
  const driver = {
    ...store,
    open: async (scope: string): Promise<ScopedStore> => {
      const opened = await store.open(scope)
      return {
        ...opened,
        read: (keys, queries) => {
          told.reads++
          return opened.read(keys, queries)
        }
      }
    }
  }
  return { driver, told }
}

const fill = (omni: ReturnType<typeof open>["omni"], carts: number, customer = "jane", name = "c") =>
  Promise.all(Array.from({ length: carts }, (_, i) => omni.shop.cart({ data: { cart: `${name}${i}`, customer, total: 1 } })))

it("ends all that a customer has in as many loads, however much it is, on a store that knows nothing yet", async () => {
  const loads: Array<number> = []
  for (const carts of [2, 40]) {
    const first = open()
    await fill(first.omni, carts)
    await first.omni.drain()
    await first.omni.shop.order({ data: { order: "o1", customer: "jane" } })
    const { driver, told } = counting(first.store.shared())
    const { omni } = open({ store: driver, clock: first.clock })
    await omni.drain()
    loads.push(told.reads)
    const { items } = await omni.journeys.entriesOf({ customer: "jane" })
    assert.lengthOf(
      items.filter(({ row }) => row.reason === "exited"),
      carts
    )
  }
  assert.equal(loads[0], loads[1])
})

it.each([
  ["within the quiet hours", false],
  ["once they are over", true]
])("takes back all that waits, however many messages it is, where it is worked off %s", async (_, late) => {
  const { clock, drivers, omni } = open({ channels: { quietHours: { from: "12:30", to: "20:00" } } })
  await fill(omni, 30)
  await omni.drain()
  clock.advance(hours(1))
  await omni.drain()
  const statuses = async () => (await omni.channels.messagesOf({ customer: "jane", limit: 100 })).items.map(({ row }) => row.status)
  assert.lengthOf(
    (await statuses()).filter((status) => status === "deferred"),
    30
  )
  await omni.shop.order({ data: { order: "o1", customer: "jane" } })
  if (late) clock.advance(hours(12))
  await omni.drain()
  assert.lengthOf(
    (await statuses()).filter((status) => status === "skipped"),
    30
  )
  clock.advance(hours(12))
  await omni.drain()
  assert.isEmpty(drivers.push.messages)
})

it("writes what a customer has once, not once for each entry that ends", async () => {
  const first = open()
  await fill(first.omni, 60)
  await fill(first.omni, 60, "visitor")
  await first.omni.drain()
  let written = 0
  /** A tx that counts the ids in the lists that are written through it. */
  const counted = (tx: Tx): Tx => ({
    now: tx.now,
    actor: tx.actor,
    tenant: tx.tenant,
    fact: tx.fact,
    get: (collection, id) => tx.get(collection, id),
    getMany: (collection, ids) => tx.getMany(collection, ids),
    prefetch: (collection, ids) => tx.prefetch(collection, ids),
    put: (collection, id, row) => {
      written += (row as { readonly live?: ReadonlyArray<string> }).live?.length ?? 0
      return tx.put(collection, id, row)
    },
    remove: (collection, id) => tx.remove(collection, id),
    emit: (type, subject, data) => tx.emit(type, subject, data),
    schedule: (at, what, input, options) => tx.schedule(at, what, input, options),
    cancel: (key) => tx.cancel(key),
    send: (topic, payload) => tx.send(topic, payload),
    newId: (prefix) => tx.newId(prefix),
    attempt: (call) => tx.attempt(call)
  })
  const merge = operation("test.merge", z.object({}), function* (tx) {
    written = 0
    moveEntries(counted(tx), "visitor", "jane")
  })
  const { omni } = first
  const other = createOmni({
    store: first.store.shared(),
    clock: first.clock,
    modules: { test: module("test", { operations: { merge } }) }
  })
  await other.test.merge({})
  assert.isAtMost(written, 120)
  const ended = (await omni.journeys.entriesOf({ customer: "visitor", limit: 100 })).items.map(({ row }) => row.reason)
  assert.deepEqual(
    ended,
    Array.from({ length: 60 }, () => "merged")
  )
})

it("asks whose event it is once for each exit, however many entries there are", async () => {
  let asked = 0
  const journey = define({
    id: "asking",
    on: CartChanged,
    key: ({ data }) => data.cart,
    steps: [{ wait: hours(1) }],
    exit: [{ on: OrderPlaced, customer: () => (asked++, "jane") }]
  })
  const { omni } = open({ journeys: { journeys: [journey] } })
  await fill(omni, 20)
  await omni.drain()
  asked = 0
  await omni.shop.order({ data: { order: "o1" } })
  await omni.drain()
  assert.isAbove(asked, 0)
  // Each operation is run twice in tests, and again when rows were loaded.
  assert.isAtMost(asked, 8)
})

it("has at most a thousand living entries of one customer, so that one commit can end them", async () => {
  const store = memory({ limits: { keys: 5_000 } })
  const { clock, drivers, omni } = open({ store, journeys: { journeys: [abandoned] } })
  await fill(omni, 1_003)
  await omni.shop.cart({ data: { cart: "c1", customer: "bob", total: 1 } })
  await omni.drain()
  const entered = async () => (await omni.events({ types: [JourneyEntered], limit: 2_000 })).events.map(({ subject }) => subject)
  assert.lengthOf(
    (await entered()).filter((customer) => customer === "jane"),
    1_000
  )
  // One that begins anew takes no more room.
  await omni.shop.cart({ data: { cart: "c1", customer: "jane", total: 2 } })
  await omni.drain()
  assert.lengthOf(
    (await entered()).filter((customer) => customer === "jane"),
    1_001
  )
  await omni.shop.order({ data: { order: "o1", customer: "jane" } })
  await omni.drain()
  await omni.shop.cart({ data: { cart: "c1002", customer: "jane", total: 1 } })
  await omni.drain()
  clock.advance(hours(1))
  await omni.drain()
  assert.deepEqual(drivers.push.messages.map(({ content, customer }) => `${customer}: ${content.text}`).sort(), [
    "bob: It is still there: c1",
    "jane: It is still there: c1002"
  ])
}, 60_000)

it("has no more of two customers who turn out to be one", async () => {
  const { omni } = open({ journeys: { customersMerged: Merged, journeys: [abandoned] } })
  await fill(omni, 600)
  await fill(omni, 600, "visitor", "v")
  await omni.drain()
  await omni.shop.merge({ data: { from: "visitor", into: "jane" } })
  await omni.drain()
  await fill(omni, 1, "jane", "n")
  await omni.drain()
  const told = await omni.events({ types: [JourneyEnded, JourneyEntered], limit: 2_000 })
  const ended = told.events.filter(({ type }) => type === JourneyEnded.name)
  assert.lengthOf(ended, 200)
  assert.lengthOf(told.events, 1_200 + 200)
}, 60_000)
