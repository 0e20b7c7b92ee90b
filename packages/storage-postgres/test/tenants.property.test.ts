import { expect, it } from "vitest"

import { temporarySchema } from "./helpers.ts"
import { keepsTenantsApart } from "./tenants.ts"

it("keeps each tenant's rows, entries, events and due work to itself, whatever the names", { timeout: 60_000 }, async () => {
  const { open, dispose } = await temporarySchema()
  const driver = open()
  await driver.migrate()
  expect(await keepsTenantsApart(driver, 60)).toBe(60)
  await driver.close()
  await dispose()
})
