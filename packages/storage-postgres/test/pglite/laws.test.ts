import { storeLaws } from "@omni/testkit"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

import { closeShared, embeddedSchema, START_MILLIS, startSharedWithKeys } from "./helpers.ts"

beforeAll(startSharedWithKeys, START_MILLIS)
afterAll(closeShared)

const make = async () => {
  const { open, dispose } = await embeddedSchema({ keys: true })
  const opened = async () => open()
  return { driver: open(), second: opened, reopen: opened, dispose }
}

/** Each property is tried less often than on a server: the statements are the same. */
describe("a store in a PGlite", () => {
  it.each(storeLaws(make, { scale: 0.3 }))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
