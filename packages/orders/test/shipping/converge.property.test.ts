import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import { type CarrierDriver, OrderDelivered, orders, shipping, type ShipmentStatus } from "@omni/orders"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { line, request, states } from "../shop.ts"

/** A carrier whose numbers say which parcel it is: they follow from its weight. */
const carrier: CarrierDriver = {
  specVersion: 1,
  capabilities: { idempotent: true },
  execute: async (command) => (command.kind === "label" ? { tracking: `T${command.parcels[0]!.weight}` } : {})
}
const address = { country: "FR" as const, lines: ["1 rue Haute"], postalCode: "69001", locality: "Lyon" }

/** An order of six cases in one fulfilment, with so many parcels announced. */
const open = async (parcels: number, labelled = true) => {
  const omni = createOmni({
    store: memory(),
    modules: { inventory: inventory(), orders: orders(), shipping: shipping({ carriers: { carrier } }) }
  })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 10 }] })
  const { id: order, fulfilments } = await omni.orders.place(
    request({ lines: [line("case", 6)], fulfilment: { kind: "ship", location: "lyon" } })
  )
  for (let i = 0; i < parcels; i++)
    await omni.shipping.createShipment({
      fulfilment: fulfilments[0]!,
      order,
      carrier: "carrier",
      service: "parcel",
      parcels: [{ weight: i + 1 }],
      from: address,
      to: address
    })
  if (labelled) await omni.drain()
  const track = (parcel: number, status: ShipmentStatus, at: number) =>
    omni.shipping.track({ carrier: "carrier", reports: [{ tracking: `T${parcel + 1}`, status, at }] })
  const ship = (quantity: number, parcel?: number) =>
    omni.orders.ship({ order, lines: [{ line: "1", quantity }], ...(parcel === undefined ? {} : { tracking: `T${parcel + 1}` }) })
  const end = async () => {
    await omni.drain()
    const { items } = await omni.orders.tasks({})
    const shipments = (await omni.shipping.shipmentsOf({ order })).items
    const parts = states(await omni.orders.order({ order }))[0]![1]
    const found = {
      parts,
      tasks: items.map(({ row }) => row.kind).sort(),
      parcels: shipments.map(({ row }) => `${row.tracking} ${row.status}`).sort()
    }
    assert.isEmpty((await omni.deadLetters()).items)
    await omni.close()
    return found
  }
  return { omni, order, track, ship, end }
}

it("a parcel that arrived before it was recorded as shipped is delivered when it is", async () => {
  const { omni, order, track, ship, end } = await open(2)
  await track(0, "delivered", 5)
  await omni.drain()
  await ship(4, 0)
  await omni.drain()
  assert.deepEqual(states(await omni.orders.order({ order })), [["case", { delivered: 4, allocated: 2 }]])
  await ship(2, 1)
  await omni.drain()
  assert.deepEqual(states(await omni.orders.order({ order })), [["case", { delivered: 4, shipped: 2 }]])
  await track(1, "delivered", 6)
  assert.deepEqual((await end()).parts, { delivered: 6 })
})

it("what was told before the label's number was known counts once it is, and else for a week", async () => {
  const { omni, track, ship, end } = await open(1, false)
  assert.deepEqual(await track(0, "delivered", 5), { unknown: ["T1"] })
  assert.deepEqual(await track(4, "delivered", 5), { unknown: ["T5"] })
  await ship(6)
  await omni.drain()
  assert.deepEqual(await end(), { parts: { delivered: 6 }, tasks: [], parcels: ["T1 delivered"] })
})

it("what is lost or comes back is a task, until it is delivered after all", async () => {
  const { omni, track, ship, end } = await open(2)
  await ship(3, 0)
  await ship(3, 1)
  await track(0, "lost", 5)
  await track(1, "returned", 5)
  await omni.drain()
  const tasks = (await omni.orders.tasks({})).items.map(({ row }) => row.message)
  assert.sameMembers(tasks, ["carrier has lost the parcel T1.", "carrier could not deliver, and has sent back, the parcel T2."])
  await track(0, "delivered", 9)
  assert.deepEqual(await end(), {
    parts: { delivered: 3, shipped: 3 },
    tasks: ["parcel-returned"],
    parcels: ["T1 delivered", "T2 returned"]
  })
})

/** What happens to three parcels, each with its own news; the shop records what it sends in two goes. */
const scene = fc.record({
  news: fc.array(
    fc.record({
      parcel: fc.nat(2),
      status: fc.constantFrom<ShipmentStatus>("in-transit", "exception", "out-for-delivery", "delivered", "delivered", "returned", "lost"),
      at: fc.nat(6)
    }),
    { minLength: 2, maxLength: 8 }
  ),
  /** Under which number each go is recorded; none is told for some. */
  sent: fc.tuple(fc.option(fc.constant(0), { nil: undefined }), fc.option(fc.constant(1), { nil: undefined })),
  parcels: fc.constantFrom(2, 3)
})

it(
  "comes to the same whatever the order in which carriers tell, the shop records what it sends, and labels are answered",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(scene, fc.infiniteStream(fc.nat(99)), async ({ news, sent, parcels }, chance) => {
        const next = () => chance.next().value!
        const told = news.filter(({ parcel }) => parcel < parcels)
        const play = async (shuffled: boolean) => {
          const shop = await open(parcels, !shuffled || next() % 2 === 0)
          const reports = told.map((one) => () => shop.track(one.parcel, one.status, one.at))
          // The first go is recorded before the second; all else in any order, some of it twice.
          const facts = shuffled ? reports.flatMap((report) => (next() % 3 === 0 ? [report, report] : [report])) : reports
          const queue: Array<readonly [number, () => Promise<unknown>]> = facts.map((run) => [shuffled ? next() : 50, run])
          const goes = [next(), next()].sort((a, b) => a - b)
          queue.push([shuffled ? goes[0]! : 0, () => shop.ship(4, sent[0])], [shuffled ? goes[1]! + 0.5 : 1, () => shop.ship(2, sent[1])])
          for (const [, run] of queue.sort(([a], [b]) => a - b)) {
            await run()
            if (!shuffled || next() % 2 === 0) await shop.omni.drain()
          }
          const said = (await shop.omni.drain(), await shop.omni.events({ types: [OrderDelivered] })).events
          const units = said.reduce((sum, { data }) => sum + (data as { lines: ReadonlyArray<{ quantity: number }> }).lines[0]!.quantity, 0)
          const end = await shop.end()
          assert.equal(units, end.parts.delivered ?? 0)
          return end
        }
        const calm = await play(false)
        assert.deepEqual(await play(true), calm)
        const isThere = (parcel: number) => calm.parcels.includes(`T${parcel + 1} delivered`)
        const all = Array.from({ length: parcels }, (_, i) => i).every(isThere)
        const expected = ([4, 2] as const).reduce(
          (sum, count, go) => sum + ((sent[go] === undefined ? all : isThere(sent[go])) ? count : 0),
          0
        )
        assert.equal(calm.parts.delivered ?? 0, expected)
      }),
      { numRuns: 120 }
    )
  }
)
