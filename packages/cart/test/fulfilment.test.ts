import { assert, it } from "vitest"

import { openShop } from "./shop.ts"

it("is delivered from several places, and waits for what is not in stock, when the checkout says so", async () => {
  const shop = await openShop({}, 2)
  await shop.cart.add({ customer: "p1", variant: "case-1", quantity: 3, line: "a" })
  const ship = (lines: ReadonlyArray<{ readonly line: string; readonly quantity: number }>) => ({
    kind: "ship" as const,
    location: "mitte",
    lines: [...lines]
  })
  const { order } = await shop.cart.checkout({
    customer: "p1",
    fulfilments: [ship([{ line: "a", quantity: 1 }]), ship([{ line: "a", quantity: 2 }])],
    backorder: true
  })
  assert.deepEqual(
    order.lines[0]?.parts.map(({ count, status }) => [count, status]),
    [
      [1, "allocated"],
      [1, "allocated"],
      [1, "backordered"]
    ]
  )
})
