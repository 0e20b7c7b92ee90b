import { setTimeout } from "node:timers/promises"

import { expect, it } from "vitest"

import { commitOf, put, temporarySchema } from "./helpers.ts"

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

it("checks what it has read anew when its commit has to land again, for it has lost the lock by then", async () => {
  const { open, dispose } = await temporarySchema()
  const [ours, other] = [open(), open()]
  await ours.migrate(["test.things"])
  const [store, elsewhere] = [await ours.open("main"), await other.open("main")]
  const key = { collection: "test.things", id: "a" }
  // A row of a collection that is not there yet, and is made by others while the lock is held.
  const unknown = { collection: "test.new", id: "x" }
  const session = await store.begin!([key])
  await other.migrate(["test.things", "test.new"])
  const theirs = elsewhere.commit(commitOf({ checks: [{ key, version: undefined }], writes: [put("a", "theirs")] }))
  await setTimeout(200)
  const answer = await session.commit(
    commitOf({
      checks: [
        { key, version: undefined },
        { key: unknown, version: undefined }
      ],
      writes: [put("a", "ours")]
    })
  )
  expect((await theirs)._tag).toBe("Committed")
  expect(answer._tag).toBe("Conflict")
  await Promise.all([ours.close(), other.close()])
  await dispose()
})

it("gives its connection back when what its commit needs can not be made, and lets go of the lock", async () => {
  const { open, dispose } = await temporarySchema()
  // With one connection, a table for what is new can not be made beside the session that holds it.
  const [ours, other] = [open({ pool: { max: 1 }, lockTimeout: 300, timeout: 300, listen: false }), open({ lockTimeout: 3_000 })]
  await ours.migrate(["test.things"])
  const [store, elsewhere] = [await ours.open("main"), await other.open("main")]
  const session = await store.begin!([{ collection: "test.things", id: "a" }])
  const fresh = { ...put("x", "first"), key: { collection: "test.fresh", id: "x" } }
  expect((await session.commit(commitOf({ writes: [fresh] })))._tag).toBe("Committed")
  expect((await elsewhere.commit(commitOf({ writes: [put("a", "theirs")] })))._tag).toBe("Committed")
  expect((await store.read([{ collection: "test.things", id: "a" }, fresh.key])).rows.map((row) => row?.value)).toEqual([
    '"theirs"',
    '"first"'
  ])
  await Promise.all([ours.close(), other.close()])
  await dispose()
})
