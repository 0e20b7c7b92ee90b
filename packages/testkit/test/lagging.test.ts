import type { Commit, ScopedStore, StoreDriver } from "@omni/core"
import { memory, type MemoryDriver } from "@omni/core/memory"
import { storeLaws, type StoreUnderTest } from "@omni/testkit"
import { describe, expect, it } from "vitest"

/** What is found comes from a copy that lands each commit a little later, as a secondary index of a large database does. */
const lagging = (kept: MemoryDriver, copy: MemoryDriver, lag: number): StoreDriver => {
  const follow = (scope: string, commit: Commit) =>
    setTimeout(() => void copy.open(scope).then((store) => store.commit({ ...commit, checks: [], retry: false })), lag)
  const landing =
    (scope: string, send: ScopedStore["commit"]): ScopedStore["commit"] =>
    async (commit) => {
      const result = await send(commit)
      if (result._tag === "Committed" && commit.writes.length + commit.events.length > 0) follow(scope, commit)
      return result
    }
  return {
    ...kept,
    capabilities: { ...kept.capabilities, findConsistency: "eventual", begin: false },
    due: (collection, now, limit) => copy.due(collection, now, limit),
    scopes: () => copy.scopes(),
    open: async (scope) => {
      const [{ begin: _, ...store }, late] = await Promise.all([kept.open(scope), copy.open(scope)])
      return {
        ...store,
        commit: landing(scope, store.commit),
        read: async (keys, queries) => ({ ...(await store.read(keys)), pages: (await late.read([], queries)).pages })
      }
    }
  }
}

const make = async (): Promise<StoreUnderTest> => {
  const [kept, copy] = [memory(), memory()]
  const open = () => lagging(kept.shared(), copy.shared(), 4)
  return { driver: open(), second: async () => open(), reopen: async () => open() }
}

describe("a store whose indexes lag behind", () => {
  it.each(storeLaws(make, { scale: 0.3 }))("$name", async (law) => {
    const { skipped } = await law.run()
    if (skipped !== undefined) console.log(`skipped: ${law.name}: ${skipped}`)
    expect([undefined, "the store has no `begin`", "the store's `find` lags behind"]).toContain(skipped)
  })

  it("is found out when it does not say so", async () => {
    const silent = async (): Promise<StoreUnderTest> => {
      const { driver } = await make()
      return { driver: { ...driver, capabilities: { ...driver.capabilities, findConsistency: "snapshot" } } }
    }
    for (const name of ["a read is of one moment", "find answers as", "a read is never older", "what is due over all scopes"]) {
      const law = storeLaws(silent).find((one) => one.name.startsWith(name))!
      await expect(law.run()).rejects.toThrow(Error)
    }
  })
})
