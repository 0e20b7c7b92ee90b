import { memory } from "@omni/core/memory"
import { storeLaws, type StoreUnderTest } from "@omni/testkit"
import { describe, expect, it } from "vitest"

const make = async (): Promise<StoreUnderTest> => {
  const driver = memory()
  const keeper = driver.shared()
  return { driver, second: async () => driver.shared(), reopen: async () => keeper.shared() }
}

const small = async (): Promise<StoreUnderTest> => ({
  driver: memory({ begin: false, watch: false, limits: { keys: 500, bytes: 1_000_000, valueBytes: 100_000 } })
})

describe("the memory store", () => {
  it.each(storeLaws(make))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})

describe("a memory store that says it can do little", () => {
  const absent = ["the store has no `begin`", "the store has no `watch`", '`reopen` is not given (the store\'s durability is "memory")']

  it.each(storeLaws(small, { scale: 0.3 }))("$name", async (law) => {
    const { skipped } = await law.run()
    if (skipped !== undefined) console.log(`skipped: ${law.name}: ${skipped}`)
    expect([undefined, ...absent]).toContain(skipped)
  })
})
