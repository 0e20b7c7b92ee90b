import type { InvalidInput } from "@omni/core"
import { type IllegalTransition, type NotReturnable, RefundDue, type WrongGoods } from "@omni/orders"
import * as fc from "fast-check"
import { assert, describe, it } from "vitest"

import { line, request, shop, states } from "./shop.ts"

const errorOf = <E>(promise: Promise<unknown>): Promise<E> => promise.then(() => undefined as E).catch((error: unknown) => error as E)
const ship = { kind: "ship", location: "lyon" } as const
const carryOut = { kind: "carry-out", location: "lyon" } as const

/** A shop with phones that have numbers, and milk in two lots, of which A goes first. */
const open = async () => {
  const opened = await shop()
  const { inventory } = opened.omni
  await inventory.defineArticle({ sku: "phone", tracking: "serial" })
  await inventory.defineArticle({ sku: "milk", tracking: "lot" })
  await inventory.receive({ lines: [{ sku: "phone", location: "lyon", quantity: 4, serials: ["P1", "P2", "P3", "P4"] }] })
  const lot = (name: string, day: number) => ({ lot: name, quantity: 5, expiresAt: opened.clock.now() + day * 86_400_000 })
  await inventory.receive({ lines: [{ sku: "milk", location: "lyon", quantity: 10, lots: [lot("A", 5), lot("B", 9)] }] })
  /** Of an article: in which state lies how much of which lot, or each piece. */
  const lies = async (sku: string): Promise<ReadonlyArray<string | number>> => {
    if (sku === "milk")
      return (await inventory.lots({ sku })).items
        .flatMap(({ row }) => row.lots.map(({ lot: name, state, quantity }) => `${quantity} ${name} ${state}`))
        .sort()
    const level = (await inventory.levels({ location: "lyon" })).items.find(({ row }) => row.sku === sku)!.row
    return [level.onHand, level.damaged ?? 0, level.qualityControl ?? 0]
  }
  return { ...opened, lies }
}

describe("pieces with numbers", () => {
  it("leave by their numbers, and come back to the state that they are in, under the same ones", async () => {
    const { omni, lies } = await open()
    const { id } = await omni.orders.place(request({ lines: [line("phone", 3)], fulfilment: ship }))
    const unnamed = await errorOf<InvalidInput>(omni.orders.ship({ order: id }))
    assert.equal(unnamed._tag, "InvalidInput")
    const few = await errorOf<WrongGoods>(omni.orders.ship({ order: id, goods: [{ line: "1", serials: ["P1", "P2"] }] }))
    assert.deepEqual([few._tag, few.problems], ["WrongGoods", [{ at: "1", named: 2, expected: 3 }]])
    await omni.orders.ship({ order: id, lines: [{ line: "1", quantity: 2 }], goods: [{ line: "1", serials: ["P1", "P3"] }] })
    await omni.orders.ship({ order: id, goods: [{ line: "1", serials: ["P2"] }] })
    assert.deepEqual(
      (await omni.orders.sentGoods({ order: id })).map(({ number, back }) => [number, back]),
      [
        ["P1", 0],
        ["P3", 0],
        ["P2", 0]
      ]
    )
    await omni.orders.deliver({ order: id })
    const back = (serials: ReadonlyArray<string>, condition: "sellable" | "damaged" | "quality-control") =>
      omni.orders.takeBack({
        order: id,
        reason: "whim",
        location: "lyon",
        lines: [{ line: "1", quantity: serials.length, condition, serials: [...serials] }]
      })
    await back(["P3"], "damaged")
    assert.deepEqual(await lies("phone"), [1, 1, 0])
    // Another customer's, one that was never sold, one that is back already.
    for (const serial of ["P4", "P9", "P3"]) {
      const refused = await errorOf<NotReturnable>(back([serial], "sellable"))
      assert.deepEqual([refused._tag, refused.problems], ["NotReturnable", [{ code: "wrong-serial", at: "1", named: serial }]])
    }
    const missing = await errorOf<InvalidInput>(
      omni.orders.takeBack({ order: id, reason: "whim", location: "lyon", lines: [{ line: "1", quantity: 1, condition: "sellable" }] })
    )
    assert.equal(missing._tag, "InvalidInput")
    await back(["P1"], "quality-control")
    await back(["P2"], "sellable")
    assert.deepEqual([await lies("phone"), states(await omni.orders.order({ order: id }))], [[2, 1, 1], [["phone", { returned: 3 }]]])
    await omni.inventory.sell({ lines: [{ sku: "phone", location: "lyon", quantity: 1, serials: ["P2"] }] })
    await omni.inventory.moveStock({
      lines: [{ sku: "phone", location: "lyon", quantity: 1, serials: ["P3"] }],
      from: "damaged",
      to: "write-off",
      reason: "broken"
    })
  })

  it("are handed over at the till by their numbers, and at the counter for the code", async () => {
    const { omni, lies } = await open()
    const sold = await omni.orders.place(
      request({ lines: [line("phone", 1)], fulfilment: carryOut, goods: [{ line: "1", serials: ["P4"] }] })
    )
    assert.equal((await omni.orders.sentGoods({ order: sold.id }))[0]?.number, "P4")
    const early = await errorOf<{ _tag: string; problems: unknown }>(
      omni.orders.place(request({ lines: [line("phone")], fulfilment: ship, goods: [{ line: "1", serials: ["P1"] }] }))
    )
    assert.deepEqual([early._tag, early.problems], ["InvalidOrder", [{ code: "not-handed-over", at: "1" }]])
    const { fulfilment: _, ...loose } = request({ lines: [line("phone")] })
    const unassigned = await omni.orders.place(loose)
    const assign = (kind: "ship" | "carry-out") =>
      omni.orders.assign({ order: unassigned.id, fulfilment: { kind, location: "lyon" }, goods: [{ line: "1", serials: ["P3"] }] })
    assert.deepEqual((await errorOf<{ problems: unknown }>(assign("ship"))).problems, [{ code: "not-handed-over", at: "1" }])
    assert.equal((await assign("carry-out")).status, "collected")
    const { id } = await omni.orders.place(request({ lines: [line("phone", 2)] }))
    const { pickupCode: code = "" } = await omni.orders.ready({ order: id })
    await omni.orders.collect({ order: id, code, goods: [{ line: "1", serials: ["P2", "P1"] }] })
    assert.deepEqual(await lies("phone"), [0, 0, 0])
  })
})

describe("lots", () => {
  it("come back under theirs: told, or the only one in which the line has left", async () => {
    const { omni, lies } = await open()
    const { id } = await omni.orders.place(request({ lines: [line("milk", 4)], fulfilment: ship }))
    await omni.orders.ship({ order: id, goods: [{ line: "1", lots: [{ lot: "B", quantity: 4 }] }] })
    assert.deepEqual(await lies("milk"), ["1 B on-hand", "5 A on-hand"])
    const back = (
      quantity: number,
      condition: "sellable" | "damaged" | "quality-control",
      lots?: Array<{ lot: string; quantity: number }>
    ) =>
      omni.orders.takeBack({
        order: id,
        reason: "whim",
        location: "lyon",
        lines: [{ line: "1", quantity, condition, ...(lots === undefined ? {} : { lots }) }]
      })
    await back(1, "quality-control")
    const wrong = await errorOf<NotReturnable>(back(1, "sellable", [{ lot: "A", quantity: 1 }]))
    assert.deepEqual(wrong.problems, [{ code: "wrong-lot", at: "1", named: "A" }])
    await back(2, "damaged", [{ lot: "B", quantity: 2 }])
    await back(1, "sellable")
    assert.deepEqual(await lies("milk"), ["1 B quality-control", "2 B damaged", "2 B on-hand", "5 A on-hand"])
  })

  it("that were not named when they left are named by who looks at them", async () => {
    const { omni, lies } = await open()
    const { id } = await omni.orders.place(request({ lines: [line("milk", 6)], fulfilment: ship }))
    await omni.orders.ship({ order: id })
    assert.deepEqual(await lies("milk"), ["4 B on-hand"])
    const [first] = (await omni.orders.order({ order: id })).lines
    assert.equal(first?.status, "shipped")
    await omni.orders.takeBack({
      order: id,
      reason: "whim",
      location: "lyon",
      lines: [
        {
          line: "1",
          quantity: 2,
          condition: "damaged",
          lots: [
            { lot: "A", quantity: 1 },
            { lot: "B", quantity: 1 }
          ]
        }
      ]
    })
    assert.deepEqual(await lies("milk"), ["1 A damaged", "1 B damaged", "4 B on-hand"])
  })

  it("that were called back go to quality control, whatever they look like", async () => {
    const { omni, lies } = await open()
    const { id } = await omni.orders.place(
      request({ lines: [line("milk", 1)], fulfilment: carryOut, goods: [{ line: "1", lots: [{ lot: "A", quantity: 1 }] }] })
    )
    await omni.inventory.recallLot({ sku: "milk", lot: "A", reason: "glass" })
    await omni.orders.takeBack({
      order: id,
      reason: "recall",
      location: "lyon",
      lines: [{ line: "1", quantity: 1, condition: "sellable" }]
    })
    assert.deepEqual(await lies("milk"), ["5 A quality-control", "5 B on-hand"])
  })

  it("are conserved: however an order leaves in parts and comes back, each lot is what came in less what is away", async () => {
    const go = fc.record({ quantity: fc.integer({ min: 1, max: 4 }), a: fc.nat(4) })
    const home = fc.record({
      quantity: fc.integer({ min: 1, max: 3 }),
      lot: fc.constantFrom("A", "B"),
      condition: fc.constantFrom("sellable" as const, "damaged" as const, "quality-control" as const, "lost" as const)
    })
    await fc.assert(
      fc.asyncProperty(fc.array(go, { minLength: 1, maxLength: 3 }), fc.array(home, { maxLength: 6 }), async (goes, homes) => {
        const { omni, lies } = await open()
        const { id } = await omni.orders.place(request({ lines: [line("milk", 10)], fulfilment: ship }))
        const away = { A: 0, B: 0 }
        for (const { quantity, a } of goes) {
          const lots = [
            { lot: "A", quantity: Math.min(a, quantity) },
            { lot: "B", quantity: quantity - Math.min(a, quantity) }
          ].filter((one) => one.quantity > 0)
          const sent = await omni.orders.safe.ship({ order: id, lines: [{ line: "1", quantity }], goods: [{ line: "1", lots }] })
          const fits = lots.every(({ lot, quantity: count }) => away[lot as "A"] + count <= 5)
          assert.equal(sent.ok, fits, JSON.stringify(sent))
          if (fits) for (const { lot, quantity: count } of lots) away[lot as "A"] += count
        }
        const lost = { A: 0, B: 0 }
        for (const { quantity, lot, condition } of homes) {
          const back = await omni.orders.safe.takeBack({
            order: id,
            reason: "whim",
            location: "lyon",
            lines: [{ line: "1", quantity, condition, lots: [{ lot, quantity }] }]
          })
          assert.equal(back.ok, away[lot as "A"] - lost[lot as "A"] >= quantity)
          if (!back.ok) continue
          if (condition === "lost") lost[lot as "A"] += quantity
          else away[lot as "A"] -= quantity
        }
        const sum = { A: 0, B: 0 }
        for (const text of await lies("milk")) {
          const [quantity, lot] = String(text).split(" ")
          sum[lot as "A"] += Number(quantity)
        }
        assert.deepEqual(sum, { A: 5 - away.A, B: 5 - away.B })
        await omni.close()
      }),
      { numRuns: 60 }
    )
  })
})

it("what is lost on its way is paid back or sent again, and no stock appears", async () => {
  const { omni, stock } = await shop()
  const { id } = await omni.orders.place(request({ lines: [line("case", 3, 1000)], fulfilment: ship }))
  await omni.orders.ship({ order: id })
  const lost = (quantity: number, more: object = {}) =>
    omni.orders.takeBack({ order: id, reason: "lost", location: "lyon", lines: [{ line: "1", quantity, condition: "lost" }], ...more })
  const paid = await lost(1)
  assert.deepEqual([paid.refund?.amount.amount, paid.return.lines[0]?.received, await stock("case")], [1000, { lost: 1 }, [7, 0]])
  const again = await lost(2, { replacement: { lines: [line("case", 2, 1000)], fulfilment: ship } })
  assert.deepEqual([states(again.order), await stock("case")], [[["case", { returned: 1, exchanged: 2 }]], [7, 2]])
  assert.lengthOf((await omni.events({ types: [RefundDue] })).events, 2)
  const over = await errorOf<IllegalTransition>(omni.orders.ship({ order: id }))
  assert.equal(over._tag, "IllegalTransition")
})
