import { memory } from "@omni/core/memory"
import * as fc from "fast-check"
import { assert, it } from "vitest"

import { appOver, clockAt, stockUp } from "./shop.ts"

it("is the same cart in whatever order visitors' carts come in, and however often: max, add, replace, keep-both", async () => {
  const line = fc.record({
    variant: fc.constantFrom("case-1", "book-1"),
    quantity: fc.integer({ min: 1, max: 5 }),
    removed: fc.boolean(),
    wait: fc.integer({ min: 0, max: 2 })
  })
  const carts = fc.array(fc.uniqueArray(line, { selector: ({ variant }) => variant, minLength: 1 }), { minLength: 2, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("max", "add", "replace", "keep-both"),
      carts,
      fc.infiniteStream(fc.nat(5)),
      async (merge, all, dice) => {
        const outcomes: Array<unknown> = []
        for (const order of [all.map((_, i) => i), all.map((_, i) => i).toSorted(() => (dice.next().value ?? 0) - 2.5)]) {
          const time = clockAt(1_000_000)
          const shop = appOver(memory(), { merge }, { clock: time.clock })
          await stockUp(shop)
          await shop.cart.add({ customer: "p1", variant: "shaver-1", line: "own" })
          for (const [i, lines] of all.entries()) {
            await shop.cart.sync({ cart: `v${i}`, create: true, changes: [] })
            for (const { variant, quantity, removed, wait } of lines) {
              time.pass(wait)
              await shop.cart.add({ cart: `v${i}`, variant, quantity, line: `v${i}-${variant}` })
              if (removed) await shop.cart.remove({ cart: `v${i}`, line: `v${i}-${variant}` })
            }
          }
          for (const i of [...order, ...order]) await shop.cart.merge({ from: { cart: `v${i}` }, into: { customer: "p1" } })
          const { cart } = await shop.cart.cart({ customer: "p1" })
          outcomes.push(cart.lines.map(({ variant, quantity }) => `${variant} ${quantity}`).sort())
          await shop.close()
        }
        assert.deepEqual(outcomes[1], outcomes[0])
      }
    ),
    { numRuns: 25 }
  )
})
