import type { Commit, StoreDriver } from "@omni/core"
import { memory } from "@omni/core/memory"
import { assert, it } from "vitest"

import { news, open } from "./shop.ts"

/** A store that keeps what is committed to it, too. */
const watched = () => {
  const store = memory()
  const commits: Array<Commit> = []
  const watching: StoreDriver = {
    ...store,
    open: async (scope) => {
      const opened = await store.open(scope)
      const commit = (one: Commit) => {
        commits.push(one)
        return opened.commit(one)
      }
      return { ...opened, commit, read: (...asked) => opened.read(...asked), events: (...page) => opened.events(...page) }
    }
  }
  return { commits, store: watching }
}

const MANY = 3_000

it("writes no row that grows with all that waits for a customer, and ends all of it when the customer is erased", async () => {
  const { commits, store } = watched()
  const { drivers, omni } = open({ quietHours: { from: "11:00", to: "13:00" } }, undefined, { store })
  const sent: Array<string> = []
  for (let n = 0; n < MANY; n += 250)
    sent.push(...(await Promise.all(Array.from({ length: 250 }, () => omni.channels.send(news)))).map(({ message }) => message))
  const lists = commits.flatMap(({ writes }) => writes.filter(({ key: { collection } }) => /contacts|open/.test(collection)))
  assert.isBelow(Math.max(...lists.map(({ row }) => row?.value.length ?? 0)), 3_000)
  await omni.channels.withdraw({ message: sent.at(-1)! })
  assert.equal(commits.at(-1)!.writes.filter(({ key: { collection } }) => collection === "channels.open").length, 1)

  commits.length = 0
  await omni.erase("jane")
  await omni.drain()
  assert.deepEqual(drivers.email.messages, [])
  const ended = await Promise.all(sent.slice(0, -1).map((message) => omni.channels.message({ message })))
  assert.deepEqual([...new Set(ended.map(({ reasons, status }) => `${status}: ${reasons.at(-1)?.code}`))], ["skipped: erased"])
  const ends = commits.map(({ writes }) => writes.filter(({ key: { collection } }) => collection === "channels.messages").length)
  assert.equal(
    ends.reduce((sum, count) => sum + count),
    MANY - 1
  )
  assert.isBelow(Math.max(...ends), 1_500)
  const { pages } = await (
    await store.open("default")
  ).read([], [{ collection: "channels.open", index: "", from: "", to: "\u{10ffff}", order: "asc", limit: 10, after: undefined }])
  assert.deepEqual(pages[0]?.items, [])
}, 60_000)
