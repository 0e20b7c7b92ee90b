import { spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { assert, it } from "vitest"

import { historyOf, writeHistory } from "./history.ts"
import { freshFolder } from "./places.ts"
import { countRows, stateOf } from "./state.ts"

const child = join(import.meta.dirname, "import-child.ts")

/** Imports in a process of its own; when `until` holds, the process is killed. Gives whether it was killed. */
const importIn = async (store: string, data: string, until: () => boolean = () => false): Promise<boolean> => {
  const running = spawn(process.execPath, ["--conditions=@omni/source", child, store, data], { stdio: ["ignore", "ignore", "inherit"] })
  const ended = new Promise<number | null>((resolve) => running.on("exit", resolve))
  let killed = false
  while (running.exitCode === null && !killed) {
    await setTimeout(10)
    if (!until()) continue
    killed = running.kill("SIGKILL")
  }
  const code = await ended
  assert.equal(code, killed ? null : 0)
  return killed
}

const rejectsOf = (store: string): ReadonlyArray<string> => readFileSync(store.replace(".db", ".rejects.csv"), "utf8").split("\n").sort()

it("ends in the same state after it was killed in the middle, again and again", { timeout: 120_000 }, async () => {
  const folder = freshFolder()
  const baskets = 700
  const data = writeHistory(join(folder, "data"), historyOf(baskets))
  const [straight, broken] = [join(folder, "straight.db"), join(folder, "broken.db")]
  await importIn(straight, data)
  const orders = () => countRows(broken, "orders.orders")
  const stops = [
    () => countRows(broken, "catalog.products") > 40,
    () => orders() > baskets / 4,
    () => countRows(broken, "profile.timeline") > baskets / 4
  ]
  const partly: Array<number> = []
  for (const stop of stops) {
    assert.isTrue(await importIn(broken, data, stop))
    partly.push(orders())
  }
  assert.isAbove(partly[1] ?? 0, 0)
  assert.isBelow(partly[1] ?? baskets, baskets)
  await importIn(broken, data)
  assert.equal(orders(), baskets)
  assert.deepEqual(stateOf(broken), stateOf(straight))
  assert.deepEqual(rejectsOf(broken), rejectsOf(straight))
})
