import { buildModels } from "@omni/recommend"
import { assert, it } from "vitest"

import { open, shelf } from "./shop.ts"

it("reads few of those who buy much at once, for a page is made in one go", async () => {
  const { pass, shop } = open({ ...shelf().ports, slots: { product: { sources: ["together"] } } })
  const items = Array.from({ length: 1_000 }, (_, n) => `item-${n}`)
  for (let order = 0; order < 5; order++) {
    await Promise.all(Array.from({ length: 40 }, (_, n) => shop.recordPurchase({ order: `o${order}-${n}`, customer: `c${n}`, items })))
    pass(1_000)
  }
  const pages: Array<number> = []
  const reading: typeof shop = {
    ...shop,
    histories: async (asked) => {
      const page = await shop.histories(asked)
      pages.push(page.items.flatMap(({ history }) => history.flatMap((basket) => basket.items)).length)
      return page
    }
  }
  const { learnt } = await buildModels(reading, { always: true })
  assert.isTrue(learnt)
  assert.equal(
    pages.reduce((sum, count) => sum + count),
    200_000
  )
  // Nobody knows beforehand how much the first ten have.
  assert.isAtMost(pages[0]!, 50_000)
  assert.isAtMost(Math.max(...pages.slice(1)), 25_000)
}, 60_000)
