import { StatementSync } from "node:sqlite"
import { setTimeout } from "node:timers/promises"

import { sqlite } from "@omni/storage-sqlite"
import { expect, it, vi } from "vitest"

import { commitOf, put, temporary } from "./helpers.ts"

/** Counts what SQLite is asked for, in this process, while something is done. */
const asked = async (work: () => Promise<unknown>): Promise<{ readonly statements: number; readonly rows: number }> => {
  const { all, get } = StatementSync.prototype
  const asking = { statements: 0, rows: 0 }
  const spies = [
    vi.spyOn(StatementSync.prototype, "all").mockImplementation(function (this: StatementSync, ...values) {
      const rows = all.apply(this, values)
      asking.statements++
      asking.rows += rows.length
      return rows
    }),
    vi.spyOn(StatementSync.prototype, "get").mockImplementation(function (this: StatementSync, ...values) {
      asking.statements++
      return get.apply(this, values)
    })
  ]
  await work()
  for (const spy of spies) spy.mockRestore()
  return asking
}

const TENANTS = Array.from({ length: 200 }, (_, n) => `tenant-${n}`)

it("reads little of each tenant where all have much due at one moment", async () => {
  const driver = sqlite(temporary(), { durability: "normal" })
  const ids = Array.from({ length: 50 }, (_, n) => `row-${String(n).padStart(2, "0")}`)
  for (const tenant of TENANTS)
    await (await driver.open(tenant)).commit(commitOf({ writes: ids.map((id) => put("timers", id, 0, { due: 1_000 })) }))
  let due: Awaited<ReturnType<typeof driver.due>> = []
  const { rows } = await asked(async () => (due = await driver.due("timers", 1_000, 50)))
  expect(due.map(({ scope, key }) => [key.id, scope])).toEqual(
    TENANTS.toSorted()
      .slice(0, 50)
      .map((tenant) => ["row-00", tenant])
  )
  // Each tenant's own line, then what may be among the first: not 50 of each.
  expect(rows).toBeLessThan(4 * TENANTS.length)
  await driver.close()
})

it("asks once how far all tenants have come when another process has committed", async () => {
  const path = temporary()
  const [ours, theirs] = [sqlite(path), sqlite(path, { durability: "normal" })]
  for (const tenant of TENANTS) await (await theirs.open(tenant)).commit(commitOf({ writes: [put("c", "x", 1)] }))
  const woken: Array<string> = []
  for (const tenant of TENANTS) await (await ours.open(tenant)).watch!(() => woken.push(tenant))
  // What was committed before is looked at once more.
  await setTimeout(100)
  woken.length = 0
  const store = await theirs.open("tenant-7")
  const { statements } = await asked(async () => {
    await store.commit(commitOf({ writes: [put("c", "x", 2)] }))
    while (woken.length === 0) await setTimeout(5)
  })
  expect(woken).toEqual(["tenant-7"])
  expect(statements).toBeLessThan(TENANTS.length / 2)
  await ours.close()
  await theirs.close()
})
