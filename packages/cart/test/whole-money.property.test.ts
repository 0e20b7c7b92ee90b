import * as fc from "fast-check"
import { it } from "vitest"

import { holdsAfter, holdsAlways, look, nothingIsLeft } from "./whole-laws.ts"
import { openWhole, setups, type Told } from "./whole-shop.ts"
import { steps } from "./whole-step.ts"
import { take } from "./whole-steps.ts"

// `WHOLE_RUNS=1000` walks through more histories than are walked through each time.
const runs = Number(process.env["WHOLE_RUNS"] ?? 25)

it("sells what was shown for what was paid, and keeps count of all that it has given, whatever happens", { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(setups, steps, async (setup, history) => {
      const whole = await openWhole(setup)
      const told: Told = { started: new Map(), till: new Map(), webhooks: [], seen: new Map(), moved: new Map() }
      const check = async (followed: boolean) => {
        if (followed) await whole.shop.drain()
        const seen = await look(whole, told)
        holdsAlways(whole, told, seen)
        if (followed) await holdsAfter(whole, told, seen)
        return seen
      }
      for (const step of history) {
        await take(whole, told, step)
        await check(step.drained)
      }
      await check(true)
      whole.time.pass(31 * 60_000)
      await nothingIsLeft(whole, await check(true))
      whole.time.pass(100 * 86_400_000)
      await nothingIsLeft(whole, await check(true))
      for (const { shop } of whole.shops) await shop.close()
    }),
    { numRuns: runs }
  )
})
