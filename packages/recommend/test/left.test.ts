import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { createOmni, days } from "@omni/core"
import { buildModels, recommend } from "@omni/recommend"
import { sqlite } from "@omni/storage-sqlite"
import { assert, it } from "vitest"

import { NOON, shelf, untilAborted } from "./shop.ts"

const older = {
  slots: {
    product: { sources: ["together"], model: "fresh" },
    home: { experiment: { id: "e1", variants: { a: { share: 1 } } } }
  },
  models: { main: {}, fresh: { halfLifeDays: 30 } }
} as const
const newer = { slots: { product: { sources: ["together"] }, home: {} } } as const

it("removes models and experiments that left the options, when no process with the older ones has used them for a month", async () => {
  const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
  let now = NOON
  const clock = { now: () => now, sleep: untilAborted }
  const start = (options: typeof older | typeof newer) =>
    createOmni({ store: sqlite(join(folder, "shop.db")), clock, modules: { recommend: recommend({ ...shelf().ports, ...options }) } })
  const [before, after] = [start(older), start(newer)]
  const page = async () => {
    const { items, model } = await before.recommend.forSlot({ slot: "product", items: ["tea"] })
    return { items: items.map(({ item }) => item), model }
  }
  const people = async () => {
    await before.drain()
    return (await before.recommend.experiment({ experiment: "e1" })).variants[0]?.people
  }
  try {
    await before.recommend.recordPurchase({ order: "o1", customer: "ann", items: ["tea", "milk"] })
    await before.recommend.recordPurchase({ order: "o0", customer: "zoe", items: ["pen", "ink"] })
    await before.recommend.recordShown({ slot: "home", customer: "ann", items: ["tea"] })
    const { fresh = "" } = (await buildModels(before.recommend, { always: true })).versions
    assert.equal(await people(), 1)

    // The older process reads on for a month after it last built or counted, and what it builds or counts counts anew.
    for (const use of ["nothing", "build and count"]) {
      now += days(29)
      if (use !== "nothing") {
        await buildModels(before.recommend, { always: true })
        await before.recommend.recordShown({ slot: "home", customer: "bob", items: ["tea"] })
      }
      assert.equal(await people(), use === "nothing" ? 1 : 2)
      await buildModels(after.recommend, { always: true })
      assert.deepEqual((await page()).items, ["milk"])
      assert.equal(await people(), use === "nothing" ? 1 : 2)
      // Who is shown something by the newer process stays in the experiment of the older one.
      await after.recommend.recordShown({ slot: "home", customer: "bob", items: ["tea"] })
      await before.recommend.recordShown({ slot: "home", customer: "bob", items: ["tea"] })
      assert.equal(await people(), 2)
    }

    now += days(31)
    assert.deepEqual((await page()).items, ["milk"])
    await buildModels(after.recommend, { always: true })
    assert.deepEqual(await page(), { items: [], model: undefined })
    assert.deepEqual(await after.recommend.models({ name: "fresh" }), [])
    assert.deepEqual(await after.recommend.modelRows({ version: fresh }), { items: [], popular: [], last: true })
    assert.equal(await people(), 0)
    assert.deepEqual(await after.recommend.leftOver({}), { models: [], tallies: [] })

    // Whoever goes back to the older options begins anew.
    await buildModels(before.recommend, { always: true })
    assert.deepEqual((await page()).items, ["milk"])
  } finally {
    await Promise.all([before.close(), after.close()])
    rmSync(folder, { recursive: true })
  }
})
