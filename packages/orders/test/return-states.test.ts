import type { IllegalReturnChange, ReturnChange, ReturnStatus } from "@omni/orders"
import { assert, describe, it } from "vitest"

import { line, request, shop } from "./shop.ts"

const ship = { kind: "ship", location: "lyon" } as const

describe("a return", () => {
  const after: { readonly [S in ReturnStatus]: ReadonlyArray<ReturnChange> } = {
    requested: [],
    approved: ["approve"],
    received: ["approve", "receive"],
    rejected: ["reject"],
    cancelled: ["cancel"]
  }
  const may: { readonly [S in ReturnStatus]: ReadonlyArray<ReturnChange> } = {
    requested: ["approve", "reject", "cancel"],
    approved: ["reject", "receive", "cancel"],
    received: [],
    rejected: [],
    cancelled: []
  }
  for (const status of Object.keys(after) as Array<ReturnStatus>)
    it(`${status}: goes on as its status allows, and all else is refused by its name`, async () => {
      for (const attempted of ["approve", "reject", "receive", "cancel"] as const) {
        const { omni } = await shop()
        const { id: order } = await omni.orders.place(request({ lines: [line("case")], fulfilment: ship, terms: { approval: "manual" } }))
        await omni.orders.ship({ order })
        const { id } = await omni.orders.requestReturn({ order, reason: "whim", lines: [{ line: "1", quantity: 1 }], location: "lyon" })
        const changes: { readonly [C in ReturnChange]: () => Promise<{ readonly ok: boolean; readonly error?: unknown }> } = {
          approve: () => omni.orders.safe.approveReturn({ return: id }),
          reject: () => omni.orders.safe.rejectReturn({ return: id }),
          receive: () => omni.orders.safe.receiveReturn({ return: id, lines: [{ line: "1", quantity: 1, condition: "sellable" }] }),
          cancel: () => omni.orders.safe.cancelReturn({ return: id })
        }
        for (const change of after[status]) assert.isTrue((await changes[change]()).ok)
        const before = await omni.orders.returnById({ return: id })
        assert.equal(before.status, status)
        const result = await changes[attempted]()
        assert.equal(result.ok, may[status].includes(attempted), attempted)
        if (!result.ok) {
          const error = result.error as IllegalReturnChange
          assert.deepEqual(
            [error._tag, error.status, error.attempted, [...error.allowed]],
            ["IllegalReturnChange", status, attempted, [...may[status]]]
          )
          assert.deepEqual(await omni.orders.returnById({ return: id }), before)
        }
        await omni.close()
      }
    })
})
