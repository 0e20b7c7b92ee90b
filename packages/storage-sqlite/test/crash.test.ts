import { spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"

import { START, type Position } from "@omni/core"
import { sqlite } from "@omni/storage-sqlite"
import { expect, it } from "vitest"

import { ROWS } from "./children/crash.ts"
import { query, temporary } from "./helpers.ts"

const child = `${import.meta.dirname}/children/crash.ts`

/** Lets a process commit for some time and kills it; the last commit that it was told had landed. */
const killed = async (path: string, milliseconds: number): Promise<number> => {
  const running = spawn(process.execPath, ["--conditions=@omni/source", child, path], { stdio: ["ignore", "pipe", "inherit"] })
  let said = ""
  running.stdout.setEncoding("utf8").on("data", (text: string) => (said += text))
  await once(running.stdout, "data")
  await setTimeout(milliseconds)
  running.kill("SIGKILL")
  await once(running, "close")
  return Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1))
}

const countEvents = async (path: string): Promise<number> => {
  const driver = sqlite(path)
  const store = await driver.open("main")
  let count = 0
  for (let after: Position = START; ;) {
    const page = await store.events(after, 1_000)
    if (page._tag !== "Events") throw new Error(page._tag)
    count += page.events.length
    if (page.events.length === 0) break
    after = page.upto
  }
  await driver.close()
  return count
}

it("keeps every acknowledged commit, whole, and nothing half done, when the process is killed at any moment", async () => {
  const path = temporary()
  let before = 0
  for (let round = 0; round < 8; round++) {
    const acknowledged = await killed(path, Math.random() * 120)
    const driver = sqlite(path)
    const store = await driver.open("main")
    const keys = ["counter", ...Array.from({ length: ROWS }, (_, i) => `row-${i}`)].map((id) => ({ collection: "c", id }))
    const { rows, pages } = await store.read(keys, [query({ index: "n", limit: 2 * ROWS })])
    const values = new Set(rows.map((row) => row?.value))
    expect(values.size).toBe(1)
    const landed = Number([...values][0])
    expect(landed).toBeGreaterThanOrEqual(acknowledged)
    expect(landed).toBeLessThanOrEqual(acknowledged + 1)
    expect(landed).toBeGreaterThan(before)
    expect(new Set(pages[0]!.items.map(({ value }) => Number(value)))).toEqual(new Set([landed]))
    expect(pages[0]!.items).toHaveLength(ROWS + 1)
    expect((await driver.due("c", Infinity, 1))[0]?.due).toBe(landed)
    await driver.close()
    expect(await countEvents(path)).toBe(landed * ROWS)
    before = landed
  }
}, 60_000)
