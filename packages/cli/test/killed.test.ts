import { readdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"

import { expect, it } from "vitest"

import { linesIn, logOf, over, record } from "./archives.ts"
import { begin, temporaryFolder, worlds } from "./helpers.ts"

const TENANTS = ["default", "other"]

/** What a run does is seen by the names in its folders. */
const names = (to: string): string =>
  readdirSync(to)
    .flatMap((folder) => readdirSync(join(to, folder)))
    .toSorted()
    .join()

it.each(worlds)("loses no event and doubles none, whenever it is killed, on %s", { timeout: 120_000 }, async (_, make) => {
  const world = await make()
  const driver = world.open()
  await driver.migrate()
  const whole = new Map<string, ReadonlyArray<string>>()
  for (const tenant of TENANTS) {
    const store = await driver.open(tenant)
    await record(store, over(6, 6_000), { pad: "x".repeat(300) })
    whole.set(tenant, (await logOf(store)).bodies)
  }
  const to = temporaryFolder()
  const args = ["log", "archive", "--before", "2026-07-01", "--to", to, ...world.args]
  let kills = 0
  for (let n = 0; ; n++) {
    const { child, ended } = begin(args)
    let done: unknown
    void ended.then((how) => (done = how))
    const before = names(to)
    while (done === undefined && names(to) === before) await setTimeout(2)
    // After so many kills it may go to its end.
    await Promise.race([ended, setTimeout(kills < 14 ? (n % 5) * 9 : 60_000)])
    child.kill("SIGKILL")
    const how = await ended
    for (const tenant of TENANTS) {
      const all = whole.get(tenant)!
      const lines = linesIn(join(to, tenant))
      const { bodies } = await logOf(await driver.open(tenant))
      // Each event is in the files or in the log, and what is in the files is the beginning of it all.
      expect(lines).toEqual(all.slice(0, lines.length))
      expect(bodies).toEqual(all.slice(all.length - bodies.length))
      expect(lines.length + bodies.length).toBeGreaterThanOrEqual(all.length)
    }
    if (how === 0) break
    expect(how).toBe("SIGKILL")
    kills++
  }
  expect(kills).toBeGreaterThan(4)
  for (const tenant of TENANTS) {
    expect(linesIn(join(to, tenant))).toEqual(whole.get(tenant))
    expect((await logOf(await driver.open(tenant))).bodies).toEqual([])
    const files = readdirSync(join(to, tenant)).filter((name) => !name.endsWith(".part"))
    expect(files).toHaveLength(12)
  }
})
