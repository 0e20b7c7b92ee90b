import * as fc from "fast-check"
import { assert, it } from "vitest"

import { lapsedBy, withLapse, withoutLapse } from "../src/lapses.ts"

const NOW = 1_800_000_000_000
const hold = fc.record({ at: fc.nat({ max: 3000 }), quantity: fc.integer({ min: 1, max: 1e9 }), ends: fc.boolean(), which: fc.nat() })

it("never says that more has lapsed than has, all of it in the end, and exactly so while there are few instants", () => {
  fc.assert(
    fc.property(fc.array(hold, { maxLength: 120, size: "max" }), fc.boolean(), (history, isFew) => {
      let live: Array<{ readonly at: number; readonly quantity: number }> = []
      let lapses: string | undefined
      for (const { at: offset, quantity, ends, which } of history) {
        const at = NOW + (isFew ? (offset % 16) * 7 : offset)
        lapses = withLapse(lapses, at, quantity)
        live.push({ at, quantity })
        if (ends) {
          const gone = live[which % live.length]!
          live = live.filter((one) => one !== gone)
          lapses = withoutLapse(lapses, gone.at, gone.quantity)
        }
        assert.isBelow(lapses?.length ?? 0, 420)
        for (const now of [NOW, at - 1, at, at + 1, NOW + 1500, NOW + 3001]) {
          const true_ = live.reduce((sum, one) => (one.at <= now ? sum + one.quantity : sum), 0)
          const said = lapsedBy(lapses, now)
          assert.isAtMost(said, true_)
          if (isFew || now === NOW + 3001) assert.equal(said, true_)
        }
      }
    }),
    { numRuns: 300 }
  )
})
