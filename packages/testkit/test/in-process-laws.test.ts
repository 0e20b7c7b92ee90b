import { inProcess } from "@omni/core/memory"
import { transportLaws } from "@omni/testkit"
import { describe, expect, it } from "vitest"

describe("the transport inside a process", () => {
  const make = async () => {
    const driver = inProcess()
    return { driver, second: async () => driver.shared() }
  }

  it.each(transportLaws(make))("$name", async (law) => {
    expect(await law.run()).toEqual({})
  })
})
