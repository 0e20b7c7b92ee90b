import { rmSync } from "node:fs"

import { sqlite } from "@omni/storage-sqlite"
import { storeLaws } from "@omni/testkit"
import { describe, expect, it } from "vitest"

import { temporaryFolder } from "./helpers.ts"

const onDisk = async () => {
  const folder = temporaryFolder()
  const open = async () => sqlite(`${folder}/shop.db`)
  return {
    driver: await open(),
    second: open,
    reopen: open,
    dispose: async () => rmSync(folder, { recursive: true, force: true })
  }
}

describe("a store in a file", () => {
  it.each(storeLaws(onDisk))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})

const inMemory = async () => ({ driver: sqlite(":memory:") })

describe("a store in memory", () => {
  it.for(storeLaws(inMemory))("$name", async (law, test) => {
    const { skipped } = await law.run()
    test.skip(skipped !== undefined, skipped)
    expect(skipped).toBeUndefined()
  })
})
