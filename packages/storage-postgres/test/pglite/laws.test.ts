import { storeLaws } from "@omni/testkit"
import { afterAll, describe, expect, it } from "vitest"

import { closeShared, embeddedSchema } from "./helpers.ts"

afterAll(closeShared)

const make = async () => {
  const { open, dispose } = await embeddedSchema({ keys: true })
  const opened = async () => open()
  return { driver: open(), second: opened, reopen: opened, dispose }
}

describe("a store in a PGlite", { timeout: 60_000 }, () => {
  it.each(storeLaws(make))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
