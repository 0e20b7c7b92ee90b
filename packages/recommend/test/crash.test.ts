import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { createOmni, minutes } from "@omni/core"
import { buildModels, LearningInProgress, recommend } from "@omni/recommend"
import { sqlite } from "@omni/storage-sqlite"
import { assert, it } from "vitest"

import { untilAborted } from "./shop.ts"

const child = join(import.meta.dirname, "build-child.ts")

it("serves what it served when the process that builds is killed, and clears up after it", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "omni-recommend-"))
  const file = join(folder, "shop.db")
  let ahead = 0
  const open = () =>
    createOmni({
      store: sqlite(file),
      clock: { now: () => Date.now() + ahead, sleep: untilAborted },
      modules: { recommend: recommend({ consent: () => true, slots: { product: { sources: ["together"] } } }) }
    })
  try {
    const before = open()
    // Rows enough for several commits, each item with one that it goes with.
    for (let order = 0; order < 300; order++)
      await before.recommend.recordPurchase({ order: `o${order}`, customer: `c${order}`, items: [`left-${order}`, `right-${order}`] })
    const { versions } = await buildModels(before.recommend, { always: true })
    await before.close()

    const builder = spawn(process.execPath, ["--conditions=@omni/source", child, file], { stdio: ["ignore", "pipe", "inherit"] })
    await once(builder.stdout, "data")
    builder.kill("SIGKILL")
    await once(builder, "exit")

    const after = open()
    const page = await after.recommend.forSlot({ slot: "product", items: ["left-7"] })
    assert.equal(page.model, versions["main"])
    assert.equal(page.items[0]?.item, "right-7")
    const [half] = await after.recommend.models({})
    assert.equal(half?.status, "building")
    assert.isAbove((await after.recommend.modelRows({ version: half?.version ?? "" })).items.length, 0)
    assert.instanceOf(await buildModels(after.recommend, { always: true }).catch((error: unknown) => error), LearningInProgress)

    ahead = minutes(6)
    const built = await buildModels(after.recommend, { always: true })
    assert.equal((await after.recommend.forSlot({ slot: "product", items: ["left-7"] })).model, built.versions["main"])
    assert.isEmpty((await after.recommend.modelRows({ version: half?.version ?? "" })).items)
    assert.deepEqual(
      (await after.recommend.models({})).map(({ version }) => version),
      [built.versions["main"], versions["main"]]
    )
    await after.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
