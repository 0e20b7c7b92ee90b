import { assert, it } from "vitest"
import { createOmni } from "../../src/index.ts"
import { memory } from "../../src/memory/index.ts"
import { OutOfStock, shop, Tally } from "./shop.ts"

it("runs", async () => {
  const sent: unknown[] = []
  const omni = createOmni({ store: memory(), modules: { shop: shop({ deliver: async (d) => void sent.push(d.payload) }) } })
  await omni.shop.stock({ sku: "a", onHand: 10 })
  const all = await Promise.all(Array.from({ length: 12 }, () => omni.shop.safe.reserve({ sku: "a", quantity: 1 })))
  assert.equal(all.filter((r) => r.ok).length, 10)
  const e = await omni.shop.reserve({ sku: "a", quantity: 1 }).catch((e) => e)
  assert.instanceOf(e, OutOfStock)
  assert.deepEqual(await omni.shop.levels({ skus: ["a", "b"] }), [0, 0])
  const p = await omni.shop.reservations({ sku: "a", limit: 4 })
  assert.equal(p.items.length, 4)
  const p2 = await omni.shop.reservations({ sku: "a", after: p.cursor! })
  assert.equal(p2.items.length, 6)
  assert.deepEqual(await omni.shop.register({ person: "p1", email: "x@y.z", city: "B" }), { person: "p1", email: "x@y.z" })
  const f = await omni.shop.personByEmail({ email: "x@y.z" })
  assert.equal(f.found[0]?.row.email, "x@y.z")
  assert.equal(f.login?.person, "p1")
  await omni.drain()
  assert.equal(sent.length, 1)
  assert.equal((await omni.transact(function* (tx) { return tx.get(Tally, "a") }))?.reserved, 10)
  await omni.erase("p1")
  const g = await omni.shop.personByEmail({ email: "x@y.z" })
  assert.deepEqual(g, { found: [], login: undefined })
  const ev = await omni.events()
  assert.equal(ev.events.length, 12)
  await omni.close()
})
