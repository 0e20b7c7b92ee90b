import type { Commit, ScopedStore } from "@omni/core"
import { afterAll, beforeAll, expect, it, vi } from "vitest"

import { commitOf, landed, put } from "../helpers.ts"
import { closeShared, embeddedSchema, START_MILLIS, startShared } from "./helpers.ts"

beforeAll(startShared, START_MILLIS)
afterAll(closeShared)

const key = { collection: "test.things", id: "a" }

const opened = async (work: (store: ScopedStore, other: ScopedStore) => Promise<void>): Promise<void> => {
  const { open, dispose } = await embeddedSchema()
  const [one, two] = [open({ lockTimeout: 400 }), open({ lockTimeout: 400 })]
  await one.migrate()
  await work(await one.open("main"), await two.open("main"))
  await Promise.all([one.close(), two.close()])
  await dispose()
}

const write = (parts: Partial<Commit> = {}) => commitOf({ writes: [put("a", 1)], events: [], ...parts })

it("reads on under the lock while commits of others wait, and commits to a collection that has no table yet", () =>
  opened(async (store, other) => {
    const session = await store.begin!([key])
    const waiting = [store, other, store].map((each) => each.commit(write()))
    for (let i = 0; i < 5; i++) expect(await session.read([key])).toEqual([undefined])
    const late = put("b", 1, { key: { collection: "test.late", id: "b" } })
    landed(await session.commit(write({ checks: [{ key, version: undefined }], writes: [put("a", 0), late] })))
    expect((await Promise.all(waiting)).map(({ _tag }) => _tag)).toEqual(["Committed", "Committed", "Committed"])
  }))

it("gives up a commit after `lockTimeout`, and lands the next once the lock is free", () =>
  opened(async (store, other) => {
    const session = await store.begin!([key])
    await expect(other.commit(write())).rejects.toMatchObject({ _tag: "StoreUnavailable" })
    await expect(other.begin!([key])).rejects.toMatchObject({ _tag: "StoreUnavailable" })
    await session.release()
    landed(await other.commit(write()))
  }))

it("takes the lock from a session that never ends it", () =>
  opened(async (store, other) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    try {
      const session = await store.begin!([key])
      await vi.advanceTimersByTimeAsync(10_001)
      landed(await other.commit(write()))
      await expect(session.read([key])).rejects.toMatchObject({ _tag: "StoreUnavailable" })
      expect(await session.commit(write({ checks: [{ key, version: undefined }] }))).toMatchObject({ _tag: "Conflict" })
    } finally {
      vi.useRealTimers()
    }
  }))

it("checks what a session read when a transaction of the app's own came between", async () => {
  const { db, open, dispose } = await embeddedSchema()
  const driver = open()
  await driver.migrate()
  const store = await driver.open("main")
  const session = await store.begin!([key])
  await db.transaction(async (tx) => void landed(await (await driver.within(tx).open("main")).commit(write())))
  expect(await session.commit(write({ checks: [{ key, version: undefined }] }))).toMatchObject({ _tag: "Conflict", stale: [{ key }] })
  await driver.close()
  await dispose()
})
