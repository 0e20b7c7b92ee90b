import { spawnSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"

import { createOmni } from "@omni/core"
import { expect, it } from "vitest"

import { modules } from "./children/shop.ts"
import { app, atEnd, inSqlite, temporaryFolder } from "./helpers.ts"

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8")
const lines = [...readme.matchAll(/^npx omni (.*?)(?: {2,}#.*| > .*)?$/gm)].map(([, line]) => line!.split(/ {2,}#/)[0]!.trim())

it("has commands that do what they say", { timeout: 120_000 }, async () => {
  const world = await inSqlite()
  const folder = temporaryFolder()
  writeFileSync(join(folder, "shop.ts"), `export { omni, modules } from ${JSON.stringify(app)}\n`)
  let late = 0
  const clock = { now: () => Date.now() + late, sleep: (ms: number) => new Promise<void>((go) => void setTimeout(go, Math.min(ms, 20))) }
  const client = createOmni({ store: world.open(), clock, modules, verify: false })
  atEnd(() => client.close())
  late = -300 * 86_400_000
  await client.shop.sell({ article: "mug", n: 1 })
  process.env["SHOP_BROKEN"] = "yes"
  for (let i = 0; i < 10; i++) {
    await client.drain()
    late += 3_600_000
  }
  delete process.env["SHOP_BROKEN"]
  const letters = (await client.deadLetters({ kind: "timer" })).items
  const held = (await client.heldMessages()).items

  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines) {
    const [file] = line.startsWith("log read") ? readdirSync(join(folder, "archive/default")).filter((name) => name.endsWith(".gz")) : []
    const args = line
      .replace(/postgres:\S+/, world.env["SHOP"]!)
      .replace("<id>", line.startsWith("held") ? held[0]!.id : letters[0]!.id)
      .replace(/[^/]+<first>.*/, file ?? "")
      .split(/ +/)
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      ["--conditions=@omni/source", join(import.meta.dirname, "../bin/omni.js"), ...args],
      {
        cwd: folder,
        encoding: "utf8",
        env: { ...process.env, ...world.env, ...(args.includes("--print") ? {} : { OMNI_STORE: world.env["SHOP"] }) }
      }
    )
    // The doctor has something to say about this store.
    const fits = { status: line.startsWith("doctor") ? 1 : 0, stderr: "" }
    if (!line.includes("--print")) expect({ line, status, stderr }).toEqual({ line, ...fits })
    if (line.startsWith("log read")) expect(JSON.parse(stdout)).toMatchObject({ type: "shop.Sold" })
  }
})
