import { assert, it } from "vitest"

import { compact } from "../src/compact.ts"
import { Segment } from "../src/segment.ts"

it("lets others have their turn for each thousand rows that it takes over, whatever they are rows of", async () => {
  const segment = new Segment({})
  for (let n = 0; n < 3_000; n++)
    segment.put({
      id: `p${n}`,
      texts: [{ views: ["web"], language: "en", name: `Shaver ${n}` }],
      codes: [`sku${n}`],
      shown: [],
      values: { brand: [`b${n % 10}`] },
      numbers: { weight: [n] },
      offers: [0, 1, 2, 3].map((one) => ({ variant: `v${n}-${one}`, prices: { base: one } })),
      boost: 0,
      since: 0
    })
  let turns = 0
  const after = await compact(segment, {}, async () => void turns++)
  assert.equal(after.size, 3_000)
  // Products, and the values, numbers and prices of 12,000 offers.
  assert.isAtLeast(turns, 3 + 3 * 12)
})
