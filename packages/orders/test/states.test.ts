import { createOmni, days, toInstant } from "@omni/core"
import { memory } from "@omni/core/memory"
import { inventory } from "@omni/inventory"
import {
  type FulfilmentChange,
  type FulfilmentStatus,
  type IllegalFulfilmentChange,
  type IllegalTransition,
  type LineStatus,
  type NotReturnable,
  orders,
  shipping,
  type Transition
} from "@omni/orders"
import { assert, describe, it } from "vitest"

import { evenings } from "./shipping/shop.ts"
import { clockAt, line, NOON, request } from "./shop.ts"

const CODE = "ABCD"
const ship = { kind: "ship", location: "lyon" } as const
const pickup = { kind: "pickup", location: "lyon" } as const

const open = async () => {
  const clock = clockAt()
  const modules = { inventory: inventory(), orders: orders({ returns: { approval: "auto" } }), shipping: shipping({ methods: [evenings] }) }
  const omni = createOmni({ store: memory(), clock, modules })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "lyon", quantity: 10 }] })
  await omni.inventory.receive({ lines: [{ sku: "case", location: "paris", quantity: 10 }] })
  return { omni, clock }
}
type Shop = Awaited<ReturnType<typeof open>>

/** Brings one unit into a state: what is done for it, one call after another. */
const routes: { readonly [route: string]: readonly [how: "ship" | "pickup" | "none", ...steps: ReadonlyArray<string>] } = {
  "placed in none": ["none"],
  "backordered ship": ["ship", "lose"],
  "allocated ship": ["ship"],
  "picked ship": ["ship", "pick"],
  "packed ship": ["ship", "pack"],
  "shipped ship": ["ship", "ship"],
  "delivered ship": ["ship", "ship", "deliver"],
  "allocated pickup": ["pickup"],
  "picked pickup": ["pickup", "pick"],
  "packed pickup": ["pickup", "pack"],
  "ready pickup": ["pickup", "ready"],
  "collected pickup": ["pickup", "ready", "collect"],
  "returned ship": ["ship", "ship", "deliver", "return"],
  "exchanged ship": ["ship", "ship", "deliver", "exchange"],
  "cancelled ship": ["ship", "cancel"]
}

/** What can be done then: written out by hand, beside the table of the package. */
const can: { readonly [route: string]: ReadonlyArray<Transition> } = {
  "placed in none": ["assign", "cancel", "edit"],
  "backordered ship": ["allocate", "unassign", "cancel", "edit"],
  "allocated ship": ["pick", "pack", "ship", "backorder", "unassign", "cancel", "edit"],
  "picked ship": ["pack", "ship", "backorder", "unassign", "cancel"],
  "packed ship": ["ship", "backorder", "unassign", "cancel"],
  "shipped ship": ["deliver", "return", "exchange"],
  "delivered ship": ["return", "exchange"],
  "allocated pickup": ["pick", "pack", "ready", "backorder", "unassign", "cancel", "edit"],
  "picked pickup": ["pack", "ready", "backorder", "unassign", "cancel"],
  "packed pickup": ["ready", "backorder", "unassign", "cancel"],
  "ready pickup": ["collect", "cancel"],
  "collected pickup": ["return", "exchange"],
  "returned ship": [],
  "exchanged ship": [],
  "cancelled ship": []
}

const act = ({ omni }: Shop, order: string, step: string) => {
  const { safe } = omni.orders
  const back = (more: object) =>
    safe.takeBack({ order, reason: "whim", location: "lyon", lines: [{ line: "1", quantity: 1, condition: "damaged" }], ...more })
  const acts: { readonly [step: string]: () => Promise<{ readonly ok: boolean; readonly error?: unknown }> } = {
    assign: () => safe.assign({ order, fulfilment: ship }),
    pick: () => safe.pick({ order }),
    pack: () => safe.pack({ order }),
    ready: () => safe.ready({ order, code: CODE }),
    collect: () => safe.collect({ order, code: CODE }),
    ship: () => safe.ship({ order }),
    deliver: () => safe.deliver({ order }),
    backorder: () => safe.backorder({ order }),
    unassign: () => safe.unassign({ order }),
    cancel: () => safe.cancel({ order }),
    edit: () => safe.edit({ order, remove: [{ line: "1" }] }),
    return: () => back({}),
    exchange: () => back({ replacement: { lines: [line("case")], fulfilment: ship } })
  }
  return acts[step]!()
}

const bring = async (shop: Shop, route: string): Promise<string> => {
  const [how, ...steps] = routes[route]!
  const { fulfilment: _, ...rest } = request({ lines: [line("case")] })
  const { id } = await shop.omni.orders.place(how === "none" ? rest : { ...rest, fulfilment: how === "ship" ? ship : pickup })
  for (const step of steps) {
    if (step === "lose") {
      await shop.omni.inventory.adjust({ lines: [{ sku: "case", location: "lyon", quantity: -10 }], reason: "lost" })
      await shop.omni.orders.backorder({ order: id })
    } else assert.isTrue((await act(shop, id, step)).ok, `${route}: ${step}`)
  }
  return id
}

const attempts: ReadonlyArray<Exclude<Transition, "allocate">> = [
  "assign",
  "pick",
  "pack",
  "ready",
  "collect",
  "ship",
  "deliver",
  "backorder",
  "unassign",
  "cancel",
  "edit",
  "return",
  "exchange"
]

describe("a unit", () => {
  for (const route of Object.keys(routes))
    it(`${route}: can be done what its state allows, and all else is refused by its name, and changes nothing`, async () => {
      const state = route.split(" ")[0] as LineStatus
      const allowed = can[route]!
      for (const attempted of attempts) {
        const shop = await open()
        const order = await bring(shop, route)
        const before = await shop.omni.orders.order({ order })
        assert.equal(before.status, state)
        const result = await act(shop, order, attempted)
        assert.equal(result.ok, allowed.includes(attempted), `${attempted}: ${JSON.stringify(result)}`)
        if (result.ok) continue
        assert.deepEqual(await shop.omni.orders.order({ order }), before)
        if (attempted === "return" || attempted === "exchange") {
          const [problem] = (result.error as NotReturnable).problems
          assert.deepEqual(problem, { code: "not-had", at: "1", possible: 0, state, allowed: [...allowed] })
          continue
        }
        const error = result.error as IllegalTransition
        assert.deepEqual(
          [error._tag, error.state, error.attempted, [...error.allowed]],
          ["IllegalTransition", state, attempted, [...allowed]]
        )
        assert.include(error.message, `is ${state}, so "${attempted}" cannot be done`)
        await shop.omni.close()
      }
    })
})

const slot = { method: "evening", date: "2027-01-16", from: "18:00" }

describe("a fulfilment", () => {
  const after: { readonly [S in FulfilmentStatus]: (shop: Shop, order: string, fulfilment: string) => Promise<unknown> } = {
    scheduled: async () => {},
    open: ({ omni }, order, fulfilment) => omni.orders.open({ order, fulfilment }),
    "in-progress": async ({ omni }, order, fulfilment) => {
      await omni.orders.open({ order, fulfilment })
      await omni.orders.pick({ order, lines: [{ line: "1", quantity: 1 }] })
    },
    "on-hold": ({ omni }, order, fulfilment) => omni.orders.holdFulfilment({ order, fulfilment, reason: "check" }),
    incomplete: ({ omni }, order, fulfilment) => omni.orders.closeFulfilment({ order, fulfilment }),
    closed: async ({ omni }, order, fulfilment) => {
      await omni.orders.open({ order, fulfilment })
      await omni.orders.ship({ order })
    },
    cancelled: ({ omni }, order, fulfilment) => omni.orders.cancel({ order, fulfilment })
  }
  const may: { readonly [S in FulfilmentStatus]: ReadonlyArray<FulfilmentChange> } = {
    scheduled: ["open", "hold", "move", "split", "merge", "reschedule", "book", "close"],
    open: ["hold", "move", "split", "merge", "reschedule", "book", "close", "work"],
    "in-progress": ["hold", "split", "book", "close", "work"],
    "on-hold": ["hold", "release", "move", "split", "reschedule", "book", "close"],
    incomplete: [],
    closed: [],
    cancelled: []
  }
  const change = ({ omni }: Shop, one: { order: string; fulfilment: string }, into: string) => {
    const { safe } = omni.orders
    const changes: { readonly [C in FulfilmentChange]: () => Promise<{ readonly ok: boolean; readonly error?: unknown }> } = {
      open: () => safe.open(one),
      hold: () => safe.holdFulfilment({ ...one, reason: "another" }),
      release: () => safe.releaseFulfilment(one),
      move: () => safe.moveFulfilment({ ...one, to: "paris" }),
      split: () => safe.splitFulfilment({ ...one, lines: [{ line: "1", quantity: 1 }] }),
      merge: () => safe.mergeFulfilments({ ...one, into }),
      reschedule: () => safe.reschedule({ ...one, on: NOON + days(3) }),
      book: () => omni.shipping.safe.takeSlot({ ...one, slot }),
      extend: () => safe.extendPickup({ ...one, collectBy: NOON + days(9) }),
      close: () => safe.closeFulfilment(one),
      work: () => safe.pick(one)
    }
    return changes
  }
  for (const status of Object.keys(after) as Array<FulfilmentStatus>)
    it(`${status}: can be changed as its status allows, and all else is refused by its name`, async () => {
      assert.isAbove(toInstant("2027-01-16T18:00", "Europe/Berlin"), NOON)
      for (const attempted of [
        "open",
        "hold",
        "release",
        "move",
        "split",
        "merge",
        "reschedule",
        "book",
        "extend",
        "close",
        "work"
      ] as const) {
        const shop = await open()
        const later = { ...ship, opens: NOON + days(1) }
        const order = await shop.omni.orders.place(
          request({
            lines: [line("case", 2), line("case", 1)],
            fulfilments: [
              { ...later, lines: [{ line: "1" }] },
              { ...ship, lines: [{ line: "2" }] }
            ]
          })
        )
        const [fulfilment, other] = order.fulfilments as [string, string]
        const one = { order: order.id, fulfilment }
        await after[status](shop, order.id, fulfilment)
        const before = await shop.omni.orders.fulfilment({ fulfilment })
        assert.equal(before.status, status)
        const result = await change(shop, one, other)[attempted]()
        assert.equal(result.ok, may[status].includes(attempted), `${attempted}: ${JSON.stringify(result)}`)
        if (!result.ok) {
          const error = result.error as IllegalFulfilmentChange
          assert.deepEqual(
            [error._tag, error.status, error.attempted, [...error.allowed]],
            ["IllegalFulfilmentChange", status, attempted, [...may[status]]]
          )
          assert.include(error.message, `is ${status}, so "${attempted}" cannot be done`)
          assert.deepEqual(await shop.omni.orders.fulfilment({ fulfilment }), before)
        }
        await shop.omni.close()
      }
    })

  it("that is to be picked up can be kept longer, or shorter", async () => {
    const { omni, clock } = await open()
    const { id, fulfilments } = await omni.orders.place(request({ lines: [line("case")], fulfilment: { ...pickup, keptFor: days(2) } }))
    const one = { order: id, fulfilment: fulfilments[0]! }
    await omni.orders.ready({ order: id, code: CODE })
    await omni.orders.extendPickup({ ...one, collectBy: NOON + days(5) })
    clock.advance(days(4))
    await omni.drain()
    assert.equal((await omni.orders.order({ order: id })).status, "ready")
    await omni.orders.extendPickup({ ...one, collectBy: NOON + days(4) + 1 })
    clock.advance(1)
    await omni.drain()
    assert.deepEqual((await omni.orders.order({ order: id })).history.at(-1)?.reason, "no-show")
    assert.equal((await omni.orders.refundsOf({ order: id })).items[0]?.row.reason, "no-show")
    const level = (await omni.inventory.levels({ location: "lyon" })).items[0]!.row
    assert.deepEqual([level.onHand, level.available], [10, 10])
    const over = await omni.orders.safe.extendPickup({ ...one, collectBy: NOON + days(9) })
    assert.isTrue(!over.ok && over.error._tag === "IllegalFulfilmentChange" && over.error.status === "cancelled")
  })
})
