import { afterAll, beforeAll, expect, it } from "vitest"

import { keepsTenantsApart } from "../tenants.ts"
import { closeShared, embeddedSchema, START_MILLIS, startShared } from "./helpers.ts"

beforeAll(startShared, START_MILLIS)
afterAll(closeShared)

it("keeps each tenant's rows, entries, events and due work to itself, whatever the names", { timeout: 60_000 }, async () => {
  const { open, dispose } = await embeddedSchema()
  const driver = open()
  await driver.migrate()
  expect(await keepsTenantsApart(driver, 25)).toBe(25)
  await driver.close()
  await dispose()
})
