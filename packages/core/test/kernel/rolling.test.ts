import { collection, createOmni, event, handler, module, operation, query, reactor, topic } from "@omni/core"
import { inProcess, memory } from "@omni/core/memory"
import { assert, expect, it } from "vitest"
import * as z from "zod"

import { manualClock } from "./clock.ts"

/**
 * Two releases of an app over one store, while processes of the older one are replaced: the newer has a field more in everything. What it has
 * written, the older must take, whoever knows it: rows, events, timers, messages, dead letters, replays, feeds.
 */
const release = (isNewer: boolean) => {
  const more = (fields: z.core.$ZodLooseShape) => (isNewer ? { ...fields, gift: z.string() } : fields)
  const Line = z.object(more({ sku: z.string() }))
  const shape = more({
    order: z.string(),
    lines: z.array(Line),
    by: z.discriminatedUnion("kind", [z.object(more({ kind: z.literal("web") }))])
  })
  const Input = z.object(shape)
  const Orders = collection("t.orders", { schema: Input.extend({ seen: z.array(z.string()) }), indexes: { order: ["order"] } })
  const Placed = event("t.Placed", Input)
  const Mail = topic("t.mail", Input)
  const see = (what: string) =>
    operation(`t.${what}`, Input, function* (tx, input) {
      const row = tx.get(Orders, String(input["order"]))
      if (row === undefined) throw new Error("There is no such order.")
      tx.put(Orders, String(input["order"]), { ...row, seen: [...(row["seen"] as ReadonlyArray<string>), what] })
    })
  const [due, heard, carried] = [see("due"), see("heard"), see("carried")]
  const place = operation("t.place", Input, function* (tx, input) {
    const order = String(input["order"])
    tx.put(Orders, order, { ...input, seen: [] })
    tx.emit(Placed, order, input)
    tx.schedule(tx.now + 1, due, input)
    tx.send(Mail, input)
    return input
  })
  const reacting = reactor("t.reacting", [Placed], function* (tx, { data }) {
    yield* heard(tx, data)
  })
  const receiving = reactor(
    "t.receiving",
    [Placed],
    function* (tx, { data }) {
      yield* carried(tx, data)
    },
    { from: "start" }
  )
  const find = query("t.find", z.object({ order: z.string() }), function* (view, { order }) {
    return view.find(Orders, "order", { equals: [order] }).items[0]?.row
  })
  const delivered: Array<unknown> = []
  const mailing = handler(Mail, async ({ payload }) => void delivered.push(payload), { idempotent: true })
  const t = module("t", {
    collections: [Orders],
    events: [Placed],
    operations: { place, due, heard, carried },
    queries: { find },
    reactors: [reacting],
    handlers: [mailing]
  })
  return { t, Placed, receiving, delivered }
}

const order = (id: string, gift: object) => ({ order: id, lines: [{ sku: "a", ...gift }], by: { kind: "web", ...gift }, ...gift })
const NEW = order("o", { gift: "card" })

it("an older release takes all that a newer one has written, and leaves what it does not know as it is", async () => {
  const [clock, store, transport] = [manualClock(), memory(), inProcess()]
  const errors: Array<unknown> = []
  const open = (isNewer: boolean) => {
    const { t, Placed, receiving, delivered } = release(isNewer)
    const to = transport.shared()
    const omni = createOmni({
      store: store.shared(),
      clock,
      modules: { t },
      publish: [{ name: "out", to, events: [Placed] }],
      receive: [{ from: to, as: "app", reactors: [receiving] }],
      onError: (error) => errors.push(error)
    })
    return { omni, delivered }
  }
  const [older, newer] = [open(false), open(true)]
  // Before anything is written, or the reactor would begin after it.
  await older.omni.drain()
  await newer.omni.t.place(NEW, { key: "k" })
  clock.advance(10)
  await older.omni.drain()
  assert.deepEqual(errors, [])
  assert.deepEqual(older.delivered, [NEW])
  const row = await newer.omni.t.find({ order: "o" })
  expect(row).toMatchObject(NEW)
  assert.sameMembers(row?.["seen"] as Array<string>, ["due", "heard", "carried"])
  expect(await older.omni.t.find({ order: "o" })).toMatchObject({ order: "o", lines: [{ sku: "a" }] })
  const { events } = await older.omni.events()
  assert.deepEqual(events[0]?.data, NEW)
})

it("an older release takes the replay of a newer one, and refuses a call that it would not carry out in full", async () => {
  const { t } = release(false)
  const omni = createOmni({ store: memory(), modules: { t } })
  assert.deepEqual(await omni.t.place(NEW, { asOf: { time: 1 } }), order("o", {}))
  const wrong = await omni.t.safe.place(NEW)
  expect(wrong).toMatchObject({
    ok: false,
    error: { _tag: "InvalidInput", issues: [{ path: "lines.0.gift" }, { path: "by.gift" }, { path: "gift" }] }
  })
})

it("an older release tries again what a newer one gave up", async () => {
  const [clock, store] = [manualClock(), memory()]
  const [older, newer] = [release(false), release(true)].map(({ t }) => createOmni({ store: store.shared(), clock, modules: { t } }))
  const { due } = release(true).t.operations
  await newer!.transact(function* (tx) {
    tx.schedule(tx.now, due, NEW)
  })
  for (let i = 0; i < 9; i++) {
    clock.advance(3_600_000)
    await newer!.drain()
  }
  const [letter] = (await older!.deadLetters()).items
  assert.equal(letter?.row.error, "There is no such order.")
  await newer!.t.place(NEW)
  await older!.redrive(letter!.id)
  await older!.drain()
  assert.deepEqual((await older!.deadLetters()).items, [])
  expect(await newer!.t.find({ order: "o" })).toMatchObject(NEW)
})
