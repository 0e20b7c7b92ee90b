import { afterAll, beforeAll, expect, it } from "vitest"

import { answersAsMemory } from "../oracle.ts"
import { keepsTenantsApart } from "../tenants.ts"
import { closeShared, embeddedSchema, START_MILLIS, startShared } from "./helpers.ts"

beforeAll(startShared, START_MILLIS)
afterAll(closeShared)

it.each([
  ["answers what the memory store answers, in scopes of its own", answersAsMemory],
  ["keeps each tenant's rows, entries, events and due work to itself, whatever the names", keepsTenantsApart]
])("%s", { timeout: 60_000 }, async (_, property) => {
  const { open, dispose } = await embeddedSchema()
  const driver = open()
  await driver.migrate()
  expect(await property(driver, 25)).toBe(25)
  await driver.close()
  await dispose()
})
