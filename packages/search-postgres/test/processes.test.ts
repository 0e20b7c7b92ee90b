import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { memory } from "@omni/core/memory"
import { sqlite } from "@omni/storage-sqlite"
import { assert, it } from "vitest"

import { temporarySchema } from "./helpers.ts"
import { openShop, stock } from "./shop.ts"

const all = async (finder: ReturnType<typeof openShop>["finder"]): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const page = await finder.find({ channel: "web", text: "vaso", limit: 100, sort: "name", ...(after === undefined ? {} : { after }) })
    found.push(...page.hits.map(({ product }) => product))
    after = page.cursor
  }
  return found.toSorted()
}

const ids = (count: number) => Array.from({ length: count }, (_, at) => `p${at}`).toSorted()

it("is made and kept up by several at once as by one", async () => {
  const { open, dispose } = await temporarySchema()
  const store = memory()
  const drivers = [open(), open()]
  const [one, two] = drivers.map((driver) => openShop(store, driver))
  await stock(one!.shop, 250)
  await Promise.all([one!.finder.drain(), two!.finder.drain()])
  assert.deepEqual(await all(two!.finder), ids(250))
  await one!.shop.archiveProduct({ product: "p7" })
  await Promise.all([one!.finder.rebuild(), two!.shop.archiveProduct({ product: "p8" })])
  await Promise.all([one!.finder.drain(), two!.finder.drain()])
  assert.deepEqual(
    await all(one!.finder),
    ids(250).filter((id) => id !== "p7" && id !== "p8")
  )
  await Promise.all(drivers.map((driver) => driver.close()))
  await dispose()
}, 60_000)

it("goes on where it was when whoever made it is killed, and is complete in the end", async () => {
  const { open, dispose, url, schema } = await temporarySchema()
  const folder = mkdtempSync(join(tmpdir(), "omni-search-"))
  const file = join(folder, "shop.db")
  const driver = open()
  const { shop, finder, omni } = openShop(sqlite(file), driver)
  await stock(shop, 1_200)
  for (let kill = 0; kill < 3; kill++) {
    const child = spawn(
      process.execPath,
      ["--conditions=@omni/source", join(import.meta.dirname, "children/indexer.ts"), file, url, schema],
      {
        stdio: ["ignore", "pipe", "inherit"]
      }
    )
    await once(child.stdout, "data")
    await shop.archiveProduct({ product: `p${kill}` })
    await new Promise((resolve) => setTimeout(resolve, 150 + 150 * kill))
    child.kill("SIGKILL")
    await once(child, "exit")
  }
  const { live, building } = await (await driver.open("default", { version: 0, synonyms: {} })).state()
  assert.isTrue(live !== undefined || building !== undefined, "nothing had been begun")
  await finder.drain()
  assert.deepEqual(
    await all(finder),
    ids(1_200).filter((id) => !["p0", "p1", "p2"].includes(id))
  )
  await omni.close()
  await driver.close()
  await dispose()
  rmSync(folder, { recursive: true, force: true })
}, 90_000)
