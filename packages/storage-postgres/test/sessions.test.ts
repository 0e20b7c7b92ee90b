import { expect, it } from "vitest"

import { commitOf, temporarySchema } from "./helpers.ts"

it("answers sessions that change nothing while others hold every connection of the pool and wait for the lock", async () => {
  const { open, dispose } = await temporarySchema()
  const driver = open({ pool: { max: 3 }, lockTimeout: 5_000 })
  await driver.migrate(["test.things"])
  const store = await driver.open("main")
  const key = { collection: "test.things", id: "a" }
  const sessions = Array.from({ length: 9 }, async () => {
    const session = await store.begin!([key])
    return (await session.commit(commitOf({ checks: [{ key, version: undefined }] })))._tag
  })
  expect(await Promise.all(sessions)).toEqual(sessions.map(() => "Committed"))
  await driver.close()
  await dispose()
})
