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
  it.for(storeLaws(small, { scale: 0.3 }))("$name", async (law, test) => {
    const { skipped } = await law.run()
    test.skip(skipped !== undefined, skipped)
    expect(skipped).toBeUndefined()
  })
})
