import { expect, it } from "vitest"

import { temporarySchema } from "./helpers.ts"
import { answersAsMemory } from "./oracle.ts"

it("answers what the memory store answers, in scopes of its own", { timeout: 60_000 }, async () => {
  const { open, dispose } = await temporarySchema()
  const driver = open()
  await driver.migrate()
  try {
    expect(await answersAsMemory(driver, 120)).toBe(120)
  } finally {
    await driver.close()
    await dispose()
  }
})
