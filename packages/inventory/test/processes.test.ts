import { type ChildProcess, spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"

import { createOmni } from "@omni/core"
import { inventory } from "@omni/inventory"
import { sqlite } from "@omni/storage-sqlite"
import { afterAll, assert, it } from "vitest"

import { audit } from "./audit.ts"

const folder = mkdtempSync(join(tmpdir(), "omni-inventory-"))
const children = new Set<ChildProcess>()
afterAll(() => {
  for (const child of children) child.kill("SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

const start = (mode: "burst" | "work", path: string, name: string, amount: number): ChildProcess => {
  const child = spawn(
    process.execPath,
    ["--conditions=@omni/source", join(import.meta.dirname, "worker.ts"), mode, path, name, `${amount}`],
    {
      stdio: ["pipe", "pipe", "inherit"]
    }
  )
  children.add(child)
  child.once("exit", () => children.delete(child))
  return child
}
const linesOf = (child: ChildProcess, onLine: (line: string) => void): Promise<void> =>
  new Promise((resolve) => createInterface(child.stdout!).on("line", onLine).on("close", resolve))
const ready = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.stdout!.once("data", () => resolve()))
const open = (path: string) => createOmni({ store: sqlite(path), modules: { inventory: inventory() } })

it("gives a hundred pieces to exactly a hundred of those who want one, in four processes at once", { timeout: 120_000 }, async () => {
  const path = join(folder, "burst.db")
  const omni = open(path)
  await omni.inventory.receive({ lines: [{ sku: "hot", location: "x", quantity: 100 }] })
  const racers = ["p", "q", "r", "s"].map((name) => start("burst", path, name, 60))
  const results: Array<{ readonly got: number; readonly odd: number }> = []
  const reading = racers.map((child) =>
    linesOf(child, (line) => {
      if (line.startsWith("{")) results.push(JSON.parse(line))
    })
  )
  await Promise.all(racers.map(ready))
  for (const child of racers) child.stdin!.write("go\n")
  await Promise.all(reading)
  assert.equal(results.length, 4)
  assert.equal(
    results.reduce((sum, { got }) => sum + got, 0),
    100
  )
  assert.deepEqual(
    results.map(({ odd }) => odd),
    [0, 0, 0, 0]
  )
  const { items } = await omni.inventory.levels({ location: "x" })
  assert.deepInclude(items[0]?.row, { onHand: 100, reserved: 100, available: 0 })
  await omni.close()
})

it(
  "keeps its laws while processes are killed at any point, and refuses nothing that is there afterwards",
  { timeout: 120_000 },
  async () => {
    const path = join(folder, "kills.db")
    const omni = open(path)
    await omni.inventory.defineArticle({
      sku: "kit",
      components: [
        { sku: "a", quantity: 1 },
        { sku: "b", quantity: 2 }
      ]
    })
    await omni.inventory.receive({ lines: ["a", "b"].map((sku) => ({ sku, location: "x", quantity: 40 })) })
    const named = new Set<string>()
    for (let round = 0; round < 3; round++) {
      const workers = [0, 1, 2].map((i) => start("work", path, `${round} ${i}`, round * 10 + i + 1))
      const reading = workers.map((child) =>
        linesOf(child, (line) => {
          if (line.startsWith("hold ")) named.add(line.slice(5))
        })
      )
      await Promise.all(workers.map(ready))
      for (const [i, child] of workers.entries()) setTimeout(() => child.kill("SIGKILL"), 150 + 61 * i + 37 * round)
      await Promise.all(reading)
    }
    await new Promise((resolve) => setTimeout(resolve, 60))
    await omni.drain()
    const holds: Array<string> = []
    for (const hold of named) if ((await omni.inventory.safe.holdById({ hold })).ok) holds.push(hold)
    assert.isAbove(holds.length, 50, "the workers did next to nothing")
    await audit(omni, { skus: ["a", "b"], locations: ["x"], holds, now: Date.now(), credit: 0 })
    for (const sku of ["a", "b"]) {
      const level = (await omni.inventory.levels({ location: "x" })).items.find(({ row }) => row.sku === sku)!.row
      const hold = (quantity: number) => omni.inventory.safe.hold({ lines: [{ sku, location: "x", quantity }] })
      assert.isFalse((await hold(level.available + 1)).ok)
      if (level.available > 0) assert.isTrue((await hold(level.available)).ok)
    }
    assert.deepEqual((await omni.deadLetters()).items, [])
    await omni.close()
  }
)
