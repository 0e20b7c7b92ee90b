import { collection, type Collection, createOmni, module } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { orders } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"
import * as z from "zod"

import { over } from "../../../scripts/test/over.ts"
import { Backorders, type Waiting } from "../src/model.ts"
import { AT_ONCE, dequeue, enqueue, waitingIn } from "../src/queue.ts"
import { clockAt, eur } from "./shop.ts"

/** Rows in a map, as far as queues ask for them; it counts what is read and written. */
const rows = (first: ReadonlyArray<readonly [string, unknown]> = []) => {
  const all = new Map<string, unknown>(first)
  const touched = new Set<string>()
  const key = ({ name }: Collection, id: string): string => `${name} ${id}`
  const at = (collection: Collection, id: string): string => {
    touched.add(key(collection, id))
    return key(collection, id)
  }
  const tx = {
    get: (collection: Collection, id: string) => all.get(at(collection, id)),
    getMany: (collection: Collection, ids: ReadonlyArray<string>) => ids.map((id) => all.get(at(collection, id))),
    put: (collection: Collection, id: string, row: unknown) => (all.set(at(collection, id), row), row),
    remove: (collection: Collection, id: string) => void all.delete(at(collection, id))
  }
  return { tx: tx as never as Parameters<typeof enqueue>[0], all, touched }
}

const KEY = "a@x"
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant("come" as const), orders: fc.array(fc.nat(2000), { minLength: 1, maxLength: 200 }) })
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("go" as const), count: fc.integer({ min: 1, max: AT_ONCE }) }) }
)

it("a queue in pages is the queue, however orders come into it: by when they were placed, each once, and as many first ones on its row as are looked at", () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), fc.nat(600), fc.boolean(), (steps, before, inTurn) => {
      const placed = (n: number): Waiting => ({ order: `o${n}`, placedAt: Math.floor(n / 3) })
      // A row of the version before has all of them.
      let naive: ReadonlyArray<Waiting> = Array.from({ length: before }, (_, i) => placed(3 * i))
      const { tx, all, touched } = rows(before === 0 ? [] : [[`${Backorders.name} ${KEY}`, { waiting: naive }]])
      let latest = 3 * before
      for (const one of steps) {
        if (one.do === "come")
          for (const n of one.orders) {
            const order = placed(inTurn ? ++latest : n)
            touched.clear()
            enqueue(tx, KEY, order)
            if (!naive.includes(order) && !naive.some((other) => other.order === order.order))
              naive = [...naive, order].sort((a, b) => a.placedAt - b.placedAt)
          }
        else {
          const next = dequeue(tx, KEY, Math.min(one.count, naive.length))
          naive = naive.slice(one.count)
          assert.deepEqual(next, naive[0])
        }
        assert.deepEqual(waitingIn(tx, KEY), naive)
        const row = all.get(`${Backorders.name} ${KEY}`) as { waiting: ReadonlyArray<Waiting>; last?: ReadonlyArray<Waiting> } | undefined
        if (row !== undefined) assert.isAtLeast(row.waiting.length, Math.min(AT_ONCE, naive.length))
      }
      // No page is left behind.
      while (naive.length > 0) {
        naive = naive.slice(AT_ONCE)
        dequeue(tx, KEY, AT_ONCE)
      }
      assert.equal(all.size, 0)
    })
  )
})

it("one order more that waits costs no more when thousands do: the row, and now and then a page", () => {
  const { tx, all, touched } = rows()
  for (let n = 0; n < 20_000; n++) enqueue(tx, KEY, { order: `order ${n}`, placedAt: 2 * n })
  for (const placedAt of [1, 20_001, 39_997, 50_000]) {
    touched.clear()
    enqueue(tx, KEY, { order: `late ${placedAt}`, placedAt })
    assert.isAtMost(touched.size, 3)
    for (const key of touched) assert.isBelow(JSON.stringify(all.get(key)).length, 25_000)
  }
})

it("has an order once, also where hundreds were placed at the same moment and all of them come again", () => {
  const { tx } = rows([])
  const placed = Array.from({ length: 300 }, (_, n): Waiting => ({ order: `o${n}`, placedAt: 7 }))
  for (const order of [...placed, ...placed]) enqueue(tx, KEY, order)
  assert.deepEqual(waitingIn(tx, KEY), placed)
})

it("writes a row of bounded size for an order that waits behind hundreds, and gives all of them theirs, in turn", async () => {
  let largest = 0
  const store = over(memory(), (scope) => ({
    commit: (commit) => {
      for (const { key, row } of commit.writes) if (key.collection === Backorders.name) largest = Math.max(largest, row?.value.length ?? 0)
      return scope.commit(commit)
    }
  }))
  const clock = clockAt()
  const omni = createOmni({ store, clock, verify: false, modules: { inventory: inventory(), orders: orders() } })
  const place = async (): Promise<string> => {
    clock.advance(1)
    const lines = [{ sku: "a", quantity: 1, unitPrice: eur(100) }]
    const request = { currency: "EUR" as const, taxIncluded: true, lines, backorder: true }
    return (await omni.orders.place({ ...request, fulfilment: { kind: "ship", location: "x" } })).id
  }
  const ids: Array<string> = []
  for (let i = 0; i < 900; i++) ids.push(await place())
  assert.deepEqual(
    (await omni.orders.backorders({ sku: "a", location: "x" })).map(({ order }) => order),
    ids
  )
  assert.isBelow(largest, 20_000)
  await omni.inventory.receive({ lines: [{ sku: "a", location: "x", quantity: 700 }] })
  await omni.drain()
  assert.deepEqual(
    (await omni.orders.backorders({ sku: "a", location: "x" })).map(({ order }) => order),
    ids.slice(700)
  )
  assert.equal((await omni.orders.order({ order: ids[699]! })).status, "allocated")
  await omni.close()
})

it("goes on with a queue that an earlier version has written as one row", async () => {
  const store = memory()
  const schema = z.object({ waiting: z.array(z.object({ order: z.string(), placedAt: z.int() })) })
  const Before = collection(Backorders.name, { schema })
  const waiting = Array.from({ length: 300 }, (_, n) => ({ order: `gone ${n}`, placedAt: n }))
  const old = createOmni({ store, modules: { old: module("old", { collections: [Before] }) } })
  await old.transact(function* (tx) {
    tx.put(Before, KEY, { waiting })
  })
  const omni = createOmni({ store: store.shared(), clock: clockAt(), modules: { inventory: inventory(), orders: orders() } })
  const { id } = await omni.orders.place({
    currency: "EUR",
    taxIncluded: true,
    backorder: true,
    lines: [{ sku: "a", quantity: 1, unitPrice: eur(100) }],
    fulfilment: { kind: "ship", location: "x" }
  })
  // Those whose orders are not there any more are passed over, 50 in a commit.
  const left = (await omni.orders.backorders({ sku: "a", location: "x" })).map(({ order }) => order)
  assert.deepEqual(left, [...waiting.slice(AT_ONCE).map(({ order }) => order), id])
  await omni.inventory.receive({ lines: [{ sku: "a", location: "x", quantity: 1 }] })
  await omni.drain()
  assert.equal((await omni.orders.order({ order: id })).status, "allocated")
  assert.deepEqual(await omni.orders.backorders({ sku: "a", location: "x" }), [])
  await omni.close()
})
