import { storeLaws } from "@omni/testkit"
import { describe, expect, it } from "vitest"

import { temporarySchema } from "./helpers.ts"

const make = async () => {
  const { open, dispose } = await temporarySchema()
  const opened = async () => open()
  return { driver: open(), second: opened, reopen: opened, dispose }
}

describe("a store in a database", () => {
  it.each(storeLaws(make))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
